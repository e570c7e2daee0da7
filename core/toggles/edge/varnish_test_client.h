#pragma once

// For the tests and benches of this folder: an engine over a small table, and a real Varnish in front of it.

#include "core/data/dataset.h"
#include "core/engine/engine.h"
#include "core/toggles/edge/vcl.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

#include <unistd.h>

namespace hone::toggles::edge {
const engine::ToggleDef& def();
}

namespace hone::toggles::test {

/// Of the edge alone.
inline engine::Catalogue edgeAlone() {
    static const engine::ToggleDef* const kOnly[] = {&edge::def()};
    return kOnly;
}

inline std::unique_ptr<engine::Engine> engineOfCities(const std::filesystem::path& folder,
                                                      engine::Catalogue catalogue = edgeAlone()) {
    QFile file(QString::fromStdString((folder / "towns.csv").string()));
    if (!file.open(QIODevice::WriteOnly))
        throw std::runtime_error("no file");
    file.write("id,name,people\n1,Ulm,126000\n2,Jena,110000\n3,Gent,265000\n");
    file.close();
    if (const auto imported = data::importFile(folder / "towns.csv", folder / "towns.db"); !imported)
        throw std::runtime_error(imported.error().line());
    engine::EngineOptions options;
    options.server.threads = 1;
    options.catalogue = catalogue;
    options.datasets = {data::Dataset::open(folder / "towns.db").value()};
    auto engine = engine::Engine::create(std::move(options));
    if (!engine)
        throw std::runtime_error(engine.error().line());
    return std::move(*engine);
}

/// varnishd with our VCL in a folder of its own; gone with the object.
class Varnish {
public:
    Varnish(const ParamSet& settings, std::uint16_t originPort) {
        QTcpServer probe;
        if (probe.listen(QHostAddress::LocalHost))
            m_port = probe.serverPort();
        QFile file(m_folder.filePath("edge.vcl"));
        if (!file.open(QIODevice::WriteOnly))
            throw std::runtime_error("no file");
        const auto vcl = edge::writeVcl(settings, {.host = "127.0.0.1", .port = originPort});
        file.write(vcl.data(), static_cast<qint64>(vcl.size()));
        file.close();
        if (::geteuid() == 0)  // its cache process becomes somebody else, who must get in
            QFile::setPermissions(m_folder.path(), QFile::Permissions(0x7755));
    }
    ~Varnish() {
        m_process.terminate();  // it stops its cache process
        if (!m_process.waitForFinished(10'000)) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    Varnish(const Varnish&) = delete;
    Varnish& operator=(const Varnish&) = delete;

    [[nodiscard]] static bool isInstalled() { return QFile::exists("/usr/sbin/varnishd"); }
    /// Returns when it serves; else output() says why not.
    [[nodiscard]] bool start() {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start("/usr/sbin/varnishd", {"-F", "-a", QString("127.0.0.1:%1").arg(m_port), "-n",
                                               m_folder.filePath("work"), "-f", m_folder.filePath("edge.vcl"),
                                               "-s", "malloc,32M", "-p", "thread_pool_min=10"});
        if (!m_process.waitForStarted())
            return false;
        for (QDeadlineTimer deadline(60'000); !deadline.hasExpired();) {
            QTcpSocket socket;
            socket.connectToHost("127.0.0.1", m_port);
            if (socket.waitForConnected(1000))
                return true;
            if (m_process.waitForFinished(50))  // the time between two tries, too
                return false;
        }
        return false;
    }
    [[nodiscard]] QByteArray output() {
        m_output += m_process.readAll();
        return m_output;
    }
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QByteArray m_output;
    std::uint16_t m_port = 0;
};

}  // namespace hone::toggles::test

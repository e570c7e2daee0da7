#pragma once

#include "core/net/certificate_authority.h"
#include "core/net/server.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

/// The other side of the HTTP/3 tests: programs that have nothing in common with our code.
namespace hone::net::testing {

struct Ran {
    int exitCode = -1;
    QByteArray output;  ///< Both channels.
};

inline Ran run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForFinished(60'000))
        return {-1, "did not end: " + process.readAll()};
    return {process.exitCode(), process.readAll()};
}

/// What gtlsclient is told to ask `server` for `targets` on one connection.
inline QStringList gtls(const Server& server, const QStringList& targets, const QStringList& options = {}) {
    QStringList out = options;
    out << "--exit-on-all-streams-close"
        << "--no-quic-dump"
        << "127.0.0.1" << QString::number(server.port());
    for (const QString& target : targets)
        out << "https://localhost" + target;
    return out;
}

/// What gtlsclient prints of an answer's content.
inline QByteArray hexOf(QByteArray content) { return content.toHex(' '); }

/// A certificate for localhost and the options of a server that speaks HTTP/3 with it.
class Http3Setup {
public:
    Http3Setup() : m_files(ensureLocalCertificate(m_folder.filePath("tls").toStdString()).value()) {}
    [[nodiscard]] ServerOptions options() const {
        ServerOptions out;
        out.http3 = true;
        out.tls =
            TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
        return out;
    }
    [[nodiscard]] const CertificateFiles& files() const { return m_files; }
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    CertificateFiles m_files;
};

}  // namespace hone::net::testing

// The engine in front of real servers: nginx over TCP and TLS, scripts for what nginx never does; curl asks.

#include "core/engine/engine.h"
#include "core/net/scripted_server.h"
#include "core/toggles/catalogue.h"

#include <QFile>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

using namespace hone;
using Peer = net::ScriptedServer::Peer;

namespace {

constexpr int kMinute = 60'000;

std::unique_ptr<engine::Engine> front(engine::UpstreamOptions upstream) {
    engine::EngineOptions options;
    options.catalogue = toggles::catalogue();
    options.upstream = std::move(upstream);
    auto engine = engine::Engine::create(std::move(options));
    if (!engine)
        qFatal("%s", engine.error().line().c_str());
    return std::move(*engine);
}

Result<> switchOn(engine::Engine& engine, std::initializer_list<const char*> ids) {
    model::Profile profile;
    for (const auto* id : ids)
        profile.toggles[id].on = true;
    return engine.apply(engine::Arm::A, profile);
}

/// curl's output, head first.
QByteArray curl(const QStringList& arguments) {
    QProcess process;
    process.start("curl", QStringList{"-sS", "-i"} + arguments);
    process.waitForFinished(kMinute);
    return process.readAllStandardOutput() + process.readAllStandardError();
}

QString at(const engine::Engine& engine, const QString& target) {
    return QString::fromStdString(engine.url()) + target;
}

int freePort() {
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

/// nginx in a folder of its own.
class Nginx {
public:
    Nginx(const QString& folder, const QByteArray& server, int port) {
        QFile config(folder + "/nginx.conf");
        if (!config.open(QIODevice::WriteOnly))
            qFatal("no configuration");
        // Started by root, its workers would become somebody who may not read the folder.
        config.write(::geteuid() == 0 ? "user root; " : "");
        config.write(
            "pid nginx.pid; error_log error.log; worker_processes 1; events {} http { access_log off; "
            "client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; "
            "uwsgi_temp_path uwsgi; scgi_temp_path scgi; " +
            server + " }");
        config.close();
        m_process.start("nginx", {"-p", folder, "-e", "error.log", "-c", "nginx.conf", "-g", "daemon off;"});
        QTRY_VERIFY_WITH_TIMEOUT(accepts(port), kMinute);
    }
    ~Nginx() {
        m_process.terminate();
        m_process.waitForFinished(kMinute);
    }

private:
    static bool accepts(int port) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, static_cast<quint16>(port));
        return socket.waitForConnected(1000);
    }
    QProcess m_process;
};

}  // namespace

class UpstreamIntegrationTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;

    void openssl(const QStringList& arguments) const {
        QProcess process;
        process.setWorkingDirectory(m_dir.path());
        process.start("openssl", arguments);
        process.waitForFinished(kMinute);
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }
    [[nodiscard]] QString path(const QString& name) const { return m_dir.filePath(name); }
    void write(const QString& name, const QByteArray& content) const {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }

private slots:
    void cacheKeepsTheUpstreamsAnswersByTheirOwnRules() {
        std::atomic<int> asked = 0;
        net::ScriptedServer server([&](Peer& peer) {
            for (std::string request; !(request = peer.request()).empty();) {
                const auto count = std::to_string(++asked);
                const std::string extra = request.starts_with("GET /private")   ? "Cache-Control: private\r\n"
                                          : request.starts_with("GET /cookie")  ? "Set-Cookie: a=1\r\n"
                                          : request.starts_with("GET /expired") ? "Expires: 0\r\n"
                                                                                : "";
                peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + extra +
                          "Content-Length: " + std::to_string(count.size()) + "\r\n\r\n" + count);
            }
        });
        const auto engine = front({.url = server.url()});
        QVERIFY(switchOn(*engine, {"cache"}));
        for (const auto* target : {"/private", "/cookie", "/expired"})
            QVERIFY(!curl({at(*engine, target)}).endsWith(curl({at(*engine, target)}).right(1)));
        const auto first = curl({at(*engine, "/open")}), second = curl({at(*engine, "/open")});
        QCOMPARE(second.split('\n').last(), first.split('\n').last());
        QVERIFY(second.contains("Cache-Status: hone; hit"));
        curl({"-X", "POST", "-d", "x", at(*engine, "/open")});
        QVERIFY(curl({at(*engine, "/open")}).split('\n').last() != first.split('\n').last());
    }

    void encodingCompressesWhatCameAsItIs() {
        const std::string text(20'000, 'a');
        net::ScriptedServer server([&](Peer& peer) {
            while (!peer.request().empty())
                peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20000\r\n\r\n" +
                          text);
        });
        const auto engine = front({.url = server.url()});
        QVERIFY(switchOn(*engine, {"encoding"}));
        const auto coded = curl({"-H", "Accept-Encoding: gzip", "--raw", at(*engine, "/")});
        QVERIFY(coded.contains("Content-Encoding: gzip"));
        QVERIFY(coded.size() < 2000);
        QVERIFY(curl({"--compressed", at(*engine, "/")}).endsWith(QByteArray::fromStdString(text)));
    }

    void ratelimitRefusesBeforeTheUpstreamIsAsked() {
        std::atomic<int> asked = 0;
        net::ScriptedServer server([&](Peer& peer) {
            while (!peer.request().empty()) {
                ++asked;
                peer.answer("ok");
            }
        });
        const auto engine = front({.url = server.url()});
        model::Profile profile;
        QVERIFY(profile.setText("ratelimit.rate=0.01") && profile.setText("ratelimit.burst=1"));
        profile.toggles["ratelimit"].on = true;
        QVERIFY(engine->apply(engine::Arm::A, profile));
        QVERIFY(curl({at(*engine, "/")}).startsWith("HTTP/1.1 200 "));
        QVERIFY(curl({at(*engine, "/")}).startsWith("HTTP/1.1 429 "));
        QCOMPARE(asked.load(), 1);
    }

    void togglesThatNeedDatasetsSaySo() {
        net::ScriptedServer server([](Peer&) {});
        const auto engine = front({.url = server.url()});
        const auto refused = switchOn(*engine, {"shaping"});
        QVERIFY(!refused);
        QVERIFY(refused.error().what.starts_with("shaping works on the rows of datasets"));
        QVERIFY(refused.error().hint.contains("cache"));
    }

    void largeFilesOfNginxArriveWhole() {
        QByteArray large;
        for (int i = 0; large.size() < 20'000'000; ++i)
            large += QByteArray::number(i) + ',';
        write("large.bin", large);
        write("page.html", "a page");
        const int port = freePort();
        const Nginx nginx(m_dir.path(),
                          "server { listen 127.0.0.1:" + QByteArray::number(port) + "; root " +
                              m_dir.path().toUtf8() + "; location /moved { return 302 /page.html; } }",
                          port);
        const auto engine = front({.url = "http://127.0.0.1:" + std::to_string(port)});
        QVERIFY(curl({at(*engine, "/large.bin")}).endsWith("\r\n\r\n" + large));
        const auto part = curl({"-r", "10-19", at(*engine, "/large.bin")});
        QVERIFY(part.startsWith("HTTP/1.1 206 ") && part.endsWith("\r\n\r\n" + large.mid(10, 10)));
        const auto head = curl({"-I", at(*engine, "/large.bin")});
        QVERIFY(head.contains("Content-Length: " + QByteArray::number(large.size())));
        QVERIFY(curl({"-L", at(*engine, "/moved")}).endsWith("a page"));
        QVERIFY(curl({at(*engine, "/none")}).startsWith("HTTP/1.1 404 "));
    }

    void verifiesTheCertificateOfATlsUpstream() {
        openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                 "subjectAltName=DNS:localhost"});
        openssl({"req", "-new", "-key", "key.pem", "-out", "old.csr", "-subj", "/CN=localhost"});
        write("ca.conf",
              "[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\npolicy=p\n"
              "default_md=sha256\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\n"
              "subjectAltName=DNS:localhost\n");
        write("index.txt", "");
        write("serial", "01\n");
        openssl({"ca", "-batch", "-config", "ca.conf", "-selfsign", "-keyfile", "key.pem", "-in", "old.csr",
                 "-out", "old.pem", "-startdate", "20200101000000Z", "-enddate", "20200201000000Z"});
        write("index.html", "over TLS");
        const int port = freePort(), oldPort = freePort();
        const auto server = [this](int listen, const QByteArray& certificate) {
            return "server { listen 127.0.0.1:" + QByteArray::number(listen) + " ssl; ssl_certificate " +
                   certificate + "; ssl_certificate_key key.pem; root " + m_dir.path().toUtf8() + "; }";
        };
        const Nginx nginx(m_dir.path(), server(port, "cert.pem") + server(oldPort, "old.pem"), port);
        const auto url = [](const char* host, int number) {
            return fmt::format("https://{}:{}", host, number);
        };
        const auto ask = [](engine::UpstreamOptions options) {
            const auto engine = front(std::move(options));
            return curl({at(*engine, "/")});
        };
        const auto trusted = path("cert.pem").toStdString(), old = path("old.pem").toStdString();

        QVERIFY(ask({.url = url("localhost", port), .caFile = trusted}).endsWith("over TLS"));
        QVERIFY(ask({.url = url("127.0.0.1", port), .verify = false}).endsWith("over TLS"));
        const auto selfSigned = ask({.url = url("localhost", port)});
        QVERIFY2(selfSigned.startsWith("HTTP/1.1 502 ") && selfSigned.contains("signed by nobody"),
                 selfSigned);
        const auto wrongHost = ask({.url = url("127.0.0.1", port), .caFile = trusted});
        QVERIFY2(wrongHost.contains("the certificate is not for 127.0.0.1"), wrongHost);
        const auto expired = ask({.url = url("localhost", oldPort), .caFile = old});
        QVERIFY2(expired.contains("the certificate has expired"), expired);
        const auto plain = ask({.url = fmt::format("http://localhost:{}", port)});
        QVERIFY2(plain.startsWith("HTTP/1.1 400 "), plain);  // nginx says what it is
    }

    void saysThatAPlainServerSpeaksNoTls() {
        net::ScriptedServer server([](Peer& peer) {
            peer.answer("plain");
            peer.waitForClose();
        });
        const auto engine = front({.url = "https://127.0.0.1:" + std::to_string(server.port())});
        const auto reply = curl({at(*engine, "/")});
        QVERIFY2(reply.startsWith("HTTP/1.1 502 ") && reply.contains("the TLS handshake failed"), reply);
    }
};

QTEST_GUILESS_MAIN(UpstreamIntegrationTest)
#include "upstream_test.moc"

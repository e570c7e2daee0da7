#include "core/net/certificate_authority.h"
#include "core/net/certificate_maker.h"
#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/ssl.h>

#include <future>
#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using namespace std::chrono_literals;

/// The clients are curl, openssl and OpenSSL's library: nothing of ours checks what ours does.
class ServerTlsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void curlIsServedInEachVersion_data();
    void curlIsServedInEachVersion();
    void theHandlerIsToldThatItIsHttps();
    void alpnAgreesOnHttp11();
    void aClientWithOtherProtocolsOnlyIsToldSo();
    void anyServerNameIsAccepted();
    void sessionsAreResumed_data();
    void sessionsAreResumed();
    void withoutTicketsEverySessionIsNew();
    void aBigAnswerAndABigUploadArriveWhole();
    void theEndOfTheConnectionIsSaid();
    void aClientMaySayGoodbyeRightBehindWhatIsRefused_data();
    void aClientMaySayGoodbyeRightBehindWhatIsRefused();
    void plainHttpIsAnsweredInClear();
    void garbageIsAnsweredByAnAlertAndCounted();
    void aVersionThatIsTooOldIsRefused();
    void clientsWithoutTheRightCertificateAreRefused();
    void aSilentHandshakeEndsAfterTheHeaderTime();
    void filesThatDoNotFitAreNamed_data();
    void filesThatDoNotFitAreNamed();

private:
    [[nodiscard]] ServerOptions options() const {
        ServerOptions out;
        out.http2 = false;
        out.tls =
            TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
        return out;
    }
    [[nodiscard]] QString ca() const { return QString::fromStdString(m_files.ca.string()); }
    [[nodiscard]] QStringList clientOptions(const Server& server) const {
        return {"s_client", "-connect", QString("127.0.0.1:%1").arg(server.port()),
                "-CAfile",  ca(),       "-verify_return_error"};
    }

    QTemporaryDir m_folder;
    CertificateFiles m_files;
};

namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kGetAndClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

struct Ran {
    int exitCode = -1;
    QByteArray output, errors;
};

/// `input` is sent at once; then standard input closes, unless it is to stay open until the program ends.
Ran run(const QString& program, const QStringList& arguments, std::string_view input = {},
        bool keepOpen = false) {
    QProcess process;
    process.start(program, arguments);
    process.write(input.data(), static_cast<qint64>(input.size()));
    if (!keepOpen)
        process.closeWriteChannel();
    if (!process.waitForFinished(20'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

/// A TLS client in memory: what goes into one send is the test's choice.
class MemoryTls {
public:
    MemoryTls(RawClient& wire, bool isHttp2)
        : m_wire(wire), m_context(SSL_CTX_new(TLS_client_method())), m_ssl(SSL_new(m_context)) {
        SSL_set_bio(m_ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(m_ssl);
        static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
        if (isHttp2)
            SSL_set_alpn_protos(m_ssl, kHttp2, sizeof kHttp2);
    }
    MemoryTls(const MemoryTls&) = delete;
    MemoryTls& operator=(const MemoryTls&) = delete;
    ~MemoryTls() {
        SSL_free(m_ssl);
        SSL_CTX_free(m_context);
    }

    bool shakeHands() {
        for (;;) {
            const bool isDone = SSL_do_handshake(m_ssl) == 1;
            if (!sendAll() || isDone)
                return isDone;
            const std::string bytes = m_wire.readOnce();
            if (bytes.empty())
                return false;
            BIO_write(SSL_get_rbio(m_ssl), bytes.data(), static_cast<int>(bytes.size()));
        }
    }
    void put(std::string_view text) { SSL_write(m_ssl, text.data(), static_cast<int>(text.size())); }
    void sayGoodbye() { SSL_shutdown(m_ssl); }
    /// All that was put since the last time, in one piece.
    bool sendAll() {
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(m_ssl), &bytes);
        const bool isSent = m_wire.send({bytes, static_cast<std::size_t>(size)});
        static_cast<void>(BIO_reset(SSL_get_wbio(m_ssl)));
        return isSent;
    }
    /// What the server sends until it ends the connection.
    std::string readToEnd() {
        for (std::string bytes = m_wire.readOnce(); !bytes.empty(); bytes = m_wire.readOnce())
            BIO_write(SSL_get_rbio(m_ssl), bytes.data(), static_cast<int>(bytes.size()));
        std::string text;
        char piece[4096];
        for (int size = 0; (size = SSL_read(m_ssl, piece, sizeof piece)) > 0;)
            text.append(piece, static_cast<std::size_t>(size));
        return text;
    }

private:
    RawClient& m_wire;
    SSL_CTX* m_context;
    SSL* m_ssl;
};

QString urlOf(const Server& server, const char* path = "/") {
    return QString::fromStdString(server.url()) + path;
}

}  // namespace

void ServerTlsTest::initTestCase() {
    auto files = ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void ServerTlsTest::curlIsServedInEachVersion_data() {
    QTest::addColumn<QStringList>("version");
    QTest::newRow("1.2") << QStringList{"--tlsv1.2", "--tls-max", "1.2"};
    QTest::newRow("1.3") << QStringList{"--tlsv1.3"};
}

void ServerTlsTest::curlIsServedInEachVersion() {
    QFETCH(QStringList, version);
    const auto server = serve(echo, options());
    QVERIFY(server->url().starts_with("https://127.0.0.1:"));
    const Ran ran = run("curl", QStringList{"-sS", "--http1.1", "--cacert", ca(), "-d", "body",
                                            urlOf(*server, "/a?b"), urlOf(*server, "/c")} +
                                    version);
    QVERIFY2(ran.exitCode == 0, ran.errors);
    QCOMPARE(ran.output, QByteArray("POST /a?b bodyPOST /c? body"));
    QCOMPARE(server->counters().handshakes, std::uint64_t(1));  // the second on the same connection
    QCOMPARE(server->counters().requests, std::uint64_t(2));
    QCOMPARE(server->counters().handshakesFailed, std::uint64_t(0));
}

void ServerTlsTest::theHandlerIsToldThatItIsHttps() {
    const auto server = serve(
        [](const http::Request& request, Responder respond) { respond(text(std::string(request.scheme))); },
        options());
    QCOMPARE(run("curl", {"-sS", "--cacert", ca(), urlOf(*server)}).output, QByteArray("https"));
}

void ServerTlsTest::alpnAgreesOnHttp11() {
    const auto server = serve(echo, options());
    const Ran ran = run("openssl", clientOptions(*server) << "-alpn" << "h2,http/1.1", kGetAndClose, true);
    QVERIFY2(ran.output.contains("ALPN protocol: http/1.1"), ran.output);
    QVERIFY2(ran.output.contains("GET /? "), ran.output);
    const Ran without = run("openssl", clientOptions(*server), kGetAndClose, true);
    QVERIFY2(without.output.contains("No ALPN negotiated"), without.output);
    QVERIFY2(without.output.contains("GET /? "), without.output);
}

void ServerTlsTest::aClientWithOtherProtocolsOnlyIsToldSo() {
    const auto server = serve(echo, options());
    const Ran ran = run("openssl", clientOptions(*server) << "-alpn" << "spdy/1");
    QVERIFY(ran.exitCode != 0);
    QVERIFY2(ran.errors.contains("no application protocol"), ran.errors);
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
}

void ServerTlsTest::anyServerNameIsAccepted() {
    const auto server = serve(echo, options());
    const QString host = QString("localhost:%1").arg(server->port());
    const Ran ran = run("curl", {"-sS", "--cacert", ca(), "--resolve", host + ":127.0.0.1",
                                 QString("https://%1/sni").arg(host)});
    QVERIFY2(ran.exitCode == 0, ran.errors);
    QCOMPARE(ran.output, QByteArray("GET /sni? "));
    const Ran other = run("openssl",
                          {"s_client", "-connect", QString("127.0.0.1:%1").arg(server->port()), "-servername",
                           "other.example", "-ign_eof"},
                          kGetAndClose);
    QVERIFY2(other.output.contains("GET /? "), other.output);
}

void ServerTlsTest::sessionsAreResumed_data() {
    QTest::addColumn<QString>("version");
    QTest::newRow("1.2") << QString("-tls1_2");
    QTest::newRow("1.3") << QString("-tls1_3");
}

void ServerTlsTest::sessionsAreResumed() {
    QFETCH(QString, version);
    const auto server = serve(echo, options());
    const QString session = m_folder.filePath("session" + version);
    const Ran first =
        run("openssl", clientOptions(*server) << version << "-sess_out" << session, kGetAndClose, true);
    QVERIFY2(first.output.contains("New, TLSv1"), first.output);
    const Ran second =
        run("openssl", clientOptions(*server) << version << "-sess_in" << session, kGetAndClose, true);
    QVERIFY2(second.output.contains("Reused, TLSv1"), second.output);
    QVERIFY2(second.output.contains("GET /? "), second.output);
    QCOMPARE(server->counters().handshakes, std::uint64_t(2));
    QCOMPARE(server->counters().resumed, std::uint64_t(1));
}

void ServerTlsTest::withoutTicketsEverySessionIsNew() {
    ServerOptions without = options();
    without.tls->tickets = false;
    const auto server = serve(echo, without);
    const Ran ran = run("openssl", clientOptions(*server) << "-tls1_2" << "-reconnect");
    QCOMPARE(ran.output.count("Reused, "), 0);
    QCOMPARE(ran.output.count("New, TLSv1.2"), 6);
    QTRY_COMPARE(server->counters().handshakes, std::uint64_t(6));
    QCOMPARE(server->counters().resumed, std::uint64_t(0));
    const auto with = serve(echo, options());
    QCOMPARE(run("openssl", clientOptions(*with) << "-tls1_2" << "-reconnect").output.count("Reused, "), 5);
}

void ServerTlsTest::aBigAnswerAndABigUploadArriveWhole() {
    std::string big(6 * 1024 * 1024, 'x');
    for (std::size_t i = 0; i < big.size(); i += 1000)
        big[i] = static_cast<char>('a' + i / 1000 % 26);
    const auto prepared = http::prepare(200, {}, big);
    const auto server = serve(
        [&](const http::Request& request, Responder respond) {
            http::Response out;
            if (request.body == big)
                out.prepared = prepared;
            respond(std::move(out));
        },
        options());
    QFile file(m_folder.filePath("big"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(big.data(), static_cast<qint64>(big.size()));
    file.close();
    const Ran ran = run("curl", {"-sS", "--cacert", ca(), "--data-binary", "@" + file.fileName(),
                                 urlOf(*server), urlOf(*server)});
    QVERIFY2(ran.exitCode == 0, ran.errors);
    QVERIFY(ran.output.toStdString() == big + big);
}

void ServerTlsTest::theEndOfTheConnectionIsSaid() {
    const auto server = serve(echo, options());
    // s_client fails with "unexpected eof" when the connection ends without close_notify.
    const Ran ran = run("openssl", clientOptions(*server) << "-tls1_3", kGetAndClose, true);
    QVERIFY2(ran.exitCode == 0 && !ran.errors.contains("eof"), ran.errors);
    QVERIFY2(ran.output.contains("closed"), ran.output);
}

void ServerTlsTest::aClientMaySayGoodbyeRightBehindWhatIsRefused_data() {
    QTest::addColumn<bool>("isHttp2");
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("answered");
    QTest::newRow("a malformed HTTP/1 request")
        << false << QByteArray("GET / HTTP/1.1\r\nHost : a\r\n\r\n") << QByteArray("HTTP/1.1 400 ");
    QTest::newRow("a request and half of one")
        << false << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET")
        << QByteArray("HTTP/1.1 200 ");
    QTest::newRow("no HTTP/2 preface") << true << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                       << QByteArray("\0\0\x08\x07\0\0\0\0\0", 9);  // GOAWAY
}

void ServerTlsTest::aClientMaySayGoodbyeRightBehindWhatIsRefused() {
    QFETCH(bool, isHttp2);
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, answered);
    ServerOptions both = options();
    both.http2 = true;
    const auto server = serve(echo, both);
    RawClient wire(server->port());
    MemoryTls client(wire, isHttp2);
    QVERIFY(client.shakeHands());
    client.put({said.data(), static_cast<std::size_t>(said.size())});
    client.sayGoodbye();
    QVERIFY(client.sendAll());
    const std::string answer = client.readToEnd();
    QVERIFY2(answer.contains(answered.toStdString()), answer.c_str());
    QTRY_COMPARE(server->counters().open, std::uint64_t(0));
}

void ServerTlsTest::plainHttpIsAnsweredInClear() {
    const auto server = serve(echo, options());
    RawClient client(server->port());
    const auto answer = client.ask(kGet);
    QCOMPARE(answer.status, 400);
    QVERIFY(answer.body.contains("this port speaks TLS"));
    QVERIFY(answer.has("Connection: close"));
    QVERIFY(client.ended());
    client.closeNow();
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void ServerTlsTest::garbageIsAnsweredByAnAlertAndCounted() {
    const auto server = serve(echo, options());
    RawClient client(server->port());
    client.send(std::string_view("\x16\x03\x01\x00\x05hello", 10));
    const std::string said = client.readOnce();
    QVERIFY(said.size() >= 7);
    QCOMPARE(said[0], '\x15');  // an alert record
    QCOMPARE(said[5], '\x02');  // fatal
    client.closeNow();
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
    QTRY_COMPARE(server->counters().open, std::uint64_t(0));
}

void ServerTlsTest::aVersionThatIsTooOldIsRefused() {
    ServerOptions newOnly = options();
    newOnly.tls->minVersion = 13;
    const auto server = serve(echo, newOnly);
    const Ran ran = run("openssl", clientOptions(*server) << "-tls1_2");
    QVERIFY(ran.exitCode != 0);
    QVERIFY2(ran.errors.contains("protocol version"), ran.errors);
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
    QCOMPARE(run("curl", {"-sS", "--cacert", ca(), urlOf(*server)}).output, QByteArray("GET /? "));
}

void ServerTlsTest::clientsWithoutTheRightCertificateAreRefused() {
    ServerOptions mutual = options();
    mutual.tls->clientCaFile = m_files.ca.string();
    const auto server = serve(echo, mutual);
    const Ran without = run("curl", {"-sS", "--cacert", ca(), urlOf(*server)});
    QVERIFY(without.exitCode != 0);
    const QString request = m_folder.filePath("client.csr"), certificate = m_folder.filePath("client.pem"),
                  key = m_folder.filePath("client-key.pem");
    QCOMPARE(run("openssl", {"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                             "-keyout", key, "-subj", "/CN=tester", "-out", request})
                 .exitCode,
             0);
    QCOMPARE(run("openssl", {"x509", "-req", "-in", request, "-CA", ca(), "-CAkey",
                             m_folder.filePath("tls/ca-key.pem"), "-out", certificate})
                 .exitCode,
             0);
    const Ran with =
        run("curl", {"-sS", "--cacert", ca(), "--cert", certificate, "--key", key, urlOf(*server)});
    QVERIFY2(with.exitCode == 0, with.errors);
    QCOMPARE(with.output, QByteArray("GET /? "));
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
}

void ServerTlsTest::aSilentHandshakeEndsAfterTheHeaderTime() {
    ServerOptions hasty = options();
    hasty.limits.headerTimeout = 20ms;
    const auto server = serve(echo, hasty);
    RawClient client(server->port());
    client.send("\x16\x03\x01\x02");  // the beginning of a record that never comes
    QVERIFY(client.ended());
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
}

void ServerTlsTest::filesThatDoNotFitAreNamed_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("named");
    QTest::newRow("no certificate") << QString() << "localhost-key.pem" << "certificate file \"\"";
    QTest::newRow("missing key") << "localhost.pem" << "missing.pem" << "missing.pem";
    QTest::newRow("no PEM") << "garbage.pem" << "localhost-key.pem" << "garbage.pem";
    QTest::newRow("key of another") << "localhost.pem" << "ca-key.pem" << "ca-key.pem";
    QTest::newRow("certificate as key") << "localhost.pem" << "localhost.pem" << "localhost.pem";
}

void ServerTlsTest::filesThatDoNotFitAreNamed() {
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QFETCH(QString, named);
    QFile garbage(m_folder.filePath("tls/garbage.pem"));
    QVERIFY(garbage.open(QIODevice::WriteOnly));
    garbage.write("no certificate\n");
    garbage.close();
    const auto pathOf = [&](const QString& name) {
        return name.isEmpty() ? std::string() : m_folder.filePath("tls/" + name).toStdString();
    };
    ServerOptions wrong;
    wrong.tls = TlsOptions{.certificateFile = pathOf(certificate), .keyFile = pathOf(key)};
    const auto server = Server::create(wrong, [](int) { return std::make_unique<FunctionHandler>(echo); });
    QVERIFY(!server);
    QVERIFY2(server.error().what.contains(named.toStdString()), server.error().what.c_str());
    QVERIFY(!server.error().hint.empty());
}

QTEST_GUILESS_MAIN(ServerTlsTest)
#include "server_tls_test.moc"

#include "core/net/protocol_choice.h"

#include "core/net/certificate_authority.h"
#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class ProtocolChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void curlAgreesWithTheServer_data();
    void curlAgreesWithTheServer();
    void thePrefaceMayComeInPieces();
    void anUpgradeThatIsNotCompleteIsIgnored_data();
    void anUpgradeThatIsNotCompleteIsIgnored();
    void anUpgradeBehindAnotherRequestIsTaken();
    void aServerWithoutHttp2RefusesItsPreface();

private:
    QTemporaryDir m_folder;
    CertificateFiles m_files;
};

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::string_view kEmptySettings("\0\0\0\x04\0\0\0\0\0", 9);

/// Says which version, scheme and content arrived.
void report(const http::Request& request, Responder respond) {
    respond(text(std::to_string(request.version) + " " + std::string(request.scheme) + " " +
                 std::string(request.methodText) + " " + std::string(request.path) + " " +
                 std::string(request.body)));
}

std::string upgradeRequest(std::string_view fields) {
    return "GET /up HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

void ProtocolChoiceTest::initTestCase() {
    auto files = ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void ProtocolChoiceTest::curlAgreesWithTheServer_data() {
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("offered");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("plain") << false << true << QStringList{"--http1.1"} << QByteArray("11 http GET /x ");
    QTest::newRow("prior knowledge") << false << true << QStringList{"--http2-prior-knowledge"}
                                     << QByteArray("20 http GET /x ");
    QTest::newRow("upgrade") << false << true << QStringList{"--http2"} << QByteArray("20 http GET /x ");
    QTest::newRow("upgrade with content")
        << false << true << QStringList{"--http2", "-d", "abc"} << QByteArray("20 http POST /x abc");
    QTest::newRow("upgrade not offered")
        << false << false << QStringList{"--http2"} << QByteArray("11 http GET /x ");
    QTest::newRow("ALPN") << true << true << QStringList{"--http2"} << QByteArray("20 https GET /x ");
    QTest::newRow("ALPN without h2") << true << true << QStringList{"--http1.1"}
                                     << QByteArray("11 https GET /x ");
    QTest::newRow("ALPN not offered")
        << true << false << QStringList{"--http2"} << QByteArray("11 https GET /x ");
    QTest::newRow("no ALPN") << true << true << QStringList{"--no-alpn"} << QByteArray("11 https GET /x ");
}

void ProtocolChoiceTest::curlAgreesWithTheServer() {
    QFETCH(bool, tls);
    QFETCH(bool, offered);
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, expected);
    ServerOptions options{.http2 = offered};
    if (tls)
        options.tls =
            TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
    const auto server = serve(report, options);
    const QString url = QString::fromStdString(server->url()) + "/x";
    // curl 7.88 reports a framing error of its own when it is to use a prior-knowledge connection again.
    const int times = arguments.contains("--http2-prior-knowledge") ? 1 : 2;
    QProcess curl;
    curl.start("curl", QStringList{"-sS", "--cacert", QString::fromStdString(m_files.ca.string())} +
                           QStringList(times, url) + arguments);
    QVERIFY(curl.waitForFinished(20'000));
    QCOMPARE(curl.readAllStandardError(), QByteArray());
    QCOMPARE(curl.readAllStandardOutput(), expected.repeated(times));
    QCOMPARE(server->counters().accepted, std::uint64_t(1));
    QCOMPARE(server->counters().http2, std::uint64_t(expected.startsWith("20") ? 1 : 0));
    QCOMPARE(server->counters().requests, static_cast<std::uint64_t>(times));
}

void ProtocolChoiceTest::thePrefaceMayComeInPieces() {
    const auto server = serve(report);
    RawClient client(server->port());
    for (const char c : kPreface)
        QVERIFY(client.send({&c, 1}));
    client.send(kEmptySettings);
    std::string said = client.readOnce();
    QVERIFY(said.size() >= 9);
    QCOMPARE(said[3], '\x04');  // the server's SETTINGS
    QCOMPARE(server->counters().http2, std::uint64_t(1));
    QCOMPARE(server->counters().malformed, std::uint64_t(0));
}

void ProtocolChoiceTest::anUpgradeThatIsNotCompleteIsIgnored_data() {
    QTest::addColumn<QByteArray>("fields");
    QTest::newRow("no settings") << QByteArray("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n");
    QTest::newRow("settings twice") << QByteArray(
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: \r\nHTTP2-Settings: \r\n");
    QTest::newRow("settings no base64url")
        << QByteArray("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: +/==\r\n");
    QTest::newRow("settings cut short")
        << QByteArray("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n")
               .replace("k\r", "\r");
    QTest::newRow("settings not named")
        << QByteArray("Upgrade: h2c\r\nConnection: Upgrade\r\nHTTP2-Settings: AAMAAABk\r\n");
    QTest::newRow("upgrade not named")
        << QByteArray("Upgrade: h2c\r\nConnection: HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n");
    QTest::newRow("other protocol") << QByteArray(
        "Upgrade: websocket\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n");
    QTest::newRow("h2 is for TLS") << QByteArray(
        "Upgrade: h2\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n");
}

void ProtocolChoiceTest::anUpgradeThatIsNotCompleteIsIgnored() {
    QFETCH(QByteArray, fields);
    const auto server = serve(report);
    RawClient client(server->port());
    QCOMPARE(client.ask(upgradeRequest(fields.toStdString())).body, std::string("11 http GET /up "));
    QCOMPARE(client.ask(upgradeRequest("")).body, std::string("11 http GET /up "));
}

void ProtocolChoiceTest::anUpgradeBehindAnotherRequestIsTaken() {
    const auto server = serve(report);
    RawClient client(server->port());
    client.send(upgradeRequest("") +
                upgradeRequest("Upgrade: foo, h2c\r\nConnection: upgrade, http2-settings\r\n"
                               "HTTP2-Settings: AAMAAABkAAQAAP__\r\n"));
    QCOMPARE(client.read().body, std::string("11 http GET /up "));
    const auto switching = client.read();
    QCOMPARE(switching.status, 101);
    QVERIFY(switching.has("Upgrade: h2c") && switching.has("Connection: Upgrade"));
    QCOMPARE(server->counters().http2, std::uint64_t(1));
}

void ProtocolChoiceTest::aServerWithoutHttp2RefusesItsPreface() {
    const auto server = serve(report, {.http2 = false});
    RawClient client(server->port());
    QCOMPARE(client.ask(kPreface).status, 505);
    QVERIFY(client.ended());
}

QTEST_GUILESS_MAIN(ProtocolChoiceTest)
#include "protocol_choice_test.moc"

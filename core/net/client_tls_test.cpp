#include "core/net/certificate_authority.h"
#include "core/net/client.h"
#include "core/net/raw_client.h"
#include "core/net/scripted_server.h"

#include <QTemporaryDir>
#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: test\r\n\r\n";

/// What is left of an answer after its callback.
struct Got {
    int status = 0;
    std::string text, body;
    bool isResumed = false;
    Nanos sent{0}, firstByte{0}, connected{0}, secured{0};
};

}  // namespace

/// The HTTP/1.1 client over TLS. Its other ways are those of plain TCP, tested there.
class ClientTlsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { m_loop = Loop::create(); }
    void asksOverTlsAndTellsWhenItWasAgreed();
    void resumesTheSessionOfTheConnectionBefore_data();
    void resumesTheSessionOfTheConnectionBefore();
    void namesWhatIsWrongWithACertificate_data();
    void namesWhatIsWrongWithACertificate();
    void takesAnyCertificateWhenAsked();
    void carriesLargeBodiesBothWays();
    void reconnectsWhenTheServerClosedWhileIdle();
    void aPlainServerIsAFailedHandshake();
    void aSilentServerIsATimeout();
    void greetTellsTheProtocolOrTheReason();
    void refusesACaFileThatIsNone();

private:
    [[nodiscard]] ServerOptions options(bool http2 = false) const {
        ServerOptions out;
        out.http2 = http2;
        out.tls =
            TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
        return out;
    }
    [[nodiscard]] ClientOptions trusting(ClientTls tls, std::string name = {}) const {
        auto made = makeClientTls(tls);
        if (!made)
            qFatal("%s", made.error().line().c_str());
        return {.tls = *made, .name = std::move(name)};
    }
    [[nodiscard]] ClientOptions trusting() const { return trusting({.caFile = m_files.ca.string()}); }
    Got send(Client& client, std::string_view wire = kGet, std::chrono::milliseconds timeout = 20s) {
        Got got;
        client.send(wire, false, true, timeout, [&](const Answer& answer) {
            got = {answer.status,
                   std::string(answer.errorText),
                   std::string(answer.body),
                   answer.isResumed,
                   answer.sent,
                   answer.firstByte,
                   answer.connected,
                   answer.secured};
            m_loop->stop();
        });
        m_loop->run();
        return got;
    }

    QTemporaryDir m_folder;
    CertificateFiles m_files;
    std::unique_ptr<Loop> m_loop;
};

void ClientTlsTest::initTestCase() {
    auto files = ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void ClientTlsTest::asksOverTlsAndTellsWhenItWasAgreed() {
    const auto server = serve(echo, options());
    const auto client = Client::create(*m_loop, {"127.0.0.1", server->port()}, trusting());
    const Got first = send(*client);
    QCOMPARE(first.status, 200);
    QCOMPARE(first.body, std::string("GET /a? "));
    QVERIFY(first.sent < first.connected && first.connected < first.secured);
    QVERIFY(first.secured < first.firstByte);
    for (int i = 0; i < 5; ++i) {
        const Got next = send(*client);
        QCOMPARE(next.status, 200);
        QCOMPARE(next.secured.count(), 0LL);  // on the same connection
    }
    QCOMPARE(server->counters().handshakes, std::uint64_t(1));
}

void ClientTlsTest::resumesTheSessionOfTheConnectionBefore_data() {
    QTest::addColumn<bool>("resume");
    QTest::newRow("on") << true;
    QTest::newRow("off") << false;
}

void ClientTlsTest::resumesTheSessionOfTheConnectionBefore() {
    QFETCH(bool, resume);
    const auto server = serve(echo, options());
    auto trust = trusting();
    trust.resume = resume;
    const auto client = Client::create(*m_loop, {"127.0.0.1", server->port()}, trust);
    client->setKeepAlive(false);
    for (int i = 0; i < 4; ++i) {
        const Got got = send(*client);
        QCOMPARE(got.status, 200);
        QVERIFY(got.secured > got.connected);
        QCOMPARE(got.isResumed, resume && i > 0);
    }
    QCOMPARE(server->counters().handshakes, std::uint64_t(4));
    QCOMPARE(server->counters().resumed, std::uint64_t(resume ? 3 : 0));
}

void ClientTlsTest::namesWhatIsWrongWithACertificate_data() {
    QTest::addColumn<bool>("trusted");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("unknown authority")
        << false << QByteArray("localhost") << QByteArray("certificate not trusted");
    QTest::newRow("another name") << true << QByteArray("example.org")
                                  << QByteArray("certificate for another name");
    QTest::newRow("another address") << true << QByteArray("127.0.0.9")
                                     << QByteArray("certificate for another name");
}

void ClientTlsTest::namesWhatIsWrongWithACertificate() {
    QFETCH(bool, trusted);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, kind);
    const auto server = serve(echo, options());
    const auto trust = trusting({.caFile = trusted ? m_files.ca.string() : ""}, name.toStdString());
    const auto client = Client::create(*m_loop, {"127.0.0.1", server->port()}, trust);
    for (int i = 0; i < 2; ++i) {
        const Got got = send(*client);
        QCOMPARE(got.status, 0);
        QCOMPARE(got.text, kind.toStdString());
    }
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void ClientTlsTest::takesAnyCertificateWhenAsked() {
    const auto server = serve(echo, options());
    const auto client =
        Client::create(*m_loop, {"127.0.0.1", server->port()}, trusting({.verify = false}, "example.org"));
    QCOMPARE(send(*client).status, 200);
}

void ClientTlsTest::carriesLargeBodiesBothWays() {
    const auto server = serve(echo, options());
    const auto client = Client::create(*m_loop, {"127.0.0.1", server->port()}, trusting());
    const std::string body(3'000'000, 'x');
    const std::string wire =
        "POST /b HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    for (int i = 0; i < 2; ++i) {
        const Got got = send(*client, wire);
        QCOMPARE(got.status, 200);
        QVERIFY(got.body == "POST /b? " + body);
    }
    QCOMPARE(server->counters().handshakes, std::uint64_t(1));
}

void ClientTlsTest::reconnectsWhenTheServerClosedWhileIdle() {
    auto server = serve(echo, options());
    const auto port = server->port();
    const auto client = Client::create(*m_loop, {"127.0.0.1", port}, trusting());
    QCOMPARE(send(*client).status, 200);
    server->stop(1s);
    server.reset();
    auto again = options();
    again.port = port;
    server = serve(echo, again);
    const Got got = send(*client);
    QCOMPARE(got.status, 200);
    QVERIFY(got.secured.count() > 0);
}

void ClientTlsTest::aPlainServerIsAFailedHandshake() {
    const ScriptedServer server([](ScriptedServer::Peer& peer) { peer.send("HTTP/1.1 400 Bad\r\n\r\n"); });
    const auto client = Client::create(*m_loop, {"127.0.0.1", server.port()}, trusting());
    const Got got = send(*client);
    QCOMPARE(got.status, 0);
    QCOMPARE(got.text, std::string("TLS handshake failed"));
}

void ClientTlsTest::aSilentServerIsATimeout() {
    const ScriptedServer server([](ScriptedServer::Peer& peer) { peer.waitForClose(); });
    const auto client = Client::create(*m_loop, {"127.0.0.1", server.port()}, trusting());
    QCOMPARE(send(*client, kGet, 50ms).text, std::string("timeout"));
    QVERIFY(!client->busy());
}

void ClientTlsTest::greetTellsTheProtocolOrTheReason() {
    const auto server = serve(echo, options(true));
    const Endpoint endpoint{"127.0.0.1", server->port()};
    const ClientTls trust{.caFile = m_files.ca.string()};
    QCOMPARE(greet(endpoint, trusting(trust, "localhost"), 5s).value(), std::string("http/1.1"));
    auto both = trust;
    both.http2 = true;
    QCOMPARE(greet(endpoint, trusting(both, "localhost"), 5s).value(), std::string("h2"));
    const auto stranger = greet(endpoint, trusting({}, "localhost"), 5s);
    QVERIFY(!stranger);
    QCOMPARE(stranger.error().code, Error::Unavailable);
    QVERIFY(stranger.error().what.contains("signed by nobody"));
    const ScriptedServer silent([](ScriptedServer::Peer& peer) { peer.waitForClose(); });
    const auto late = greet({"127.0.0.1", silent.port()}, trusting(trust), 30ms);
    QVERIFY(!late);
    QCOMPARE(late.error().code, Error::Timeout);
}

void ClientTlsTest::refusesACaFileThatIsNone() {
    const auto made = makeClientTls({.caFile = "/no/such.pem"});
    QVERIFY(!made);
    QCOMPARE(made.error().code, Error::InvalidArgument);
    QVERIFY(made.error().what.contains("/no/such.pem"));
}

QTEST_GUILESS_MAIN(ClientTlsTest)
#include "client_tls_test.moc"

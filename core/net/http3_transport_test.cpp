#include "core/net/http3_listener.h"
#include "core/net/http3_test_client.h"
#include "core/net/raw_client.h"

#include <QFile>
#include <QTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

/// What QUIC does below the requests: who may connect, what strangers are told, how connections end.
class Http3TransportTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void underLoadTheClientMustProveItsAddress();
    void anUnknownVersionIsAnsweredWithOurs();
    void aShortOneOfUnknownVersionIsNot();
    void aDatagramOfNoConnectionIsReset();
    void noiseIsIgnored();
    void aKnownClientResumes();
    void keysAndAddressesMayChange_data();
    void keysAndAddressesMayChange();
    void aClientMustShowACertificateWhenAsked();
    void aClientBeyondItsLimitIsRefused();
    void contentThatStandsStillIsAnswered();
    void anIdleConnectionEnds();
    void aStoppingServerDoesNotWaitForIdleClients();
    void itNeedsTlsAndTheRealNetwork();

private:
    Http3Setup m_setup;
};

namespace {

/// A client that knows nothing of QUIC.
class RawUdp {
public:
    explicit RawUdp(const Server& server) : m_fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in to{
            .sin_family = AF_INET, .sin_port = htons(server.port()), .sin_addr = {}, .sin_zero = {}};
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(m_fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
            qFatal("no UDP socket");
    }
    void send(const QByteArray& bytes) {
        static_cast<void>(::send(m_fd.get(), bytes.data(), static_cast<std::size_t>(bytes.size()), 0));
    }
    /// Empty when nothing comes for a while.
    [[nodiscard]] QByteArray receive(int milliseconds = 5'000) {
        pollfd wait{.fd = m_fd.get(), .events = POLLIN, .revents = 0};
        if (::poll(&wait, 1, milliseconds) != 1)
            return {};
        QByteArray out(65'536, '\0');
        out.resize(
            std::max<qsizetype>(0, ::recv(m_fd.get(), out.data(), static_cast<std::size_t>(out.size()), 0)));
        return out;
    }

private:
    UniqueFd m_fd;
};

/// A long header (RFC 8999 section 5.1) of `version`, ids "12345678" and "abcd", filled up to `size`.
QByteArray longHeader(const QByteArray& version, int size) {
    QByteArray out = QByteArray::fromHex("c0") + version + '\x08' + "12345678" + '\x04' + "abcd";
    return out.leftJustified(size, '\0');
}

bool hasEnded(QProcess& client) {
    return client.state() == QProcess::NotRunning || client.waitForFinished(20'000);
}

QByteArray idleClient(const Server& server, QProcess& client) {
    client.setProcessChannelMode(QProcess::MergedChannels);
    // Without --exit-on-…: stays until the connection ends.
    client.start("gtlsclient",
                 {"--no-quic-dump", "127.0.0.1", QString::number(server.port()), "https://localhost/"});
    QByteArray output;
    while (!output.contains("HTTP stream 0 closed") && client.waitForReadyRead(20'000))
        output += client.readAll();
    return output;
}

}  // namespace

void Http3TransportTest::initTestCase() {
    if (!Http3Listener::isBuiltIn() || QStandardPaths::findExecutable("gtlsclient").isEmpty())
        QSKIP("needs HTTP/3 built in, and gtlsclient (Debian: ngtcp2-client)");
}

void Http3TransportTest::underLoadTheClientMustProveItsAddress() {
    ServerOptions loaded = m_setup.options();
    loaded.limits.http3Handshakes = 0;  // as if so many were under way
    const auto server = serve(echo, loaded);
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}));
    QVERIFY2(ran.output.contains("type=Retry"), ran.output.left(3'000));
    QVERIFY2(ran.output.contains("[:status: 200]"), ran.output);
    QCOMPARE(server->counters().accepted, std::uint64_t(1));
}

void Http3TransportTest::anUnknownVersionIsAnsweredWithOurs() {
    const auto server = serve(echo, m_setup.options());
    RawUdp client(*server);
    client.send(longHeader("\x0b\x0b\x0b\x0b", 1'200));
    const QByteArray answer = client.receive();
    QCOMPARE(answer.mid(1, 4), QByteArray(4, '\0'));  // version negotiation
    QCOMPARE(answer.mid(5, 14), QByteArray("\x04"
                                           "abcd"
                                           "\x08"
                                           "12345678"));  // ids the other way round
    QVERIFY(answer.mid(19).contains(QByteArray::fromHex("00000001")));
}

void Http3TransportTest::aShortOneOfUnknownVersionIsNot() {
    const auto server = serve(echo, m_setup.options());
    RawUdp client(*server);
    client.send(longHeader("\x0b\x0b\x0b\x0b", 300));    // would be amplified (RFC 9000 section 6.1)
    client.send(longHeader("\x0c\x0c\x0c\x0c", 1'200));  // answered: so the first was not
    QVERIFY(client.receive().size() > 0);
    QVERIFY(client.receive(100).isEmpty());
}

void Http3TransportTest::aDatagramOfNoConnectionIsReset() {
    const auto server = serve(echo, m_setup.options());
    RawUdp client(*server);
    client.send(QByteArray::fromHex("41") + QByteArray(99, 'x'));
    const QByteArray answer = client.receive();
    QCOMPARE(answer.size(), 43);
    QCOMPARE(answer[0] & 0xc0, 0x40);  // looks like a short packet
    client.send(QByteArray::fromHex("41") + QByteArray(29, 'x'));
    QCOMPARE(client.receive().size(), 29);  // shorter than what caused it
    client.send(QByteArray::fromHex("41") + QByteArray(18, 'x'));
    client.send(QByteArray::fromHex("41") + QByteArray(29, 'y'));
    QCOMPARE(client.receive().size(), 29);  // nothing came for the tiny one
}

void Http3TransportTest::noiseIsIgnored() {
    const auto server = serve(echo, m_setup.options());
    RawUdp client(*server);
    std::srand(7);
    for (int size = 0; size < 1'400; size += 7) {
        QByteArray noise(size, '\0');
        for (char& c : noise)
            c = static_cast<char>(std::rand());
        client.send(noise);
        client.send(longHeader(QByteArray::fromHex("00000001"), size));
    }
    const Ran ran = run("gtlsclient", gtls(*server, {"/"}));
    QVERIFY2(ran.output.contains("[:status: 200]"), ran.output);
    QCOMPARE(server->counters().requests, std::uint64_t(1));
}

void Http3TransportTest::aKnownClientResumes() {
    const auto server = serve(echo, m_setup.options());
    const QStringList options{"-q", "--session-file", m_setup.path("session"), "--tp-file",
                              m_setup.path("params")};
    run("gtlsclient", gtls(*server, {"/"}, options));
    QCOMPARE(server->counters().resumed, std::uint64_t(0));
    run("gtlsclient", gtls(*server, {"/"}, options));
    QCOMPARE(server->counters().resumed, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(2));
}

void Http3TransportTest::keysAndAddressesMayChange_data() {
    QTest::addColumn<QStringList>("options");
    QTest::newRow("key update") << QStringList{"--key-update=1ms", "--delay-stream=30ms"};
    QTest::newRow("migration") << QStringList{"--change-local-addr=1ms", "--delay-stream=30ms"};
    QTest::newRow("NAT rebinding") << QStringList{"--change-local-addr=1ms", "--nat-rebinding",
                                                  "--delay-stream=30ms"};
}

void Http3TransportTest::keysAndAddressesMayChange() {
    QFETCH(QStringList, options);
    const auto server = serve(echo, m_setup.options());
    const Ran ran = run("gtlsclient", gtls(*server, {"/a", "/b"}, options));
    QCOMPARE(ran.output.count("[:status: 200]"), 2);
    QCOMPARE(server->counters().http3, std::uint64_t(1));
}

void Http3TransportTest::aClientMustShowACertificateWhenAsked() {
    ServerOptions mutual = m_setup.options();
    mutual.tls->clientCaFile = m_setup.files().ca.string();
    const auto server = serve(echo, mutual);
    const Ran stranger = run("gtlsclient", gtls(*server, {"/"}));
    QVERIFY2(!stranger.output.contains("[:status: 200]"), stranger.output);
    QTRY_COMPARE(server->counters().handshakesFailed, std::uint64_t(1));
    const Ran known =
        run("gtlsclient", gtls(*server, {"/"},
                               {"--cert", QString::fromStdString(m_setup.files().certificate.string()),
                                "--key", QString::fromStdString(m_setup.files().key.string())}));
    QVERIFY2(known.output.contains("[:status: 200]"), known.output.right(3'000));
    QCOMPARE(server->counters().requests, std::uint64_t(1));
}

void Http3TransportTest::contentThatStandsStillIsAnswered() {
    QFile file(m_setup.path("slow"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(12'000'000, 'x')) > 0);
    file.close();
    ServerOptions brief = m_setup.options();
    brief.limits.bodyTimeout = std::chrono::milliseconds(1);
    const auto server = serve(echo, brief);
    // Every fifth packet is lost: there are pauses before it is all there.
    const Ran ran =
        run("gtlsclient",
            gtls(*server, {"/"}, {"--no-http-dump", "-t", "0.2", "-m", "POST", "-d", file.fileName()}));
    QVERIFY2(ran.output.contains("[:status: 408]"), ran.output.right(3'000));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void Http3TransportTest::aClientBeyondItsLimitIsRefused() {
    ServerOptions one = m_setup.options();
    one.limits.connectionsPerPeer = 1;
    const auto server = serve(echo, one);
    QProcess first;
    QVERIFY(idleClient(*server, first).contains("[:status: 200]"));
    const Ran second = run("gtlsclient", gtls(*server, {"/"}));
    QVERIFY2(!second.output.contains("[:status: 200]"), second.output);
    QCOMPARE(server->counters().refused, std::uint64_t(1));
    first.kill();
    first.waitForFinished();
}

void Http3TransportTest::anIdleConnectionEnds() {
    ServerOptions brief = m_setup.options();
    brief.limits.idleTimeout = std::chrono::milliseconds(300);
    const auto server = serve(echo, brief);
    QProcess client;
    QVERIFY(idleClient(*server, client).contains("[:status: 200]"));
    QTRY_COMPARE_WITH_TIMEOUT(server->counters().open, std::uint64_t(0), 20'000);
    QVERIFY(hasEnded(client));
}

void Http3TransportTest::aStoppingServerDoesNotWaitForIdleClients() {
    const auto server = serve(echo, m_setup.options());
    QProcess client;
    QVERIFY(idleClient(*server, client).contains("[:status: 200]"));
    server->stop(std::chrono::hours(1));  // returns: nobody is waited for
    QCOMPARE(server->counters().open, std::uint64_t(0));
    QVERIFY(hasEnded(client));
    QVERIFY(client.readAll().contains("CONNECTION_CLOSE"));
}

void Http3TransportTest::itNeedsTlsAndTheRealNetwork() {
    const auto error = [](const ServerOptions& options) {
        const auto server =
            Server::create(options, [](int) { return std::make_unique<FunctionHandler>(echo); });
        return server ? std::string() : server.error().what;
    };
    ServerOptions plain;
    plain.http3 = true;
    QVERIFY(error(plain).contains("needs TLS"));
    ServerOptions old = m_setup.options();
    old.tls->maxVersion = 12;
    QVERIFY(error(old).contains("needs TLS 1.3"));
    ServerOptions simulated = m_setup.options();
    simulated.link = LinkOptions{};
    QVERIFY(error(simulated).contains("simulated network"));
}

QTEST_GUILESS_MAIN(Http3TransportTest)
#include "http3_transport_test.moc"

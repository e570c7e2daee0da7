#include "core/net/certificate_authority.h"
#include "core/net/client.h"
#include "core/net/raw_client.h"
#include "core/net/scripted_server.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using namespace std::chrono_literals;

namespace {

/// What is left of an answer after its callback.
struct Got {
    int status = 0;
    std::string text, body;
    std::vector<std::pair<std::string, std::string>> fields;
    std::uint64_t wireBytes = 0, bodyBytes = 0;
    Nanos sent{0}, connected{0}, secured{0}, firstByte{0}, done{0};
    bool isResumed = false;
};

Got copyOf(const Answer& answer) {
    Got got{.status = answer.status,
            .text = std::string(answer.errorText),
            .body = std::string(answer.body),
            .fields = {},
            .wireBytes = answer.wireBytes,
            .bodyBytes = answer.bodyBytes,
            .sent = answer.sent,
            .connected = answer.connected,
            .secured = answer.secured,
            .firstByte = answer.firstByte,
            .done = answer.done,
            .isResumed = answer.isResumed};
    for (const auto& field : answer.fields)
        got.fields.emplace_back(field.name, field.value);
    return got;
}

std::string get(std::string_view target) {
    return "GET " + std::string(target) +
           " HTTP/1.1\r\nAccept: */*\r\nHost: test\r\nConnection: close\r\nX-Mixed: Case\r\n\r\n";
}

constexpr char kHeaders = 1, kReset = 3, kSettings = 4, kGoAway = 7;
constexpr char kEndStreamAndHeaders = 5, kEndHeaders = 4;

/// A frame of RFC 9113 section 4.1 by hand.
std::string frame(char type, char flags, char stream, std::string payload) {
    const auto size = static_cast<char>(payload.size());
    return std::string{0, 0, size, type, flags, 0, 0, 0, stream} + payload;
}
std::string number(char value) { return {0, 0, 0, value}; }

const std::string kHello = frame(kSettings, 0, 0, "");
const std::string kOk = frame(kHeaders, kEndStreamAndHeaders, 1, "\x88");  // :status 200, indexed
std::string goAway(char lastStream) { return frame(kGoAway, 0, 0, number(lastStream) + number(0)); }

/// Reads the client's preface, sends `bytes`, and waits for the client to close.
ScriptedServer::Script says(std::string bytes) {
    return [bytes](ScriptedServer::Peer& peer) {
        if (peer.request().empty())
            return;
        peer.send(bytes);
        peer.waitForClose();
    };
}

}  // namespace

/// The HTTP/2 client against our own server and against frames by hand. (nginx: core/load/http2_load_test.)
class Http2ClientTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { m_loop = Loop::create(); }
    void asksOneAfterAnotherOnOneConnection_data();
    void asksOneAfterAnotherOnOneConnection();
    void clientsBesideEachOtherShareAConnection();
    void turnsARequestIntoItsFields();
    void carriesLargeBodiesBothWays();
    void headHasNoBody();
    void withoutKeepAliveEveryRequestConnectsAndResumes();
    void countsFramesAsWireBytes();
    void namesHowAStreamEnded_data();
    void namesHowAStreamEnded();
    void sendsOnceMoreAfterAGoAway();
    void skipsInterimAnswers();
    void aServerWithoutHttp2IsNamed();
    void aSilentServerIsATimeoutAndTheNextRequestGoesOn();
    void reconnectsWhenTheServerClosedWhileIdle();
    void survivesBeingDestroyedInItsCallback();
    void greetTellsWhetherHttp2IsKnown();

private:
    [[nodiscard]] ServerOptions options(bool tls, bool http2 = true) const {
        ServerOptions out;
        out.http2 = http2;
        if (tls)
            out.tls =
                TlsOptions{.certificateFile = m_files.certificate.string(), .keyFile = m_files.key.string()};
        return out;
    }
    [[nodiscard]] std::unique_ptr<Client> clientOf(std::uint16_t port, bool tls = false) const {
        ClientOptions options{.http2 = true};
        if (tls)
            options.tls = makeClientTls({.caFile = m_files.ca.string(), .http2 = true}).value();
        return Client::create(*m_loop, {"127.0.0.1", port}, options);
    }
    Got send(Client& client, const std::string& wire = get("/a"), bool isHead = false,
             std::chrono::milliseconds timeout = 20s) {
        Got got;
        client.send(wire, isHead, true, timeout, [&](const Answer& answer) {
            got = copyOf(answer);
            m_loop->stop();
        });
        m_loop->run();
        return got;
    }

    QTemporaryDir m_folder;
    CertificateFiles m_files;
    std::unique_ptr<Loop> m_loop;
};

void Http2ClientTest::initTestCase() {
    auto files = ensureLocalCertificate(m_folder.filePath("tls").toStdString());
    QVERIFY(files);
    m_files = std::move(*files);
}

void Http2ClientTest::asksOneAfterAnotherOnOneConnection_data() {
    QTest::addColumn<bool>("tls");
    QTest::newRow("in clear") << false;
    QTest::newRow("over TLS") << true;
}

void Http2ClientTest::asksOneAfterAnotherOnOneConnection() {
    QFETCH(bool, tls);
    const auto server = serve(echo, options(tls));
    const auto client = clientOf(server->port(), tls);
    for (int i = 0; i < 20; ++i) {
        const Got got = send(*client, get("/a?" + std::to_string(i)));
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body, "GET /a?" + std::to_string(i) + " ");
        QCOMPARE(got.connected > Nanos(0), i == 0);
        QCOMPARE(got.secured > got.connected, tls && i == 0);
        QVERIFY(got.sent < got.firstByte && got.firstByte <= got.done);
    }
    QCOMPARE(server->counters().accepted, std::uint64_t(1));
    QCOMPARE(server->counters().http2, std::uint64_t(1));
}

void Http2ClientTest::clientsBesideEachOtherShareAConnection() {
    constexpr int kClients = 250;  // more than the streams our server allows at a time
    const auto server = serve(echo, options(false));
    std::vector<std::unique_ptr<Client>> clients;
    clients.push_back(clientOf(server->port()));
    while (clients.size() < kClients)
        clients.push_back(clients.front()->beside());
    std::set<std::string> bodies;
    int left = 2 * kClients, connects = 0;
    const std::function<void(int)> ask = [&](int i) {
        clients[i % kClients]->send(get("/" + std::to_string(i)), false, true, 20s,
                                    [&, i](const Answer& answer) {
                                        bodies.emplace(answer.body);
                                        connects += answer.connected > Nanos(0);
                                        if (i < kClients)
                                            ask(i + kClients);
                                        if (--left == 0)
                                            m_loop->stop();
                                    });
    };
    for (int i = 0; i < kClients; ++i)
        ask(i);
    m_loop->run();
    QCOMPARE(bodies.size(), std::size_t(2 * kClients));
    QCOMPARE(connects, 1);
    QCOMPARE(server->counters().accepted, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(2 * kClients));
}

void Http2ClientTest::turnsARequestIntoItsFields() {
    const auto server = serve(
        [](const http::Request& request, Responder respond) {
            std::string out = std::string(request.field("Host").value_or("none")) + "\n";
            for (const auto& field : request.fields)
                out.append(field.name).append(": ").append(field.value).append("\n");
            respond(text(std::move(out)));
        },
        options(false));
    const auto client = clientOf(server->port());
    const Got got = send(*client);
    QCOMPARE(got.status, 200);
    QVERIFY(got.body.starts_with("test\n"));
    QVERIFY(got.body.contains("x-mixed: Case\n"));
    QVERIFY(!got.body.contains("connection"));
    QVERIFY(!got.fields.empty());
    QCOMPARE(send(*client, "nonsense\r\n\r\n").text, std::string("malformed request"));
}

void Http2ClientTest::carriesLargeBodiesBothWays() {
    const std::string body(3'000'000, 'x');
    const std::string wire =
        "POST /b HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    for (const bool tls : {false, true}) {
        const auto server = serve(echo, options(tls));
        const auto client = clientOf(server->port(), tls);
        for (int i = 0; i < 2; ++i) {
            const Got got = send(*client, wire);
            QCOMPARE(got.status, 200);
            QVERIFY(got.body == "POST /b? " + body);
        }
    }
}

void Http2ClientTest::headHasNoBody() {
    const auto server = serve(echo, options(false));
    const auto client = clientOf(server->port());
    const Got got = send(*client, "HEAD /a HTTP/1.1\r\nHost: test\r\n\r\n", true);
    QCOMPARE(got.status, 200);
    QVERIFY(got.body.empty());
}

void Http2ClientTest::withoutKeepAliveEveryRequestConnectsAndResumes() {
    const auto server = serve(echo, options(true));
    const auto client = clientOf(server->port(), true);
    client->setKeepAlive(false);
    for (int i = 0; i < 3; ++i) {
        const Got got = send(*client);
        QCOMPARE(got.status, 200);
        QVERIFY(got.secured > got.connected);
        QCOMPARE(got.isResumed, i > 0);
    }
    QCOMPARE(server->counters().handshakes, std::uint64_t(3));
}

void Http2ClientTest::countsFramesAsWireBytes() {
    const ScriptedServer server(
        says(kHello + frame(kHeaders, kEndHeaders, 1, "\x88") + frame(0, 1, 1, "abc")));
    const auto client = clientOf(server.port());
    const Got got = send(*client);
    QCOMPARE(got.body, std::string("abc"));
    QCOMPARE(got.bodyBytes, std::uint64_t(3));
    QCOMPARE(got.wireBytes, std::uint64_t(9 + 1 + 9 + 3));
}

void Http2ClientTest::namesHowAStreamEnded_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("kind");
    const auto row = [](const char* name, const std::string& bytes, const char* kind) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(kind);
    };
    row("refused", kHello + frame(kReset, 0, 1, number(7)), "refused stream");
    row("internal error", kHello + frame(kReset, 0, 1, number(2)), "stream reset: internal error");
    row("too much", kHello + frame(kReset, 0, 1, number(11)), "stream reset: enhance your calm");
    row("reset in the answer",
        kHello + frame(kHeaders, kEndHeaders, 1, "\x88") + frame(kReset, 0, 1, number(0)), "stream reset");
    row("goaway, again and again", kHello + goAway(0), "goaway");
    row("HTTP/1.1", "HTTP/1.1 400 Bad Request\r\n\r\n", "malformed answer");
    row("no status", kHello + frame(kHeaders, kEndStreamAndHeaders, 1, ""), "malformed answer");
    row("a frame on no stream", kHello + frame(0, 0, 0, "abc"), "malformed answer");
}

void Http2ClientTest::namesHowAStreamEnded() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, kind);
    const ScriptedServer server(says(bytes.toStdString()));
    const auto client = clientOf(server.port());
    const Got got = send(*client);
    QCOMPARE(got.status, 0);
    QCOMPARE(got.text, kind.toStdString());
    QVERIFY(!client->busy());
}

void Http2ClientTest::sendsOnceMoreAfterAGoAway() {
    const ScriptedServer server([](ScriptedServer::Peer& peer) {
        if (peer.number() == 0)
            return says(kHello + goAway(0))(peer);
        says(kHello + kOk)(peer);
    });
    const auto client = clientOf(server.port());
    QCOMPARE(send(*client, "POST / HTTP/1.1\r\nHost: test\r\n\r\n").status, 200);
    QCOMPARE(server.accepted(), 2);
}

void Http2ClientTest::skipsInterimAnswers() {
    const std::string early =
        frame(kHeaders, kEndHeaders, 1, std::string("\x48\x03") + "103");  // :status 103
    const ScriptedServer server(says(kHello + early + kOk));
    const auto client = clientOf(server.port());
    const Got got = send(*client);
    QCOMPARE(got.status, 200);
    QVERIFY(got.fields.empty());
}

void Http2ClientTest::aServerWithoutHttp2IsNamed() {
    const auto server = serve(echo, options(true, /*http2=*/false));
    const auto client = clientOf(server->port(), true);
    QCOMPARE(send(*client).text, std::string("no HTTP/2"));
}

void Http2ClientTest::aSilentServerIsATimeoutAndTheNextRequestGoesOn() {
    const ScriptedServer server([](ScriptedServer::Peer& peer) {
        if (peer.number() == 0)
            return peer.waitForClose();
        says(kHello + kOk)(peer);
    });
    auto client = clientOf(server.port());
    QCOMPARE(send(*client, get("/"), false, 30ms).text, std::string("timeout"));
    QVERIFY(!client->busy());
    client.reset();  // and with it the connection
    client = clientOf(server.port());
    QCOMPARE(send(*client).status, 200);
}

void Http2ClientTest::reconnectsWhenTheServerClosedWhileIdle() {
    auto server = serve(echo, options(false));
    const auto port = server->port();
    const auto client = clientOf(port);
    QCOMPARE(send(*client).status, 200);
    server->stop(1s);
    server.reset();
    auto again = options(false);
    again.port = port;
    server = serve(echo, again);
    QCOMPARE(send(*client).status, 200);
}

void Http2ClientTest::survivesBeingDestroyedInItsCallback() {
    const auto server = serve(echo, options(false));
    auto first = clientOf(server->port());
    auto second = first->beside();
    int answers = 0;
    const auto end = [&](const Answer& answer) {
        answers += answer.status == 200;
        first.reset();
        second.reset();
        m_loop->post([this] { m_loop->stop(); });
    };
    first->send(get("/1"), false, true, 20s, end);
    second->send(get("/2"), false, true, 20s, end);
    m_loop->run();
    QCOMPARE(answers, 1);
}

void Http2ClientTest::greetTellsWhetherHttp2IsKnown() {
    const ClientOptions clear{.http2 = true};
    const auto knows = serve(echo, options(false));
    QCOMPARE(greet({"127.0.0.1", knows->port()}, clear, 5s).value(), std::string("h2"));
    const auto knowsNot = serve(echo, options(false, /*http2=*/false));
    QCOMPARE(greet({"127.0.0.1", knowsNot->port()}, clear, 5s).value(), std::string());
}

QTEST_GUILESS_MAIN(Http2ClientTest)
#include "http2_client_test.moc"

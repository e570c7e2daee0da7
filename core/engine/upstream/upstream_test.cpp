#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/net/raw_client.h"
#include "core/net/scripted_server.h"

#include <QtTest>

#include <future>

using namespace hone;
using namespace hone::engine;
using hone::engine::test::Reply;
using hone::engine::test::TestClient;
using net::ScriptedServer;
using Peer = net::ScriptedServer::Peer;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Engine> front(std::string url, std::function<void(UpstreamOptions&)> change = {}) {
    EngineOptions options;
    options.upstream = UpstreamOptions{.url = std::move(url)};
    if (change)
        change(*options.upstream);
    auto engine = Engine::create(std::move(options));
    if (!engine)
        qFatal("%s", engine.error().line().c_str());
    return std::move(*engine);
}

/// What the upstream was asked, and an answer to all of it.
class Echo {
public:
    explicit Echo(std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        : m_answer(std::move(answer)), server([this](Peer& peer) {
              for (std::string request; !(request = peer.request()).empty(); peer.send(m_answer)) {
                  const std::lock_guard lock(m_mutex);
                  m_requests.push_back(request);
              }
          }) {}
    [[nodiscard]] std::string last() {
        const std::lock_guard lock(m_mutex);
        return m_requests.empty() ? std::string() : m_requests.back();
    }
    [[nodiscard]] std::size_t count() {
        const std::lock_guard lock(m_mutex);
        return m_requests.size();
    }

private:
    const std::string m_answer;
    std::mutex m_mutex;
    std::vector<std::string> m_requests;

public:
    ScriptedServer server;  ///< Last: it stops before what its script uses.
};

/// Content in which a lost, doubled or moved piece shows.
std::string pattern(std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; out.size() < bytes; ++i)
        out += std::to_string(i) + ",";
    out.resize(bytes);
    return out;
}

bool isProblem(const Reply& reply, int status, std::string_view says) {
    return reply.status == status && reply.field("Content-Type") == "application/problem+json" &&
           reply.body.contains(says);
}

/// The content of a chunked message; empty when its end is missing.
std::string dechunked(std::string_view body) {
    std::string out;
    for (;;) {
        const auto line = body.find("\r\n");
        if (line == body.npos)
            return {};
        const auto size = std::strtoul(std::string(body.substr(0, line)).c_str(), nullptr, 16);
        body.remove_prefix(line + 2);
        if (size == 0)
            return out;
        if (body.size() < size + 2)
            return {};
        out += body.substr(0, size);
        body.remove_prefix(size + 2);
    }
}

}  // namespace

class UpstreamTest : public QObject {
    Q_OBJECT
private slots:
    void passesARequestOnAndItsAnswerBack() {
        Echo echo(
            "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nLocation: /made\r\nX-A: 1\r\nX-A: 2\r\n"
            "Connection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 5\r\n\r\nhello");
        const auto engine = front(echo.server.url() + "/base");
        const auto reply = TestClient(engine->port())
                               .ask("POST", "/things?a=%41", {"X-Mine: 1", "Expect: 100-continue"}, "body");
        // TestClient reads 100 Continue as the first head when it is sent; the server answers at once here.
        QVERIFY(echo.last().starts_with("POST /base/things?a=%41 HTTP/1.1\r\nHost: 127.0.0.1:"));
        QVERIFY(echo.last().contains("\r\nX-Mine: 1\r\n"));
        QVERIFY(!echo.last().contains("Expect"));
        QVERIFY(echo.last().contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"));
        QVERIFY(echo.last().ends_with("\r\n\r\nbody"));
        QVERIFY(reply.status == 201 || reply.status == 100);
        QVERIFY(reply.status != 201 || (reply.body == "hello" && reply.field("X-Hop").empty() &&
                                        reply.field("Via").starts_with("1.1 hone-") &&
                                        reply.field("Server-Timing").starts_with("upstream;dur=")));
    }

    void reusesConnectionsAndSaysSo() {
        Echo echo;
        const auto engine = front(echo.server.url());
        const TestClient client(engine->port());
        QCOMPARE(client.get("/").body, std::string("ok"));
        const auto second = client.get("/");
        QVERIFY(second.field("Server-Timing").contains("desc=\"reused\""));
        QCOMPARE(echo.server.accepted(), 1);
    }

    void neverBecomesAnOpenProxy() {
        Echo echo, other;
        const auto engine = front(echo.server.url());
        const TestClient client(engine->port());
        const auto elsewhere = other.server.url() + "/secret";
        QCOMPARE(client.get(elsewhere).status, 200);  // a loopback name: ours to answer for, at our upstream
        QVERIFY(echo.last().starts_with("GET /secret HTTP/1.1\r\nHost: 127.0.0.1:"));
        QCOMPARE(other.count(), std::size_t(0));
        QCOMPARE(client.get("http://other.example/").status, 421);
        QCOMPARE(client.ask("CONNECT", "127.0.0.1:80").status, 501);
        QCOMPARE(echo.count(), std::size_t(1));
    }

    void keepsItsOwnPathsToItself() {
        Echo echo;
        const auto engine = front(echo.server.url());
        QVERIFY(TestClient(engine->port()).get("/_hone/health").status != 200 || echo.count() == 0);
        QCOMPARE(echo.count(), std::size_t(0));
    }

    void answersHeadWithTheLengthOfGet() {
        Echo echo("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        const auto engine = front(echo.server.url());
        const auto reply = TestClient(engine->port()).ask("HEAD", "/");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.field("Content-Length"), std::string("1234"));
        QVERIFY(reply.body.empty());
    }

    void passesConditionsAndRangesOn() {
        Echo echo("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
        const auto engine = front(echo.server.url());
        const auto reply = TestClient(engine->port()).get("/", {"If-None-Match: \"a\"", "Range: bytes=0-1"});
        QCOMPARE(reply.status, 304);
        QVERIFY(echo.last().contains("\r\nIf-None-Match: \"a\"\r\n"));
        QVERIFY(echo.last().contains("\r\nRange: bytes=0-1\r\n"));
    }

    void saysWhyThereIsNoAnswer_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* answer, const char* says) {
            QTest::newRow(name) << QByteArray(answer) << QByteArray(says);
        };
        row("no answer", "", "closed the connection without an answer");
        row("not HTTP", "SSH-2.0-x\r\n", "it is not HTTP/1");
        row("early close", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "ends before its length");
        row("bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "malformed");
        row("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "malformed");
        row("length and chunks",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "malformed");
        row("more than its length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK",
            "bytes follow");
    }
    void saysWhyThereIsNoAnswer() {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, says);
        ScriptedServer server([&](Peer& peer) {
            peer.request();
            peer.send(answer.toStdString());
        });
        const auto engine = front(server.url());
        const auto reply = TestClient(engine->port()).get("/");
        QVERIFY2(isProblem(reply, 502, says.toStdString()), reply.body.c_str());
    }

    void saysWhyThereIsNoConnection() {
        const auto closed = ScriptedServer([](Peer&) {}).url();
        const auto engine = front(closed);
        QVERIFY(isProblem(TestClient(engine->port()).get("/"), 502, "refused the connection"));
        const auto nowhere = front("http://no-such-host.invalid");
        QVERIFY(isProblem(TestClient(nowhere->port()).get("/"), 502, "is not known"));
    }

    void answers504WhenTheUpstreamIsTooSlow() {
        ScriptedServer server([](Peer& peer) { peer.waitForClose(); });
        const auto engine = front(server.url(), [](auto& options) { options.firstByteTimeout = 20ms; });
        QVERIFY(isProblem(TestClient(engine->port()).get("/"), 504, "the answer to begin"));
    }

    void seesThatItIsItsOwnUpstream() {
        Echo echo;
        // The first engine is the upstream of the second and, by a script, the other way round.
        std::atomic<std::uint16_t> back{0};
        ScriptedServer mirror([&](Peer& peer) {
            const auto request = peer.request();
            net::testing::RawClient client(back);
            client.send(request);
            const auto answer = client.read();
            peer.send(answer.head + "\r\n" + answer.body);
        });
        const auto engine = front(mirror.url());
        back = engine->port();
        const auto reply = TestClient(engine->port()).get("/");
        QVERIFY(isProblem(reply, 508, "has been here before"));
    }

    void streamsLargeContentOfKnownLength() {
        const auto large = pattern(5'000'000);
        ScriptedServer server([&](Peer& peer) {
            peer.request();
            peer.answer(large);
            peer.waitForClose();
        });
        const auto engine = front(server.url());
        const auto reply = TestClient(engine->port()).get("/");
        QCOMPARE(reply.field("Content-Length"), std::string("5000000"));
        QVERIFY(reply.body == large);
    }

    void streamsContentOfUnknownLength() {
        const auto large = pattern(3'000'000);
        ScriptedServer server([&](Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            peer.send(large);
        });
        const auto engine = front(server.url());
        const auto reply = TestClient(engine->port()).get("/");
        QCOMPARE(reply.field("Transfer-Encoding"), std::string("chunked"));
        QVERIFY(dechunked(reply.body) == large);
    }

    void handsSmallContentOfUnknownLengthOnWithALength() {
        Echo echo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        const auto engine = front(echo.server.url());
        const auto reply = TestClient(engine->port()).get("/");
        QCOMPARE(reply.field("Content-Length"), std::string("2"));
        QCOMPARE(reply.body, std::string("ok"));
    }

    void cutsAStreamShortWhenTheUpstreamBreaksOff() {
        ScriptedServer server([&](Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nF4240\r\n" +
                      std::string(600'000, 'x'));
            peer.resetOnClose();
        });
        const auto engine = front(server.url());
        const auto reply = TestClient(engine->port()).get("/");
        QVERIFY(dechunked(reply.body).empty());  // no last chunk: the client can tell
    }

    void slowsTheUpstreamDownToItsClient() {
        const auto large = pattern(64 * 1024 * 1024);
        std::atomic<bool> sentAll = false;
        ScriptedServer server([&](Peer& peer) {
            peer.request();
            peer.answer(large);
            sentAll = true;
            peer.waitForClose();
        });
        const auto engine = front(server.url());
        net::testing::RawClient client(engine->port());
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const auto begin = client.readOnce();
        QVERIFY(begin.starts_with("HTTP/1.1 200 "));
        QVERIFY(!sentAll);  // what fits into pipes and sockets is far less
        std::string body = begin.substr(begin.find("\r\n\r\n") + 4);
        while (body.size() < large.size()) {
            const auto more = client.readOnce();
            if (more.empty())
                break;
            body += more;
        }
        QVERIFY(body == large);
    }

    void letsGoOfTheUpstreamWhenTheClientLeaves() {
        std::promise<void> closed;
        ScriptedServer server([&](Peer& peer) {
            peer.request();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            const std::string piece(1'000'000, 'x');
            for (int i = 0; i < 1000; ++i)
                peer.send(piece);  // ends early, with an error, once the other side has closed
            peer.waitForClose();
            closed.set_value();
        });
        const auto engine = front(server.url());
        {
            net::testing::RawClient client(engine->port());
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            QVERIFY(!client.readOnce().empty());
            client.resetNow();
        }
        QVERIFY(closed.get_future().wait_for(20s) == std::future_status::ready);
    }

    void countsTheCpuOfItsOwnThread() {
        Echo echo;
        const auto engine = front(echo.server.url());
        QVERIFY(TestClient(engine->port()).get("/").status == 200);
        QVERIFY(engine->snapshot().cpu > Nanos(0));
        QCOMPARE(engine->snapshot().requests, std::uint64_t(1));
    }

    void endsWhileRequestsAreUnderWay() {
        ScriptedServer server([](Peer& peer) { peer.waitForClose(); });
        auto engine = front(server.url());
        net::testing::RawClient client(engine->port());
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTRY_COMPARE(server.accepted(), 1);
        engine.reset();
        QVERIFY(client.readOnce().size() < 1000);  // closed, whatever was said
    }

    void refusesWhatIsNoUpstream_data() {
        QTest::addColumn<QByteArray>("url");
        for (const auto* url : {"localhost:3000", "ftp://a", "http://a/?x", "http://u@a"})
            QTest::newRow(url) << QByteArray(url);
    }
    void refusesWhatIsNoUpstream() {
        QFETCH(QByteArray, url);
        EngineOptions options;
        options.upstream = UpstreamOptions{.url = url.toStdString()};
        const auto engine = Engine::create(std::move(options));
        QVERIFY(!engine);
        QCOMPARE(engine.error().code, Error::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(UpstreamTest)
#include "upstream_test.moc"

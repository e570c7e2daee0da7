#include "core/net/http2_memory_connection.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class Http2DeadlineTest : public QObject {
    Q_OBJECT
private slots:
    void aSilentClientHasTheHeaderTimeout();
    void anIdleConnectionEndsInPeace();
    void pingsDoNotProlongAnIdleConnection();
    void aHeaderBlockHasOneTimeoutAsAWhole();
    void contentThatStopsComingIsAnswered408();
    void oneStalledUploadIsEndedWhileOthersGoOn();
    void aRunningHandlerHasNoDeadline();
    void aReaderWithoutAWindowIsEnded();
    void aReaderOfFewBytesIsStandingStill();
    void oneStalledReaderIsResetWhileOthersGoOn();
    void aConnectionWindowThatStaysShutEndsTheConnection();
};

namespace {

using namespace std::chrono_literals;

Limits limits() {
    Limits out;
    out.headerTimeout = 10s;
    out.bodyTimeout = 20s;
    out.idleTimeout = 60s;
    out.writeTimeout = 30s;
    return out;
}

void big(const http::Request& r, Responder respond) {
    respond(text(r.path == "/small" ? std::string("s") : std::string(200'000, 'x')));
}

void windowUpdate(Http2TestClient& client, std::int32_t stream, int bytes) {
    nghttp2_submit_window_update(client.session(), NGHTTP2_FLAG_NONE, stream, bytes);
}

}  // namespace

void Http2DeadlineTest::aSilentClientHasTheHeaderTimeout() {
    MemoryConnection server(echo, limits());
    QVERIFY(server.protocol->deadline() > server.now);
    QVERIFY(server.protocol->deadline() <= server.now + 10s);
    server.turn(std::string_view(NGHTTP2_CLIENT_MAGIC).substr(0, 5));
    QVERIFY(server.protocol->deadline() <= server.now + 10s);
    server.expire();
    QVERIFY(!server.sent.empty());
}

void Http2DeadlineTest::anIdleConnectionEndsInPeace() {
    MemoryConnection server(echo, limits());
    Http2TestClient client;
    client.get("/");
    server.talk(client);
    QCOMPARE(server.protocol->deadline(), server.now + 60s);
    server.expire();
    client.input(server.sent);
    QCOMPARE(client.goAways, std::vector<std::uint32_t>{NGHTTP2_NO_ERROR});
}

void Http2DeadlineTest::pingsDoNotProlongAnIdleConnection() {
    MemoryConnection server(echo, limits());
    Http2TestClient client;
    client.get("/");
    server.talk(client);
    const Nanos before = server.protocol->deadline();
    server.now += 50s;
    nghttp2_submit_ping(client.session(), NGHTTP2_FLAG_NONE, nullptr);
    server.talk(client);
    QCOMPARE(client.pings, 1);
    QCOMPARE(server.protocol->deadline(), before);
}

void Http2DeadlineTest::aHeaderBlockHasOneTimeoutAsAWhole() {
    MemoryConnection server(echo, limits());
    Http2TestClient client;
    const auto done = client.get("/");
    server.talk(client);
    const Nanos start = server.now;
    const std::string block = frame(NGHTTP2_HEADERS, 0, 3, "\x82\x86\x84");
    server.turn(std::string_view(block).substr(0, 10));
    server.now += 4s;
    server.turn(std::string_view(block).substr(10));
    QCOMPARE(server.protocol->deadline(), start + 10s);
    server.now += 4s;
    server.turn(frame(NGHTTP2_CONTINUATION, 0, 3, "\x41\x01"));
    QCOMPARE(server.protocol->deadline(), start + 10s);
    server.sent.clear();
    server.expire();
    client.input(server.sent);
    QCOMPARE(client[done].status, 200);
    QCOMPARE(client.goAways, std::vector<std::uint32_t>{NGHTTP2_ENHANCE_YOUR_CALM});
}

void Http2DeadlineTest::contentThatStopsComingIsAnswered408() {
    MemoryConnection server(echo, limits());
    Http2TestClient client;
    const auto id = client.ask(Http2TestClient::line("POST", "/"), std::string("begin"), /*open=*/true);
    server.talk(client);
    QCOMPARE(server.protocol->deadline(), server.now + 20s);
    server.expire();
    client.input(server.sent);
    QCOMPARE(client[id].status, 408);
    QVERIFY(client[id].ended);
    QCOMPARE(client.goAways.size(), std::size_t(1));
}

void Http2DeadlineTest::oneStalledUploadIsEndedWhileOthersGoOn() {
    MemoryConnection server(echo, limits());
    Http2TestClient client;
    const auto stalled = client.ask(Http2TestClient::line("POST", "/"), std::string("begin"), true);
    server.talk(client);
    server.now += 21s;
    const auto other = client.get("/other");
    server.talk(client);
    QCOMPARE(client[stalled].status, 408);
    QCOMPARE(client[stalled].closed.value_or(99), std::uint32_t(NGHTTP2_NO_ERROR));
    QCOMPARE(client[other].status, 200);
    QVERIFY(!server.ended);
}

void Http2DeadlineTest::aRunningHandlerHasNoDeadline() {
    Holding holding;
    MemoryConnection server(holding.function(), limits());
    Http2TestClient client;
    client.get("/");
    client.ask(Http2TestClient::line("POST", "/"), std::string("begin"), true);
    server.talk(client);
    QCOMPARE(server.protocol->deadline(), Nanos::max());
    holding.waiting.clear();
}

void Http2DeadlineTest::aReaderWithoutAWindowIsEnded() {
    MemoryConnection server(big, limits());
    Http2TestClient client({{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0}});
    const auto id = client.get("/");
    server.talk(client);
    QCOMPARE(client[id].status, 200);
    QCOMPARE(client[id].body, std::string());
    QCOMPARE(server.protocol->deadline(), server.now + 30s);
    server.expire();
    client.input(server.sent);
    QCOMPARE(client.goAways, std::vector<std::uint32_t>{NGHTTP2_ENHANCE_YOUR_CALM});
}

void Http2DeadlineTest::aReaderOfFewBytesIsStandingStill() {
    MemoryConnection server(big, limits());
    Http2TestClient client({{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1}}, /*autoWindows=*/false);
    const auto id = client.get("/");
    server.talk(client);
    const Nanos start = server.now;
    for (int i = 0; i < 25; ++i) {
        server.now += 1s;
        windowUpdate(client, id, 1);
        server.talk(client);
    }
    QCOMPARE(client[id].body.size(), std::size_t(26));
    QCOMPARE(server.protocol->deadline(), start + 30s);
    server.now += 6s;
    windowUpdate(client, 0, 1);
    server.talk(client);
    QCOMPARE(client[id].closed.value_or(0), std::uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
}

void Http2DeadlineTest::oneStalledReaderIsResetWhileOthersGoOn() {
    MemoryConnection server(big, limits());
    Http2TestClient client({}, /*autoWindows=*/false);
    windowUpdate(client, 0, 1'000'000);
    const auto stalled = client.get("/");
    server.talk(client);
    QCOMPARE(client[stalled].body.size(), std::size_t(65'535));
    server.now += 31s;
    const auto other = client.get("/small");
    server.talk(client);
    QCOMPARE(client[stalled].closed.value_or(0), std::uint32_t(NGHTTP2_ENHANCE_YOUR_CALM));
    QCOMPARE(client[other].body, std::string("s"));
    QVERIFY(!server.ended);
}

void Http2DeadlineTest::aConnectionWindowThatStaysShutEndsTheConnection() {
    MemoryConnection server(big, limits());
    Http2TestClient client({{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1'000'000}}, /*autoWindows=*/false);
    client.get("/");
    server.talk(client);
    for (int i = 0; i < 3; ++i) {
        server.now += 29s;
        client.get("/");
        server.talk(client);
    }
    QVERIFY(server.ended);
    QCOMPARE(client.goAways, std::vector<std::uint32_t>{NGHTTP2_ENHANCE_YOUR_CALM});
}

QTEST_GUILESS_MAIN(Http2DeadlineTest)
#include "http2_deadline_test.moc"

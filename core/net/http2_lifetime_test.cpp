#include "core/net/http2_memory_connection.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class Http2LifetimeTest : public QObject {
    Q_OBJECT
private slots:
    void anUpgradedRequestIsAnsweredOnStreamOne();
    void malformedUpgradeSettingsAreRefused();
    void littleIsSentBeforeAnUpgradedClientIsHeard();
    void aClientThatSaysGoodbyeIsNotWaitedFor();
    void finishLetsRunningRequestsEnd();
    void finishEndsAnIdleConnectionAtOnce();
    void anAnswerThatAsksToCloseEndsTheConnectionGracefully();
};

void Http2LifetimeTest::anUpgradedRequestIsAnsweredOnStreamOne() {
    MemoryConnection server([](const http::Request& r, Responder respond) {
        respond(text(std::string(r.methodText) + " " + std::string(r.path) + " " + std::string(r.query) +
                     " " + std::string(r.field("Host").value_or("")) + " " + std::string(r.body) + " " +
                     (r.field("upgrade") ? "upgrade" : "clean")));
    });
    const std::vector<http::FieldView> fields{{"Host", "h.test"},
                                              {"Connection", "Upgrade, HTTP2-Settings"},
                                              {"Upgrade", "h2c"},
                                              {"HTTP2-Settings", "AAMAAABk"}};
    http::Request request;
    request.method = http::Method::Post;
    request.methodText = "POST";
    request.target = "/up?a=b";
    request.fields = fields;
    request.body = "content";
    const std::string settings("\0\x03\0\0\0\x64", 6);
    server.protocol = Http2Protocol::upgraded(server.context(), settings, request);
    QVERIFY(server.protocol);
    Http2TestClient client;
    QCOMPARE(
        nghttp2_session_upgrade2(client.session(), reinterpret_cast<const std::uint8_t*>(settings.data()),
                                 settings.size(), 0, nullptr),
        0);
    server.talk(client);
    QCOMPARE(client[1].status, 200);
    QCOMPARE(client[1].body, std::string("POST /up a=b h.test content clean"));
    const auto next = client.get("/next");
    server.talk(client);
    QCOMPARE(next, 3);
    QCOMPARE(client[next].status, 200);
}

void Http2LifetimeTest::malformedUpgradeSettingsAreRefused() {
    MemoryConnection server(echo);
    http::Request request;
    request.methodText = "GET";
    request.target = "/";
    QVERIFY(!Http2Protocol::upgraded(server.context(), "12345", request));
}

void Http2LifetimeTest::littleIsSentBeforeAnUpgradedClientIsHeard() {
    MemoryConnection server(
        [](const http::Request&, Responder respond) { respond(text(std::string(60'000, 'x'))); });
    http::Request request;
    request.methodText = "GET";
    request.target = "/";
    server.protocol = Http2Protocol::upgraded(server.context(), {}, request);
    QVERIFY(server.protocol);
    server.turn({});
    server.turn({});
    server.turn({});
    QVERIFY(server.sent.size() > 8'000);
    QVERIFY(server.sent.size() < 30'000);
    Http2TestClient client;
    QCOMPARE(nghttp2_session_upgrade2(client.session(), nullptr, 0, 0, nullptr), 0);
    client.input(std::exchange(server.sent, {}));
    server.talk(client);
    QCOMPARE(client[1].body.size(), std::size_t(60'000));
}

void Http2LifetimeTest::aClientThatSaysGoodbyeIsNotWaitedFor() {
    MemoryConnection server(echo);
    Http2TestClient client;
    const auto id = client.get("/");
    server.talk(client);
    nghttp2_session_terminate_session(client.session(), NGHTTP2_NO_ERROR);
    server.talk(client);
    QCOMPARE(client[id].status, 200);
    QVERIFY(server.ended);
    QVERIFY(!server.protocol->lingers());
}

void Http2LifetimeTest::finishLetsRunningRequestsEnd() {
    Holding holding;
    MemoryConnection server(holding.function());
    Http2TestClient client;
    const auto id = client.get("/slow");
    server.talk(client);
    server.core->stopping = true;
    server.finish();
    QVERIFY(!server.ended);
    server.talk(client);  // the notice, our PING and its answer, the last word
    QCOMPARE(client.goAways.size(), std::size_t(2));
    QCOMPARE(client.lastStreams[0], std::int32_t(0x7fffffff));
    QCOMPARE(client.lastStreams[1], id);
    QVERIFY(!server.ended);
    holding.waiting[0].second(text("done"));
    server.talk(client);
    QCOMPARE(client[id].body, std::string("done"));
    QVERIFY(server.ended);
}

void Http2LifetimeTest::finishEndsAnIdleConnectionAtOnce() {
    MemoryConnection server(echo);
    Http2TestClient client;
    const auto id = client.get("/");
    server.talk(client);
    server.finish();
    QVERIFY(server.ended);
    client.input(server.sent);
    QCOMPARE(client.goAways, std::vector<std::uint32_t>{NGHTTP2_NO_ERROR});
    QCOMPARE(client.lastStreams, std::vector<std::int32_t>{id});
}

void Http2LifetimeTest::anAnswerThatAsksToCloseEndsTheConnectionGracefully() {
    MemoryConnection server([](const http::Request& r, Responder respond) {
        http::Response answer = text("bye");
        answer.close = r.path == "/bye";
        respond(std::move(answer));
    });
    Http2TestClient client;
    const auto id = client.get("/bye");
    server.talk(client);
    QCOMPARE(client[id].body, std::string("bye"));
    QVERIFY(server.ended);
    QCOMPARE(client.goAways.back(), std::uint32_t(NGHTTP2_NO_ERROR));
}

QTEST_GUILESS_MAIN(Http2LifetimeTest)
#include "http2_lifetime_test.moc"

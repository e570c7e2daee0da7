#include "core/net/http2_memory_connection.h"

#include <QTest>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class Http2SendingTest : public QObject {
    Q_OBJECT
private slots:
    void bigPreparedContentArrivesUnchanged();
    void aStreamedAnswerWaitsForItsSource();
    void aSourceThatFailsResetsTheStream();
    void aSourceThatBreaksItsLengthResetsTheStream();
    void outputIsBoundedWhileTheSocketIsBlocked();
    void urgentAnswersGoFirst();
    void aPriorityUpdateReordersWaitingAnswers();
    void uploadsBeyondTheBudgetStillFinish();
};

void Http2SendingTest::bigPreparedContentArrivesUnchanged() {
    std::string big;
    while (big.size() < 1'000'000)
        big += std::to_string(big.size()) + ",";
    http::Fields fields;
    fields.add("ETag", "\"e\"");
    const auto prepared = http::prepare(200, fields, big);
    MemoryConnection server([&](const http::Request&, Responder respond) {
        http::Response answer;
        answer.prepared = prepared;
        answer.fields.add("Age", "3");
        respond(std::move(answer));
    });
    Http2TestClient client;
    const auto a = client.get("/a"), b = client.get("/b");
    server.talk(client);
    QVERIFY(client[a].body == big);
    QVERIFY(client[b].body == big);
    QCOMPARE(client[a].field("etag"), std::string("\"e\""));
    QCOMPARE(client[a].field("age"), std::string("3"));
    QCOMPARE(client[a].field("content-length"), std::to_string(big.size()));
}

void Http2SendingTest::aStreamedAnswerWaitsForItsSource() {
    const auto source = std::make_shared<StringSource>();
    MemoryConnection server([&](const http::Request&, Responder respond) { respond(streamed(source)); });
    Http2TestClient client;
    const auto id = client.get("/");
    server.talk(client);
    QCOMPARE(client[id].status, 200);
    QVERIFY(!client[id].ended);
    QCOMPARE(client[id].field("content-length"), std::string());
    QCOMPARE(server.protocol->deadline(), Nanos::max());  // our wait, not the client's
    source->next = "one ";
    source->onReady();
    server.talk(client);
    QCOMPARE(client[id].body, std::string("one "));
    source->next = "two";
    source->state = http::BodySource::State::End;
    source->onReady();
    server.talk(client);
    QCOMPARE(client[id].body, std::string("one two"));
    QVERIFY(client[id].ended);
    QVERIFY(!source->onReady);
}

void Http2SendingTest::aSourceThatFailsResetsTheStream() {
    const auto source = std::make_shared<StringSource>();
    source->next = "part";
    source->state = http::BodySource::State::More;
    MemoryConnection server([&](const http::Request&, Responder respond) {
        respond(streamed(source));
        source->state = http::BodySource::State::Failed;
    });
    Http2TestClient client;
    const auto id = client.get("/");
    server.talk(client);
    QVERIFY(!client[id].ended);
    QCOMPARE(client[id].closed.value_or(0), std::uint32_t(NGHTTP2_INTERNAL_ERROR));
    QVERIFY(client.goAways.empty());
}

void Http2SendingTest::aSourceThatBreaksItsLengthResetsTheStream() {
    const auto longer = std::make_shared<StringSource>(), shorter = std::make_shared<StringSource>();
    longer->next = shorter->next = "12345";
    longer->state = shorter->state = http::BodySource::State::End;
    MemoryConnection server([&](const http::Request& r, Responder respond) {
        respond(r.path == "/l" ? streamed(longer, 4) : streamed(shorter, 6));
    });
    Http2TestClient client;
    const auto l = client.get("/l"), s = client.get("/s");
    server.talk(client);
    QCOMPARE(client[l].closed.value_or(0), std::uint32_t(NGHTTP2_INTERNAL_ERROR));
    QCOMPARE(client[s].closed.value_or(0), std::uint32_t(NGHTTP2_INTERNAL_ERROR));
}

void Http2SendingTest::outputIsBoundedWhileTheSocketIsBlocked() {
    MemoryConnection server(
        [](const http::Request&, Responder respond) { respond(text(std::string(4'000'000, 'x'))); });
    Http2TestClient client({{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1U << 30}});
    nghttp2_session_set_local_window_size(client.session(), 0, 0, 1 << 30);
    const auto id = client.get("/");
    server.blocked = true;
    server.turn(client.output());
    server.turn({});
    server.turn(frame(NGHTTP2_PING, 0, 0, "12345678"));
    QVERIFY(server.out.size() >= 256 * 1024);
    QVERIFY(server.biggestOutput < 300 * 1024);
    QCOMPARE(server.in.size(), std::size_t(17));  // nothing more is taken in meanwhile
    server.blocked = false;
    server.talk(client);
    QCOMPARE(client[id].body.size(), std::size_t(4'000'000));
}

void Http2SendingTest::urgentAnswersGoFirst() {
    MemoryConnection server(
        [](const http::Request&, Responder respond) { respond(text(std::string(100'000, 'x'))); });
    Http2TestClient client;
    const auto low = client.get("/low", {{"priority", "u=7"}});
    const auto middle = client.get("/middle");
    const auto high = client.get("/high", {{"priority", "u=0"}});
    server.talk(client);
    QCOMPARE(client.finishedInOrder, (std::vector<std::int32_t>{high, middle, low}));
}

void Http2SendingTest::aPriorityUpdateReordersWaitingAnswers() {
    MemoryConnection server(
        [](const http::Request&, Responder respond) { respond(text(std::string(200'000, 'x'))); });
    Http2TestClient client({}, /*autoWindows=*/false);
    const auto first = client.get("/1"), second = client.get("/2");
    client.input(server.turn(client.output()));  // the connection's window is used up by the first
    std::string update("\0\0\0", 3);
    update.push_back(static_cast<char>(second));
    server.turn(frame(NGHTTP2_PRIORITY_UPDATE, 0, 0, update + "u=0"));
    nghttp2_submit_window_update(client.session(), 0, 0, 300'000);
    nghttp2_submit_window_update(client.session(), 0, first, 300'000);
    nghttp2_submit_window_update(client.session(), 0, second, 300'000);
    server.sent.clear();
    server.talk(client);
    nghttp2_submit_window_update(client.session(), 0, 0, 300'000);
    server.talk(client);
    QCOMPARE(client.finishedInOrder, (std::vector<std::int32_t>{second, first}));
}

void Http2SendingTest::uploadsBeyondTheBudgetStillFinish() {
    Limits limits;
    limits.http2Buffered = 100'000;
    std::size_t got = 0;
    MemoryConnection server(
        [&](const http::Request& r, Responder respond) {
            got += r.body.size();
            respond(text("ok"));
        },
        limits);
    Http2TestClient client;
    server.talk(client);
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 5; ++i)
        ids.push_back(client.ask(Http2TestClient::line("POST", "/"), std::string(400'000, 'b')));
    server.talk(client);
    QCOMPARE(got, std::size_t(2'000'000));
    for (const auto id : ids)
        QCOMPARE(client[id].status, 200);
}

QTEST_GUILESS_MAIN(Http2SendingTest)
#include "http2_sending_test.moc"

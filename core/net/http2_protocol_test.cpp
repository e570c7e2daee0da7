#include "core/net/http2_memory_connection.h"

#include <QTest>

#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;

class Http2ProtocolTest : public QObject {
    Q_OBJECT
private slots:
    void aGetIsAnsweredWithStatusFieldsAndContent();
    void theHandlerSeesTheRequestAsItCame();
    void contentOfARequestArrivesWhole();
    void manyStreamsAreAnsweredInOneTurn();
    void answersFromOtherThreadsLeaveTogether();
    void aLateAnswerToAStreamThatWasResetIsDropped();
    void aLateAnswerAfterTheConnectionClosedIsDropped();
    void aRequestGivenUpIsAnswered500();
    void headAnd204And304HaveNoContent();
    void namesAreLowerCaseAndConnectionFieldsStayHere();
    void cookiePiecesAreJoined();
    void expectContinueIsAnswered100First();
};

void Http2ProtocolTest::aGetIsAnsweredWithStatusFieldsAndContent() {
    MemoryConnection server([](const http::Request&, Responder respond) {
        http::Response answer = text("hello", 201);
        answer.fields.add("Content-Type", "text/plain");
        respond(std::move(answer));
    });
    Http2TestClient client;
    const auto id = client.get("/x");
    server.talk(client);
    const Http2Answer& answer = client[id];
    QCOMPARE(answer.status, 201);
    QCOMPARE(answer.body, std::string("hello"));
    QCOMPARE(answer.field("content-length"), std::string("5"));
    QCOMPARE(answer.field("content-type"), std::string("text/plain"));
    QVERIFY(answer.field("date").ends_with(" GMT"));
    QVERIFY(answer.ended);
    QCOMPARE(server.core->requests.get(), std::uint64_t(1));
    QCOMPARE(server.core->malformed.get(), std::uint64_t(0));
}

void Http2ProtocolTest::theHandlerSeesTheRequestAsItCame() {
    std::string seen;
    MemoryConnection server([&](const http::Request& r, Responder respond) {
        seen = std::string(r.methodText) + " " + std::string(r.target) + " " + std::string(r.path) + " " +
               std::string(r.query) + " " + std::string(r.field("Host").value_or("none")) + " " +
               std::string(r.field("x-a").value_or("none")) + " " + std::to_string(r.version) + " " +
               std::string(r.scheme) + " " + std::string(r.peer) + " " + std::to_string(r.connection);
        respond(text("ok"));
    });
    Http2TestClient client;
    const auto id = client.get("/p?q=1?2", {{"x-a", "b"}});
    server.talk(client);
    QCOMPARE(client[id].status, 200);
    QCOMPARE(seen, std::string("GET /p?q=1?2 /p q=1?2 a.test b 20 http 127.0.0.1 7"));
}

void Http2ProtocolTest::contentOfARequestArrivesWhole() {
    const std::string upload(300'000, 'u');  // several windows of it
    std::size_t got = 0;
    MemoryConnection server([&](const http::Request& r, Responder respond) {
        got = r.body == upload ? r.body.size() : 0;
        respond(text("ok"));
    });
    Http2TestClient client;
    const auto id = client.ask(Http2TestClient::line("POST", "/"), upload);
    server.talk(client);
    QCOMPARE(got, upload.size());
    QCOMPARE(client[id].status, 200);
}

void Http2ProtocolTest::manyStreamsAreAnsweredInOneTurn() {
    MemoryConnection server(echo);
    Http2TestClient client;
    server.talk(client);
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 20; ++i)
        ids.push_back(client.get("/" + std::to_string(i)));
    const int before = server.turns;
    client.input(server.turn(client.output()));
    QCOMPARE(server.turns, before + 1);
    for (int i = 0; i < 20; ++i)
        QCOMPARE(client[ids[i]].body, "GET /" + std::to_string(i) + "? ");
}

void Http2ProtocolTest::answersFromOtherThreadsLeaveTogether() {
    Holding holding;
    MemoryConnection server(holding.function());
    Http2TestClient client;
    const auto a = client.get("/a"), b = client.get("/b");
    server.talk(client);
    QCOMPARE(holding.waiting.size(), std::size_t(2));
    std::thread([&] {
        for (auto& [path, respond] : holding.waiting)
            respond(text("late " + path));
    }).join();
    const int before = server.resumes;
    server.run();
    QCOMPARE(server.resumes, before + 1);
    client.input(server.sent);
    QCOMPARE(client[a].body, std::string("late /a"));
    QCOMPARE(client[b].body, std::string("late /b"));
}

void Http2ProtocolTest::aLateAnswerToAStreamThatWasResetIsDropped() {
    Holding holding;
    MemoryConnection server(holding.function());
    Http2TestClient client;
    const auto a = client.get("/a"), b = client.get("/b");
    server.talk(client);
    nghttp2_submit_rst_stream(client.session(), 0, a, NGHTTP2_CANCEL);
    server.talk(client);
    for (auto& [path, respond] : holding.waiting)
        respond(text("late"));
    server.talk(client);
    QCOMPARE(client[a].status, 0);
    QCOMPARE(client[b].status, 200);
    QVERIFY(client.goAways.empty());
}

void Http2ProtocolTest::aLateAnswerAfterTheConnectionClosedIsDropped() {
    Holding holding;
    MemoryConnection server(holding.function());
    Http2TestClient client;
    client.get("/a");
    server.talk(client);
    server.protocol->closed();
    const int before = server.resumes;
    std::thread([&] { holding.waiting[0].second(text("late")); }).join();
    server.run();
    QCOMPARE(server.resumes, before);
}

void Http2ProtocolTest::aRequestGivenUpIsAnswered500() {
    MemoryConnection server([](const http::Request& r, Responder respond) {
        if (r.path == "/throw")
            throw std::runtime_error("as asked");
        Responder dropped = std::move(respond);
    });
    Http2TestClient client;
    const auto dropped = client.get("/drop"), thrown = client.get("/throw");
    server.talk(client);
    QCOMPARE(client[dropped].status, 500);
    QCOMPARE(client[thrown].status, 500);
}

void Http2ProtocolTest::headAnd204And304HaveNoContent() {
    MemoryConnection server([](const http::Request& r, Responder respond) {
        respond(text("12345", r.path == "/204" ? 204 : r.path == "/304" ? 304 : 200));
    });
    Http2TestClient client;
    const auto head = client.ask(Http2TestClient::line("HEAD", "/"));
    const auto none = client.get("/204"), same = client.get("/304");
    server.talk(client);
    for (const auto id : {head, none, same}) {
        QCOMPARE(client[id].body, std::string());
        QVERIFY(client[id].ended);
    }
    QCOMPARE(client[head].field("content-length"), std::string("5"));
    QCOMPARE(client[none].field("content-length"), std::string());
    QCOMPARE(client[same].status, 304);
}

void Http2ProtocolTest::namesAreLowerCaseAndConnectionFieldsStayHere() {
    MemoryConnection server([](const http::Request&, Responder respond) {
        http::Response answer = text("x");
        answer.fields.add("X-UPPER", " padded ");
        answer.fields.add("Connection", "close");
        answer.fields.add("Transfer-Encoding", "chunked");
        answer.fields.add("bad name", "v");
        answer.fields.add("X-Split", "a\r\nb: c");
        respond(std::move(answer));
    });
    Http2TestClient client;
    const auto id = client.get("/");
    server.talk(client);
    QCOMPARE(client[id].field("x-upper"), std::string("padded"));
    QCOMPARE(client[id].field("x-split"), std::string("a  b: c"));
    QCOMPARE(client[id].field("connection"), std::string());
    QCOMPARE(client[id].field("transfer-encoding"), std::string());
    QCOMPARE(client[id].fields.size(), std::size_t(5));  // and :status, content-length, date
}

void Http2ProtocolTest::cookiePiecesAreJoined() {
    std::string seen;
    MemoryConnection server([&](const http::Request& r, Responder respond) {
        seen = r.joined("cookie");
        respond(text("ok"));
    });
    Http2TestClient client;
    client.get("/", {{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}});
    server.talk(client);
    QCOMPARE(seen, std::string("a=1; b=2"));
}

void Http2ProtocolTest::expectContinueIsAnswered100First() {
    MemoryConnection server(echo);
    Http2TestClient client;
    const auto id =
        client.ask(Http2TestClient::line("PUT", "/", {{"expect", "100-continue"}}), std::string(), true);
    server.talk(client);
    QCOMPARE(client[id].status, 100);
    QVERIFY(!client[id].ended);
    const auto other = client.ask(Http2TestClient::line("PUT", "/", {{"expect", "magic"}}), std::string("x"));
    server.talk(client);
    QCOMPARE(client[other].status, 417);
}

QTEST_GUILESS_MAIN(Http2ProtocolTest)
#include "http2_protocol_test.moc"

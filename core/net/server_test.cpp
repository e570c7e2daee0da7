#include "core/net/server.h"

#include "core/net/raw_client.h"

#include <QTest>

#include <atomic>
#include <set>
#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using http::prepare;
using http::Request;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

}  // namespace

class ServerTest : public QObject {
    Q_OBJECT
private slots:
    void oneConnectionServesManyRequests();
    void pipelinedRequestsAreAnsweredInOrderAndInOneWrite();
    void anAnswerFromAnotherThreadKeepsThePipelineInOrder();
    void aRequestInSmallPiecesIsTheSameRequest();
    void headHasTheFieldsOfGetWithoutTheBody();
    void chunkedContentArrivesDecoded();
    void theClientIsToldToContinueBeforeItSendsTheContent();
    void aTooLongContentIsRefusedBeforeItIsSent();
    void targetFormsAllReachTheirPath_data();
    void targetFormsAllReachTheirPath();
    void anAbsoluteTargetOverrulesTheHostField();
    void connectionsEndWhenEitherSideAsks_data();
    void connectionsEndWhenEitherSideAsks();
    void aPreparedAnswerGoesOutWithFieldsOfItsOwn();
    void noContentAnswersHaveNoContent_data();
    void noContentAnswersHaveNoContent();
    void aBigBodyToASlowReaderArrivesWhole();
    void aBigUploadArrivesWhole();
    void anUnusedResponderAnswers500();
    void aThrowingHandlerAnswers500();
    void connectionsAreSpreadEvenlyOverLoops();
    void postedTasksRunOnTheHandlersLoop();
    void countersAndCpuTimeAreKept();
};

void ServerTest::oneConnectionServesManyRequests() {
    const auto server = serve(echo);
    RawClient client(server->port());
    for (int i = 0; i < 100; ++i) {
        const auto answer = client.ask(get("/n?" + std::to_string(i)));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, "GET /n?" + std::to_string(i) + " ");
        QVERIFY(answer.head.contains("\r\nDate: "));
        QVERIFY(!answer.head.contains("Connection"));
    }
    QCOMPARE(server->counters().accepted, std::uint64_t(1));
    QCOMPARE(server->counters().requests, std::uint64_t(100));
}

void ServerTest::pipelinedRequestsAreAnsweredInOrderAndInOneWrite() {
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send(get("/1") + "\r\n" + get("/2") + get("/3"));  // an empty line between requests is skipped
    const std::string all = client.readOnce();
    const std::size_t first = all.find("GET /1"), second = all.find("GET /2"), third = all.find("GET /3");
    QVERIFY(third != std::string::npos);
    QVERIFY(first < second && second < third);
}

void ServerTest::anAnswerFromAnotherThreadKeepsThePipelineInOrder() {
    std::vector<std::jthread> threads;
    const auto server = serve([&](const Request& request, Responder respond) {
        if (request.path != "/slow")
            return echo(request, std::move(respond));
        threads.emplace_back(
            [respond = std::move(respond), &request]() mutable { respond(text(std::string(request.path))); });
    });
    RawClient client(server->port());
    client.send(get("/a") + get("/slow") + get("/b") + get("/slow") + get("/c"));
    QCOMPARE(client.read().body, std::string("GET /a? "));
    QCOMPARE(client.read().body, std::string("/slow"));
    QCOMPARE(client.read().body, std::string("GET /b? "));
    QCOMPARE(client.read().body, std::string("/slow"));
    QCOMPARE(client.read().body, std::string("GET /c? "));
}

void ServerTest::aRequestInSmallPiecesIsTheSameRequest() {
    const auto server = serve(echo);
    RawClient client(server->port());
    const std::string request = "POST /p?q=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX: y\r\n\r\nhello";
    for (const char c : request)
        QVERIFY(client.send({&c, 1}));
    QCOMPARE(client.read().body, std::string("POST /p?q=1 hello"));
}

void ServerTest::headHasTheFieldsOfGetWithoutTheBody() {
    const auto page = prepare(200, {}, std::string(1000, 'x'));
    const auto server = serve([&](const Request& request, Responder respond) {
        http::Response out = text("12345");
        if (request.path == "/prepared")
            out.prepared = page;
        respond(std::move(out));
    });
    RawClient client(server->port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nHEAD /prepared HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
    const auto plain = client.read(false);
    QCOMPARE(plain.status, 200);
    QVERIFY(plain.has("Content-Length: 5"));
    QVERIFY(client.read(false).has("Content-Length: 1000"));
    QCOMPARE(client.read().body, std::string("12345"));  // nothing of the others came in between
}

void ServerTest::chunkedContentArrivesDecoded() {
    const auto server = serve(echo);
    RawClient client(server->port());
    const std::string request =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;name=\"va;lue\"\r\nhello\r\n1\r\n \r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\nContent-Type: "
        "evil\r\n\r\n";
    QCOMPARE(client.ask(request + request).body, std::string("POST /? hello 0123456789"));
    QCOMPARE(client.read().body, std::string("POST /? hello 0123456789"));
    for (const char c : request)
        QVERIFY(client.send({&c, 1}));
    QCOMPARE(client.read().body, std::string("POST /? hello 0123456789"));
}

void ServerTest::theClientIsToldToContinueBeforeItSendsTheContent() {
    const auto server = serve(echo);
    RawClient client(server->port());
    client.send(get("/first") +
                "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
    QCOMPARE(client.read().body, std::string("GET /first? "));
    QCOMPARE(client.read().status, 100);
    QCOMPARE(client.ask("abc").body, std::string("PUT /x? abc"));
    // Whoever sends at once gets no 100.
    const auto answer =
        client.ask("PUT /y HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc");
    QCOMPARE(answer.body, std::string("PUT /y? abc"));
}

void ServerTest::aTooLongContentIsRefusedBeforeItIsSent() {
    const auto server = serve(echo, {.limits = {.bodyBytes = 10}});
    RawClient client(server->port());
    const auto answer =
        client.ask("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(answer.status, 413);
    QVERIFY(answer.has("Content-Type: application/problem+json"));
    QVERIFY(answer.has("Connection: close"));
    QVERIFY(client.ended());
}

void ServerTest::targetFormsAllReachTheirPath_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* line, const char* expected) {
        QTest::newRow(line) << QByteArray(line) + " HTTP/1.1\r\nHost: a\r\n\r\n" << QByteArray(expected);
    };
    row("GET /", "GET /? ");
    row("GET /a%20b/c?x=1&y=?", "GET /a%20b/c?x=1&y=? ");
    row("GET //a", "GET //a? ");
    row("GET http://h:80/p?q", "GET /p?q ");
    row("GET HTTP://h", "GET /? ");
    row("GET https://[::1]:81?q=1", "GET /?q=1 ");
    row("OPTIONS *", "OPTIONS *? ");
    row("BREW /tea", "BREW /tea? ");
}

void ServerTest::targetFormsAllReachTheirPath() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, expected);
    const auto server = serve(echo);
    RawClient client(server->port());
    QCOMPARE(client.ask(request.toStdString()).body, expected.toStdString());
}

void ServerTest::anAbsoluteTargetOverrulesTheHostField() {
    const auto server = serve([](const Request& request, Responder respond) {
        respond(text(std::string(request.field("host").value_or("")) + " " + std::string(request.target)));
    });
    RawClient client(server->port());
    QCOMPARE(client.ask("GET http://real:81?q HTTP/1.1\r\nHost: other\r\n\r\n").body,
             std::string("real:81 /?q"));
    QCOMPARE(client.ask("GET /a HTTP/1.1\r\nHost: other\r\n\r\n").body, std::string("other /a"));
}

void ServerTest::connectionsEndWhenEitherSideAsks_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("connection");
    QTest::addColumn<bool>("ends");
    QTest::newRow("1.1") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n") << QByteArray() << false;
    QTest::newRow("1.1 close") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n")
                               << QByteArray("close") << true;
    QTest::newRow("1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << QByteArray("close") << true;
    QTest::newRow("1.0 keep-alive") << QByteArray("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                                    << QByteArray("keep-alive") << false;
    QTest::newRow("handler") << QByteArray("GET /close HTTP/1.1\r\nHost: a\r\n\r\n") << QByteArray("close")
                             << true;
}

void ServerTest::connectionsEndWhenEitherSideAsks() {
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, connection);
    QFETCH(bool, ends);
    const auto server = serve([](const Request& r, Responder respond) {
        http::Response out = text("x");
        out.close = r.path == "/close";
        respond(std::move(out));
    });
    RawClient client(server->port());
    const auto answer = client.ask(request.toStdString());
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.head.starts_with("HTTP/1.1 "));
    QCOMPARE(answer.head.contains("Connection: "), !connection.isEmpty());
    if (!connection.isEmpty())
        QVERIFY(answer.has("Connection: " + connection.toStdString()));
    if (ends)
        QVERIFY(client.ended());
    else
        QCOMPARE(client.ask(kGet).status, 200);
}

void ServerTest::aPreparedAnswerGoesOutWithFieldsOfItsOwn() {
    http::Fields fields;
    fields.add("ETag", "\"1\"");
    const auto page = prepare(203, fields, "shared");
    const auto server = serve([&](const Request&, Responder respond) {
        http::Response out;
        out.prepared = page;
        out.fields.add("Age", "7");
        out.fields.add("Content-Length", "99");  // the connection's business
        respond(std::move(out));
    });
    RawClient client(server->port());
    const auto answer = client.ask(kGet);
    QCOMPARE(answer.status, 203);
    QVERIFY(answer.has("ETag: \"1\"") && answer.has("Age: 7") && answer.has("Content-Length: 6"));
    QVERIFY(!answer.head.contains("99"));
    QCOMPARE(answer.body, std::string("shared"));
}

void ServerTest::noContentAnswersHaveNoContent_data() {
    QTest::addColumn<int>("status");
    QTest::newRow("204") << 204;
    QTest::newRow("304") << 304;
}

void ServerTest::noContentAnswersHaveNoContent() {
    QFETCH(int, status);
    const auto server = serve([&](const Request& request, Responder respond) {
        respond(request.path == "/next" ? text("next") : text("must not be sent", status));
    });
    RawClient client(server->port());
    client.send(get("/") + get("/next"));
    const auto empty = client.read();
    QCOMPARE(empty.status, status);
    QVERIFY(!empty.head.contains("Content-Length"));
    QCOMPARE(client.read().body, std::string("next"));
}

void ServerTest::aBigBodyToASlowReaderArrivesWhole() {
    std::string big(8 * 1024 * 1024, 'x');
    for (std::size_t i = 0; i < big.size(); i += 1000)
        big[i] = static_cast<char>('a' + i / 1000 % 26);
    const auto shared = prepare(200, {}, big);
    const auto server = serve([&](const Request& request, Responder respond) {
        http::Response out;
        if (request.path == "/shared")
            out.prepared = shared;
        else
            out.body = big;
        respond(std::move(out));
    });
    RawClient client(server->port());
    client.send(get("/shared") + get("/own") + get("/shared"));  // more than any socket buffer takes
    for (int i = 0; i < 3; ++i)
        QVERIFY(client.read().body == big);
}

void ServerTest::aBigUploadArrivesWhole() {
    std::string big(3 * 1024 * 1024, 'u');
    big.back() = 'z';
    const auto server = serve([&](const Request& request, Responder respond) {
        respond(text(request.body == big ? "same" : "differs"));
    });
    RawClient client(server->port());
    for (int i = 0; i < 2; ++i) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(big.size()) +
                    "\r\n\r\n");
        QCOMPARE(client.ask(big).body, std::string("same"));
    }
    client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n300000\r\n");
    client.send(big);
    QCOMPARE(client.ask("\r\n0\r\n\r\n" + get("/")).body, std::string("same"));
    QCOMPARE(client.read().body, std::string("differs"));
}

void ServerTest::anUnusedResponderAnswers500() {
    const auto server =
        serve([](const Request&, Responder respond) { Responder dropped(std::move(respond)); });
    RawClient client(server->port());
    QCOMPARE(client.ask(kGet).status, 500);
    QCOMPARE(client.ask(kGet).status, 500);
}

void ServerTest::aThrowingHandlerAnswers500() {
    const auto server = serve([](const Request&, Responder) { throw std::runtime_error("broken"); });
    RawClient client(server->port());
    QCOMPARE(client.ask(kGet).status, 500);
    QCOMPARE(client.ask(kGet).status, 500);
}

void ServerTest::connectionsAreSpreadEvenlyOverLoops() {
    std::atomic<int> made{0};
    const auto handler = [&](int index) {
        ++made;
        return std::make_unique<FunctionHandler>(
            [index](const Request&, Responder respond) { respond(text(std::to_string(index))); });
    };
    const auto server = Server::create({.threads = 3}, handler).value();
    QCOMPARE(made.load(), 3);
    std::multiset<std::string> loops;
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 9; ++i) {
        clients.push_back(std::make_unique<RawClient>(server->port()));
        loops.insert(clients.back()->ask(kGet).body);
    }
    for (const char* loop : {"0", "1", "2"})
        QCOMPARE(loops.count(loop), std::size_t(3));
    QCOMPARE(server->counters().open, std::uint64_t(9));
}

void ServerTest::postedTasksRunOnTheHandlersLoop() {
    Handler* handler = nullptr;
    std::function<void(std::function<void()>)> post;
    const auto server =
        Server::create({}, [&](int) {
            auto out = std::make_unique<FunctionHandler>([&](const Request&, Responder respond) {
                const auto loop = std::this_thread::get_id();
                post = handler->post;
                std::thread([&, loop, waiting = std::make_shared<Responder>(std::move(respond))] {
                    post([loop, waiting] {
                        (*waiting)(text(std::this_thread::get_id() == loop ? "same" : "other"));
                    });
                }).join();
            });
            handler = out.get();
            return out;
        }).value();
    RawClient client(server->port());
    QCOMPARE(client.ask(kGet).body, std::string("same"));
    server->stop(0ms);
    post([] {});  // a task for a loop that has ended is dropped
}

void ServerTest::countersAndCpuTimeAreKept() {
    const auto server = serve(echo, {.threads = 2});
    {
        RawClient client(server->port());
        const auto answer = client.ask(kGet);
        // What left is counted after it left, so the client may be first.
        QTRY_COMPARE(server->counters().bytesOut, std::uint64_t(answer.head.size() + 2 + answer.body.size()));
        QCOMPARE(server->counters().bytesIn, std::uint64_t(kGet.size()));
        QCOMPARE(server->counters().open, std::uint64_t(1));
        QVERIFY(server->cpuTime() > 0ns);
    }
    server->stop(0ms);
    QCOMPARE(server->counters().open, std::uint64_t(0));
    const Nanos after = server->cpuTime();
    QVERIFY(after > 0ns);
    QCOMPARE(server->cpuTime().count(), after.count());
}

QTEST_GUILESS_MAIN(ServerTest)
#include "server_test.moc"

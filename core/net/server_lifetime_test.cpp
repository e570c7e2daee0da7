#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QTest>

#include <sys/resource.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using http::Request;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// Takes requests and lets the test answer them when it likes.
class Parked {
public:
    HandleFunction handler() {
        return [this](const Request&, Responder respond) {
            const std::lock_guard lock(m_mutex);
            m_responders.push_back(std::move(respond));
            m_came.notify_all();
        };
    }
    Responder take() {
        std::unique_lock lock(m_mutex);
        m_came.wait_for(lock, 10s, [this] { return !m_responders.empty(); });
        Responder out = std::move(m_responders.front());
        m_responders.erase(m_responders.begin());
        return out;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::vector<Responder> m_responders;
};

}  // namespace

class ServerLifetimeTest : public QObject {
    Q_OBJECT
private slots:
    void slowClientsAreAnswered408_data();
    void slowClientsAreAnswered408();
    void aSilentConnectionIsClosedWithoutAnAnswer();
    void anIdleConnectionIsClosedAfterItsTime();
    void aReaderThatStopsReadingIsDropped();
    void aRequestInTheHandlerHasNoDeadline();
    void aClientThatGoesAwayWhileTheHandlerWorksIsHarmless();
    void stopWaitsForTheRequestUnderWay();
    void stopClosesIdleConnectionsAtOnce();
    void stopCutsWhatTheGraceDoesNotCover();
    void anAnswerAfterTheServerHasGoneIsDropped();
    void aTakenPortIsReportedWithItsOwnerAndAFreeOne();
    void badAddressesAreRefused_data();
    void badAddressesAreRefused();
    void aFailingHandlerFactoryFailsTheStart();
    void connectionsAboveTheLimitAreClosed();
    void connectionsAboveTheLimitOfOneClientAreClosed();
    void aClientThatStoppedSendingIsStillAnswered();
    void acceptingGoesOnAfterDescriptorsRanOut();
    void aPortIsFreeAgainAfterStop();
};

void ServerLifetimeTest::slowClientsAreAnswered408_data() {
    QTest::addColumn<QByteArray>("start");
    QTest::newRow("request line") << QByteArray("GET / HT");
    QTest::newRow("fields") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n");
    QTest::newRow("content") << QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    QTest::newRow("chunks") << QByteArray(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
}

void ServerLifetimeTest::slowClientsAreAnswered408() {
    QFETCH(QByteArray, start);
    const auto server = serve(echo, {.limits = {.headerTimeout = 20ms, .bodyTimeout = 20ms}});
    RawClient client(server->port());
    const auto answer = client.ask(start.toStdString());
    QCOMPARE(answer.status, 408);
    QVERIFY(answer.has("Connection: close"));
    QVERIFY(client.ended());
}

void ServerLifetimeTest::aSilentConnectionIsClosedWithoutAnAnswer() {
    const auto server = serve(echo, {.limits = {.headerTimeout = 20ms}});
    RawClient client(server->port());
    QVERIFY(client.ended());
}

void ServerLifetimeTest::anIdleConnectionIsClosedAfterItsTime() {
    const auto server = serve(echo, {.limits = {.idleTimeout = 20ms}});
    RawClient client(server->port());
    QCOMPARE(client.ask(kGet).status, 200);
    QVERIFY(client.ended());
}

void ServerLifetimeTest::aReaderThatStopsReadingIsDropped() {
    const auto body = http::prepare(200, {}, std::string(32 * 1024 * 1024, 'x'));
    const auto server = serve(
        [&](const Request&, Responder respond) {
            http::Response out;
            out.prepared = body;
            respond(std::move(out));
        },
        {.limits = {.writeTimeout = 20ms}});
    RawClient client(server->port());
    client.send(kGet);
    QTRY_COMPARE(server->counters().requests, std::uint64_t(1));
    QTRY_COMPARE(server->counters().open, std::uint64_t(0));
    QCOMPARE(client.read().status, 0);
}

void ServerLifetimeTest::aRequestInTheHandlerHasNoDeadline() {
    Parked parked;
    const auto server = serve(
        parked.handler(),
        {.limits = {.headerTimeout = 20ms, .bodyTimeout = 20ms, .idleTimeout = 20ms, .writeTimeout = 20ms}});
    RawClient waiting(server->port());
    waiting.send(kGet);
    Responder respond = parked.take();
    RawClient idle(server->port());
    QVERIFY(idle.ended());  // so the ticks have passed
    respond(text("late"));
    QCOMPARE(waiting.read().body, std::string("late"));
}

void ServerLifetimeTest::aClientThatGoesAwayWhileTheHandlerWorksIsHarmless() {
    Parked parked;
    const auto server = serve(parked.handler());
    for (int i = 0; i < 20; ++i) {
        RawClient client(server->port());
        client.send(std::string(kGet) + std::string(kGet));
        Responder respond = parked.take();
        if (i % 2 == 0)
            client.resetNow();
        else
            client.closeNow();
        respond(text(std::string(100'000, 'x')));
        parked.take()(text("nobody reads this"));  // the second request was already in the buffer
    }
    QTRY_COMPARE(server->counters().open, std::uint64_t(0));
    RawClient client(server->port());
    client.send(kGet);
    parked.take()(text("alive"));
    QCOMPARE(client.read().body, std::string("alive"));
}

void ServerLifetimeTest::stopWaitsForTheRequestUnderWay() {
    Parked parked;
    const auto server = serve(parked.handler());
    RawClient client(server->port());
    client.send(std::string(kGet) + std::string(kGet));
    Responder respond = parked.take();
    RawClient idle(server->port());
    auto stopped = std::async(std::launch::async, [&] { server->stop(10s); });
    QVERIFY(idle.ended());  // so the stop has begun
    respond(text("done"));
    const auto answer = client.read();
    QCOMPARE(answer.body, std::string("done"));
    QVERIFY(answer.has("Connection: close"));
    QVERIFY(client.ended());
    client.closeNow();
    stopped.get();
    RawClient late(server->port());
    QVERIFY(!late.connected());
    server->stop(0ms);  // again is nothing
}

void ServerLifetimeTest::stopClosesIdleConnectionsAtOnce() {
    const auto server = serve(echo, {.threads = 2});
    RawClient a(server->port()), b(server->port());
    QCOMPARE(a.ask(kGet).status, 200);
    QCOMPARE(b.ask(kGet).status, 200);
    server->stop(std::chrono::hours(1));
    QVERIFY(a.ended());
    QVERIFY(b.ended());
}

void ServerLifetimeTest::stopCutsWhatTheGraceDoesNotCover() {
    Parked parked;
    const auto server = serve(parked.handler());
    RawClient client(server->port());
    client.send(kGet);
    Responder respond = parked.take();
    server->stop(1ms);
    QVERIFY(client.ended());
    respond(text("too late"));
}

void ServerLifetimeTest::anAnswerAfterTheServerHasGoneIsDropped() {
    Parked parked;
    auto server = serve(parked.handler());
    RawClient client(server->port());
    client.send(kGet);
    Responder respond = parked.take();
    server.reset();
    respond(text("too late"));
    QVERIFY(!respond);
    QVERIFY(client.ended());
}

void ServerLifetimeTest::aTakenPortIsReportedWithItsOwnerAndAFreeOne() {
    const auto first = serve(echo);
    ServerOptions options{.port = first->port()};
    const auto second = Server::create(options, [](int) { return std::make_unique<FunctionHandler>(echo); });
    QVERIFY(!second);
    QCOMPARE(second.error().code, Error::Unavailable);
    const std::string expected = "port " + std::to_string(first->port()) + " is already in use by ";
    QVERIFY2(second.error().what.starts_with(expected), second.error().what.c_str());
    QVERIFY(second.error().what.ends_with("(pid " + std::to_string(::getpid()) + ")"));
    const auto hinted = std::atoi(second.error().hint.c_str() + std::string_view("Port ").size());
    options.port = static_cast<std::uint16_t>(hinted);
    QVERIFY(hinted > 0);
    QVERIFY(Server::create(options, [](int) { return std::make_unique<FunctionHandler>(echo); }).has_value());
}

void ServerLifetimeTest::badAddressesAreRefused_data() {
    QTest::addColumn<QByteArray>("bind");
    QTest::newRow("no address") << QByteArray("nowhere");
    QTest::newRow("out of range") << QByteArray("256.0.0.1");
    QTest::newRow("not ours") << QByteArray("192.0.2.1");  // TEST-NET-1
    QTest::newRow("empty") << QByteArray("");
}

void ServerLifetimeTest::badAddressesAreRefused() {
    QFETCH(QByteArray, bind);
    const auto server = Server::create({.bind = bind.toStdString()},
                                       [](int) { return std::make_unique<FunctionHandler>(echo); });
    QVERIFY(!server);
    QCOMPARE(server.error().code, Error::InvalidArgument);
    QVERIFY(!server.error().hint.empty());
    QVERIFY(!Server::create({.threads = 0}, nullptr));
}

void ServerLifetimeTest::aFailingHandlerFactoryFailsTheStart() {
    const auto server = Server::create({.threads = 2}, [](int index) -> std::unique_ptr<Handler> {
        if (index == 1)
            throw std::runtime_error("no database");
        return std::make_unique<FunctionHandler>(echo);
    });
    QVERIFY(!server);
    QVERIFY(server.error().what.contains("no database"));
}

void ServerLifetimeTest::connectionsAboveTheLimitAreClosed() {
    const auto server = serve(echo, {.limits = {.connections = 2}});
    auto first = std::make_unique<RawClient>(server->port());
    RawClient second(server->port());
    QCOMPARE(first->ask(kGet).status, 200);
    QCOMPARE(second.ask(kGet).status, 200);
    RawClient third(server->port());
    QVERIFY(third.ended());
    QCOMPARE(server->counters().refused, std::uint64_t(1));
    first.reset();
    QTRY_COMPARE(server->counters().open, std::uint64_t(1));
    RawClient fourth(server->port());
    QCOMPARE(fourth.ask(kGet).status, 200);
}

void ServerLifetimeTest::connectionsAboveTheLimitOfOneClientAreClosed() {
    const auto server = serve(echo, {.threads = 2, .limits = {.connectionsPerPeer = 2}});
    auto first = std::make_unique<RawClient>(server->port());
    RawClient second(server->port());
    QCOMPARE(first->ask(kGet).status, 200);
    QCOMPARE(second.ask(kGet).status, 200);
    RawClient third(server->port());
    QVERIFY(third.ended());
    QCOMPARE(server->counters().refused, std::uint64_t(1));
    RawClient other(server->port(), "127.0.0.2");
    QCOMPARE(other.ask(kGet).status, 200);  // another address has its own count
    first.reset();
    QTRY_COMPARE(server->counters().open, std::uint64_t(2));
    RawClient fourth(server->port());
    QCOMPARE(fourth.ask(kGet).status, 200);
}

void ServerLifetimeTest::aClientThatStoppedSendingIsStillAnswered() {
    Parked parked;
    const auto server = serve(parked.handler());
    RawClient client(server->port());
    client.send(std::string(kGet) + std::string(kGet));
    ::shutdown(client.fd(), SHUT_WR);
    parked.take()(text("one"));
    QCOMPARE(client.read().body, std::string("one"));
    parked.take()(text("two"));
    QCOMPARE(client.read().body, std::string("two"));
    QVERIFY(client.ended());
}

void ServerLifetimeTest::acceptingGoesOnAfterDescriptorsRanOut() {
    const auto server = serve(echo);
    RawClient first(server->port());
    QCOMPARE(first.ask(kGet).status, 200);
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int lowestFree = ::dup(0);
    ::close(lowestFree);
    rlimit tight = before;
    tight.rlim_cur = static_cast<rlim_t>(lowestFree) + 1;  // the client's own end, none for the server's
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    RawClient last(server->port());
    const bool sent = last.send(kGet);
    const bool paused = QTest::qWaitFor([&] { return server->counters().refused > 0; });
    ::setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY(sent);
    QVERIFY(paused);
    QCOMPARE(first.ask(kGet).status, 200);
    QCOMPARE(last.read().status, 200);
}

void ServerLifetimeTest::aPortIsFreeAgainAfterStop() {
    auto server = serve(echo);
    const std::uint16_t port = server->port();
    RawClient client(port);
    QCOMPARE(client.ask(kGet).status, 200);
    server.reset();
    const auto again = serve(echo, {.port = port});
    QCOMPARE(again->port(), port);
    QCOMPARE(again->url(), "http://127.0.0.1:" + std::to_string(port));
}

QTEST_GUILESS_MAIN(ServerLifetimeTest)
#include "server_lifetime_test.moc"

#include "core/net/listen_socket.h"
#include "core/net/raw_client.h"
#include "core/net/server_connection.h"

#include <QTest>

#include <poll.h>
#include <sys/socket.h>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// One connection of a loop that turns only when a test says so; the client is a real socket.
struct Served {
    explicit Served(HandleFunction function = echo, const Limits& limits = {})
        : core(std::make_shared<ServerCore>(limits)),
          handler(std::move(function)),
          listener(listenOn("127.0.0.1", 0).value()),
          client(listener.port) {
        core->thread = std::this_thread::get_id();
        core->offersHttp2 = true;
        core->open = 1;
        pollfd ready{listener.fd.get(), POLLIN, 0};
        ::poll(&ready, 1, 10'000);
        ServerConnection::Socket socket(core->context.get_executor());
        socket.assign(boost::asio::ip::tcp::v4(),
                      ::accept4(listener.fd.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        connection = std::make_shared<ServerConnection>(core, handler, std::move(socket), "127.0.0.1", 1);
        connection->start();
    }
    ~Served() {
        connection->close();
        core->context.restart();
        core->context.poll();
    }
    /// Runs the loop until `isDone`; false when that takes ten seconds.
    template <class Done>
    bool turnUntil(Done&& isDone) {
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (!isDone() && std::chrono::steady_clock::now() < end) {
            core->context.restart();
            core->context.run_for(1ms);
        }
        return isDone();
    }
    bool handles(std::uint64_t count) {
        return turnUntil([&] { return core->requests.get() == count; });
    }
    bool fallsAsleep() {
        connection->onTick(monotonicNow() + 3s);
        return turnUntil([&] { return connection->dozes(); });
    }

    std::shared_ptr<ServerCore> core;
    FunctionHandler handler;
    ListenSocket listener;
    RawClient client;
    std::shared_ptr<ServerConnection> connection;
};

}  // namespace

/// Connections that keep no buffers while their client is silent.
class ServerDozeTest : public QObject {
    Q_OBJECT
private slots:
    void aSilentConnectionDozesAndIsServedAgain() {
        Served served;
        for (std::uint64_t round = 1; round <= 3; ++round) {
            QVERIFY(served.client.send(kGet));
            QVERIFY(served.handles(round));
            QCOMPARE(served.client.read().body, std::string("GET /? "));
            QVERIFY(!served.connection->dozes());
            QVERIFY(served.fallsAsleep());
        }
    }

    void oneThatWasJustHeardStaysAwake() {
        Served served;
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(1));
        served.connection->onTick(monotonicNow());
        served.core->context.restart();
        served.core->context.poll();
        QVERIFY(!served.connection->dozes());
    }

    void bytesThatComeWhileItNodsAreNotLost() {
        Served served;
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(1));
        served.connection->onTick(monotonicNow() + 3s);  // the read is cancelled, the loop has not turned
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(2));
        QCOMPARE(served.client.read().status, 200);
        QCOMPARE(served.client.read().status, 200);
    }

    void halfARequestKeepsItAwake() {
        Served served;
        QVERIFY(served.client.send(kGet.substr(0, 10)));
        QVERIFY(served.turnUntil([&] { return served.core->bytesIn.get() == 10; }));
        served.connection->onTick(monotonicNow() + 3s);
        served.core->context.restart();
        served.core->context.poll();
        QVERIFY(!served.connection->dozes());
        QVERIFY(served.client.send(kGet.substr(10)));
        QVERIFY(served.handles(1));
    }

    void oneThatWaitsForItsAnswerDoesNotDoze() {
        Responder waiting;
        Served served([&](const http::Request&, Responder respond) { waiting = std::move(respond); });
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(1));
        served.connection->onTick(monotonicNow() + 3s);
        served.core->context.restart();
        served.core->context.poll();
        QVERIFY(!served.connection->dozes());
        waiting(text("late"));
        served.core->context.restart();
        served.core->context.poll();
        QCOMPARE(served.client.read().body, std::string("late"));
    }

    void itsClientMayLeave() {
        Served served;
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(1));
        QVERIFY(served.fallsAsleep());
        served.client.closeNow();
        QVERIFY(served.turnUntil([&] { return served.core->open.load() == 0; }));
    }

    void itStillEndsAtItsDeadline() {
        Served served;
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(1));
        QCOMPARE(served.client.read().status, 200);
        QVERIFY(served.fallsAsleep());
        served.connection->onTick(monotonicNow() + served.core->limits.idleTimeout + 1s);
        QVERIFY(served.turnUntil([&] { return served.core->open.load() == 0; }));
        QVERIFY(served.client.ended());
    }

    void theServerMayStopMeanwhile() {
        Served served;
        QVERIFY(served.client.send(kGet));
        QVERIFY(served.handles(1));
        QCOMPARE(served.client.read().status, 200);
        QVERIFY(served.fallsAsleep());
        served.connection->finishSoon();
        QVERIFY(served.turnUntil([&] { return served.core->open.load() == 0; }));
        QVERIFY(served.client.ended());
    }

    void anHttp2ConnectionGoesOnWhereItWas() {
        Served served;
        std::string hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        hello.append("\0\0\0\x04\0\0\0\0\0", 9);
        const auto ask = [](char stream) {  // GET http://a/
            std::string out("\0\0\x06\x01\x05\0\0\0", 8);
            return out.append(1, stream).append(
                "\x82\x86\x84\x41\x01"
                "a");
        };
        QVERIFY(served.client.send(hello + ask(1)));
        QVERIFY(served.handles(1));
        QVERIFY(served.client.send(std::string_view("\0\0\0\x04\x01\0\0\0\0", 9)));
        const std::size_t sent = hello.size() + ask(1).size() + 9;
        QVERIFY(served.turnUntil([&] { return served.core->bytesIn.get() == sent; }));
        QVERIFY(served.fallsAsleep());
        QVERIFY(served.client.send(ask(3)));
        QVERIFY(served.handles(2));
        std::string all;
        while (!all.contains(std::string("\0\0\x07\0\x01\0\0\0\x03GET /? ", 16))) {
            const std::string more = served.client.readOnce();
            QVERIFY(!more.empty());
            all += more;
        }
    }
};

QTEST_GUILESS_MAIN(ServerDozeTest)
#include "server_doze_test.moc"

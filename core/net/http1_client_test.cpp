#include "core/net/client.h"
#include "core/net/scripted_server.h"

#include <QTest>

#include <cstdlib>
#include <new>
#include <optional>

using namespace hone;
using namespace hone::net;
using namespace std::chrono_literals;

namespace {
std::atomic<std::uint64_t> allocations{0};
thread_local bool counting = false;
}  // namespace

void* operator new(std::size_t size) {
    if (counting)
        ++allocations;
    if (void* memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

struct Got {
    int status = 0;
    Error::Code error = Error::Internal;
    std::string text, body;
    std::vector<std::pair<std::string, std::string>> fields;
    std::uint64_t wireBytes = 0, bodyBytes = 0;
    Nanos sent{0}, firstByte{0}, done{0}, connectStarted{0}, connected{0};
};

Got copyOf(const Answer& answer) {
    Got got{answer.status,
            answer.error,
            std::string(answer.errorText),
            std::string(answer.body),
            {},
            answer.wireBytes,
            answer.bodyBytes,
            answer.sent,
            answer.firstByte,
            answer.done,
            answer.connectStarted,
            answer.connected};
    for (const auto& field : answer.fields)
        got.fields.emplace_back(field.name, field.value);
    return got;
}

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

/// A client whose requests are sent one by one from the test's own thread.
struct Caller {
    std::unique_ptr<Loop> loop = Loop::create();
    std::unique_ptr<Client> client;

    explicit Caller(std::uint16_t port, std::string host = "127.0.0.1")
        : client(Client::create(*loop, {std::move(host), port})) {}
    Got send(std::string_view wire = kGet, bool isHead = false, std::chrono::milliseconds timeout = 20s) {
        Got got;
        client->send(wire, isHead, true, timeout, [&](const Answer& answer) {
            got = copyOf(answer);
            loop->stop();
        });
        loop->run();
        return got;
    }
};

/// Sends `text` for every request.
ScriptedServer::Script always(std::string text, bool close = false) {
    return [text = std::move(text), close](ScriptedServer::Peer& peer) {
        while (!peer.request().empty()) {
            peer.send(text);
            if (close)
                return;
        }
    };
}

}  // namespace

class Http1ClientTest : public QObject {
    Q_OBJECT
private slots:
    void keepsOneConnectionForManyRequests();
    void readsEveryFraming_data();
    void readsEveryFraming();
    void readsAnAnswerThatComesByteByByte();
    void readsABodyLargerThanItsBuffer();
    void countsWireAndBodyBytes();
    void reportsGarbageAsMalformed_data();
    void reportsGarbageAsMalformed();
    void reportsAnAnswerCutShort();
    void reportsARefusedConnection();
    void reportsAnUnknownHost();
    void triesTheOtherAddressesOfAName();
    void givesUpAtTheTimeoutAndGoesOnWithANewConnection();
    void sendsOnceMoreWhenAKeptConnectionWasClosed();
    void doesNotRepeatAPost();
    void doesNotRepeatOnAFreshConnection();
    void opensANewConnectionWhenTheServerClosedWhileIdle();
    void closesAfterEachAnswerWithoutKeepAlive();
    void sendsABodyLargerThanTheSocketsBuffer();
    void survivesBeingDestroyedInItsCallback();
    void allocatesNothingPerRequestOnceWarm();
    void timersFireInOrderAndNeverEarly();
    void reachTellsWhatIsWrong();
};

void Http1ClientTest::keepsOneConnectionForManyRequests() {
    ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Test:  a b \r\n\r\nok"));
    Caller caller(server.port());
    const Got first = caller.send();
    QCOMPARE(first.status, 200);
    QCOMPARE(first.body, std::string("ok"));
    QCOMPARE(first.fields.size(), std::size_t(2));
    QCOMPARE(first.fields[1].second, std::string("a b"));
    QVERIFY(first.connectStarted.count() > 0);
    QVERIFY(first.connectStarted <= first.connected && first.connected <= first.firstByte);
    QVERIFY(first.sent <= first.firstByte && first.firstByte <= first.done);
    for (int i = 0; i < 20; ++i) {
        const Got next = caller.send();
        QCOMPARE(next.status, 200);
        QCOMPARE(next.connected.count(), 0LL);
    }
    QCOMPARE(server.accepted(), 1);
}

void Http1ClientTest::readsEveryFraming_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isHead");
    const auto row = [](const char* name, QByteArray wire, int status, QByteArray body, bool isHead = false) {
        QTest::newRow(name) << wire << status << body << isHead;
    };
    row("content-length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello");
    row("empty body", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, "");
    row("no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", 200, "x");
    row("chunked",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n",
        200, "hello world");
    row("chunked with trailer",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-T: 1\r\n\r\n", 200, "x");
    row("interim",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n"
        "Content-Length: 2\r\n\r\nok",
        200, "ok");
    row("204", "HTTP/1.1 204 No Content\r\n\r\n", 204, "");
    row("304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", 304, "");
    row("head", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", 200, "", true);
    row("head of chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, "", true);
    row("error status", "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy", 503, "busy");
}

void Http1ClientTest::readsEveryFraming() {
    QFETCH(QByteArray, wire);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(bool, isHead);
    ScriptedServer server(always(wire.toStdString()));
    Caller caller(server.port());
    for (int i = 0; i < 3; ++i) {  // Each leaves the connection fit for the next.
        const Got got = caller.send(isHead ? "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" : kGet, isHead);
        QCOMPARE(got.status, status);
        QCOMPARE(got.body, body.toStdString());
        QCOMPARE(got.bodyBytes, std::uint64_t(body.size()));
        QCOMPARE(got.wireBytes, std::uint64_t(wire.size()));
    }
    QCOMPARE(server.accepted(), 1);
}

void Http1ClientTest::readsAnAnswerThatComesByteByByte() {
    const std::string wire =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    const std::string plain = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc";
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        for (const auto* text : {&wire, &plain}) {
            peer.request();
            for (const char c : *text) {
                peer.send({&c, 1});
                std::this_thread::sleep_for(
                    100us);  // Lets pieces arrive apart; the outcome does not depend on it.
            }
        }
        peer.waitForClose();
    });
    Caller caller(server.port());
    for (int i = 0; i < 2; ++i) {
        const Got got = caller.send();
        QCOMPARE(got.body, std::string("abc"));
        QCOMPARE(got.fields.size(), std::size_t(2));
        QCOMPARE(got.fields[1].first, std::string("X-A"));
        QCOMPARE(got.fields[1].second, std::string("b"));
    }
}

void Http1ClientTest::readsABodyLargerThanItsBuffer() {
    std::string body(3'000'000, 'x');
    for (std::size_t i = 0; i < body.size(); ++i)
        body[i] = static_cast<char>('a' + i % 23);
    std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < body.size(); i += 30'000)
        chunked += "7530\r\n" + body.substr(i, 30'000) + "\r\n";
    chunked += "0\r\n\r\n";
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        peer.request();
        peer.answer(body);
        peer.request();
        peer.send(chunked);
        peer.waitForClose();
    });
    Caller caller(server.port());
    QVERIFY(caller.send().body == body);
    QVERIFY(caller.send().body == body);
    QCOMPARE(server.accepted(), 1);
}

void Http1ClientTest::countsWireAndBodyBytes() {
    const std::string head = "HTTP/1.0 200 OK\r\nServer: old\r\n\r\n";
    ScriptedServer server(always(head + "until the end", true));
    Caller caller(server.port());
    for (int i = 0; i < 2; ++i) {
        const Got got = caller.send();
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body, std::string("until the end"));
        QCOMPARE(got.bodyBytes, std::uint64_t(13));
        QCOMPARE(got.wireBytes, std::uint64_t(head.size() + 13));
    }
    QCOMPARE(server.accepted(), 2);
}

void Http1ClientTest::reportsGarbageAsMalformed_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("not HTTP") << QByteArray("SSH-2.0-OpenSSH\r\n");
    QTest::newRow("bad status") << QByteArray("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("two lengths") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx");
    QTest::newRow("negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
    QTest::newRow("field without colon") << QByteArray("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n");
    QTest::newRow("space before colon") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n");
    QTest::newRow("bad chunk size") << QByteArray(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    QTest::newRow("unasked upgrade") << QByteArray("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    QTest::newRow("control character")
        << QByteArray("HTTP/1.1 200 OK\r\nX: a\x01z\r\nContent-Length: 0\r\n\r\n");
}

void Http1ClientTest::reportsGarbageAsMalformed() {
    QFETCH(QByteArray, wire);
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        peer.request();
        peer.send(wire.toStdString());
        peer.waitForClose();
    });
    Caller caller(server.port());
    const Got got = caller.send();
    QCOMPARE(got.status, 0);
    QCOMPARE(got.text, std::string("malformed answer"));
    QCOMPARE(int(got.error), int(Error::Malformed));
}

void Http1ClientTest::reportsAnAnswerCutShort() {
    ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true));
    Caller caller(server.port());
    const Got got = caller.send();
    QCOMPARE(got.status, 0);
    QCOMPARE(got.text, std::string("connection closed"));
    QCOMPARE(server.accepted(), 1);
}

void Http1ClientTest::reportsARefusedConnection() {
    std::uint16_t port = 0;
    {
        port = ScriptedServer([](ScriptedServer::Peer&) {}).port();
    }
    Caller caller(port);
    const Got got = caller.send();
    QCOMPARE(got.status, 0);
    QCOMPARE(got.text, std::string("connection refused"));
    QCOMPARE(int(got.error), int(Error::Unavailable));
}

void Http1ClientTest::reportsAnUnknownHost() {
    Caller caller(80, "no-such-host.invalid");
    const Got got = caller.send();
    QCOMPARE(got.text, std::string("host not found"));
    QCOMPARE(int(got.error), int(Error::NotFound));
}

void Http1ClientTest::triesTheOtherAddressesOfAName() {
    ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    Caller caller(server.port(), "localhost");  // ::1 first on many machines; the server is on 127.0.0.1.
    QCOMPARE(caller.send().status, 200);
}

void Http1ClientTest::givesUpAtTheTimeoutAndGoesOnWithANewConnection() {
    ScriptedServer server([](ScriptedServer::Peer& peer) {
        if (peer.number() == 0)
            return peer.waitForClose();
        while (!peer.request().empty())
            peer.answer("ok");
    });
    Caller caller(server.port());
    const Got late = caller.send(kGet, false, 30ms);
    QCOMPARE(late.text, std::string("timeout"));
    QCOMPARE(int(late.error), int(Error::Timeout));
    QVERIFY(late.done - late.sent >= 30ms);
    QCOMPARE(caller.send().status, 200);
    QCOMPARE(caller.send(kGet, false, 19s).status, 200);
    QCOMPARE(server.accepted(), 2);
}

void Http1ClientTest::sendsOnceMoreWhenAKeptConnectionWasClosed() {
    std::atomic<int> requests{0};
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        peer.request();
        ++requests;
        peer.answer("first");
        if (peer.request().empty())
            return;
        ++requests;
        if (peer.number() == 0)
            return peer.resetOnClose();  // Took the request, then gave the kept connection up without a byte.
        peer.answer("second");
        peer.waitForClose();
    });
    Caller caller(server.port());
    QCOMPARE(caller.send().body, std::string("first"));
    const Got again = caller.send();
    QCOMPARE(again.status, 200);
    QCOMPARE(again.body, std::string("first"));
    QCOMPARE(server.accepted(), 2);
    QCOMPARE(requests.load(), 3);
}

void Http1ClientTest::doesNotRepeatAPost() {
    ScriptedServer server([](ScriptedServer::Peer& peer) {
        peer.request();
        peer.answer("first");
        peer.request();
    });
    Caller caller(server.port());
    const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    QCOMPARE(caller.send(post).status, 200);
    QCOMPARE(caller.send(post).text, std::string("connection closed"));
    QCOMPARE(server.accepted(), 1);
}

void Http1ClientTest::doesNotRepeatOnAFreshConnection() {
    ScriptedServer server([](ScriptedServer::Peer& peer) { peer.request(); });
    Caller caller(server.port());
    QCOMPARE(caller.send().text, std::string("connection closed"));
    QCOMPARE(server.accepted(), 1);
}

void Http1ClientTest::opensANewConnectionWhenTheServerClosedWhileIdle() {
    ScriptedServer server([](ScriptedServer::Peer& peer) {
        peer.request();
        peer.answer("ok");
    });
    Caller caller(server.port());
    for (int i = 0; i < 5; ++i)
        QCOMPARE(caller.send().status, 200);
    QCOMPARE(server.accepted(), 5);
}

void Http1ClientTest::closesAfterEachAnswerWithoutKeepAlive() {
    ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    Caller caller(server.port());
    caller.client->setKeepAlive(false);
    for (int i = 0; i < 3; ++i)
        QVERIFY(caller.send().connected.count() > 0);
    QCOMPARE(server.accepted(), 3);
}

void Http1ClientTest::sendsABodyLargerThanTheSocketsBuffer() {
    const std::string body(20'000'000, 'b');
    std::atomic<std::size_t> received{0};
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        received = peer.request().size();
        peer.answer("ok");
        peer.waitForClose();
    });
    Caller caller(server.port());
    const std::string wire = "PUT / HTTP/1.1\r\nContent-Length: 20000000\r\n\r\n" + body;
    QCOMPARE(caller.send(wire).status, 200);
    QCOMPARE(received.load(), wire.size());
}

void Http1ClientTest::survivesBeingDestroyedInItsCallback() {
    ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    Caller caller(server.port());
    int status = 0;
    caller.client->send(kGet, false, true, 20s, [&](const Answer& answer) {
        status = answer.status;
        caller.client.reset();
        caller.loop->stop();
    });
    caller.loop->run();
    QCOMPARE(status, 200);
}

void Http1ClientTest::allocatesNothingPerRequestOnceWarm() {
    ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Name: value\r\n\r\nhello"));
    struct Round {
        std::unique_ptr<Loop> loop = Loop::create();
        std::unique_ptr<Client> client;
        int left = 0;
        void next() {
            if (left-- == 0)
                return loop->stop();
            client->send(kGet, false, false, 20s, [this](const Answer&) { next(); });
        }
    } round;
    round.client = Client::create(*round.loop, {"127.0.0.1", server.port()});
    round.left = 50;
    round.next();
    round.loop->run();
    round.left = 500;
    allocations = 0;
    counting = true;
    round.next();
    round.loop->run();
    counting = false;
    QVERIFY2(allocations <= 5, qPrintable(QString("%1 allocations in 500 requests").arg(allocations.load())));
}

void Http1ClientTest::timersFireInOrderAndNeverEarly() {
    const auto loop = Loop::create();
    std::vector<int> order;
    const Nanos start = monotonicNow();
    bool early = false;
    const auto note = [&](int id, Nanos due) {
        return [&, id, due] {
            early = early || monotonicNow() < due;
            order.push_back(id);
            if (order.size() == 5)
                loop->stop();
        };
    };
    loop->at(start + 3ms, note(4, start + 3ms));
    loop->at(start + 1ms, note(1, start + 1ms));
    loop->at(start + 2ms, note(2, start + 2ms));
    loop->at(start + 2ms, note(3, start + 2ms));
    loop->at(start, note(0, start));
    loop->run();
    QCOMPARE(order, (std::vector<int>{0, 1, 2, 3, 4}));
    QVERIFY(!early);
}

void Http1ClientTest::reachTellsWhatIsWrong() {
    std::uint16_t port = 0;
    {
        ScriptedServer server([](ScriptedServer::Peer& peer) { peer.waitForClose(); });
        port = server.port();
        const auto found = reach({"localhost", port}, 5s);
        QVERIFY(found.has_value());
        QCOMPARE(found->host, std::string("127.0.0.1"));
    }
    const auto gone = reach({"127.0.0.1", port}, 5s);
    QCOMPARE(int(gone.error().code), int(Error::Unavailable));
    QVERIFY(gone.error().what.find(std::to_string(port)) != std::string::npos);
    QVERIFY(!gone.error().hint.empty());
    QCOMPARE(int(reach({"no-such-host.invalid", 80}, 5s).error().code), int(Error::NotFound));
}

QTEST_GUILESS_MAIN(Http1ClientTest)
#include "http1_client_test.moc"

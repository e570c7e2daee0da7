#include "core/net/body_stream.h"
#include "core/net/raw_client.h"
#include "core/net/server.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using State = http::BodySource::State;
using namespace std::chrono_literals;

class ServerStreamTest : public QObject {
    Q_OBJECT
private slots:
    void contentOfUnknownLengthComesInChunks();
    void contentOfKnownLengthComesAsItIs();
    void oldClientsGetItUntilTheEndOfTheConnection();
    void answersWithoutContentPullNothing_data();
    void answersWithoutContentPullNothing();
    void contentThatIsCutShortEndsTheConnection_data();
    void contentThatIsCutShortEndsTheConnection();
    void contentThatComesLaterIsWaitedFor();
    void onlyAsMuchIsPulledAsTheClientTakes();
    void aClientThatGoesAwayReleasesTheSource();
    void stoppingTheServerReleasesTheSource();
    void theNextRequestWaitsForTheEndOfTheContent();
};

namespace {

/// Gives its pieces one by one; `last` says how it ends.
class Pieces final : public http::BodySource {
public:
    explicit Pieces(std::vector<std::string> pieces, State last = State::End)
        : m_pieces(std::move(pieces)), m_last(last) {}
    State read(std::string& out, std::size_t) override {
        ++reads;
        if (m_next < m_pieces.size())
            out.append(m_pieces[m_next++]);
        return m_next < m_pieces.size() ? State::More : m_last;
    }
    std::atomic<int> reads{0};

private:
    std::vector<std::string> m_pieces;
    std::size_t m_next = 0;
    State m_last;
};

/// Without end; counts what was taken, and whether it still exists.
class Endless final : public http::BodySource {
public:
    explicit Endless(std::atomic<std::size_t>& taken, std::atomic<int>& alive)
        : m_taken(taken), m_alive(alive) {
        ++m_alive;
    }
    ~Endless() override { --m_alive; }
    State read(std::string& out, std::size_t room) override {
        out.append(room, 'e');
        m_taken += room;
        return State::More;
    }

private:
    std::atomic<std::size_t>& m_taken;
    std::atomic<int>& m_alive;
};

/// Has nothing until it is told.
class Sleeping final : public http::BodySource {
public:
    explicit Sleeping(std::atomic<int>& alive) : m_alive(alive) { ++m_alive; }
    ~Sleeping() override { --m_alive; }
    State read(std::string& out, std::size_t) override {
        out.append(std::exchange(next, {}));
        return isOver ? State::End : State::Later;
    }
    std::string next;
    bool isOver = false;

private:
    std::atomic<int>& m_alive;
};

http::Response streamed(std::shared_ptr<http::BodySource> source, std::optional<std::uint64_t> length = {}) {
    http::Response out;
    out.source = std::move(source);
    out.sourceLength = length;
    return out;
}

/// What is left until the server ends the connection.
std::string readAll(RawClient& client) {
    std::string out;
    for (std::string more; !(more = client.readOnce()).empty();)
        out += more;
    return out;
}

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kGetAndClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

}  // namespace

void ServerStreamTest::contentOfUnknownLengthComesInChunks() {
    const auto server = serve([](const http::Request&, Responder respond) {
        respond(
            streamed(std::make_shared<Pieces>(std::vector<std::string>{"one", "", std::string(17, 't')})));
    });
    RawClient client(server->port());
    client.send(kGetAndClose);
    const auto head = client.read();
    QVERIFY(head.has("Transfer-Encoding: chunked"));
    QVERIFY(!head.head.contains("Content-Length"));
    QCOMPARE(readAll(client), "3\r\none\r\n11\r\n" + std::string(17, 't') + "\r\n0\r\n\r\n");
}

void ServerStreamTest::contentOfKnownLengthComesAsItIs() {
    const auto server = serve([](const http::Request&, Responder respond) {
        respond(streamed(std::make_shared<Pieces>(std::vector<std::string>{"one", "two"}), 6));
    });
    RawClient client(server->port());
    for (int i = 0; i < 3; ++i) {
        const auto answer = client.ask(kGet);
        QVERIFY(answer.has("Content-Length: 6"));
        QVERIFY(!answer.head.contains("Transfer-Encoding"));
        QCOMPARE(answer.body, std::string("onetwo"));
    }
}

void ServerStreamTest::oldClientsGetItUntilTheEndOfTheConnection() {
    const auto server = serve([](const http::Request&, Responder respond) {
        respond(streamed(std::make_shared<Pieces>(std::vector<std::string>{"one", "two"})));
    });
    RawClient client(server->port());
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const auto head = client.read();
    QVERIFY(head.has("Connection: close"));
    QVERIFY(!head.head.contains("Transfer-Encoding"));
    QCOMPARE(readAll(client), std::string("onetwo"));
}

void ServerStreamTest::answersWithoutContentPullNothing_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::newRow("HEAD") << QByteArray("HEAD") << 200;
    QTest::newRow("204") << QByteArray("GET") << 204;
    QTest::newRow("304") << QByteArray("GET") << 304;
}

void ServerStreamTest::answersWithoutContentPullNothing() {
    QFETCH(QByteArray, method);
    QFETCH(int, status);
    const auto source = std::make_shared<Pieces>(std::vector<std::string>{"never"});
    const auto server = serve([&](const http::Request& request, Responder respond) {
        auto out = request.path == "/next" ? text("next") : streamed(source);
        out.status = request.path == "/next" ? 200 : status;
        respond(std::move(out));
    });
    RawClient client(server->port());
    client.send(method.toStdString() + " / HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read(false);
    QCOMPARE(head.status, status);
    QCOMPARE(head.has("Transfer-Encoding: chunked"), status == 200);  // the fields of GET
    QCOMPARE(client.read().body, std::string("next"));
    QCOMPARE(source->reads.load(), 0);
    QCOMPARE(source.use_count(), 1L);
}

void ServerStreamTest::contentThatIsCutShortEndsTheConnection_data() {
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("fails");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("chunks fail") << -1 << true << QByteArray("3\r\none\r\n");
    QTest::newRow("length fails") << 6 << true << QByteArray("one");
    QTest::newRow("length too long") << 6 << false << QByteArray("one");
    QTest::newRow("length too short") << 2 << false << QByteArray("");
}

void ServerStreamTest::contentThatIsCutShortEndsTheConnection() {
    QFETCH(int, length);
    QFETCH(bool, fails);
    QFETCH(QByteArray, expected);
    const auto server = serve([&](const http::Request&, Responder respond) {
        auto source =
            std::make_shared<Pieces>(std::vector<std::string>{"one"}, fails ? State::Failed : State::End);
        respond(
            streamed(std::move(source), length < 0 ? std::nullopt : std::optional<std::uint64_t>(length)));
    });
    RawClient client(server->port());
    client.send(std::string(kGet) + std::string(kGet));  // the second is never answered
    std::string all = readAll(client);
    const std::size_t end = all.find("\r\n\r\n");
    QVERIFY(end != std::string::npos);
    QCOMPARE(all.substr(end + 4), expected.toStdString());
}

void ServerStreamTest::contentThatComesLaterIsWaitedFor() {
    std::atomic<int> alive{0};
    std::function<void(std::function<void()>)> post;
    const auto source = std::make_shared<Sleeping>(alive);
    const auto server =
        Server::create({}, [&](int) {
            auto out = std::make_unique<FunctionHandler>(
                [&](const http::Request&, Responder respond) { respond(streamed(source)); });
            post = [handler = out.get()](std::function<void()> task) { handler->post(std::move(task)); };
            return out;
        }).value();
    RawClient client(server->port());
    client.send(kGetAndClose);
    QVERIFY(client.read().has("Transfer-Encoding: chunked"));  // the head does not wait for the content
    post([&] {
        source->next = "first";
        source->onReady();
    });
    QCOMPARE(client.readOnce(), std::string("5\r\nfirst\r\n"));
    post([&] {
        source->next = "last";
        source->isOver = true;
        source->onReady();
    });
    QCOMPARE(readAll(client), std::string("4\r\nlast\r\n0\r\n\r\n"));
    QTRY_COMPARE(source.use_count(), 1L);
}

void ServerStreamTest::onlyAsMuchIsPulledAsTheClientTakes() {
    std::atomic<std::size_t> taken{0};
    std::atomic<int> alive{0};
    {
        const auto server =
            serve([&](const http::Request&,
                      Responder respond) { respond(streamed(std::make_shared<Endless>(taken, alive))); },
                  {.limits = {.writeTimeout = 20ms}});
        RawClient client(server->port());
        client.send(kGet);
        // The client does not read: once the buffers between are full, nothing more is pulled, and the write
        // timeout ends it.
        QTRY_COMPARE(server->counters().requests, std::uint64_t(1));
        QTRY_COMPARE(server->counters().open, std::uint64_t(0));
        QVERIFY(taken > 0);
        QVERIFY(taken <= server->counters().bytesOut + 128 * 1024);
    }
    QCOMPARE(alive.load(), 0);
}

void ServerStreamTest::aClientThatGoesAwayReleasesTheSource() {
    std::atomic<std::size_t> taken{0};
    std::atomic<int> alive{0};
    const auto server = serve([&](const http::Request&, Responder respond) {
        respond(streamed(std::make_shared<Endless>(taken, alive)));
    });
    RawClient client(server->port());
    client.send(kGet);
    QVERIFY(!client.readOnce().empty());
    client.resetNow();
    QTRY_COMPARE(alive.load(), 0);
    QTRY_COMPARE(server->counters().open, std::uint64_t(0));
}

void ServerStreamTest::stoppingTheServerReleasesTheSource() {
    std::atomic<int> alive{0};
    const auto server = serve([&](const http::Request&, Responder respond) {
        respond(streamed(std::make_shared<Sleeping>(alive)));
    });
    RawClient client(server->port());
    client.send(kGet);
    QCOMPARE(client.read().status, 200);
    QCOMPARE(alive.load(), 1);
    server->stop(1ms);
    QCOMPARE(alive.load(), 0);
    QVERIFY(client.ended());
}

void ServerStreamTest::theNextRequestWaitsForTheEndOfTheContent() {
    const std::string piece(100'000, 'p');
    const auto server = serve([&](const http::Request& request, Responder respond) {
        if (request.path == "/")
            respond(
                streamed(std::make_shared<Pieces>(std::vector<std::string>{piece, piece, piece}), 300'000));
        else
            echo(request, std::move(respond));
    });
    RawClient client(server->port());
    client.send(std::string(kGet) + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(kGet));
    QVERIFY(client.read().body == piece + piece + piece);
    QCOMPARE(client.read().body, std::string("GET /next? "));
    QVERIFY(client.read().body == piece + piece + piece);
}

QTEST_GUILESS_MAIN(ServerStreamTest)
#include "server_stream_test.moc"

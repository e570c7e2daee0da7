#include "core/net/server_path.h"

#include "core/net/raw_client.h"

#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

using namespace hone;
using namespace hone::net;
using namespace hone::net::testing;
using namespace std::chrono_literals;

class ServerPathTest : public QObject {
    Q_OBJECT
private slots:
    void bytesAreDeliveredWhenTheyWouldHaveArrived();
    void bytesLeaveWhenTheLineLetsThem();
    void nothingIsDueWhenNothingIsUnderWay();
    void aRequestOnALongLinkIsNotYetHandled();
    void anAnswerOnASlowLineIsNotYetSent();
    void answersArriveWholeOverALink_data();
    void answersArriveWholeOverALink();
    void anAnswerUnderWayArrivesThoughTheClientStoppedSending();
};

namespace {

constexpr Nanos kStart = 1s;

void receive(ServerPath& path, Nanos now, std::string_view bytes) {
    const std::span<char> room = path.room(bytes.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    path.received(now, bytes.size());
}

std::string_view contentOf(InputBuffer& in) { return {in.data(), in.size()}; }

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

void ServerPathTest::bytesAreDeliveredWhenTheyWouldHaveArrived() {
    ServerPath path({.rtt = 100ms}, 1, kStart);
    InputBuffer in;
    receive(path, kStart + 1s, "first ");  // the handshake is long over
    receive(path, kStart + 1s + 1ms, "second");
    QCOMPARE(path.next(true).count(), Nanos(kStart + 1s + 50ms).count());
    QVERIFY(!path.deliver(kStart + 1s + 49ms, in));
    QVERIFY(path.deliver(kStart + 1s + 50ms, in));
    QCOMPARE(contentOf(in), std::string_view("first "));
    QVERIFY(path.hasArrivals());
    QVERIFY(path.deliver(kStart + 2s, in));
    QCOMPARE(contentOf(in), std::string_view("first second"));
    QVERIFY(!path.hasArrivals());
}

void ServerPathTest::bytesLeaveWhenTheLineLetsThem() {
    std::array<int, 2> fds{};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    ServerPath path({.downBitsPerSecond = 8'000}, 1, kStart);  // a thousand bytes a second
    OutputQueue out;
    out.text().assign(1'000, 'x');
    path.queue(kStart, out);
    QVERIFY(out.empty() && path.hasOutput());
    std::uint64_t sent = 0;
    QCOMPARE(path.sendTo(fds[0], kStart + 999ms, sent), OutputQueue::Outcome::Done);
    QCOMPARE(sent, std::uint64_t(0));
    QCOMPARE(path.next(false).count(), Nanos(kStart + 1s).count());
    QCOMPARE(path.sendTo(fds[0], kStart + 1s, sent), OutputQueue::Outcome::Done);
    QCOMPARE(sent, std::uint64_t(1'000));
    QVERIFY(!path.hasOutput());
    ::close(fds[0]);
    ::close(fds[1]);
}

void ServerPathTest::nothingIsDueWhenNothingIsUnderWay() {
    ServerPath path({.rtt = 10ms}, 1, kStart);
    InputBuffer in;
    QCOMPARE(path.next(true).count(), Nanos::max().count());
    QVERIFY(!path.deliver(kStart + 1h, in));
    QVERIFY(path.mayRead());
    QVERIFY(!path.isFull());
}

void ServerPathTest::aRequestOnALongLinkIsNotYetHandled() {
    const auto server = serve(echo, {.link = LinkOptions{.rtt = 1h}});
    RawClient client(server->port());
    client.send(kGet);
    QTRY_COMPARE(server->counters().bytesIn, std::uint64_t(kGet.size()));
    QCOMPARE(server->counters().requests, std::uint64_t(0));
}

void ServerPathTest::anAnswerOnASlowLineIsNotYetSent() {
    const auto server = serve(echo, {.link = LinkOptions{.downBitsPerSecond = 1}});
    RawClient client(server->port());
    client.send(kGet);
    QTRY_COMPARE(server->counters().requests, std::uint64_t(1));
    QCOMPARE(server->counters().bytesOut, std::uint64_t(0));
}

void ServerPathTest::answersArriveWholeOverALink_data() {
    QTest::addColumn<QByteArray>("link");
    QTest::newRow("no delay") << QByteArray("rtt=0ms");
    QTest::newRow("delay") << QByteArray("rtt=4ms,jitter=1ms");
    QTest::newRow("rate and loss") << QByteArray("rtt=2ms,down=800Mbit,up=800Mbit,loss=0.2%");
}

void ServerPathTest::answersArriveWholeOverALink() {
    QFETCH(QByteArray, link);
    const auto options = parseLink(link.toStdString());
    QVERIFY(options);
    std::string big(1'000'000, 'x');
    for (std::size_t i = 0; i < big.size(); i += 100)
        big[i] = static_cast<char>('a' + i / 100 % 26);
    const auto server =
        serve([&](const http::Request& request,
                  Responder respond) { respond(text(request.body == big ? big : "differs")); },
              {.link = *options});
    RawClient client(server->port());
    const std::string upload = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + big;
    client.send(upload);
    QVERIFY(client.read().body == big);
    QVERIFY(client.ask(upload).body == big);
    QCOMPARE(client.ask(kGet).body, std::string("differs"));
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    QCOMPARE(client.read().body, std::string("differs"));
    QVERIFY(client.ended());
}

void ServerPathTest::anAnswerUnderWayArrivesThoughTheClientStoppedSending() {
    const auto server = serve(echo, {.link = LinkOptions{.rtt = 4ms}});
    RawClient client(server->port());
    client.send(kGet);
    ::shutdown(client.fd(), SHUT_WR);
    QCOMPARE(client.read().body, std::string("GET /? "));
    QVERIFY(client.ended());
}

QTEST_GUILESS_MAIN(ServerPathTest)
#include "server_path_test.moc"

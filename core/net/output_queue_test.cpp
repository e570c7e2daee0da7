#include "core/net/output_queue.h"

#include "core/net/input_buffer.h"

#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

using namespace hone;
using namespace hone::net;

class OutputQueueTest : public QObject {
    Q_OBJECT
private slots:
    void everythingReadyLeavesInOrder();
    void aBlockedQueueGoesOnWhereItStopped();
    void aClosedPeerIsAFailureNotASignal();
    void theInputBufferKeepsItsBytesWhileItGrows();
};

namespace {

struct Pair {
    Pair() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()); }
    ~Pair() {
        ::close(fds[0]);
        ::close(fds[1]);
    }
    std::string drain() {
        std::string out;
        char bytes[65536];
        for (ssize_t n = 0; (n = ::recv(fds[1], bytes, sizeof bytes, 0)) > 0;)
            out.append(bytes, static_cast<std::size_t>(n));
        return out;
    }
    std::array<int, 2> fds{};
};

}  // namespace

void OutputQueueTest::everythingReadyLeavesInOrder() {
    Pair pair;
    OutputQueue out;
    const std::string big(20'000, 'b');
    out.text() += "1";
    out.addBody(std::string("small"));
    out.text() += "2";
    out.addBody(std::string(big));
    out.addBody(http::prepare(200, {}, big));
    out.text() += "3";
    QCOMPARE(out.size(), std::size_t(8 + 40'000));
    std::uint64_t sent = 0;
    QCOMPARE(out.sendTo(pair.fds[0], sent), OutputQueue::Outcome::Done);
    QCOMPARE(sent, std::uint64_t(40'008));
    QVERIFY(out.empty());
    QVERIFY(pair.drain() == "1small2" + big + big + "3");
}

void OutputQueueTest::aBlockedQueueGoesOnWhereItStopped() {
    Pair pair;
    OutputQueue out;
    std::string expected;
    // More pieces than one system call takes, more bytes than the socket takes.
    for (int i = 0; i < 200; ++i) {
        const std::string body(9'000 + static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
        out.text() += std::to_string(i);
        out.addBody(std::string(body));
        expected += std::to_string(i) + body;
    }
    std::string received;
    std::uint64_t sent = 0;
    int blocked = 0;
    while (out.sendTo(pair.fds[0], sent) == OutputQueue::Outcome::Blocked) {
        ++blocked;
        received += pair.drain();
    }
    received += pair.drain();
    QVERIFY(blocked > 0);
    QVERIFY(received == expected);
    QCOMPARE(sent, std::uint64_t(expected.size()));
}

void OutputQueueTest::aClosedPeerIsAFailureNotASignal() {
    Pair pair;
    ::shutdown(pair.fds[1], SHUT_RDWR);
    OutputQueue out;
    out.text() += "x";
    std::uint64_t sent = 0;
    QCOMPARE(out.sendTo(pair.fds[0], sent), OutputQueue::Outcome::Failed);
}

void OutputQueueTest::theInputBufferKeepsItsBytesWhileItGrows() {
    InputBuffer in;
    std::string expected;
    for (int i = 0; expected.size() < 300'000; ++i) {
        const std::span<char> room = in.room();
        QVERIFY(room.size() >= 1024);
        const std::size_t n = std::min<std::size_t>(room.size(), 700);
        std::fill_n(room.begin(), n, static_cast<char>('a' + i % 26));
        in.commit(n);
        expected.append(n, static_cast<char>('a' + i % 26));
        if (i % 3 == 0) {
            in.consume(500);
            expected.erase(0, 500);
        }
    }
    QVERIFY(std::string_view(in.data(), in.size()) == expected);
    in.consume(in.size());
    QVERIFY(in.empty());
    QVERIFY(in.room().size() <= 64 * 1024);  // what the big request needed was given back
}

QTEST_GUILESS_MAIN(OutputQueueTest)
#include "output_queue_test.moc"

#include "core/net/link.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::net;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr std::size_t kMegabyte = 1'000'000;
constexpr Nanos kStart = 1'000s;  // an uptime, so that nothing leans on a clock near 0

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

double ms(Nanos time) { return static_cast<double>(time.count()) / 1e6; }

/// The vectors have ten digits: a tenth of a microsecond.
bool near(double a, double b) { return std::abs(a - b) < 1e-4; }

/// When all that is queued has been released, going from one release to the next.
Nanos drain(Link& link, std::size_t bytes) {
    Nanos now{0};
    while (bytes > 0) {
        now = link.nextRelease();
        bytes -= std::min(bytes, link.release(now));
    }
    return now;
}

LinkOptions options(Nanos rtt, double down = 0, double loss = 0) {
    return {.rtt = rtt, .downBitsPerSecond = down, .loss = loss};
}

/// The row's path, the model's server time and a request too small to count.
struct Row {
    explicit Row(const json& row)
        : link{.rtt = Nanos(std::llround(row["rtt_ms"].get<double>() * 1e6)),
               .downBitsPerSecond = row["mbps"].get<double>() * 1e6},
          bytes(row["bytes"]),
          server(std::llround(row["server_ms"].get<double>() * 1e6)) {}
    LinkOptions link;
    std::size_t bytes;
    Nanos server;
};

}  // namespace

class LinkTest : public QObject {
    Q_OBJECT
private slots:
    void takesAsLongAsTheModelOnAColdConnection();
    void takesAsLongAsTheModelOnAKeptConnection();
    void projectsWhatTheModelSays();
    void projectsWhatALiveLinkDoes_data();
    void projectsWhatALiveLinkDoes();
    void departsLikeTheTokenBucket();
    void sendsTenSegmentsBeforeItWaitsForTheClient();
    void doublesTheFlightEachRoundTrip();
    void keepsTheWindowOfABusyConnection();
    void restartsSlowStartAfterARest();
    void letsASmallAnswerLeaveTheWindowAlone();
    void holdsTheFirstBytesUntilTheHandshakeIsOver();
    void chargesUploadsToo();
    void delaysALossyFlightByOneRetransmission_data();
    void delaysALossyFlightByOneRetransmission();
    void losesTheShareThatWasAskedFor();
    void neverReorders();
    void jittersAroundHalfTheRoundTrip();
    void repeatsItselfForASeedAndDiffersBetweenConnections();
    void releasesAllAtOnceOnLoopback();
    void expectsTheDelayThatLossCausesOnAverage();
    void spreadsBytesOverRoundTrips();
};

void LinkTest::takesAsLongAsTheModelOnAColdConnection() {
    const json& rows = vectors()["tcp_slow_start_model"]["rows"];
    QVERIFY(rows.size() > 20);
    for (const json& expected : rows) {
        const Row row(expected);
        Link link(row.link, 1);
        link.opened(kStart);
        // TLS 1.3: the client's first flight, the server's, then the request; too small to count.
        const Nanos hello = link.received(kStart, 1);
        QCOMPARE(hello, kStart + row.link.rtt + row.link.rtt / 2);
        link.queued(hello, 1);
        drain(link, 1);
        const Nanos asked = link.received(kStart + 2 * row.link.rtt, 1);
        link.queued(asked + row.server, row.bytes);
        const Nanos total = drain(link, row.bytes) - kStart;
        QVERIFY2(near(ms(total), expected["smooth_cold_total_ms"]), expected.dump().c_str());
    }
}

void LinkTest::takesAsLongAsTheModelOnAKeptConnection() {
    for (const json& expected : vectors()["tcp_slow_start_model"]["rows"]) {
        const Row row(expected);
        Link link(row.link, 1);
        link.opened(kStart - 100s);
        link.queued(kStart - 50s, kMegabyte);  // what came before, long ago
        link.release(kStart);
        const Nanos asked = link.received(kStart, 1);
        QCOMPARE(asked, kStart + row.link.rtt / 2);
        link.queued(asked + row.server, row.bytes);
        const Nanos total = drain(link, row.bytes) - kStart;
        QVERIFY2(near(ms(total), expected["smooth_warm_total_ms"]), expected.dump().c_str());
    }
}

void LinkTest::projectsWhatTheModelSays() {
    for (const json& expected : vectors()["tcp_slow_start_model"]["rows"]) {
        const Row row(expected);
        const auto cold = projectTransfer(row.link, {.downBytes = row.bytes, .handshakeRoundTrips = 2});
        QVERIFY2(near(ms(cold.firstByte + row.server), expected["cold_tls_ttfb_ms"]),
                 expected.dump().c_str());
        QVERIFY2(near(ms(cold.total + row.server), expected["smooth_cold_total_ms"]),
                 expected.dump().c_str());
        const auto warm = projectTransfer(row.link, {.downBytes = row.bytes});
        QVERIFY2(near(ms(warm.total + row.server), expected["smooth_warm_total_ms"]),
                 expected.dump().c_str());
        const double largest = std::ceil(row.link.downBitsPerSecond / 8 * ms(row.link.rtt) / 1e3 / 1460);
        QCOMPARE(static_cast<double>(largestWindow(row.link.rtt, row.link.downBitsPerSecond)),
                 largest * 1460);
        QVERIFY(largest - expected["max_cwnd"].get<int>() <= 1);
    }
}

void LinkTest::projectsWhatALiveLinkDoes_data() {
    QTest::addColumn<int>("preset");
    for (std::size_t i = 0; i < linkPresets().size(); ++i)
        QTest::addRow("%s", linkPresets()[i].options.name.c_str()) << static_cast<int>(i);
}

void LinkTest::projectsWhatALiveLinkDoes() {
    QFETCH(int, preset);
    LinkOptions path = linkPresets()[static_cast<std::size_t>(preset)].options;
    for (const double burst : {0.0, 3000.0}) {
        path.burstBytes = burst;
        for (const std::size_t bytes : {1uz, 1'460uz, 14'600uz, 14'601uz, 100'000uz, 3'000'000uz}) {
            Link link(path, 1);
            const Nanos open = link.opened(kStart);
            const Nanos asked = link.received(kStart, 500);
            QVERIFY(asked >= open);
            link.queued(asked, bytes);
            const auto projected =
                projectTransfer(path, {.upBytes = 500, .downBytes = bytes, .handshakeRoundTrips = 1});
            QVERIFY(near(ms(drain(link, bytes) - kStart), ms(projected.total)));
        }
    }
}

void LinkTest::departsLikeTheTokenBucket() {
    const json& vector = vectors()["token_bucket"];
    const double bits = vector["rate_Bps"].get<double>() * 8;
    const double burst = vector["burst_B"];
    const auto expected = vector["departure_ms"].get<std::vector<double>>();
    QCOMPARE(expected.size(), 11uz);
    Bottleneck bottleneck(bits, burst);
    Link link({.downBitsPerSecond = bits, .burstBytes = burst}, 1);
    link.queued(kStart, 10 * 1460);
    std::size_t linked = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const Nanos offered = i < 10 ? kStart : kStart + 100ms;
        QVERIFY(near(ms(bottleneck.send(offered, 1460) - kStart), expected[i]));
        if (i == 10)
            link.queued(offered, 1460);
        const Nanos due = kStart + Nanos(std::llround(expected[i] * 1e6));
        linked += link.release(due);
        QVERIFY(linked >= (i + 1) * 1460);
        QVERIFY(link.nextRelease() > due);
    }
    QCOMPARE(linked, 11uz * 1460);
}

void LinkTest::sendsTenSegmentsBeforeItWaitsForTheClient() {
    Link link(options(100ms), 1);
    link.queued(kStart, 14'601);
    QCOMPARE(link.release(kStart + 50ms - 1ns), 0uz);
    QCOMPARE(link.release(kStart + 50ms), 14'600uz);
    QCOMPARE(link.nextRelease(), kStart + 150ms);
    QCOMPARE(link.release(kStart + 150ms), 1uz);
    QCOMPARE(link.nextRelease(), Nanos::max());
}

void LinkTest::doublesTheFlightEachRoundTrip() {
    Link link(options(100ms), 1);
    link.queued(kStart, kMegabyte);
    std::size_t flight = 14'600;
    for (Nanos now = kStart + 50ms; now < kStart + 600ms; now += 100ms, flight *= 2) {
        QCOMPARE(link.nextRelease(), now);
        QCOMPARE(link.release(now), flight);
    }
}

void LinkTest::keepsTheWindowOfABusyConnection() {
    Link link(options(100ms), 1);
    link.queued(kStart, 14'600 + 29'200);
    QCOMPARE(drain(link, 43'800), kStart + 150ms);
    link.queued(kStart + 210ms, 58'401);
    QCOMPARE(link.release(kStart + 260ms), 58'400uz);
}

void LinkTest::restartsSlowStartAfterARest() {
    Link link(options(100ms), 1);
    link.queued(kStart, 14'600 + 29'200);
    QCOMPARE(drain(link, 43'800), kStart + 150ms);
    // Last sent at 100 ms; the timeout is the round trip and 200 ms.
    link.queued(kStart + 401ms, 58'400);
    QCOMPARE(link.release(kStart + 451ms), 14'600uz);
}

void LinkTest::letsASmallAnswerLeaveTheWindowAlone() {
    Link link(options(100ms), 1);
    for (Nanos now = kStart; now < kStart + 1s; now += 100ms) {
        link.queued(now, 2'000);
        QCOMPARE(link.release(now + 50ms), 2'000uz);
    }
    link.queued(kStart + 1s, 50'000);
    QCOMPARE(link.release(kStart + 1s + 50ms), 14'600uz);
}

void LinkTest::holdsTheFirstBytesUntilTheHandshakeIsOver() {
    Link link(options(80ms), 1);
    QCOMPARE(link.opened(kStart), kStart + 120ms);
    QCOMPARE(link.received(kStart + 1ms, 100), kStart + 120ms);
    QCOMPARE(link.received(kStart + 200ms, 100), kStart + 240ms);
    Link early(options(80ms), 2);
    early.opened(kStart);
    early.queued(kStart, 10);  // a server that speaks first
    QCOMPARE(early.nextRelease(), kStart + 160ms);
}

void LinkTest::chargesUploadsToo() {
    LinkOptions path = options(100ms);
    path.upBitsPerSecond = 8e6;  // 1 µs a byte; the path holds 69 segments
    Link link(path, 1);
    QCOMPARE(link.received(kStart, 1'000), kStart + 51ms);
    Link fresh(path, 2);
    QCOMPARE(fresh.received(kStart, 14'600 + 1'000), kStart + 151ms);
}

void LinkTest::delaysALossyFlightByOneRetransmission_data() {
    QTest::addColumn<int>("rttMs");
    QTest::addColumn<int>("delayMs");
    QTest::newRow("the timeout where the path is short") << 40 << 200;
    QTest::newRow("a round trip where it is long") << 300 << 300;
}

void LinkTest::delaysALossyFlightByOneRetransmission() {
    QFETCH(int, rttMs);
    QFETCH(int, delayMs);
    const Nanos rtt = rttMs * 1ms, delay = delayMs * 1ms;
    QCOMPARE(retransmissionDelay(rtt), delay);
    int lost = 0, intact = 0;
    for (std::uint64_t connection = 0; connection < 200; ++connection) {
        Link link(options(rtt, 0, 0.05), connection);
        link.queued(kStart, 10 * 1460);
        const std::size_t first = link.release(kStart + rtt / 2);
        QCOMPARE(first % 1460, 0uz);
        if (first == 14'600) {
            ++intact;
            continue;
        }
        ++lost;  // what came before the loss is there, the rest comes together and once
        QCOMPARE(link.nextRelease(), kStart + rtt / 2 + delay);
        QCOMPARE(link.release(kStart + rtt / 2 + delay), 14'600 - first);
    }
    // 1 - 0.95^10 = 40 %: 80 of 200, five standard deviations are 35.
    QVERIFY(lost > 45 && lost < 115);
    QCOMPARE(lost + intact, 200);
}

void LinkTest::losesTheShareThatWasAskedFor() {
    int delayed = 0;
    constexpr int kAnswers = 20'000;
    Link link(options(10ms, 0, 0.02), 7);
    for (int i = 0; i < kAnswers; ++i) {
        const Nanos now = kStart + i * 1s;
        link.queued(now, 1'000);
        delayed += drain(link, 1'000) > now + 5ms ? 1 : 0;
    }
    QVERIFY(delayed > 300 && delayed < 500);  // 400, five standard deviations are 99
}

void LinkTest::neverReorders() {
    LinkOptions path = options(20ms, 50e6, 0.05);
    path.jitter = 30ms;
    Link link(path, 3);
    link.opened(kStart);
    Nanos lastIn{0}, lastOut{0};
    std::size_t queued = 0, released = 0;
    for (int i = 0; i < 2'000; ++i) {
        const Nanos now = kStart + i * 3ms;
        const Nanos in = link.received(now, 100 + static_cast<std::size_t>(i));
        QVERIFY(in >= lastIn && in >= now);
        lastIn = in;
        link.queued(now, 5'000);
        queued += 5'000;
        while (link.nextRelease() <= now) {
            QVERIFY(link.nextRelease() >= lastOut);
            lastOut = link.nextRelease();
            released += link.release(lastOut);
        }
        QVERIFY(released <= queued);
    }
    drain(link, queued - released);
    QCOMPARE(link.release(Nanos::max()), 0uz);
}

void LinkTest::jittersAroundHalfTheRoundTrip() {
    LinkOptions path = options(100ms);
    path.jitter = 5ms;
    Link link(path, 11);
    double sum = 0, squares = 0;
    constexpr int kAnswers = 10'000;
    for (int i = 0; i < kAnswers; ++i) {
        const Nanos now = kStart + i * 1s;
        link.queued(now, 100);
        const double off = ms(drain(link, 100) - now) - 50;
        sum += off;
        squares += off * off;
    }
    QVERIFY(std::abs(sum / kAnswers) < 0.25);  // five standard errors
    QVERIFY(std::abs(std::sqrt(squares / kAnswers) - 5) < 0.2);
}

void LinkTest::repeatsItselfForASeedAndDiffersBetweenConnections() {
    LinkOptions path = options(50ms, 10e6, 0.1);
    path.jitter = 10ms;
    const auto trace = [](const LinkOptions& link, std::uint64_t connection) {
        Link one(link, connection);
        std::vector<Nanos> times{one.received(kStart, 10'000)};
        one.queued(kStart, 200'000);
        for (Nanos due = one.nextRelease(); due != Nanos::max(); due = one.nextRelease()) {
            times.push_back(due);
            one.release(due);
        }
        return times;
    };
    QCOMPARE(trace(path, 5), trace(path, 5));
    QVERIFY(trace(path, 5) != trace(path, 6));
    LinkOptions other = path;
    other.seed = 2;
    QVERIFY(trace(path, 5) != trace(other, 5));
}

void LinkTest::releasesAllAtOnceOnLoopback() {
    Link link({}, 1);
    QCOMPARE(link.opened(kStart), kStart);
    QCOMPARE(link.received(kStart, kMegabyte), kStart);
    link.queued(kStart, 50 * kMegabyte);
    QCOMPARE(link.nextRelease(), kStart);
    QCOMPARE(link.release(kStart), 50 * kMegabyte);
    QCOMPARE(link.release(kStart), 0uz);
}

void LinkTest::expectsTheDelayThatLossCausesOnAverage() {
    const LinkOptions path = options(80ms, 20e6, 0.01);
    constexpr int kConnections = 3'000;
    double sum = 0;
    for (std::uint64_t connection = 0; connection < kConnections; ++connection) {
        Link link(path, connection);
        link.queued(kStart, 100'000);
        sum += ms(drain(link, 100'000) - kStart);
    }
    const double projected = ms(projectTransfer(path, {.downBytes = 100'000}).total) - 40;
    QVERIFY(std::abs(sum / kConnections - projected) < projected * 0.03);
    QVERIFY(projected > ms(projectTransfer(options(80ms, 20e6), {.downBytes = 100'000}).total) - 40);
}

void LinkTest::spreadsBytesOverRoundTrips() {
    const LinkOptions path = options(100ms);
    const auto once = projectTransfer(path, {.upBytes = 1'000, .downBytes = 10'000});
    const auto often = projectTransfer(path, {.upBytes = 1'000, .downBytes = 10'000, .roundTrips = 5});
    QCOMPARE(once.total, Nanos(100ms));
    QCOMPARE(often.total, Nanos(500ms));
    QCOMPARE(often.firstByte, Nanos(500ms));
}

QTEST_GUILESS_MAIN(LinkTest)
#include "link_test.moc"

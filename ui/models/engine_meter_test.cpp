#include "ui/models/engine_meter.h"

#include "ui/format/format.h"

#include <QTest>

using namespace hone;
using namespace hone::ui;
using namespace std::chrono_literals;

namespace {

const engine::Counter kCounters[] = {{.id = "hits", .label = "Hits"},
                                     {.id = "misses", .label = "Misses"},
                                     {.id = "size", .label = "Size", .kind = engine::Counter::Level}};

engine::ToggleDef toggle(engine::Figure figure) {
    engine::ToggleDef def;
    def.id = "cache";
    def.counters = kCounters;
    def.figure = figure;
    return def;
}

engine::Snapshot at(Nanos when, std::uint64_t requests, double hits, double misses) {
    engine::Snapshot snapshot;
    snapshot.taken = when;
    snapshot.requests = requests;
    snapshot.counters[0] = {{"cache.hits", hits}, {"cache.misses", misses}, {"cache.size", 7}};
    return snapshot;
}

}  // namespace

class EngineMeterTest : public QObject {
    Q_OBJECT
private slots:
    void ratesAreDifferencesOverTime();
    void p95IsOfTheRequestsInBetweenOnly();
    void aShareIsOfTheIntervalNotSinceTheStart();
    void countersThatFellWereStartedAnew();
    void levelsAreTheNewestValue();
    void nothingHappenedSaysNothing();
};

void EngineMeterTest::ratesAreDifferencesOverTime() {
    const auto reading = difference(at(1s, 1000, 0, 0), at(3s, 1500, 0, 0), {});
    QCOMPARE(reading.requestsPerSecond, 250.0);
    QCOMPARE(reading.seconds, 2.0);
}

void EngineMeterTest::p95IsOfTheRequestsInBetweenOnly() {
    auto before = at(1s, 100, 0, 0);
    before.latency.recordN(50'000, 1000);
    auto now = at(2s, 200, 0, 0);
    now.latency = before.latency;
    now.latency.recordN(100, 94);
    now.latency.recordN(400, 6);
    QCOMPARE(difference(before, now, {}).p95Us, 400.0);
}

void EngineMeterTest::aShareIsOfTheIntervalNotSinceTheStart() {
    const auto def =
        toggle({.kind = engine::Figure::Share, .part = "hits", .rest = "misses", .label = "hit"});
    const engine::ToggleDef* const list[] = {&def};
    const auto reading = difference(at(1s, 0, 0, 1'000'000), at(2s, 0, 90, 1'000'010), list);
    QCOMPARE(figureText(def, reading), QStringLiteral("hit ") + percent(0.9));
    QCOMPARE(figureShare(def, reading).value(), 0.9);
}

void EngineMeterTest::countersThatFellWereStartedAnew() {
    const auto def = toggle({.kind = engine::Figure::Rate, .part = "hits", .label = "answered"});
    const engine::ToggleDef* const list[] = {&def};
    const auto reading = difference(at(1s, 0, 5000, 0), at(2s, 0, 40, 0), list);
    QCOMPARE(figureText(def, reading), rate(40) + QStringLiteral(" answered"));
}

void EngineMeterTest::levelsAreTheNewestValue() {
    const auto def = toggle({.kind = engine::Figure::Level, .part = "size", .label = "kept"});
    const engine::ToggleDef* const list[] = {&def};
    QCOMPARE(figureText(def, difference(at(1s, 0, 0, 0), at(2s, 0, 0, 0), list)), QStringLiteral("7 kept"));
}

void EngineMeterTest::nothingHappenedSaysNothing() {
    const auto def =
        toggle({.kind = engine::Figure::Share, .part = "hits", .rest = "misses", .label = "hit"});
    const engine::ToggleDef* const list[] = {&def};
    QVERIFY(figureText(def, difference(at(1s, 9, 5, 5), at(2s, 9, 5, 5), list)).isEmpty());
    QVERIFY(figureText(def, MeterReading{}).isEmpty());
}

QTEST_GUILESS_MAIN(EngineMeterTest)
#include "engine_meter_test.moc"

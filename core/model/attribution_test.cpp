#include "core/model/attribution.h"
#include "core/model/sweep.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::model;

namespace {

/// cache × encoding measured in whole: what describe() and JSON are about.
Attribution sample() {
    Attribution a;
    a.id = "01TEST";
    a.name = "What cache, encoding earn";
    a.startedAt = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'250));
    a.toggles = {"cache", "encoding", "ratelimit"};
    a.base.toggles["shaping"].on = true;
    a.environment.cores = 2;
    a.environment.cpu = "test cpu";
    AttributionStage stage{.kind = "resolve", .design = "full 2^2", .toggles = {"cache", "encoding"}};
    stage.plannedReplicates = stage.replicates = 3;
    stage.runs = {{.replicate = 1,
                   .order = 5,
                   .cell = 3,
                   .setting = 3,
                   .startS = 1.5,
                   .seconds = 1,
                   .requests = 1000,
                   .errors = 2,
                   .metrics = {{"p95", 900.0}}}};
    AttributionMetric p95{.metric = "p95",
                          .title = "p95 latency",
                          .none = 4000,
                          .all = 400,
                          .errorSource = "replicates",
                          .df = 6,
                          .smallestEffect = 0.03};
    p95.effects = {{.toggles = {"cache"},
                    .ratio = 0.2,
                    .lo = 0.19,
                    .hi = 0.21,
                    .p = 0.0001,
                    .pHolm = 0.0003,
                    .variation = 0.9,
                    .verdict = stats::Verdict::Better},
                   {.toggles = {"encoding"}, .ratio = 0.5, .lo = 0.4, .hi = INFINITY},
                   {.toggles = {"cache", "encoding"},
                    .ratio = 1.05,
                    .lo = 1.03,
                    .hi = 1.07,
                    .pHolm = 0.001,
                    .aliases = {"shaping × edge"}}};
    p95.shares = {{.toggle = "cache", .ratio = 0.2, .lo = 0.1, .hi = 0.3, .amount = -3000, .part = 0.7},
                  {.toggle = "encoding", .ratio = 0.5, .lo = 0.4, .hi = 0.6, .amount = -600, .part = 0.3}};
    stage.metrics = {p95};
    a.waterfall = p95.shares;
    a.stages = {stage};
    a.decisions = {{.toggle = "cache", .recommended = true, .reason = "p95 −80 %"},
                   {.toggle = "encoding", .recommended = true, .reason = "p95 −50 %"},
                   {.toggle = "ratelimit", .reason = "alone it refuses 97 % of these requests"}};
    a.predicted = {{.metric = "p95",
                    .title = "p95 latency",
                    .from = 4000,
                    .to = 400,
                    .ratio = 0.1,
                    .lo = 0.09,
                    .hi = 0.11},
                   {.metric = "cpu",
                    .title = "Engine CPU per request",
                    .from = 10,
                    .to = 12,
                    .ratio = 1.2,
                    .lo = 1.1,
                    .hi = 1.3}};
    a.recommended.name = "cache + encoding";
    a.recommended.toggles["cache"].on = true;
    a.warnings = {"This is a debug build."};
    a.sentence = describe(a);
    return a;
}

/// With ordinary spaces: the texts keep numbers and units on one line.
std::string plain(std::string text) {
    for (auto at = text.find("\u00A0"); at != std::string::npos; at = text.find("\u00A0", at))
        text.replace(at, 2, " ");
    return text;
}

}  // namespace

class AttributionTest : public QObject {
    Q_OBJECT
private slots:
    void survivesARoundTrip();
    void refusesWhatIsNoAttribution();
    void saysWhatToTurnOnAndWhatEachEarns();
    void saysWhatItCostsAndWhatStaysOff();
    void saysWhetherAComparisonConfirmsIt();
    void saysThatNothingEarnsItsPlace();
    void claimsNothingWithoutAWholeReplicate();
    void saysInteractionsInWords();
    void aSweepSaysWhatIsEnough();
};

void AttributionTest::survivesARoundTrip() {
    Attribution written = sample();
    written.confirmation.emplace().sentence = "B answers p95 90 % faster.";
    const auto json = written.toJson();
    const auto read = Attribution::fromJson(json);
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    QCOMPARE(read->toJson(), json);
    QVERIFY(std::isinf(read->stages[0].metrics[0].effects[1].hi));
    QCOMPARE(read->environment.cpu, written.environment.cpu);
    const auto without = Attribution::fromJson(sample().toJson());
    QVERIFY(without && !without->confirmation);
}

void AttributionTest::refusesWhatIsNoAttribution() {
    QVERIFY(!Attribution::fromJson({{"hone", 1}, {"kind", "comparison"}}));
    auto json = sample().toJson();
    json["stages"][0]["metrics"][0]["effects"][0]["verdict"] = "splendid";
    const auto read = Attribution::fromJson(json);
    QVERIFY(!read && read.error().what.find("splendid") != std::string::npos);
}

void AttributionTest::saysWhatToTurnOnAndWhatEachEarns() {
    const auto text = plain(sample().sentence);
    QVERIFY2(
        text.starts_with("Turn on cache and encoding: p95 falls by a factor of 10.0 (from 4.00 ms to 400 µs"),
        text.c_str());
    QVERIFY2(text.find("cache earns 70") != std::string::npos, text.c_str());
    QVERIFY2(text.find("encoding earns 30") != std::string::npos, text.c_str());
}

void AttributionTest::saysWhatItCostsAndWhatStaysOff() {
    const auto text = plain(sample().sentence);
    QVERIFY2(text.find("In exchange CPU per request rises by 20") != std::string::npos, text.c_str());
    QVERIFY2(text.find("Leave ratelimit off: alone it refuses 97 %") != std::string::npos, text.c_str());
}

void AttributionTest::saysWhetherAComparisonConfirmsIt() {
    auto a = sample();
    QVERIFY(a.sentence.ends_with("This was not confirmed by a comparison."));
    a.confirmation.emplace();
    a.confirmation->sentence = "S.";
    QVERIFY(describe(a).ends_with("A comparison with the base does not confirm it: S."));
    a.confirmation->verdict = stats::Verdict::Better;
    QVERIFY(describe(a).ends_with("Confirmed against the base: S."));
}

void AttributionTest::saysThatNothingEarnsItsPlace() {
    auto a = sample();
    for (auto& decision : a.decisions)
        decision.recommended = false;
    QVERIFY(describe(a).starts_with("Keep the base: no toggle was shown to improve p95"));
}

void AttributionTest::claimsNothingWithoutAWholeReplicate() {
    auto a = sample();
    a.stages[0].metrics.clear();
    a.decisions.clear();
    a.partial = true;
    QCOMPARE(describe(a),
             std::string("Cannot tell yet: no replicate was measured in whole. The experiment was "
                         "interrupted."));
}

void AttributionTest::saysInteractionsInWords() {
    const auto a = sample();
    const auto& p95 = a.stages[0].metrics[0];
    const auto& pair = p95.effects[2];
    QVERIFY(stands(pair, 0.02) && !stands(p95.effects[1], 0.02));
    // Both together over the product of each: twice the coefficient, so the ratio squared.
    QVERIFY(std::abs(pair.togetherRatio() - 1.1025) < 1e-12);
    const auto words = plain(describeInteraction(p95, pair));
    QVERIFY2(words.starts_with("cache × encoding: p95 with both is 10.3"), words.c_str());
    QVERIFY(words.ends_with("more than the product of each alone"));
}

void AttributionTest::aSweepSaysWhatIsEnough() {
    Sweep sweep;
    sweep.toggle = "cache";
    sweep.param = "ttl";
    sweep.values = {"1s", "10s", "60s"};
    sweep.curves = {{.metric = "p95",
                     .title = "p95 latency",
                     .points = {{.value = 900, .lo = 850, .hi = 950},
                                {.value = 405, .lo = 400, .hi = 410},
                                {.value = 400, .lo = 395, .hi = 405}},
                     .best = 2,
                     .enough = 1,
                     .knee = 1}};
    const auto text = plain(describe(sweep));
    QVERIFY2(text.starts_with("cache.ttl = 10s is enough: p95 latency 405 µs"), text.c_str());
    QVERIFY2(text.find("bends at 10s") != std::string::npos, text.c_str());
    sweep.curves[0].enough = 2;
    QVERIFY(
        plain(describe(sweep)).starts_with("cache.ttl = 60s is best: p95 latency 400 µs (395 µs … 405 µs)."));
    QCOMPARE(sweep.toJson()["curves"][0]["best"], 2);
}

QTEST_GUILESS_MAIN(AttributionTest)
#include "attribution_test.moc"

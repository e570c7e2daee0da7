#include "core/base/random.h"
#include "core/experiment/blocks.h"
#include "core/experiment/diagnostics.h"
#include "core/experiment/experiment.h"

#include <QTest>

#include <cmath>

using namespace hone;
using namespace hone::experiment;
using stats::Verdict;

namespace {

struct Planted {
    double effect = 1;    ///< B's latency over A's.
    double noise = 0.02;  ///< Of one block.
    int pairs = 10;
    std::uint64_t seed = 1;
    double errorsB = 0;
    double driftPerPair = 0;
};

double normal(SplitMix64& random) {
    return std::sqrt(-2 * std::log1p(-random.uniform())) * std::cos(2 * M_PI * random.uniform());
}

model::Comparison synthetic(const Planted& planted) {
    SplitMix64 random(planted.seed);
    model::Comparison comparison;
    comparison.metric = "p95";
    comparison.plannedPairs = planted.pairs;
    for (int pair = 0; pair < planted.pairs; ++pair) {
        const double pace =
            1 + 0.1 * random.uniform() + planted.driftPerPair * pair;  // The machine's mood of this pair.
        for (int arm = 0; arm < 2; ++arm) {
            model::Block block{.pair = pair,
                               .arm = arm,
                               .order = 2 * pair + arm,
                               .startS = 2.0 * pair + arm,
                               .seconds = 1,
                               .requests = 5000,
                               .errors = 0,
                               .metrics = {}};
            const double scale = pace * (arm == 1 ? planted.effect : 1);
            for (const auto& [id, base] :
                 {std::pair{"p50", 400.0}, {"p90", 700.0}, {"p95", 900.0}, {"p99", 1500.0}, {"mean", 450.0}})
                block.metrics[id] = base * scale * std::exp(planted.noise * normal(random));
            block.metrics["rps"] = 5000 / scale * std::exp(planted.noise * normal(random));
            block.metrics["bytes"] = arm == 1 ? 290 : 1000;
            block.metrics["cpu"] = 20 * std::exp(planted.noise * normal(random));
            if (arm == 1)
                block.errors = static_cast<std::uint64_t>(planted.errorsB * 5000);
            comparison.blocks.push_back(block);
            auto& run = arm == 0 ? comparison.a : comparison.b;
            run.requests += block.requests;
            run.errors += block.errors;
        }
    }
    return comparison;
}

}  // namespace

class ConcludeTest : public QObject {
    Q_OBJECT
private slots:
    void aPlantedEffectIsFoundWithItsSize();
    void aSlowdownIsCalledWorse();
    void identicalArmsAreAlmostNeverCalledDifferent();
    void noPracticalDifferenceNeedsANarrowInterval();
    void deterministicBytesAreExact();
    void theHeadlineFamilyIsAdjustedTogether();
    void effectsWithinTheNoiseFloorAreNotClaimed();
    void stoppingEarlyUsesTheAnytimeInterval();
    void refusalsAreNamedAndInvalid();
    void differentAnswersAreInvalid();
    void expectedDifferencesAreNot();
    void tooFewPairsCannotTell();
    void concludingTwiceChangesNothing();
    void unmeasuredMetricsAreLeftOut();
    void driftAndOutliersAreTold();
    void mergedBlocksAddUp();
};

void ConcludeTest::aPlantedEffectIsFoundWithItsSize() {
    auto comparison = synthetic({.effect = 0.7});
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::Better));
    const auto* effect = comparison.effect("p95");
    QVERIFY(effect && effect->headline);
    QVERIFY(std::abs(effect->paired.ratio - 0.7) < 0.03);
    QVERIFY(effect->paired.lo < effect->paired.ratio && effect->paired.ratio < effect->paired.hi);
    QVERIFY(std::abs(effect->b / effect->a - effect->paired.ratio) <
            1e-9);  // Geometric means keep the ratio.
    QCOMPARE(int(comparison.effect("rps")->verdict), int(Verdict::Better));
    QVERIFY(!comparison.sentence.empty());
    QVERIFY2(QByteArray::fromStdString(comparison.sentence).contains("faster"), comparison.sentence.c_str());
}

void ConcludeTest::aSlowdownIsCalledWorse() {
    auto comparison = synthetic({.effect = 1.2});
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::Worse));
    QCOMPARE(int(comparison.effect("rps")->verdict), int(Verdict::Worse));
}

void ConcludeTest::identicalArmsAreAlmostNeverCalledDifferent() {
    int claims = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        auto comparison = synthetic({.noise = 0.05, .seed = seed});
        conclude(comparison);
        claims += comparison.verdict == Verdict::Better || comparison.verdict == Verdict::Worse;
    }
    // At 5 % ten false alarms would be due; the band and Holm leave fewer. 19 is the 99.9 % bound of 5 %.
    QVERIFY2(claims <= 19, qPrintable(QString::number(claims)));
}

void ConcludeTest::noPracticalDifferenceNeedsANarrowInterval() {
    auto narrow = synthetic({.noise = 0.004});
    conclude(narrow);
    QCOMPARE(int(narrow.verdict), int(Verdict::NoDifference));
    auto wide = synthetic({.noise = 0.1});
    conclude(wide);
    QCOMPARE(int(wide.verdict), int(Verdict::CannotTell));
    QVERIFY(wide.effect("p95")->pairsNeeded > 10);
}

void ConcludeTest::deterministicBytesAreExact() {
    auto comparison = synthetic({});
    conclude(comparison);
    const auto* bytes = comparison.effect("bytes");
    QVERIFY(bytes->paired.exact);
    QVERIFY(std::abs(bytes->paired.ratio - 0.29) < 1e-12);
    QCOMPARE(bytes->paired.lo, bytes->paired.hi);
    QCOMPARE(int(bytes->verdict), int(Verdict::Better));
}

void ConcludeTest::theHeadlineFamilyIsAdjustedTogether() {
    auto comparison = synthetic({.effect = 0.97, .noise = 0.03});
    conclude(comparison);
    std::vector<double> p, adjusted;
    for (const auto& effect : comparison.effects) {
        if (!effect.headline) {
            QCOMPARE(effect.pHolm, effect.paired.p);
            continue;
        }
        p.push_back(effect.paired.p);
        adjusted.push_back(effect.pHolm);
    }
    QCOMPARE(p.size(), std::size_t(4));
    QCOMPARE(adjusted, stats::holm(p));
}

void ConcludeTest::effectsWithinTheNoiseFloorAreNotClaimed() {
    auto comparison = synthetic({.effect = 0.9, .noise = 0.01});
    comparison.noiseFloor = 0.2;
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::CannotTell));
}

void ConcludeTest::stoppingEarlyUsesTheAnytimeInterval() {
    auto comparison = synthetic({.effect = 0.9, .noise = 0.03, .pairs = 5});
    conclude(comparison);
    const auto byFixed = comparison.verdict;
    comparison.stoppedEarly = true;
    conclude(comparison);
    QCOMPARE(int(byFixed), int(Verdict::Better));
    QCOMPARE(int(comparison.verdict),
             int(Verdict::CannotTell));  // Five pairs are too few for one who peeked.
}

void ConcludeTest::refusalsAreNamedAndInvalid() {
    auto comparison = synthetic({.effect = 0.5, .errorsB = 0.12});
    comparison.b.byStatus = {{200, 44'000}, {429, 6'000}};
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::Invalid));
    QVERIFY2(QByteArray::fromStdString(comparison.warnings.front()).startsWith("B refused 12"),
             comparison.warnings.front().c_str());
    comparison.b.byStatus = {{200, 44'000}, {500, 6'000}};
    comparison.warnings.clear();
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::Invalid));
    QVERIFY(QByteArray::fromStdString(comparison.warnings.front()).contains("failed"));
    auto few = synthetic({.effect = 0.5, .errorsB = 0.004});
    conclude(few);
    QCOMPARE(int(few.verdict), int(Verdict::Better));
}

void ConcludeTest::differentAnswersAreInvalid() {
    auto comparison = synthetic({.effect = 0.5});
    comparison.answersCompared = 5;
    comparison.answerDifferences = {
        {.request = "/api/x", .explanation = "the contents differ", .a = "1", .b = "2"}};
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::Invalid));
    QVERIFY(QByteArray::fromStdString(comparison.sentence).contains("different answers"));
}

void ConcludeTest::expectedDifferencesAreNot() {
    auto comparison = synthetic({.effect = 0.5});
    comparison.answersCompared = 5;
    comparison.answerDifferences = {
        {.request = "/api/x", .explanation = "B answers a page", .a = "1", .b = "2", .expected = true}};
    conclude(comparison);
    QCOMPARE(int(comparison.verdict), int(Verdict::Better));
}

void ConcludeTest::tooFewPairsCannotTell() {
    for (const int pairs : {0, 1}) {
        auto comparison = synthetic({.effect = 0.5, .pairs = pairs});
        conclude(comparison);
        QCOMPARE(int(comparison.verdict), int(Verdict::CannotTell));
        QVERIFY(!comparison.sentence.empty());
    }
}

void ConcludeTest::concludingTwiceChangesNothing() {
    auto comparison = synthetic({.effect = 0.5, .errorsB = 0.12});
    conclude(comparison);
    const auto warnings = comparison.warnings;
    const auto sentence = comparison.sentence;
    conclude(comparison);
    QCOMPARE(comparison.warnings, warnings);
    QCOMPARE(comparison.sentence, sentence);
}

void ConcludeTest::unmeasuredMetricsAreLeftOut() {
    auto comparison = synthetic({});
    for (auto& block : comparison.blocks)
        block.metrics["cpu"] = 0;
    conclude(comparison);
    QVERIFY(!comparison.effect("cpu"));
    QVERIFY(comparison.effect("p50"));
}

void ConcludeTest::driftAndOutliersAreTold() {
    const auto mentions = [](const std::vector<std::string>& texts, std::string_view word) {
        return std::ranges::any_of(texts, [&](const auto& text) { return text.find(word) != text.npos; });
    };
    const auto quiet = diagnose(synthetic({}));
    QVERIFY2(quiet.empty(), quiet.empty() ? "" : quiet.front().c_str());
    QVERIFY(mentions(diagnose(synthetic({.driftPerPair = 0.05})), "drifted"));
    auto outlier = synthetic({});
    outlier.blocks[7].metrics["p95"] *= 3;
    QVERIFY(mentions(diagnose(outlier), "Pair 4"));
    QVERIFY(mentions(diagnose(model::Environment{.cores = 2, .optimised = false}), "debug build"));
    QVERIFY(diagnose(model::Environment{.cores = 2}).empty());
}

void ConcludeTest::mergedBlocksAddUp() {
    model::RunResult whole, block;
    block.requests = 100;
    block.errors = 3;
    block.measuredS = 1;
    block.warmupS = 0.2;
    block.wireBytes = 5000;
    block.engineCpuUsPerRequest = 10;
    block.byStatus = {{200, 97}, {500, 3}};
    block.counters = {{"cache.hits", 40}};
    block.byRequest.resize(1);
    block.byRequest[0].name = "get";
    block.series = {{.startS = 0.2, .lengthS = 1, .requests = 100}};
    for (int i = 1; i <= 100; ++i) {
        block.latency.record(i);
        block.byRequest[0].latency.record(i);
    }
    mergeInto(whole, block);
    block.engineCpuUsPerRequest = 30;
    mergeInto(whole, block);
    QCOMPARE(whole.requests, std::uint64_t(200));
    QCOMPARE(whole.latency.count(), 200LL);
    QCOMPARE(whole.byStatus.at(500), std::uint64_t(6));
    QCOMPARE(whole.counters.at("cache.hits"), 80.0);
    QCOMPARE(whole.engineCpuUsPerRequest, 20.0);
    QCOMPARE(whole.rps(), 100.0);
    QCOMPARE(whole.byRequest[0].latency.count(), 200LL);
    QCOMPARE(whole.series[1].startS, 1.4);
}

QTEST_GUILESS_MAIN(ConcludeTest)
#include "conclude_test.moc"

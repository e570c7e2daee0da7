#include "core/experiment/power_estimate.h"

#include "core/base/random.h"

#include <QTest>

#include <cmath>

using namespace hone;
using namespace hone::experiment;
using namespace std::chrono_literals;

namespace {

double noise(SplitMix64& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
        sum += random.uniform();
    return sum;
}

/// Blocks of two arms whose p95 differs by `factor`, with noise of `sd` in each.
model::Comparison blocksOf(SplitMix64& random, int pairs, double sd, double factor) {
    model::Comparison comparison;
    comparison.metric = "p95";
    comparison.plannedPairs = pairs;
    for (int pair = 0; pair < pairs; ++pair)
        for (int arm = 0; arm < 2; ++arm) {
            model::Block block{
                .pair = pair, .arm = arm, .order = 2 * pair + arm, .seconds = 1, .requests = 5000};
            for (const char* id : {"p50", "p95", "p99"})
                block.metrics[id] = 1000 * (arm == 1 && id == std::string("p95") ? factor : 1.0) *
                                    std::exp(sd * noise(random));
            block.metrics["rps"] = 5000 * std::exp(sd * noise(random));
            comparison.blocks.push_back(std::move(block));
        }
    conclude(comparison);
    return comparison;
}

PowerPlan plan() {
    PowerPlan plan;
    plan.compare.block = 1s;
    plan.compare.guard = 200ms;
    return plan;
}

}  // namespace

class PowerEstimateTest : public QObject {
    Q_OBJECT
private slots:
    void promisesTheTimeOfTheBlocks();
    void noisierMachinesNeedLonger();
    void findsThePlantedSlowdownAtThePromisedDuration();
    void refusesQuestionsWithoutSense();
};

void PowerEstimateTest::promisesTheTimeOfTheBlocks() {
    SplitMix64 random(3);
    const auto estimate = powerFrom(blocksOf(random, 8, 0.02, 1), plan());
    QVERIFY(estimate);
    QVERIFY(estimate->pairs >= 6 && estimate->sdLog > 0 && estimate->noiseFloor > 0);
    QCOMPARE(estimate->seconds, estimate->pairs * 2 * 1.2);
    QVERIFY2(estimate->sentence.starts_with("To see a change of 5"), estimate->sentence.c_str());
    QVERIFY(estimate->sentence.find("block pairs, about") != std::string::npos);
}

void PowerEstimateTest::noisierMachinesNeedLonger() {
    SplitMix64 a(3), b(3);
    const auto calm = powerFrom(blocksOf(a, 8, 0.02, 1), plan());
    const auto wild = powerFrom(blocksOf(b, 8, 0.06, 1), plan());
    QVERIFY(calm && wild && wild->pairs > 3 * calm->pairs);
    QVERIFY(wild->smallest > calm->smallest);
}

void PowerEstimateTest::findsThePlantedSlowdownAtThePromisedDuration() {
    SplitMix64 random(2026);
    constexpr int kRounds = 120;
    int found = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto estimate = powerFrom(blocksOf(random, 8, 0.015, 1), plan());
        QVERIFY(estimate);
        const auto result = blocksOf(random, estimate->pairs, 0.015, 1.05);
        found +=
            result.verdict == stats::Verdict::Worse || result.verdict == stats::Verdict::WorseMaybeTrivial
                ? 1
                : 0;
    }
    QVERIFY2(found >= 0.9 * kRounds, std::to_string(found).c_str());
}

void PowerEstimateTest::refusesQuestionsWithoutSense() {
    auto bad = plan();
    bad.effect = 0;
    QVERIFY(!estimatePower(bad, {}));
    bad = plan();
    bad.pilotPairs = 3;
    const auto refused = estimatePower(bad, {});
    QVERIFY(!refused && refused.error().what.find("3") != std::string::npos);
    bad = plan();
    bad.compare.metric = "cpu";
    SplitMix64 random(1);
    QVERIFY(!powerFrom(blocksOf(random, 8, 0.02, 1), bad));
}

QTEST_GUILESS_MAIN(PowerEstimateTest)
#include "power_estimate_test.moc"

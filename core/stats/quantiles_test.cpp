#include "core/stats/quantiles.h"

#include "core/base/random.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

bool near(double actual, double expected, double relative = 1e-8) {
    const bool isNear = std::abs(actual - expected) <= relative * std::max(std::abs(expected), 1e-9);
    if (!isNear)
        qWarning("got %.12g, expected %.12g", actual, expected);
    return isNear;
}

std::vector<double> sample() { return vectors()["quantiles"]["x"].get<std::vector<double>>(); }

std::vector<double> steadyNoise(std::uint64_t seed, int n) {
    SplitMix64 random(seed);
    std::vector<double> values;
    for (int i = 0; i < n; ++i)
        values.push_back(100 + 5 * random.uniform());
    return values;
}

}  // namespace

class QuantilesTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheReferenceQuantiles();
    void doesNotCareAboutOrder();
    void handlesTheEndsAndSmallInputs();
    void hasNoNumberForNoValues();
    void knowsHowManySamplesAQuantileNeeds();
    void describesSpreadAndDependence();
    void findsALinearTrend();
    void findsFarOutliersOnly();
    void endsWarmUpWhereTheMediansSettle();
    void seesNoWarmUpInSteadyNoise();
    void dropsAtMostHalfWhenNothingSettles();
    void hasWilsonsInterval();
};

void QuantilesTest::agreesWithTheReferenceQuantiles() {
    const json& expected = vectors()["quantiles"];
    for (const auto& [p, value] : expected["r7"].items())
        QVERIFY(near(quantileR7(sample(), std::stod(p)), value));
    for (const auto& [p, value] : expected["nearest_rank"].items())
        QVERIFY(near(quantileNearestRank(sample(), std::stod(p)), value));
    for (const auto& [p, value] : expected["harrell_davis"].items())
        QVERIFY(near(harrellDavis(sample(), std::stod(p)), value));
}

void QuantilesTest::doesNotCareAboutOrder() {
    auto backwards = sample();
    std::ranges::reverse(backwards);
    QCOMPARE(quantileR7(backwards, 0.9), quantileR7(sample(), 0.9));
    QCOMPARE(harrellDavis(backwards, 0.9), harrellDavis(sample(), 0.9));
    QCOMPARE(median(backwards), 14.2);
}

void QuantilesTest::handlesTheEndsAndSmallInputs() {
    QCOMPARE(quantileR7(sample(), 0), 12.1);
    QCOMPARE(quantileR7(sample(), 1), 61.3);
    QCOMPARE(quantileNearestRank(sample(), 0), 12.1);
    QCOMPARE(harrellDavis(sample(), 1), 61.3);
    QCOMPARE(harrellDavis({7}, 0.3), 7.0);
    QCOMPARE(median({3}), 3.0);
}

void QuantilesTest::hasNoNumberForNoValues() {
    QVERIFY(std::isnan(median({})));
    QVERIFY(std::isnan(harrellDavis({}, 0.5)));
    QVERIFY(std::isnan(mean({})));
    const double one[] = {5};
    QCOMPARE(stddev(one), 0.0);
}

void QuantilesTest::knowsHowManySamplesAQuantileNeeds() {
    for (const json& row : vectors()["min_n_for_bounded_quantile_ci"]["rows"])
        QCOMPARE(minSamplesForQuantile(row["p"]), row["n"].get<int>());
    QCOMPARE(minSamplesForQuantile(1), std::numeric_limits<int>::max());
}

void QuantilesTest::describesSpreadAndDependence() {
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    QCOMPARE(mean(values), 5.0);
    QVERIFY(near(stddev(values), std::sqrt(32.0 / 7)));
    const double alternating[] = {1, -1, 1, -1, 1, -1};
    QVERIFY(near(autocorrelation1(alternating), -5.0 / 6));
    const double constant[] = {3, 3, 3, 3};
    QCOMPARE(autocorrelation1(constant), 0.0);
    QCOMPARE(autocorrelation1(std::span(values).first(2)), 0.0);
}

void QuantilesTest::findsALinearTrend() {
    const double rising[] = {100, 101, 102, 103, 104};
    QVERIFY(near(linearTrend(rising).change, 4.0 / 102));
    QVERIFY(linearTrend(rising).p < 1e-6);
    const double constant[] = {5, 5, 5, 5};
    QCOMPARE(linearTrend(constant).change, 0.0);
    QCOMPARE(linearTrend(constant).p, 1.0);
    // By hand: slope 1.25/5.
    const double noisy[] = {1, 3, 1, 2.5};
    QVERIFY(near(linearTrend(noisy).change, 0.25 * 3 / 1.875));
    QVERIFY(linearTrend(noisy).p > 0.5);
    QCOMPARE(linearTrend(std::span(rising).first(2)).p, 1.0);
}

void QuantilesTest::findsFarOutliersOnly() {
    const double values[] = {10, 11, 10, 12, 11, 10, 90, 11, 12, 10};
    QCOMPARE(farOutliers(values), (std::vector<std::size_t>{6}));
    QVERIFY(farOutliers(steadyNoise(1, 50)).empty());
    QVERIFY(farOutliers(std::span(values).first(3)).empty());
}

void QuantilesTest::endsWarmUpWhereTheMediansSettle() {
    const double steep[] = {400, 180, 120, 101, 100, 101, 99, 100, 101, 100, 99, 100};
    QCOMPARE(warmupEnd(steep), std::size_t(3));
    std::vector<double> slow;
    for (int i = 0; i < 40; ++i)
        slow.push_back(100 + 60 * std::exp(-i / 5.0));
    const std::size_t end = warmupEnd(slow);
    QVERIFY(end >= 8 && end <= 20);
    QVERIFY(slow[end] < 113);
}

void QuantilesTest::seesNoWarmUpInSteadyNoise() {
    int dropped = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed)
        dropped += warmupEnd(steadyNoise(seed, 20)) > 0 ? 1 : 0;
    QVERIFY(dropped <= 10);
    QCOMPARE(warmupEnd({}), std::size_t(0));
}

void QuantilesTest::dropsAtMostHalfWhenNothingSettles() {
    std::vector<double> falling;
    for (int i = 0; i < 20; ++i)
        falling.push_back(1000 - 40 * i);
    QCOMPARE(warmupEnd(falling), std::size_t(10));
}

void QuantilesTest::hasWilsonsInterval() {
    const auto [lo, hi] = wilson(8, 10);  // Wikipedia's formula by hand
    QVERIFY(near(lo, 0.490162, 1e-5));
    QVERIFY(near(hi, 0.943318, 1e-5));
    QCOMPARE(wilson(0, 0), (std::pair<double, double>(0, 1)));
    QCOMPARE(wilson(0, 20).first, 0.0);
    QCOMPARE(wilson(20, 20).second, 1.0);
}

QTEST_GUILESS_MAIN(QuantilesTest)
#include "quantiles_test.moc"

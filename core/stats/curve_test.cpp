#include "core/stats/curve.h"

#include "core/base/random.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::stats;

class CurveTest : public QObject {
    Q_OBJECT
private slots:
    void takesBlocksOutOfTheError();
    void coversTheDifferenceOfLevelsAtTheStatedRate();
    void saysNothingAboutTheErrorOfOneBlock();
    void findsTheKneeOfDiminishingReturns();
    void hasNoKneeOnALineOrPastAnOptimum();
};

void CurveTest::takesBlocksOutOfTheError() {
    // Two levels that differ by 1 in blocks that differ by 10: nothing is left for the error.
    const auto exact = levelMeans({{1, 2}, {11, 12}, {21, 22}});
    QCOMPARE(exact.means, (std::vector<double>{11, 12}));
    QVERIFY(exact.se < 1e-9);
    // Textbook form: df = (v − 1)(r − 1); for two levels it is the paired t test.
    const auto means = levelMeans({{1, 2.2}, {11, 11.9}, {21, 22.5}});
    QCOMPARE(means.df, 2.0);
    const double sd =
        std::sqrt((std::pow(1.2 - 1.2, 2) + std::pow(0.9 - 1.2, 2) + std::pow(1.5 - 1.2, 2)) / 2);
    QVERIFY(std::abs(means.se * std::sqrt(2) - sd / std::sqrt(3)) < 1e-9);
}

void CurveTest::coversTheDifferenceOfLevelsAtTheStatedRate() {
    SplitMix64 random(11);
    int covered = 0, intervals = 0;
    const auto noise = [&] {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += random.uniform();
        return sum;
    };
    for (int round = 0; round < 500; ++round) {
        std::vector<std::vector<double>> y;
        for (int block = 0; block < 5; ++block) {
            const double level = noise();
            y.push_back({level + 0.1 * noise(), level + 0.5 + 0.1 * noise(), level + 0.1 * noise()});
        }
        const auto means = levelMeans(y);
        covered += std::abs(means.means[1] - means.means[0] - 0.5) <= means.differenceReach() ? 1 : 0;
        covered += std::abs(means.means[2] - means.means[0]) <= means.differenceReach() ? 1 : 0;
        intervals += 2;
    }
    const double rate = static_cast<double>(covered) / intervals;
    QVERIFY2(rate > 0.93 && rate < 0.97, std::to_string(rate).c_str());
}

void CurveTest::saysNothingAboutTheErrorOfOneBlock() {
    const auto means = levelMeans({{1, 2, 3}});
    QCOMPARE(means.means.size(), std::size_t{3});
    QVERIFY(std::isinf(means.reach()));
    QVERIFY(levelMeans({}).means.empty());
}

void CurveTest::findsTheKneeOfDiminishingReturns() {
    const std::vector<double> level{1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::vector<double> bytes, rate;
    for (const double x : level) {
        bytes.push_back(100 + 400 * std::exp(-(x - 1)));
        rate.push_back(1000 * (1 - std::exp(-x)));
    }
    QCOMPARE(knee(level, bytes, true), std::optional<std::size_t>(2));
    QVERIFY(knee(level, rate, false).has_value());
}

void CurveTest::hasNoKneeOnALineOrPastAnOptimum() {
    const std::vector<double> x{1, 2, 3, 4};
    QVERIFY(!knee(x, std::vector<double>{4, 3, 2, 1}, true));
    QVERIFY(!knee(x, std::vector<double>{4, 1, 3, 8}, true));
    QVERIFY(!knee(x, std::vector<double>{2, 2, 2, 2}, true));
    QVERIFY(!knee(std::vector<double>{1, 2}, std::vector<double>{2, 1}, true));
}

QTEST_GUILESS_MAIN(CurveTest)
#include "curve_test.moc"

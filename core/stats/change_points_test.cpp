#include "core/stats/change_points.h"

#include "core/base/random.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vector() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors.at("e_divisive");
}

/// `count` values about `level`, at most `spread` away.
void append(std::vector<double>& series, SplitMix64& random, int count, double level, double spread) {
    for (int i = 0; i < count; ++i)
        series.push_back(level + spread * (2 * random.uniform() - 1));
}

}  // namespace

class ChangePointsTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheWorkedExample();
    void findsTheStepOfTheWorkedExample();
    void findsEveryLevelOfAStaircase();
    void findsNothingInAFlatSeries();
    void declaresAChangeInNoiseAtMostAsOftenAsAlphaAllows();
    void takesOneOddRunForAnOutlier();
    void hasNothingToSayAboutShortSeries();
    void givesTheSameAnswerTwice();
};

void ChangePointsTest::agreesWithTheWorkedExample() {
    const auto series = vector().at("series").get<std::vector<double>>();
    const auto expected = vector().at("T(tau)").get<std::vector<double>>();
    const auto energies = energyOfSplits(series);
    QCOMPARE(energies.size(), expected.size());
    for (std::size_t at = 0; at < expected.size(); ++at)
        QVERIFY2(std::abs(energies[at] - expected[at]) < 1e-8,
                 qPrintable(QString::number(energies[at], 'g', 12)));
}

void ChangePointsTest::findsTheStepOfTheWorkedExample() {
    const auto found = changePoints(vector().at("series").get<std::vector<double>>());
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found[0].index, vector().at("best_tau").get<std::size_t>());
    QVERIFY(std::abs(found[0].energy - vector().at("T_best").get<double>()) < 1e-8);
    QVERIFY(found[0].p > 0 && found[0].p <= 0.02);
    QCOMPARE(found[0].before, 11.0);
    QCOMPARE(found[0].after, 20.0);
}

void ChangePointsTest::findsEveryLevelOfAStaircase() {
    SplitMix64 random(1);
    std::vector<double> series;
    append(series, random, 15, 100, 3);
    append(series, random, 15, 120, 3);
    append(series, random, 15, 90, 3);
    const auto found = changePoints(series);
    QCOMPARE(found.size(), std::size_t(2));
    QCOMPARE(found[0].index, std::size_t(15));
    QCOMPARE(found[1].index, std::size_t(30));
    QVERIFY(found[0].ratio() > 1.15 && found[0].ratio() < 1.25);
    QVERIFY(found[1].ratio() > 0.70 && found[1].ratio() < 0.80);
}

void ChangePointsTest::findsNothingInAFlatSeries() {
    QVERIFY(changePoints(std::vector<double>(30, 5.0)).empty());
}

void ChangePointsTest::declaresAChangeInNoiseAtMostAsOftenAsAlphaAllows() {
    SplitMix64 random(11);
    int declared = 0;
    constexpr int kSeries = 200;
    for (int k = 0; k < kSeries; ++k) {
        std::vector<double> series;
        append(series, random, 20, 100, 10);
        declared +=
            changePoints(series, {.permutations = 99, .seed = static_cast<std::uint64_t>(k)}).empty() ? 0 : 1;
    }
    // 2 % of 200 and three standard errors of that share.
    QVERIFY2(declared <= 10, qPrintable(QString::number(declared)));
}

void ChangePointsTest::takesOneOddRunForAnOutlier() {
    SplitMix64 random(3);
    std::vector<double> series;
    append(series, random, 20, 100, 3);
    series[10] = 400;
    QVERIFY(changePoints(series).empty());
}

void ChangePointsTest::hasNothingToSayAboutShortSeries() {
    QVERIFY(changePoints(std::vector<double>{}).empty());
    QVERIFY(energyOfSplits(std::vector<double>{}).empty());
    QVERIFY(changePoints(std::vector<double>{1, 1, 9, 9, 9}).empty());
}

void ChangePointsTest::givesTheSameAnswerTwice() {
    SplitMix64 random(5);
    std::vector<double> series;
    append(series, random, 12, 100, 8);
    append(series, random, 12, 108, 8);
    const auto first = changePoints(series), second = changePoints(series);
    QCOMPARE(first.size(), second.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
        QCOMPARE(first[i].index, second[i].index);
        QCOMPARE(first[i].p, second[i].p);
    }
}

QTEST_GUILESS_MAIN(ChangePointsTest)
#include "change_points_test.moc"

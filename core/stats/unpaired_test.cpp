#include "core/stats/unpaired.h"

#include "core/base/random.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::stats;
using nlohmann::json;

namespace {

bool near(double actual, double expected) {
    const bool isNear = std::abs(actual - expected) <= 1e-8 * std::max(std::abs(expected), 1e-3);
    if (!isNear)
        qWarning("got %.12g, expected %.12g", actual, expected);
    return isNear;
}

/// About normal, from twelve uniforms, as a factor on `level`.
std::vector<double> rounds(SplitMix64& random, int count, double level, double noise) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) {
        double sum = -6;
        for (int k = 0; k < 12; ++k)
            sum += random.uniform();
        values.push_back(level * std::exp(noise * sum));
    }
    return values;
}

}  // namespace

class UnpairedTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheWorkedExample();
    void leavesTheIntervalOpenWithoutTwoValues();
    void saysExactlyWhenNothingVaries();
    void measuresRatiosOnLogarithms();
    void callsIdenticalGroupsDifferentAtMostAsOftenAsAlphaAllows();
};

void UnpairedTest::agreesWithTheWorkedExample() {
    const json vectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json")).at("welch");
    const auto result =
        welch(vectors.at("A").get<std::vector<double>>(), vectors.at("B").get<std::vector<double>>());
    QVERIFY(near(result.difference, vectors.at("diff")));
    QVERIFY(near(result.se, vectors.at("se")));
    QVERIFY(near(result.t, vectors.at("t")));
    QVERIFY(near(result.df, vectors.at("df")));
    QVERIFY(near(result.p, vectors.at("p")));
    QVERIFY(near(result.lo, vectors.at("ci")[0]));
    QVERIFY(near(result.hi, vectors.at("ci")[1]));
}

void UnpairedTest::leavesTheIntervalOpenWithoutTwoValues() {
    const auto result = unpairedRatio(std::vector{10.0}, std::vector{20.0, 21.0});
    QVERIFY(near(result.ratio, std::sqrt(420.0) / 10));
    QCOMPARE(result.lo, 0.0);
    QVERIFY(std::isinf(result.hi) && std::isinf(result.noiseFloor));
    QCOMPARE(result.p, 1.0);
}

void UnpairedTest::saysExactlyWhenNothingVaries() {
    const auto result = unpairedRatio(std::vector{100.0, 100.0, 100.0}, std::vector{150.0, 150.0});
    QVERIFY(result.exact);
    QVERIFY(near(result.lo, 1.5) && near(result.hi, 1.5));
    QCOMPARE(result.p, 0.0);
    QCOMPARE(result.noiseFloor, 0.0);
}

void UnpairedTest::measuresRatiosOnLogarithms() {
    const auto result = unpairedRatio(std::vector{1.0, 2.0, 4.0}, std::vector{10.0, 20.0, 40.0});
    QVERIFY(near(result.ratio, 10));
    QVERIFY(near(result.lo * result.hi, 100));
    QVERIFY(result.noiseFloor > 1);  // three values a factor of two apart tell little
}

void UnpairedTest::callsIdenticalGroupsDifferentAtMostAsOftenAsAlphaAllows() {
    SplitMix64 random(19);
    int declared = 0;
    constexpr int kTrials = 400;
    for (int k = 0; k < kTrials; ++k)
        declared +=
            unpairedRatio(rounds(random, 6, 100, 0.04), rounds(random, 6, 100, 0.08)).p < 0.05 ? 1 : 0;
    QVERIFY2(declared <= 33, qPrintable(QString::number(declared)));  // 20 and three standard errors
    QVERIFY(declared > 2);
}

QTEST_GUILESS_MAIN(UnpairedTest)
#include "unpaired_test.moc"

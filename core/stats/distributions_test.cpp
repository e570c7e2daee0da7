#include "core/stats/paired.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

bool near(double actual, double expected, double relative) {
    const bool isNear = std::abs(actual - expected) <= relative * std::abs(expected);
    if (!isNear)
        qWarning("got %.12g, expected %.12g", actual, expected);
    return isNear;
}

}  // namespace

class DistributionsTest : public QObject {
    Q_OBJECT
private slots:
    void integratesTheBetaDensity();
    void hasTheQuantilesOfStudentsTables_data();
    void hasTheQuantilesOfStudentsTables();
    void givesBackTheProbabilityOfAQuantile();
    void knowsTheNormalQuantiles();
};

void DistributionsTest::integratesTheBetaDensity() {
    for (const json& row : vectors()["ibeta"])
        QVERIFY(near(incompleteBeta(row["x"], row["a"], row["b"]), row["I"], 1e-9));
    QCOMPARE(incompleteBeta(0, 2, 3), 0.0);
    QCOMPARE(incompleteBeta(1, 2, 3), 1.0);
    QVERIFY(near(incompleteBeta(0.5, 4, 4), 0.5, 1e-12));
}

void DistributionsTest::hasTheQuantilesOfStudentsTables_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<double>("probability");
    QTest::newRow("97.5 %") << "t_quantiles_0.975" << 0.975;
    QTest::newRow("95 %") << "t_quantiles_0.95" << 0.95;
}

void DistributionsTest::hasTheQuantilesOfStudentsTables() {
    QFETCH(QString, key);
    QFETCH(double, probability);
    for (const auto& [df, quantile] : vectors()[key.toStdString()].items()) {
        QVERIFY(near(studentQuantile(probability, std::stod(df)), quantile, 1e-8));
        QVERIFY(near(studentQuantile(1 - probability, std::stod(df)), -quantile.get<double>(), 1e-8));
    }
}

void DistributionsTest::givesBackTheProbabilityOfAQuantile() {
    for (const double df : {1.0, 2.33, 9.0, 400.0})
        for (const double tails : {0.9, 0.2, 0.01, 1e-6})
            QVERIFY(near(studentP(studentQuantile(1 - tails / 2, df), df), tails, 1e-8));
    QCOMPARE(studentP(0, 5), 1.0);
    QCOMPARE(studentP(INFINITY, 5), 0.0);
    QCOMPARE(studentQuantile(0.5, 5) < 1e-9, true);
}

void DistributionsTest::knowsTheNormalQuantiles() {
    QVERIFY(near(normalQuantile(0.975), 1.959963984540054, 1e-14));
    QVERIFY(near(normalQuantile(0.995), 2.5758293035489004, 1e-14));
    QVERIFY(near(normalQuantile(1e-6), -4.753424308822899, 1e-13));
    QVERIFY(near(normalQuantile(0.001), -3.090232306167813, 1e-13));
    QVERIFY(std::abs(normalQuantile(0.5)) < 1e-15);
}

QTEST_GUILESS_MAIN(DistributionsTest)
#include "distributions_test.moc"

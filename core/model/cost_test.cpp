#include "core/model/cost.h"

#include <QTest>

using namespace hone::model;

namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

/// Eight pairs; B sends half the bytes for twice the CPU, both with a little noise.
Comparison halfTheBytesForTwiceTheCpu() {
    Comparison comparison;
    comparison.a.requests = comparison.b.requests = 1000;
    comparison.a.wireBytes = 2'000'000;
    comparison.b.wireBytes = 1'000'000;
    comparison.a.engineCpuUsPerRequest = 36;
    comparison.b.engineCpuUsPerRequest = 72;
    for (int pair = 0; pair < 8; ++pair)
        for (int arm = 0; arm < 2; ++arm) {
            const double noise = 1 + 0.004 * ((pair * 2 + arm) % 3);
            Block block{.pair = pair, .arm = arm, .metrics = {}};
            block.metrics["bytes"] = (arm == 0 ? 2000 : 1000) * noise;
            block.metrics["cpu"] = (arm == 0 ? 36 : 72) * noise;
            comparison.blocks.push_back(block);
        }
    return comparison;
}

}  // namespace

class CostTest : public QObject {
    Q_OBJECT
private slots:
    void aMillionRequestsOfOneKibUseAlmostOneGib() {
        const Cost cost = costPerMillion(1024, 3600, {.perGiB = 0.08, .perCoreHour = 0.05});
        QCOMPARE(cost.gib, 1'024'000'000 / kGiB);
        QCOMPARE(cost.coreHours, 1.0);  // 3600 µs × 10⁶ = 3600 s.
        QCOMPARE(cost.egress, cost.gib * 0.08);
        QCOMPARE(cost.cpu, 0.05);
        QCOMPARE(cost.money(), cost.egress + cost.cpu);
        QCOMPARE(cost.co2Grams, 0.0);  // No factor was given.
    }

    void co2ComesFromEnergyOnlyWhenAllFactorsAreGiven() {
        Prices prices{.gramsPerKwh = 400};
        QVERIFY(!prices.givesCo2());
        QCOMPARE(costPerMillion(1024, 3600, prices).co2Grams, 0.0);
        prices.wattsPerCore = 10;
        QCOMPARE(costPerMillion(0, 3600, prices).co2Grams, 4.0);  // 1 core-hour × 10 W = 0.01 kWh.
        prices.wattsPerCore = 0;
        prices.kwhPerGiB = 0.05;
        QCOMPARE(costPerMillion(kGiB / 1e6, 0, prices).co2Grams, 20.0);
    }

    void whatIsDearerDependsOnThePricesAlone() {
        const Comparison comparison = halfTheBytesForTwiceTheCpu();
        const Prices dearBytes{.perGiB = 0.09, .perCoreHour = 0.04},
            dearCpu{.perGiB = 0.001, .perCoreHour = 4};
        const auto cheap = compareCost(comparison, dearBytes), dear = compareCost(comparison, dearCpu);
        QVERIFY(cheap.ratio && dear.ratio);
        QVERIFY(cheap.ratio->hi < 1);
        QVERIFY(dear.ratio->lo > 1);
        QVERIFY(describeCost(cheap, dearBytes).contains("less per million requests"));
        QVERIFY(describeCost(dear, dearCpu).contains("more per million requests"));
    }

    void saysThatNoDifferenceCanBeTold() {
        Comparison comparison = halfTheBytesForTwiceTheCpu();
        // Bytes swing by pairs: sometimes A, sometimes B sends more.
        for (Block& block : comparison.blocks)
            block.metrics["bytes"] = 1000 + ((block.pair + block.arm) % 2) * 500;
        const Prices prices{.perGiB = 0.09};
        const auto cost = compareCost(comparison, prices);
        const QString words = QString::fromStdString(describeCost(cost, prices));
        QVERIFY2(words.startsWith("No difference in cost can be told"), qPrintable(words));
    }

    void leavesCpuOutOfBothArmsWhereItWasNotMeasured() {
        Comparison comparison = halfTheBytesForTwiceTheCpu();
        comparison.b.engineCpuUsPerRequest = 0;
        const Prices prices{.perGiB = 0.09, .perCoreHour = 1};
        const auto cost = compareCost(comparison, prices);
        QVERIFY(!cost.cpuMeasured);
        QCOMPARE(cost.a.cpu, 0.0);
        QVERIFY(describeCost(cost, prices).contains("CPU is not in it"));
    }

    void withoutPricesNothingIsSaidAboutMoney() {
        const auto cost = compareCost(halfTheBytesForTwiceTheCpu(), {});
        QVERIFY(describeCost(cost, {}).empty());
        QVERIFY(!cost.ratio);  // Nothing was paid: no ratio.
        QVERIFY(cost.a.gib > cost.b.gib);
    }

    void smallSumsKeepThreeDigits() {
        const Prices prices{.currency = "€"};
        QCOMPARE(moneyText(12.3456, prices), std::string("€12.35"));
        QCOMPARE(moneyText(0.41, prices), std::string("€0.410"));
        QCOMPARE(moneyText(0.0032155, prices), std::string("€0.00322"));
        QCOMPARE(moneyText(-2, prices), std::string("−€2.00"));
        QCOMPARE(moneyText(0, prices), std::string("€0.00"));
    }
};

QTEST_GUILESS_MAIN(CostTest)
#include "cost_test.moc"

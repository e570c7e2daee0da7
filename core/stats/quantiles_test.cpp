#include "core/stats/quantiles.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QtTest>

#include <cmath>

using namespace hone;

class QuantilesTest : public QObject {
    Q_OBJECT
    nlohmann::json m_vectors;

private slots:
    void initTestCase() {
        QFile file(QString(HONE_SOURCE_DIR) + "/tests/support/stat-vectors.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_vectors = nlohmann::json::parse(file.readAll().toStdString());
    }

    void threeQuantileRulesMatchTheReference() {
        const std::vector<double> x{12.1, 12.4, 12.9, 13.3, 13.8, 14.6, 15.9, 18.2, 24.7, 61.3};
        const struct {
            double p, r7, nearest, hd;
        } rows[] = {{0.25, 13.0, 12.9, 12.907644},   {0.5, 14.2, 13.8, 14.680938},
                    {0.75, 17.625, 18.2, 23.526668}, {0.9, 28.36, 24.7, 46.008174},
                    {0.95, 44.83, 61.3, 55.166789},  {0.99, 58.006, 61.3, 60.436120}};
        for (const auto& row : rows) {
            QVERIFY(std::abs(stats::quantileR7(x, row.p) - row.r7) < 1e-9);
            QVERIFY(std::abs(stats::quantileNearestRank(x, row.p) - row.nearest) < 1e-9);
            QVERIFY2(std::abs(stats::harrellDavis(x, row.p) - row.hd) < 1e-5,
                     qPrintable(QString::number(row.p)));
        }
    }

    void theSamplesAQuantileNeedsMatchTheReference() {
        for (const auto& row : m_vectors["min_n_for_bounded_quantile_ci"]["rows"])
            QCOMPARE(stats::minSamplesForQuantile(row["p"]), row["n"].get<int>());
    }

    void emptyInputGivesZerosNotCrashes() {
        QCOMPARE(stats::quantileR7({}, 0.5), 0.0);
        QCOMPARE(stats::mean({}), 0.0);
        QCOMPARE(stats::stddev({}), 0.0);
        QVERIFY(stats::farOutliers({}).empty());
        QCOMPARE(stats::warmupEnd({}), std::size_t{0});
    }

    void aTrendIsFoundAndNoiseIsNot() {
        std::vector<double> rising, flat;
        for (int i = 0; i < 20; ++i) {
            rising.push_back(100 + i + (i % 2));
            flat.push_back(100 + (i % 3));
        }
        QVERIFY(stats::linearTrend(rising).p < 0.001);
        QVERIFY(std::abs(stats::linearTrend(rising).change - 0.18) < 0.02);
        QVERIFY(stats::linearTrend(flat).p > 0.05);
    }

    void warmUpEndsWhereTheMediansSettle() {
        const std::vector<double> medians{900, 500, 300, 102, 100, 101, 99, 100, 101, 100, 99, 101};
        const auto end = stats::warmupEnd(medians);
        QVERIFY2(end >= 2 && end <= 4, qPrintable(QString::number(end)));
        QCOMPARE(stats::warmupEnd(std::vector<double>{100, 101, 99, 100, 101, 100}), std::size_t{0});
    }

    void onlyFarValuesAreOutliers() {
        const std::vector<double> values{10, 11, 10, 12, 11, 10, 95};
        QCOMPARE(stats::farOutliers(values), (std::vector<std::size_t>{6}));
    }

    void alternatingValuesAreNegativelyCorrelated() {
        QVERIFY(stats::autocorrelation1(std::vector<double>{1, 2, 1, 2, 1, 2, 1, 2}) < -0.5);
        QCOMPARE(stats::autocorrelation1(std::vector<double>{1, 1, 1, 1}), 0.0);
    }

    void wilsonMatchesTheTextbook() {
        const auto [lo, hi] = stats::wilson(8, 10);
        QVERIFY(std::abs(lo - 0.4902) < 1e-4);
        QVERIFY(std::abs(hi - 0.9433) < 1e-4);
    }
};

QTEST_GUILESS_MAIN(QuantilesTest)
#include "quantiles_test.moc"

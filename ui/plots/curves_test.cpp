#include "ui/plots/curves.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::ui::plots;

namespace {

double sum(const std::vector<Bin>& bins) {
    double total = 0;
    for (const Bin& bin : bins)
        total += bin.count;
    return total;
}

stats::Histogram thousand() {
    stats::Histogram histogram;
    for (int i = 1; i <= 1000; ++i)
        histogram.record(i);
    return histogram;
}

}  // namespace

class CurvesTest : public QObject {
    Q_OBJECT
private slots:
    void theShareRisesFromZeroToOneWithAStepPerBucket() {
        const auto points = ecdfPoints(thousand());
        QCOMPARE(points.size(), std::size_t{1001});
        QCOMPARE(points.front(), (Point{1, 0}));
        QCOMPARE(points.back(), (Point{1000, 1}));
        QCOMPARE(points[250].x, 250.0);
        QCOMPARE(points[250].y, 0.25);
    }

    void theSpectrumAgreesWithTheQuantiles() {
        const auto histogram = thousand();
        for (const Point& point : spectrumPoints(histogram))
            if (point.x > 1.001)  // Just above p the count to reach is the next value's.
                QCOMPARE(point.y, static_cast<double>(histogram.quantile(1 - 1 / point.x + 1e-9)));
    }

    void theSpectrumEndsWhereAQuantileHasTooFewSamples() {
        const auto points = spectrumPoints(thousand());
        QVERIFY(points.back().x <= 1000 / 3.69);
        QVERIFY(points.back().x > 200);
    }

    void binsHoldEveryValueOnce_data() {
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("count");
        QTest::newRow("a few microseconds, narrower than a bin") << 1 << 40;
        QTest::newRow("one value") << 500 << 1;
        QTest::newRow("milliseconds") << 1500 << 100000;
    }
    void binsHoldEveryValueOnce() {
        QFETCH(int, least);
        QFETCH(int, count);
        stats::Histogram histogram;
        for (int i = 0; i < count; ++i)
            histogram.record(least + i % 977);
        QVERIFY(std::abs(sum(logBins(histogram, 20)) - count) < 1e-6);
        QVERIFY(std::abs(sum(linearBins(histogram, 60)) - count) < 1e-6);
    }

    void neighbouringBinsOfAFlatDistributionDoNotJump() {
        // 20 bins a decade are narrower than 1 µs near 5 µs: a bucket must be shared out, or bars go 0, 1,
        // 0, 1.
        stats::Histogram histogram;
        for (int i = 3; i <= 30; ++i)
            histogram.recordN(i, 100);
        const auto bins = logBins(histogram, 20);
        for (std::size_t i = 1; i + 2 < bins.size(); ++i)
            QVERIFY(bins[i].count > 0);
    }

    void nothingMeasuredDrawsNothing() {
        QVERIFY(ecdfPoints({}).empty());
        QVERIFY(spectrumPoints({}).empty());
        QVERIFY(logBins({}, 20).empty());
        QVERIFY(linearBins({}, 60).empty());
    }
};

QTEST_GUILESS_MAIN(CurvesTest)
#include "curves_test.moc"

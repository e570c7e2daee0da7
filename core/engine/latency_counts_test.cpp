#include "core/engine/latency_counts.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;

class LatencyCountsTest : public QObject {
    Q_OBJECT
private slots:
    void addsNothingWhenNothingWasRecorded() {
        stats::Histogram sum;
        LatencyCounts().addTo(sum);
        QCOMPARE(sum.count(), 0);
    }

    void equalsAHistogramOfTheSameValues() {
        LatencyCounts counts;
        stats::Histogram expected, sum;
        std::int64_t value = 3;
        for (int i = 0; i < 5'000; ++i) {
            value = (value * 48'271) % 2'147'483'647;  // spread over every magnitude
            const std::int64_t us = value >> (i % 28);
            counts.record(us);
            expected.record(us);
        }
        counts.addTo(sum);
        QCOMPARE(sum.count(), expected.count());
        QCOMPARE(sum.min(), expected.min());
        QCOMPARE(sum.max(), expected.max());
        for (const double q : {0.0, 0.5, 0.9, 0.99, 0.999, 1.0})
            QCOMPARE(sum.quantile(q), expected.quantile(q));
    }

    void keepsTheOnlyValueExactly() {
        LatencyCounts counts;
        counts.record(123'457);
        stats::Histogram sum;
        counts.addTo(sum);
        QCOMPARE(sum.count(), 1);
        QCOMPARE(sum.max(), 123'457);
        QCOMPARE(sum.min(), 123'457);
    }

    void mergesWorkers() {
        LatencyCounts a, b;
        a.record(10);
        b.record(1'000'000);
        b.record(1'000'000);
        stats::Histogram sum;
        a.addTo(sum);
        b.addTo(sum);
        QCOMPARE(sum.count(), 3);
        QCOMPARE(sum.min(), 10);
        QCOMPARE(sum.max(), 1'000'000);
    }

    void putsValuesBeyondTheRangeIntoItsEnd() {
        LatencyCounts counts;
        counts.record(-5);
        counts.record(INT64_MAX);
        stats::Histogram sum;
        counts.addTo(sum);
        QCOMPARE(sum.count(), 2);
        QCOMPARE(sum.max(), sum.highest());
    }
};

QTEST_GUILESS_MAIN(LatencyCountsTest)
#include "latency_counts_test.moc"

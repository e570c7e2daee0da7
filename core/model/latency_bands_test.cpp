#include "core/model/latency_bands.h"

#include "core/model/run.h"

#include <QtTest>

using namespace hone;
using namespace hone::model;

class LatencyBandsTest : public QObject {
    Q_OBJECT
private slots:
    void everyRequestIsInABand() {
        stats::Histogram histogram;
        std::uint32_t state = 7;
        for (int i = 0; i < 50'000; ++i) {
            state = state * 1664525u + 1013904223u;
            histogram.record(1 + (state >> 8) % (i % 7 == 0 ? 3'000'000u : 900u));
        }
        histogram.record(0);
        const LatencyBands bands = LatencyBands::of(histogram);
        QCOMPARE(bands.total(), std::uint64_t{50'001});
        QVERIFY(bands.counts.front() > 0);
        QVERIFY(bands.counts.back() > 0);
    }

    void aBandBeginsAtItsOwnBorder() {
        for (int band = 0; band < LatencyBands::kMax; ++band)
            QCOMPARE(LatencyBands::bandOf(LatencyBands::lowerUs(band)), band);
        QCOMPARE(LatencyBands::bandOf(0), 0);
        QCOMPARE(LatencyBands::bandOf(2), 8);
        QCOMPARE(LatencyBands::bandOf(1e30), LatencyBands::kMax - 1);
    }

    void oneLatencyIsFoundWhereItLies() {
        stats::Histogram histogram;
        histogram.recordN(1024, 5);
        const LatencyBands bands = LatencyBands::of(histogram);
        QCOMPARE(bands.first, 80);
        QCOMPARE(bands.counts, std::vector<std::uint32_t>{5});
    }

    void mergedSlicesEqualTheSliceOfBoth() {
        stats::Histogram fast, slow;
        fast.recordN(128, 10);
        slow.recordN(1024, 3);
        LatencyBands merged = LatencyBands::of(slow);
        merged.merge(LatencyBands::of(fast));
        fast.merge(slow);
        QCOMPARE(merged, LatencyBands::of(fast));
        LatencyBands none;
        none.merge(merged);
        none.merge({});
        QCOMPARE(none, merged);
        QVERIFY(LatencyBands::of({}).counts.empty());
    }

    void aRunKeepsThemAndItsAnnotations() {
        RunResult run;
        run.series.push_back(
            {.requests = 6, .inFlight = 4, .backlog = 2, .bands = {.first = 72, .counts = {1, 0, 5}}});
        run.annotations.push_back({.atS = 3.5, .text = "deployed"});
        const auto back = RunResult::fromJson(run.toJson());
        QVERIFY2(back.has_value(), back ? "" : back.error().what.c_str());
        QCOMPARE(back->series[0].bands, run.series[0].bands);
        QCOMPARE(back->series[0].inFlight, std::uint64_t{4});
        QCOMPARE(back->series[0].backlog, std::uint64_t{2});
        QCOMPARE(back->annotations, run.annotations);
    }

    void aBandThatCannotBeIsRefused() {
        auto document = [] {
            RunResult run;
            run.series.push_back({.bands = {.first = 72, .counts = {1}}});
            return run.toJson();
        }();
        document["series"][0]["bands"] = {400, 1};
        const auto refused = RunResult::fromJson(document);
        QVERIFY(!refused);
        QVERIFY(QString::fromStdString(refused.error().what).contains("series[0].bands"));
        document["series"][0]["bands"] = {8, "many"};
        QVERIFY(!RunResult::fromJson(document));
    }
};

QTEST_GUILESS_MAIN(LatencyBandsTest)
#include "latency_bands_test.moc"

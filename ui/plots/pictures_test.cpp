#include "ui/plots/blocks_strip.h"
#include "ui/plots/comparison_charts.h"
#include "ui/plots/distribution_charts.h"
#include "ui/plots/picture_compare.h"
#include "ui/plots/sweep_chart.h"
#include "ui/plots/time_charts.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::ui;
using namespace hone::ui::plots;
using test::difference;
using test::picture;

namespace {

/// Two data sets a chart can be given: `which` 0 or 1.
std::vector<model::Interval> intervals(int which) {
    std::vector<model::Interval> all;
    for (int i = 0; i < 30; ++i) {
        const double us = which == 0 ? 1000 + 20 * i : 2500 - 60 * i;
        all.push_back({.startS = double(i),
                       .warmup = i < 3,
                       .requests = std::uint64_t(1000 + (which == 0 ? 30 : -30) * i),
                       .errors = which == 1 && i == 20 ? 300U : 0U,
                       .bytes = std::uint64_t(1'000'000 + (which == 0 ? 40'000 : -30'000) * i),
                       .p50Us = us / 2,
                       .p95Us = us,
                       .p99Us = us * 1.6,
                       .inFlight = std::uint64_t(which == 0 ? i : 30 - i)});
    }
    return all;
}

stats::Histogram latencies(int which) {
    stats::Histogram histogram;
    for (int i = 0; i < 4000; ++i)
        histogram.record(which == 0 ? 400 + (i * 7919) % 900 : 300 + (i * 7919) % 4000);
    return histogram;
}

std::vector<model::Block> blocks(int which) {
    std::vector<model::Block> all;
    for (int i = 0; i < 16; ++i)
        all.push_back({.pair = i / 2,
                       .arm = i % 2,
                       .order = i,
                       .metrics = {{"p95", 1000.0 + (which == 0 ? 11 : 40) * ((i * 5) % 16)}}});
    return all;
}

model::Comparison comparison(int which) {
    model::Comparison made;
    made.a.latency = latencies(0);
    made.b.latency = latencies(1 - which);
    return made;
}

model::Sweep sweep(int which) {
    model::Sweep made;
    made.toggle = "encoding";
    made.param = "level";
    made.values = {"1", "3", "6"};
    made.positions = {1, 3, 6};
    made.numeric = true;
    model::SweepCurve curve{.metric = "p95"};
    curve.points = {{9000, 8000, 10'000}, {4000, 3500, 4500}, {which == 0 ? 3900.0 : 7000.0, 3000, 7500}};
    curve.best = 2;
    curve.knee = 1;
    made.curves.push_back(curve);
    return made;
}

template <class Chart>
using Show = void (*)(Chart&, int);

/// Drawn afresh, after having shown something else, and with the other data.
template <class Chart>
void compare(Show<Chart> show) {
    for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
        Theme::instance().apply(mode);
        Chart fresh, reused, other;
        for (ChartBase* chart : {static_cast<ChartBase*>(&fresh), static_cast<ChartBase*>(&reused),
                                 static_cast<ChartBase*>(&other)})
            chart->resize(400, 200);
        show(fresh, 0);
        show(reused, 1);
        picture(reused);
        show(reused, 0);
        show(other, 1);
        const QImage expected = picture(fresh);
        QVERIFY2(difference(picture(reused), expected) <= 0.005, qPrintable(fresh.accessibleName()));
        QVERIFY2(difference(picture(other), expected) > 0.005, qPrintable(fresh.accessibleName()));
    }
}

/// The same picture in a theme and back again; the other theme is another one.
template <class Chart>
void rethemed(Show<Chart> show) {
    Theme::instance().apply(Theme::Mode::Dark);
    Chart chart;
    chart.resize(400, 200);
    show(chart, 0);
    const QImage dark = picture(chart);
    Theme::instance().apply(Theme::Mode::Light);
    QVERIFY(difference(picture(chart), dark) > 0.5);
    Theme::instance().apply(Theme::Mode::Dark);
    QVERIFY2(difference(picture(chart), dark) <= 0.005, qPrintable(chart.accessibleName()));
}

template <class Chart>
void check(Show<Chart> show) {
    compare<Chart>(show);
    rethemed<Chart>(show);
}

}  // namespace

/// Every chart draws its data and nothing of what it showed before, in both themes. Tolerance: 0.5 % of the
/// pixels may differ by more than 24 of 255.
class PicturesTest : public QObject {
    Q_OBJECT
private slots:
    void percentilesOverTime() {
        check<PercentilesOverTime>([](auto& chart, int which) { chart.setIntervals(intervals(which)); });
    }
    void throughput() {
        check<Throughput>([](auto& chart, int which) { chart.setIntervals(intervals(which)); });
    }
    void queueDepth() {
        check<QueueDepth>([](auto& chart, int which) { chart.setIntervals(intervals(which)); });
    }
    void bytesOverTime() {
        check<BytesOverTime>([](auto& chart, int which) { chart.setIntervals(intervals(which)); });
    }
    void histogram() {
        check<LatencyHistogram>([](auto& chart, int which) { chart.setHistogram(latencies(which)); });
    }
    void spectrum() {
        check<PercentileSpectrum>(
            [](auto& chart, int which) { chart.setCurves({{"latency", latencies(which)}}); });
    }
    void ecdf() {
        check<EcdfOverlay>([](auto& chart, int which) {
            chart.setCurves(armCurves("a", latencies(0), "b", latencies(1 - which)));
        });
    }
    void shift() {
        check<ShiftChart>([](auto& chart, int which) { chart.setComparison(comparison(which)); });
    }
    void blocksInOrder() {
        check<BlocksStrip>([](auto& chart, int which) { chart.setBlocks(blocks(which), "p95", 16); });
    }
    void violins() {
        check<ArmViolins>([](auto& chart, int which) { chart.setBlocks(blocks(which), "p95"); });
    }
    void sweepCurve() {
        check<SweepChart>([](auto& chart, int which) { chart.setSweep(sweep(which), "p95"); });
    }
};

QTEST_MAIN(PicturesTest)
#include "pictures_test.moc"

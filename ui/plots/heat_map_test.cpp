#include "ui/plots/heat_map.h"
#include "ui/plots/comparison_charts.h"
#include "ui/plots/heat_ramp.h"
#include "ui/plots/picture_compare.h"
#include "ui/plots/sweep_chart.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::ui;
using namespace hone::ui::plots;
using test::difference;
using test::picture;

namespace {

model::Interval slice(double startS, double lengthS, std::int64_t us, int requests) {
    stats::Histogram histogram;
    histogram.recordN(us, requests);
    model::Interval made{.startS = startS, .lengthS = lengthS, .requests = std::uint64_t(requests)};
    made.p50Us = made.p99Us = double(us);
    made.bands = model::LatencyBands::of(histogram);
    return made;
}

double requestsIn(const ChartBase::Table& table) {
    double sum = 0;
    for (const auto& row : table.rows)
        sum += row[3];
    return sum;
}

model::Comparison compared() {
    model::Comparison made;
    for (int i = 0; i < 1000; ++i) {
        made.a.latency.record(1000 + i);
        made.b.latency.record((1000 + i) / 2);
    }
    model::Effect effect;
    effect.metric = "p95";
    effect.paired.pairs = 8;
    effect.paired.ratio = 0.5;
    effect.paired.lo = 0.4;
    effect.paired.hi = 0.6;
    made.effects.push_back(effect);
    for (int i = 0; i < 12; ++i)
        made.blocks.push_back(
            {.pair = i / 2, .arm = i % 2, .order = i, .metrics = {{"p95", 1000.0 + 10 * i}}});
    return made;
}

}  // namespace

class HeatMapTest : public QObject {
    Q_OBJECT
private slots:
    void everyRequestIsInTheTableAlsoWhenSlicesWereJoined() {
        LatencyHeatMap chart;
        chart.begin(0, 4000);
        for (int i = 0; i < 4000; ++i)
            chart.append(slice(i, 1, 200 + i, 3));
        QVERIFY(chart.columns().size() <= LatencyHeatMap::kMaxColumns);
        QCOMPARE(requestsIn(chart.table()), 12'000.0);
        QCOMPARE(chart.columns().back().endS, 4000.0);
    }

    void denseCellsAreFartherFromTheSurfaceInBothThemes() {
        for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
            Theme::instance().apply(mode);
            int before = std::abs(heatColor(0).lightness() - color(Role::Surface).lightness());
            QVERIFY(before > 5);  // One request is seen.
            for (int i = 1; i <= 10; ++i) {
                const int now = std::abs(heatColor(i / 10.0).lightness() - color(Role::Surface).lightness());
                QVERIFY2(now >= before, qPrintable(QString::number(i)));
                before = now;
            }
        }
    }

    void aCellIsDrawnAtItsTimeAndLatency() {
        LatencyHeatMap chart;
        chart.setIntervals({slice(0, 5, 1000, 100), slice(5, 5, 100'000, 100)});
        const QImage cells = chart.image({100, 100});
        const auto rowOf = [&](double us) {
            const QCPRange y = chart.yAxis->range();
            return int(cells.height() * (1 - std::log(us / y.lower) / std::log(y.upper / y.lower)));
        };
        QVERIFY(cells.pixelColor(20, rowOf(1000)).alpha() == 255);
        QVERIFY(cells.pixelColor(80, rowOf(1000)).alpha() == 0);
        QVERIFY(cells.pixelColor(80, rowOf(100'000)).alpha() == 255);
    }

    void aRunThatKeptNoBandsSaysSoInsteadOfDrawing() {
        LatencyHeatMap chart;
        model::Interval bare = slice(0, 1, 100, 5);
        bare.bands = {};
        chart.setIntervals({bare});
        QVERIFY(!chart.xAxis->visible());
        QVERIFY(chart.table().rows.isEmpty());
    }

    void whatCameBetweenTwoLooksIsTheirDifference() {
        stats::Histogram histogram;
        histogram.recordN(500, 10);
        const auto before = model::LatencyBands::of(histogram);
        histogram.recordN(9000, 4);
        const auto since = bandsSince(before, model::LatencyBands::of(histogram));
        QCOMPARE(since.total(), std::uint64_t{4});
    }

    /// Tolerance: at most 0.5 % of the pixels may differ by more than 24 of 255.
    void equalDataIsTheSamePictureAndOtherDataIsNot() {
        Theme::instance().apply(Theme::Mode::Light);
        LatencyHeatMap live, whole, other;
        const std::vector<model::Interval> run{slice(0, 1, 900, 50), slice(1, 1, 1500, 80),
                                               slice(2, 1, 700, 20)};
        live.begin(0, 3);
        for (const model::Interval& interval : run)
            live.append(interval);
        whole.setIntervals(run);
        other.setIntervals({run[0], run[1], slice(2, 1, 90'000, 20)});
        for (ChartBase* chart : {static_cast<ChartBase*>(&live), static_cast<ChartBase*>(&whole),
                                 static_cast<ChartBase*>(&other)})
            chart->resize(400, 200);
        const QImage expected = picture(whole);
        QVERIFY(difference(picture(live), expected) <= 0.005);
        QVERIFY(difference(picture(other), expected) > 0.02);
    }

    void theShiftIsTheChangeOfEveryPercentileWithItsIntervals() {
        ShiftChart chart;
        chart.setComparison(compared());
        const auto table = chart.table();
        QCOMPARE(table.rows.size(), 99);
        QVERIFY(std::abs(table.rows[49][3] + 0.5) < 0.01);
        QVERIFY(chart.yAxis->range().lower <= -0.6);
        QCOMPARE(chart.graph(1)->dataCount(), 1);
        chart.setComparison({});
        QVERIFY(chart.table().rows.isEmpty());
    }

    void violinsShowEveryBlock() {
        ArmViolins chart;
        chart.setBlocks(compared().blocks, "p95");
        QCOMPARE(chart.table().rows.size(), 6);
        QCOMPARE(chart.table().rows[0][1], 1000.0);
        QVERIFY(chart.yAxis->range().contains(1110));
        QVERIFY(densityPoints(std::vector<double>{1, 1, 1}).empty());
        QVERIFY(densityPoints(std::vector<double>{1, 2}).empty());
        double top = 0;
        for (const Point& point : densityPoints(std::vector<double>{1, 2, 3, 4}))
            top = std::max(top, point.y);
        QCOMPARE(top, 1.0);
    }

    void theKneeOfASweepIsMarked() {
        model::Sweep sweep;
        sweep.toggle = "encoding";
        sweep.param = "level";
        sweep.values = {"1", "3", "6"};
        sweep.positions = {1, 3, 6};
        sweep.numeric = true;
        model::SweepCurve curve{.metric = "p95"};
        curve.points = {{9000, 8000, 10'000}, {4000, 3500, 4500}, {3900, 3000, INFINITY}};
        curve.best = 2;
        curve.knee = 1;
        sweep.curves.push_back(curve);
        SweepChart chart;
        chart.setSweep(sweep, "p95");
        QCOMPARE(chart.table().rows.size(), 3);
        QCOMPARE(chart.table().rows[1][4], 1.0);
        QCOMPARE(chart.table().rows[0][4], 0.0);
        QVERIFY(chart.yAxis->range().upper >= 10'000 && chart.yAxis->range().upper < 20'000);
        chart.setSweep(sweep, "bytes");
        QVERIFY(chart.table().rows.isEmpty());
    }
};

QTEST_MAIN(HeatMapTest)
#include "heat_map_test.moc"

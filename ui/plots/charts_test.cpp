#include "ui/plots/blocks_strip.h"
#include "ui/plots/distribution_charts.h"
#include "ui/plots/interval_bars.h"
#include "ui/plots/time_charts.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::ui;
using namespace hone::ui::plots;

namespace {

model::Interval interval(double startS, double p95Us, bool warmup = false) {
    model::Interval made;
    made.startS = startS;
    made.lengthS = 1;
    made.warmup = warmup;
    made.requests = 1000;
    made.errors = startS == 3 ? 20 : 0;
    made.p50Us = p95Us / 2;
    made.p95Us = p95Us;
    made.p99Us = p95Us * 2;
    return made;
}

std::vector<model::Interval> tenSeconds() {
    std::vector<model::Interval> all;
    for (int i = 0; i < 10; ++i)
        all.push_back(interval(i, 1000 + 10 * i, i < 2));
    return all;
}

stats::Histogram spread() {
    stats::Histogram histogram;
    for (int i = 0; i < 20000; ++i)
        histogram.record(500 + (i * 7919) % 4000);
    return histogram;
}

}  // namespace

class ChartsTest : public QObject {
    Q_OBJECT
private slots:
    void everyIntervalIsAPointOfEachPercentile() {
        PercentilesOverTime chart;
        chart.setIntervals(tenSeconds());
        const auto table = chart.table();
        QCOMPARE(table.columns, (QStringList{"seconds", "p50", "p95", "p99"}));
        QCOMPARE(table.rows.size(), 10);
        QCOMPARE(table.rows[4], (QList<double>{4.5, 520, 1040, 2080}));
        QCOMPARE(chart.xAxis->range().lower, 0.0);
        QCOMPARE(chart.xAxis->range().upper, 10.0);
        QVERIFY(chart.yAxis->range().upper >= 2180);
    }

    void aLiveChartKeepsItsTimeAxisAndNeverShrinks() {
        PercentilesOverTime chart;
        chart.begin(2, 8);
        chart.append(interval(0, 5000));
        const double top = chart.yAxis->range().upper;
        for (int i = 1; i < 10; ++i) {
            chart.append(interval(i, 800));
            QCOMPARE(chart.xAxis->range().upper, 10.0);
            QCOMPARE(chart.yAxis->range().upper, top);
        }
        QCOMPARE(chart.table().rows.size(), 10);
    }

    void spikesMakeTheScaleLogarithmicForTheirRunUnlessTheUserChose() {
        PercentilesOverTime chart;
        auto spiky = tenSeconds();
        spiky.push_back(interval(10, 90'000));
        chart.setIntervals(tenSeconds());
        QVERIFY(!chart.isLogarithmic());
        chart.setIntervals(spiky);
        QVERIFY(chart.isLogarithmic());
        QVERIFY(chart.yAxis->range().lower > 0);
        QVERIFY(chart.yAxis->range().contains(180'000));
        chart.setIntervals(tenSeconds());
        QVERIFY(!chart.isLogarithmic());
        chart.setLogarithmic(true);
        chart.setIntervals(tenSeconds());
        QVERIFY(chart.isLogarithmic());
        chart.setLogarithmic(false);
        chart.setIntervals(spiky);
        QVERIFY(!chart.isLogarithmic());
    }

    void newDataDoesNotMoveAZoomedChartUntilReset() {
        Throughput chart;
        chart.setIntervals(tenSeconds());
        chart.xAxis->setRange(2, 4);
        QVERIFY(chart.isZoomed());
        chart.append(interval(10, 1000));
        QCOMPARE(chart.xAxis->range().lower, 2.0);
        chart.resetZoom();
        QCOMPARE(chart.xAxis->range().lower, 0.0);
        QVERIFY(!chart.isZoomed());
    }

    void anIntervalWithoutAnswersHasNoPercentile() {
        PercentilesOverTime chart;
        model::Interval silent;
        silent.startS = 1;
        chart.begin(0, 5);
        chart.append(silent);
        QVERIFY(chart.table().rows.isEmpty());
    }

    void theCsvSaysWhatTheChartShows() {
        Throughput chart;
        chart.setIntervals(tenSeconds());
        const QStringList lines = chart.csv().split("\r\n", Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 11);
        QCOMPARE(lines[0], QString("seconds,answers,errors"));
        QCOMPARE(lines[4], QString("3.5,1000,20"));
    }

    void theHistogramsTableHoldsEveryRequest() {
        LatencyHistogram chart;
        chart.setHistogram(spread());
        for (const bool logarithmic : {true, false}) {
            chart.setLogarithmic(logarithmic);
            double total = 0;
            for (const auto& row : chart.table().rows)
                total += row[2];
            QVERIFY(std::abs(total - 20000) < 1e-6);
            QVERIFY(chart.xAxis->range().upper >= chart.table().rows.last()[1] * 0.999);
        }
    }

    void theOverlayKeepsTheArmsInTheirColoursAndDashes() {
        EcdfOverlay chart;
        chart.setCurves(armCurves("baseline", spread(), "tuned", spread()));
        QCOMPARE(chart.graphCount(), 2);
        QCOMPARE(chart.graph(0)->pen().color(), color(Role::ArmA));
        QCOMPARE(chart.graph(1)->pen().color(), color(Role::ArmB));
        QCOMPARE(chart.graph(0)->pen().style(), Qt::SolidLine);
        QVERIFY(chart.graph(1)->pen().style() != Qt::SolidLine);
        QCOMPARE(chart.yAxis->range(), QCPRange(0, 1.02));
    }

    void aThemeSwitchPensEverythingAnew() {
        Theme::instance().apply(Theme::Mode::Dark);
        EcdfOverlay chart;
        chart.setCurves(armCurves("a", spread(), "b", spread()));
        const QColor before = chart.graph(1)->pen().color();
        Theme::instance().apply(Theme::Mode::Light);
        QVERIFY(chart.graph(1)->pen().color() != before);
        QCOMPARE(chart.graph(1)->pen().color(), color(Role::ArmB));
    }

    void theSpectrumIsLogarithmicInTheDistanceToAllRequests() {
        PercentileSpectrum chart;
        chart.setCurves({{"run", spread()}});
        QCOMPARE(chart.xAxis->scaleType(), QCPAxis::stLogarithmic);
        QCOMPARE(chart.xAxis->range().lower, 1.0);
        QVERIFY(chart.xAxis->range().upper > 1000);
    }

    void blocksAreDrawnInTheOrderTheyWereMeasured() {
        BlocksStrip chart;
        std::vector<model::Block> blocks;
        for (int i = 0; i < 6; ++i)
            blocks.push_back(
                {.pair = i / 2, .arm = i % 2, .order = i, .metrics = {{"p95", 1000.0 + i}, {"rps", 9000}}});
        chart.setBlocks(blocks, "p95", 20);
        const auto table = chart.table();
        QCOMPARE(table.rows.size(), 6);
        QCOMPARE(table.rows[3][0], 4.0);
        QVERIFY(std::isnan(table.rows[3][1]));
        QCOMPARE(table.rows[3][2], 1003.0);
        QVERIFY(chart.xAxis->range().upper > 20);
    }

    void arrowKeysStepTheCursorFromPointToPoint() {
        PercentilesOverTime chart;
        chart.resize(500, 240);
        chart.setIntervals(tenSeconds());
        QTest::keyClick(&chart, Qt::Key_Right);
        QCOMPARE(chart.header().entries()[1].value, quantityText(Quantity::Micros, 1000));
        QTest::keyClick(&chart, Qt::Key_Right);
        QCOMPARE(chart.header().entries()[1].value, quantityText(Quantity::Micros, 1010));
        QTest::keyClick(&chart, Qt::Key_Left);
        QCOMPARE(chart.header().entries()[1].value, quantityText(Quantity::Micros, 1000));
    }

    void theHeaderIsAboveTheDataAndClickingANameHidesItsSeries() {
        PercentilesOverTime chart;
        chart.resize(600, 240);
        chart.setIntervals(tenSeconds());
        chart.replot();
        QVERIFY(chart.header().outerRect().bottom() <= chart.axisRect()->rect().top());
        QPoint p50;
        for (int x = 0; x < 600 && p50.isNull(); x += 4)
            if (chart.header().entryAt(chart.header().rect().topLeft() + QPoint(x, 8)) == 0)
                p50 = chart.header().rect().topLeft() + QPoint(x, 8);
        QVERIFY(!p50.isNull());
        QTest::mouseClick(&chart, Qt::LeftButton, {}, p50);
        QVERIFY(!chart.graph(0)->visible());
        QTest::mouseClick(&chart, Qt::LeftButton, {}, p50);
        QVERIFY(chart.graph(0)->visible());
    }

    void everyFormatIsWrittenAndAnUnknownOneRefused() {
        QTemporaryDir folder;
        EcdfOverlay chart;
        chart.resize(400, 240);
        chart.setCurves(armCurves("a", spread(), "b", spread()));
        for (const char* ending : {"png", "svg", "pdf", "csv"}) {
            const QString file = folder.filePath(QString("chart.") + ending);
            QVERIFY2(chart.exportTo(file), ending);
            QVERIFY(QFileInfo(file).size() > 200);
        }
        QCOMPARE(QImage(folder.filePath("chart.png")).size(), QSize(800, 480));
        QFile csv(folder.filePath("chart.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(csv.readAll()), chart.csv());
        const auto refused = chart.exportTo(folder.filePath("chart.gif"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Error::InvalidArgument);
        QVERIFY(!chart.exportTo("/nowhere/at/all.png"));
    }

    void anEmptyChartSaysSoInsteadOfDrawingAxes() {
        EcdfOverlay chart;
        QVERIFY(!chart.xAxis->visible());
        chart.setCurves(armCurves("a", spread(), "b", spread()));
        QVERIFY(chart.xAxis->visible());
        QVERIFY(!chart.accessibleName().isEmpty());
    }

    void intervalsOfAllRowsFitOneScaleThatEndsAtARoundChange() {
        const std::vector<IntervalRow> rows{{.label = "p95", .ratio = 0.7, .lo = 0.66, .hi = 0.74},
                                            {.label = "rps", .ratio = 1.1, .lo = 0, .hi = INFINITY}};
        QCOMPARE(intervalExtent(rows, 0.02), std::log(2.0));
        QVERIFY(intervalText(rows[0]).contains("…"));
        QVERIFY(intervalText(rows[1]).contains("not bounded yet"));
        QCOMPARE(intervalExtent({}, 0.02), std::log(1.1));
    }

    void whileLookingOnlyTheAnytimeIntervalIsShown() {
        model::Effect effect;
        effect.paired = {.pairs = 8, .ratio = 0.7, .lo = 0.69, .hi = 0.71};
        effect.anytime = {.ratio = 0.7, .lo = 0.6, .hi = 0.8};
        QCOMPARE(intervalRow(effect, true, 0.02).lo, 0.6);
        QCOMPARE(intervalRow(effect, true, 0.02).verdict, stats::Verdict::Better);
        QCOMPARE(intervalRow(effect, false, 0.02).lo, 0.69);
    }
};

QTEST_MAIN(ChartsTest)
#include "charts_test.moc"

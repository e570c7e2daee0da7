#include "ui/plots/cursor_group.h"
#include "ui/plots/data_table.h"
#include "ui/plots/distribution_charts.h"
#include "ui/plots/time_charts.h"

#include <QAbstractItemModelTester>
#include <QDialog>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::ui;
using namespace hone::ui::plots;

namespace {

std::vector<model::Interval> tenSeconds() {
    std::vector<model::Interval> all;
    for (int i = 0; i < 10; ++i)
        all.push_back({.startS = double(i),
                       .lengthS = 1,
                       .requests = 1000,
                       .p50Us = 500.0 + i,
                       .p95Us = 1000.0 + i,
                       .p99Us = 2000.0 + i});
    return all;
}

/// A chart of ten seconds as large as on screen, laid out.
template <class Chart>
void prepare(Chart& chart) {
    chart.resize(600, 240);
    chart.setIntervals(tenSeconds());
    chart.replot();
}

QPoint inside(const ChartBase& chart, double shareX, double shareY) {
    const QRect area = chart.axisRect()->rect();
    return {area.left() + int(shareX * area.width()), area.top() + int(shareY * area.height())};
}

}  // namespace

class ChartInteractionTest : public QObject {
    Q_OBJECT
private slots:
    void theCrosshairOfOneChartIsShownInAll() {
        PercentilesOverTime first;
        Throughput second;
        prepare(first);
        prepare(second);
        CursorGroup group(nullptr);
        group.add(&first);
        group.add(&second);
        QTest::keyClick(&first, Qt::Key_Right);
        QVERIFY(first.cursor().has_value());
        QCOMPARE(second.cursor(), first.cursor());
        QCOMPARE(second.header().entries()[0].value, quantityText(Quantity::PerSecond, 1000));
        QTest::keyClick(&first, Qt::Key_Escape);
        QVERIFY(!second.cursor().has_value());
    }

    void zoomingOneChartMovesAllAndHomeResetsAll() {
        PercentilesOverTime first;
        Throughput second;
        prepare(first);
        prepare(second);
        CursorGroup group(nullptr);
        group.add(&first);
        group.add(&second);
        QTest::keyClick(&first, Qt::Key_Plus);
        QVERIFY(first.isZoomed());
        QCOMPARE(second.xAxis->range(), first.xAxis->range());
        QTest::keyClick(&second, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(first.xAxis->range(), second.xAxis->range());
        QTest::keyClick(&second, Qt::Key_Home);
        QVERIFY(!first.isZoomed());
        QCOMPARE(first.xAxis->range(), QCPRange(0, 10));
    }

    void aBoxDrawnWithShiftBecomesTheRange() {
        PercentilesOverTime chart;
        prepare(chart);
        const QPoint from = inside(chart, 0.2, 0.2), to = inside(chart, 0.6, 0.8);
        const double left = chart.xAxis->pixelToCoord(from.x()), bottom = chart.yAxis->pixelToCoord(to.y());
        QTest::mousePress(&chart, Qt::LeftButton, Qt::ShiftModifier, from);
        QTest::mouseMove(&chart, (from + to) / 2);
        QMouseEvent move(QEvent::MouseMove, QPointF(to), QPointF(to), QPointF(to), Qt::NoButton,
                         Qt::LeftButton, Qt::ShiftModifier);
        QCoreApplication::sendEvent(&chart, &move);
        QTest::mouseRelease(&chart, Qt::LeftButton, Qt::ShiftModifier, to);
        QVERIFY(chart.isZoomed());
        QVERIFY(std::abs(chart.xAxis->range().lower - left) < 0.1);
        QVERIFY(std::abs(chart.yAxis->range().lower - bottom) < 0.02 * bottom);
    }

    void aClickAndEnterChooseTheMoment() {
        PercentilesOverTime chart;
        prepare(chart);
        QSignalSpy chosen(&chart, &ChartBase::pointChosen);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, inside(chart, 0.5, 0.5));
        QCOMPARE(chosen.size(), 1);
        QVERIFY(std::abs(chosen[0][0].toDouble() - 5) < 0.1);
        QTest::keyClick(&chart, Qt::Key_Escape);
        QTest::keyClick(&chart, Qt::Key_Right);
        QTest::keyClick(&chart, Qt::Key_Return);
        QCOMPARE(chosen.size(), 2);
        QCOMPARE(chosen[1][0].toDouble(), 0.5);
    }

    void nothingIsLostWhileTheChartIsHidden() {
        PercentilesOverTime chart;
        chart.resize(600, 240);
        chart.begin(0, 10);
        QCoreApplication::processEvents();  // What making the chart has asked for.
        QSignalSpy painted(&chart, &QCustomPlot::afterReplot);
        for (const model::Interval& interval : tenSeconds())
            chart.append(interval);
        QCoreApplication::processEvents();
        QCOMPARE(painted.size(), 0);  // Nobody sees it.
        QCOMPARE(chart.table().rows.size(), 10);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QTRY_VERIFY(painted.size() > 0);
        QCOMPARE(chart.graph(0)->dataCount(), 10);
    }

    void theKeyTOpensTheNumbersOfTheChart() {
        PercentilesOverTime chart;
        prepare(chart);
        QTest::keyClick(&chart, Qt::Key_T);
        const auto* dialog = chart.findChild<QDialog*>();
        QVERIFY(dialog);
        QVERIFY(!dialog->isModal());
        const auto* view = dialog->findChild<QTableView*>();
        QVERIFY(view && !view->accessibleName().isEmpty());
        QCOMPARE(view->model()->rowCount(), 10);
        QCOMPARE(view->model()->headerData(2, Qt::Horizontal).toString(), QString("p95"));
        QCOMPARE(view->model()->index(3, 2).data().toString(), quantityText(Quantity::Micros, 1003));
        QCOMPARE(view->model()->index(3, 2).data(Qt::EditRole).toDouble(), 1003.0);
    }

    void theTableModelKeepsTheRulesOfModels() {
        DataTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTable({{"x", "y"}, {{1, std::nan("")}, {2, 5}}, {}});
        QCOMPARE(model.index(0, 1).data().toString(), QString("–"));
        model.setTable({});
        QCOMPARE(model.rowCount(), 0);
    }

    void markdownEscapesNames() {
        const QString text =
            tableMarkdown({{"seconds", "a|b\nc"}, {{1.5, 2000}}, {Quantity::Seconds, Quantity::Micros}});
        const QStringList lines = text.split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0], QString("| seconds | a\\|b c |"));
        QCOMPARE(lines[1], QString("| ---: | ---: |"));
        QVERIFY(lines[2].contains(quantityText(Quantity::Micros, 2000)));
    }

    void screenReadersHearWhatIsDrawn() {
        PercentilesOverTime chart;
        QVERIFY(chart.describe().contains(chart.accessibleName()));
        prepare(chart);
        QVERIFY(chart.describe().contains("p95"));
        QVERIFY(chart.describe().contains(quantityText(Quantity::Micros, 1009)));
    }

    void everySeriesOfAnOverlayHasADashOfItsOwn() {
        stats::Histogram histogram;
        histogram.record(100);
        EcdfOverlay chart;
        chart.setCurves(armCurves("a", histogram, "b", histogram));
        QVERIFY(chart.graph(0)->pen().style() != chart.graph(1)->pen().style());
        PercentilesOverTime percentiles;
        QSet<QList<qreal>> dashes;
        for (int i = 0; i < 3; ++i)
            dashes.insert(percentiles.graph(i)->pen().dashPattern());
        QCOMPARE(dashes.size(), 3);  // One hue in three weights cannot be told apart in black and white.
    }
};

QTEST_MAIN(ChartInteractionTest)
#include "chart_interaction_test.moc"

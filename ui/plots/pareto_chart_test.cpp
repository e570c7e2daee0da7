#include "ui/plots/pareto_chart.h"
#include "ui/plots/interaction_matrix.h"
#include "ui/plots/waterfall.h"

#include <QTest>

using namespace hone::ui::plots;

class ParetoChartTest : public QObject {
    Q_OBJECT
private slots:
    void theFrontHoldsWhatNothingElseBeats();
    void equalPointsCountOnce();
    void theTableSaysWhichAreWorthHaving();
    void aWaterfallSaysItsStepsToScreenReaders();
    void theMatrixNamesOnlyWhatStands();
};

void ParetoChartTest::theFrontHoldsWhatNothingElseBeats() {
    const std::vector<ParetoPoint> points{
        {"slow and dear", 9, 9}, {"cheap", 1, 8}, {"fast", 8, 1}, {"middle", 4, 4}, {"dominated", 5, 5}};
    QCOMPARE(paretoFront(points), (std::vector<std::size_t>{1, 3, 2}));
    QVERIFY(paretoFront({}).empty());
}

void ParetoChartTest::equalPointsCountOnce() {
    QCOMPARE(paretoFront({{"a", 1, 1}, {"b", 1, 1}, {"c", 1, 2}}).size(), std::size_t(1));
}

void ParetoChartTest::theTableSaysWhichAreWorthHaving() {
    ParetoChart chart;
    chart.setPoints({{"none", 100, 900}, {"cache", 10, 50}}, "cpu", "p95");
    const auto table = chart.table();
    QCOMPARE(table.rows.size(), 2);
    QCOMPARE(table.rows[0], QList<double>({100, 900, 0}));
    QCOMPARE(table.rows[1], QList<double>({10, 50, 1}));
    chart.setPoints({}, "cpu", "p95");
    QVERIFY(chart.table().rows.isEmpty());
}

void ParetoChartTest::aWaterfallSaysItsStepsToScreenReaders() {
    Waterfall chart;
    chart.setSteps("baseline", 100, "100 ms", {{"cache", -80, "−80 %", {}}, {"encoding", 5, "+5 %", {}}},
                   "recommended", "25 ms", true);
    QCOMPARE(chart.accessibleDescription(),
             QString("baseline: 100 ms; cache: −80 %; encoding: +5 %; recommended: 25 ms"));
    chart.resize(600, chart.sizeHint().height());
    QVERIFY(!chart.grab().isNull());
}

void ParetoChartTest::theMatrixNamesOnlyWhatStands() {
    InteractionMatrix matrix;
    std::vector<InteractionCell> cells(4);
    cells[0] = {0.2, true, true, "cache alone"};
    cells[1] = {1.01, false, true, "noise"};
    cells[3] = {0.9, true, true, "encoding alone"};
    matrix.setCells({"cache", "encoding"}, cells, true);
    QCOMPARE(matrix.accessibleDescription(), QString("cache alone; encoding alone"));
    matrix.resize(300, matrix.sizeHint().height());
    QVERIFY(!matrix.grab().isNull());
}

QTEST_MAIN(ParetoChartTest)
#include "pareto_chart_test.moc"

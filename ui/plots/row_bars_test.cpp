#include "ui/plots/row_bars.h"
#include "ui/plots/toggle_rows.h"

#include <QtTest>

#include <cmath>

using namespace hone;
using namespace hone::ui;
using namespace hone::ui::plots;

namespace {

/// The run of pixels of that colour in the row, from and to as shares of the width; {0, 0}: none.
std::pair<double, double> stretch(const QImage& image, int y, const QColor& colour) {
    int first = -1, last = -1;
    for (int x = 0; x < image.width(); ++x)
        if (image.pixelColor(x, y) == colour) {
            first = first < 0 ? x : first;
            last = x;
        }
    return first < 0 ? std::pair(0.0, 0.0)
                     : std::pair(double(first) / image.width(), double(last + 1) / image.width());
}

}  // namespace

class RowBarsTest : public QObject {
    Q_OBJECT
private slots:
    void phasesFollowEachOtherAndHitsAreInTheLedger() {
        model::RunResult run;
        run.requests = 100;
        run.latency.recordN(1000, 100);
        run.ttfb.recordN(800, 100);
        run.connect.recordN(500, 10);
        run.counters = {{"cache.hits", 75}, {"cache.misses", 25}};
        const auto phases = phaseRows(run);
        QCOMPARE(phases.size(), std::size_t{3});
        QVERIFY(std::abs(phases[0].to - 50) < 1);
        for (std::size_t i = 1; i < phases.size(); ++i)
            QCOMPARE(phases[i].from, phases[i - 1].to);
        const auto ledger = ledgerRows(run);
        QCOMPARE(ledger.size(), std::size_t{1});
        QCOMPARE(ledger[0].to, 0.75);
        RowBars bars("Phases", "none");
        bars.setRows(phases);
        QCOMPARE(bars.table().names.size(), 3);
        QVERIFY(bars.accessibleDescription().contains(phases[1].label));
        QVERIFY(phaseRows({}).empty());
    }

    void togglesAreStackedTheCostliestFirst() {
        model::RunResult run;
        run.toggleUsPerRequest = {{"cache", 2}, {"encoding", 30}, {"idle", 0}, {"ratelimit", 8}};
        const auto rows = toggleRows(run);
        QCOMPARE(rows.size(), std::size_t{4});
        QCOMPARE(rows[0].to, 40.0);
        QCOMPARE(rows[0].pieces.size(), std::size_t{3});
        QCOMPARE(rows[1].label, QString("encoding"));
        QVERIFY(rows[1].text.contains("75"));
        QCOMPARE(rows[3].label, QString("cache"));
        QCOMPARE(rows[3].from, 38.0);
        QCOMPARE(rows[3].to, 40.0);
    }

    void beyondFiveTogglesTheRestIsOneRow() {
        model::RunResult run;
        for (int i = 0; i < 9; ++i)
            run.toggleUsPerRequest["t" + std::to_string(i)] = 10 - i;
        const auto rows = toggleRows(run);
        QCOMPARE(rows.size(), std::size_t{1 + 5 + 1});
        QVERIFY(rows.back().label.contains("4"));
        QCOMPARE(rows.back().to - rows.back().from, 5.0 + 4 + 3 + 2);
        QCOMPARE(rows.back().to, rows.front().to);
    }

    void aRunWithoutTogglesHasNoRowsAndOneToggleNoSum() {
        model::RunResult run;
        QVERIFY(toggleRows(run).empty());
        run.toggleUsPerRequest["idle"] = 0;
        QVERIFY(toggleRows(run).empty());
        run.toggleUsPerRequest["cache"] = 3;
        QCOMPARE(toggleRows(run).size(), std::size_t{1});
    }

    /// Tolerance: 2 % of the width for where a piece begins and ends.
    void piecesAreDrawnWhereTheirValuesLie() {
        for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
            Theme::instance().apply(mode);
            RowBars bars("Toggles", "none");
            bars.resize(600, 140);
            model::RunResult run;
            run.toggleUsPerRequest = {{"a", 30}, {"b", 10}};
            bars.setRows(toggleRows(run));
            const QImage image = bars.grab().toImage().convertToFormat(QImage::Format_RGB32);
            const int y = 26 + 15;  // The middle of the first row.
            const auto first = stretch(image, y, color(Role::Series1));
            const auto second = stretch(image, y, color(Role::Series2));
            QVERIFY(first.second > first.first && second.second > second.first);
            QVERIFY(std::abs((first.second - first.first) - 3 * (second.second - second.first)) < 0.02);
            QVERIFY(second.first >= first.second && second.first - first.second < 0.02);
        }
    }

    void withoutRowsItSaysWhy() {
        RowBars bars("Toggles", "Known when the run has ended");
        QCOMPARE(bars.accessibleDescription(), QString("Known when the run has ended"));
        QVERIFY(bars.table().rows.isEmpty());
        bars.setRows({{.label = "cache", .text = "2 µs", .from = 0, .to = 2}});
        QCOMPARE(bars.accessibleDescription(), QString("cache: 2 µs"));
        bars.setRows({});
        QCOMPARE(bars.accessibleDescription(), QString("Known when the run has ended"));
    }
};

QTEST_MAIN(RowBarsTest)
#include "row_bars_test.moc"

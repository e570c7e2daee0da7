#include "ui/panels/runs/trend_story.h"

#include <QTest>

using namespace hone;
using namespace hone::ui::runs;

namespace {

std::vector<store::RunSummary> runsOf(const std::vector<double>& p95s) {
    std::vector<store::RunSummary> runs;
    for (std::size_t i = 0; i < p95s.size(); ++i) {
        store::RunSummary run;
        run.id = std::to_string(i);
        run.kind = "run";
        run.p95Us = p95s[i];
        run.startedAt = std::chrono::system_clock::time_point(std::chrono::hours(24 * i));
        runs.push_back(run);
    }
    return runs;
}

}  // namespace

class TrendStoryTest : public QObject {
    Q_OBJECT
private slots:
    void findsWhereTheLevelChanged() {
        const auto story =
            tellTrend(runsOf({1000, 1010, 990, 1005, 995, 1002, 1500, 1510, 1490, 1505, 1495, 1502}), {});
        QCOMPARE(story.levels.size(), std::size_t{1});
        QCOMPARE(story.levels[0].index, std::size_t{6});
        QVERIFY2(story.words.startsWith("p95 went from 1.00"), qPrintable(story.words));
        QVERIFY2(story.words.contains("+50"), qPrintable(story.words));
    }

    void saysWhatIsMissingForAnAnswer() {
        QVERIFY(tellTrend(runsOf({1000, 1500, 1500}), {}).words.contains("ten runs"));
        const auto steady = tellTrend(runsOf({1000, 1010, 990, 1005, 995, 1002, 1001, 1008, 992, 1004}), {});
        QVERIFY2(steady.words.contains("No change of level"), qPrintable(steady.words));
        QVERIFY(steady.levels.empty());
    }

    void flagsRunsOfAnotherMachineThanTheOneBefore() {
        model::Environment calm{.governor = "performance", .cores = 4}, saving = calm;
        saving.governor = "powersave";
        // The second run's machine is not known: the third is compared with the first.
        const auto story =
            tellTrend(runsOf({1000, 1000, 1400, 1400}), {{"0", calm}, {"2", saving}, {"3", saving}});
        QCOMPARE(story.machines, std::vector<std::size_t>{2});
        QVERIFY2(story.words.contains("governor: performance"), qPrintable(story.words));
    }

    void aTrendOfNothingIsQuiet() { QVERIFY(tellTrend({}, {}).levels.empty()); }
};

QTEST_GUILESS_MAIN(TrendStoryTest)
#include "trend_story_test.moc"

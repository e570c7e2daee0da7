#include "ui/report/changes_line.h"

#include <QTest>

using namespace hone;
using hone::ui::report::runBefore;

namespace {

store::RunSummary summary(const char* id, const char* workload, int hour) {
    store::RunSummary run;
    run.id = id;
    run.kind = "run";
    run.workload = workload;
    run.source = "hone";
    run.startedAt = std::chrono::system_clock::time_point(std::chrono::hours(hour));
    return run;
}

}  // namespace

class ChangesLineTest : public QObject {
    Q_OBJECT
private slots:
    void theRunBeforeIsTheNewestOlderOneOfTheSameWorkload() {
        model::RunResult run;
        run.id = "now";
        run.workload.name = "cities";
        run.startedAt = std::chrono::system_clock::time_point(std::chrono::hours(10));
        auto comparison = summary("pair", "cities", 9);
        comparison.kind = "comparison";
        auto foreign = summary("k6", "cities", 9);
        foreign.source = "k6";
        const auto before = runBefore(
            {summary("now", "cities", 10), summary("later", "cities", 11), comparison, foreign,
             summary("other", "shop", 9), summary("old", "cities", 2), summary("last", "cities", 8)},
            run);
        QVERIFY(before);
        QCOMPARE(before->id, std::string("last"));
    }

    void theFirstRunHasNoneBefore() {
        model::RunResult run;
        run.id = "now";
        run.workload.name = "cities";
        run.startedAt = std::chrono::system_clock::time_point(std::chrono::hours(10));
        QVERIFY(!runBefore({summary("now", "cities", 10), summary("later", "cities", 11)}, run));
    }
};

QTEST_GUILESS_MAIN(ChangesLineTest)
#include "changes_line_test.moc"

#include "core/model/run_changes.h"

#include <QTest>

#include <algorithm>

using namespace hone::model;
using Kind = RunChange::Kind;

namespace {

RunResult aRun() {
    RunResult run;
    run.workload = Workload::forUrl("/api/cities");
    run.target = "http://127.0.0.1:8437";
    run.dataset = "cities (150 000 rows)";
    run.environment = {
        .os = "Debian", .cpu = "a CPU", .governor = "performance", .build = "hone 1", .cores = 4};
    return run;
}

}  // namespace

class RunChangesTest : public QObject {
    Q_OBJECT
private slots:
    void nothingChangedInTheSameRunAgain() {
        RunResult later = aRun();
        later.id = "other";
        later.note = later.workload.note = "words";
        later.workload.seed = 99;  // Draws other keys, asks for the same.
        QVERIFY(changesBetween(aRun(), later).empty());
        QCOMPARE(describe(changesBetween(aRun(), later)), std::string("nothing"));
    }

    void namesSettingsWorkloadDataAndMachineInThatOrder() {
        RunResult later = aRun();
        later.profile.toggles["cache"].on = true;
        later.workload.clients += 3;
        later.dataset = "shop (100 rows)";
        later.environment.governor = "powersave";
        const auto changes = changesBetween(aRun(), later);
        QVERIFY(changes.size() >= 4);
        QVERIFY(std::ranges::is_sorted(changes, {}, &RunChange::kind));
        QCOMPARE(changes.front().what, std::string("cache"));
        QCOMPARE(changes.back(), (RunChange{Kind::Machine, "governor", "performance", "powersave"}));
        const auto data = std::ranges::find(changes, Kind::Data, &RunChange::kind);
        QCOMPARE(data->after, std::string("shop (100 rows)"));
        QVERIFY(std::ranges::any_of(changes, [](const RunChange& c) { return c.kind == Kind::Workload; }));
    }

    void aRequestAddedToTheWorkloadIsAChange() {
        RunResult later = aRun();
        later.workload.requests.push_back(later.workload.requests.front());
        const auto changes = changesBetween(aRun(), later);
        QVERIFY(!changes.empty());
        QCOMPARE(changes.front().before, std::string("–"));
    }

    void theLoadAverageCountsWhenItIsFarOff() {
        RunResult later = aRun();
        later.environment.loadAverage = 1.9;  // Under half of four cores.
        QVERIFY(changesBetween(aRun(), later).empty());
        later.environment.loadAverage = 2;
        QCOMPARE(changesBetween(aRun(), later).size(), std::size_t{1});
        RunResult busy = aRun();
        busy.environment.loadAverage = 18;
        later.environment.loadAverage = 21;  // As busy either way.
        QVERIFY(changesBetween(busy, later).empty());
    }

    void longListsAreCutInWords() {
        RunResult later = aRun();
        later.environment = {.os = "x", .cpu = "y", .governor = "z", .build = "w", .cores = 8};
        const QString words = QString::fromStdString(describe(changesBetween(aRun(), later), 2));
        QVERIFY2(words.endsWith(" and 3 more"), qPrintable(words));
    }
};

QTEST_GUILESS_MAIN(RunChangesTest)
#include "run_changes_test.moc"

#include "ui/models/effect_model.h"
#include "ui/models/request_model.h"
#include "ui/models/run_list_model.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace hone;
using namespace hone::ui;

namespace {

store::RunSummary summary(const char* id, const char* workload, const char* profile, double p95Us,
                          int minute) {
    store::RunSummary run;
    run.id = id;
    run.kind = "run";
    run.workload = workload;
    run.profile = profile;
    run.p50Us = p95Us / 2;
    run.p95Us = p95Us;
    run.p99Us = p95Us * 2;
    run.rps = 1e6 / p95Us;
    run.startedAt = std::chrono::system_clock::time_point(std::chrono::minutes(minute));
    return run;
}

std::vector<store::RunSummary> three() {
    auto list =
        std::vector{summary("c", "browse", "tuned", 900, 3), summary("b", "browse", "baseline", 12000, 2),
                    summary("a", "items", "baseline", 3000, 1)};
    list[0].tags = {"release"};
    list[0].note = "after the index";
    return list;
}

model::Effect effect(const char* metric, stats::Verdict verdict, double ratio) {
    model::Effect made;
    made.metric = metric;
    made.title = metric;
    made.verdict = verdict;
    made.a = 1000;
    made.b = 1000 * ratio;
    made.paired.ratio = ratio;
    return made;
}

}  // namespace

class ResultModelsTest : public QObject {
    Q_OBJECT
private slots:
    void theModelsKeepTheRulesOfItemModels() {
        RunListModel runs;
        RunFilter filter;
        filter.setSourceModel(&runs);
        EffectModel effects;
        RequestModel requests;
        const auto mode = QAbstractItemModelTester::FailureReportingMode::QtTest;
        QAbstractItemModelTester a(&runs, mode), b(&filter, mode), c(&effects, mode), d(&requests, mode);
        runs.setRuns(three());
        filter.setSearch("baseline");
        filter.sort(RunListModel::P95);
        runs.setRuns({});
        effects.setEffects({effect("p95", stats::Verdict::Better, 0.7)}, "p95", 0.02);
        requests.setRequests({{.name = "list", .requests = 3}});
        QCOMPARE(requests.rowCount(), 1);
    }

    void latenciesSortByTheirValueAndNotByTheirText() {
        RunListModel runs;
        RunFilter filter;
        filter.setSourceModel(&runs);
        runs.setRuns(three());
        filter.sort(RunListModel::P95, Qt::AscendingOrder);
        QStringList ids;
        for (int row = 0; row < filter.rowCount(); ++row)
            ids << filter.index(row, 0).data(RunListModel::IdRole).toString();
        QCOMPARE(ids, (QStringList{"c", "a", "b"}));  // 900 µs, 3 ms, 12 ms; as text "12" comes first.
    }

    void aSearchKeepsRowsThatHoldEveryWordAnywhere_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("rows");
        QTest::newRow("nothing asked") << "" << 3;
        QTest::newRow("profile") << "baseline" << 2;
        QTest::newRow("profile and workload") << "BASE browse" << 1;
        QTest::newRow("tag") << "#release" << 1;
        QTest::newRow("note") << "index" << 1;
        QTest::newRow("nothing found") << "tuned items" << 0;
    }
    void aSearchKeepsRowsThatHoldEveryWordAnywhere() {
        QFETCH(QString, words);
        QFETCH(int, rows);
        RunListModel runs;
        RunFilter filter;
        filter.setSourceModel(&runs);
        runs.setRuns(three());
        filter.setSearch(words);
        QCOMPARE(filter.rowCount(), rows);
    }

    void aTrendHoldsOnlyTheSameQuestionOldestFirst() {
        auto runs = three();
        runs.push_back(summary("d", "browse", "baseline", 11000, 1));
        auto comparison = summary("e", "browse", "baseline", 1, 0);
        comparison.kind = "comparison";
        runs.push_back(comparison);
        const auto trend = trendOf(runs, runs[1]);
        QCOMPARE(trend.size(), std::size_t{2});
        QCOMPARE(trend[0].id, std::string("d"));
        QCOMPARE(trend[1].id, std::string("b"));
    }

    void anUnnamedRunIsCalledAsItsWorkload() {
        auto run = summary("a", "browse", "tuned", 1000, 0);
        QCOMPARE(runTitle(run), QString("browse"));
        run.name = "before the sale";
        QCOMPARE(runTitle(run), QString("before the sale"));
    }

    void aVerdictHasASignAndAWordBesideItsColour() {
        QVERIFY(verdictText(effect("p95", stats::Verdict::Better, 0.7)).startsWith("▼"));
        QVERIFY(verdictText(effect("rps", stats::Verdict::Better, 1.4)).startsWith("▲"));
        QVERIFY(verdictText(effect("p50", stats::Verdict::NoDifference, 1.0)).startsWith("="));
        QVERIFY(verdictText(effect("p99", stats::Verdict::CannotTell, 1.1)).startsWith("?"));
    }

    void metricsAreShownInTheirUnits() {
        EffectModel model;
        model.setEffects(
            {effect("p95", stats::Verdict::Better, 0.7), effect("bytes", stats::Verdict::Better, 0.3)}, "p95",
            0.02);
        QVERIFY(model.index(0, EffectModel::A).data().toString().contains("ms"));
        QVERIFY(model.index(1, EffectModel::A).data().toString().contains("B"));
        QVERIFY(model.isStrong(0));
        QVERIFY(!model.isStrong(1));
        QVERIFY(model.index(0, EffectModel::Verdict).data(Qt::ToolTipRole).toString().contains("pairs"));
    }
};

QTEST_MAIN(ResultModelsTest)
#include "result_models_test.moc"

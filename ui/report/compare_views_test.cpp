// What a comparison shows beside its effects, and several profiles beside each other.

#include "core/experiment/matrix.h"
#include "ui/report/differences_list.h"
#include "ui/report/matrix_view.h"
#include "ui/report/prices_dialog.h"

#include <QSettings>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include <cmath>

using namespace hone;
using namespace hone::ui::report;

namespace {

QTreeWidget* listNamed(const QWidget& in, const QString& name) {
    for (auto* list : in.findChildren<QTreeWidget*>())
        if (list->accessibleName() == name)
            return list;
    return nullptr;
}

QStringList column(const QTreeWidget& list, int at) {
    QStringList words;
    for (int row = 0; row < list.topLevelItemCount(); ++row)
        words << list.topLevelItem(row)->text(at);
    return words;
}

model::Comparison comparison() {
    model::Comparison made;
    made.b.profile.toggles["cache"].on = true;
    made.a.counters = {{"cache.hits", 0}, {"http.requests", 1000}, {"sql.rows", 5000}};
    made.b.counters = {{"cache.hits", 900}, {"http.requests", 1000}, {"sql.rows", 4000}};
    for (auto* run : {&made.a, &made.b}) {
        run->requests = 1000;
        run->wireBytes = 1024 * 1000;
        run->engineCpuUsPerRequest = 36;
    }
    made.answersCompared = 5;
    return made;
}

}  // namespace

class CompareViewsTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_scratch;

private slots:
    void initTestCase() {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_scratch.path());
    }

    void countersThatDifferAreListedTheTellingOnesFirst() {
        DifferencesList list;
        list.show(comparison());
        const auto* counters = listNamed(list, "Counters that differ");
        QVERIFY(counters);
        QCOMPARE(column(*counters, 0), (QStringList{"cache.hits", "sql.rows"}));
        QVERIFY(counters->topLevelItem(0)->toolTip(0).contains("per request"));
        QCOMPARE(column(*listNamed(list, "Settings that differ"), 0), QStringList{"cache"});
    }

    void answersThatDifferWithoutReasonComeToTheFront() {
        DifferencesList list;
        auto made = comparison();
        list.show(made);
        const auto* pages = list.findChild<QStackedWidget*>();
        QCOMPARE(pages->currentIndex(), int{DifferencesList::Settings});
        made.answerDifferences.push_back({.request = "GET /x", .explanation = "status", .expected = true});
        list.show(made);
        QCOMPARE(pages->currentIndex(), int{DifferencesList::Settings});
        made.answerDifferences.push_back({.request = "GET /y", .explanation = "another body"});
        list.show(made);
        QCOMPARE(pages->currentIndex(), int{DifferencesList::Answers});
    }

    void moneyShowsOnlyAtPricesSomebodyGave() {
        savePrices({});
        DifferencesList list;
        list.show(comparison());
        const auto* costs = listNamed(list, "What a million requests cost");
        QVERIFY(costs);
        QCOMPARE(column(*costs, 0), (QStringList{"Traffic, GiB", "CPU, core-h"}));
        model::Prices prices{
            .currency = "€", .perGiB = 0.08, .perCoreHour = 0.05, .gramsPerKwh = 300, .wattsPerCore = 10};
        savePrices(prices);
        QVERIFY(savedPrices() == prices);
        list.show(comparison());
        QCOMPARE(column(*costs, 0),
                 (QStringList{"Traffic, GiB", "CPU, core-h", "Traffic cost", "CPU cost", "Both", "CO₂, g"}));
        QCOMPARE(costs->topLevelItem(3)->text(1), QString("€0.000500"));  // 0.01 core-hours.
        savePrices({});
    }

    void theDialogHandsBackWhatItWasGiven() {
        const model::Prices prices{.currency = "CHF", .perGiB = 0.0875, .kwhPerGiB = 0.02};
        const PricesDialog dialog(prices);
        QVERIFY(dialog.prices() == prices);
    }

    void theMatrixMarksTheBestOfEveryMetric() {
        model::Matrix matrix;
        matrix.rounds = matrix.plannedRounds = 8;
        for (int arm = 0; arm < 3; ++arm) {
            model::RunResult run;
            run.profile.name = std::string(1, static_cast<char>('a' + arm));
            matrix.arms.push_back(run);
            for (int round = 0; round < 8; ++round) {
                model::Block block{.pair = round, .arm = arm, .requests = 100, .metrics = {}};
                block.metrics["p95"] = (arm == 1 ? 400 : 1000) * (1 + 0.01 * std::sin(arm + 2.0 * round));
                matrix.blocks.push_back(block);
            }
        }
        experiment::conclude(matrix);
        MatrixView view;
        view.show(matrix);
        const auto* table = listNamed(view, "Metrics of every profile");
        QVERIFY(table);
        QCOMPARE(column(*table, 0), (QStringList{"a", "b", "c"}));
        const QStringList p95 = column(*table, 1);
        QVERIFY2(p95[1].startsWith("★"), qPrintable(p95.join(", ")));
        QVERIFY(!p95[0].startsWith("★") && !p95[2].startsWith("★"));
        QVERIFY(table->topLevelItem(1)->toolTip(1).contains("against a"));
    }
};

QTEST_MAIN(CompareViewsTest)
#include "compare_views_test.moc"

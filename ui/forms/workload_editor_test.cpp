#include "ui/forms/workload_editor.h"
#include "ui/widgets/widgets.h"

#include <QPlainTextEdit>
#include <QTableWidget>
#include <QtTest>

using namespace hone;
using namespace hone::ui;

namespace {

model::Workload browse() {
    model::Workload workload;
    workload.name = "browse";
    workload.requests = {
        {.name = "list", .url = "/api/cities", .headers = {{"Accept", "text/csv"}}, .weight = 3},
        {.name = "item", .url = "/api/cities/{{id}}", .weight = 1}};
    workload.variables["id"] = {.first = 1, .last = 100};
    return workload;
}

}  // namespace

class WorkloadEditorTest : public QObject {
    Q_OBJECT
private slots:
    void whatTheTableDoesNotShowStaysWithItsRequest() {
        model::Workload saved;
        WorkloadEditor editor(browse(),
                              [&](const model::Workload& made) { return saved = made, Result<>{}; });
        editor.findChild<QTableWidget*>()->item(0, 2)->setText("7");
        editor.accept();
        QCOMPARE(saved.requests.size(), std::size_t{2});
        QCOMPARE(saved.requests[0].weight, 7.0);
        QCOMPARE(saved.requests[0].headers, browse().requests[0].headers);
        QCOMPARE(saved.variables.size(), std::size_t{1});
    }

    void aRefusedWorkloadIsNotSavedAndSaysWhy_data() {
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("text");
        QTest::newRow("a weight that is no number") << 2 << "many";
        QTest::newRow("a variable nobody defined") << 1 << "/api/{{nobody}}";
    }
    void aRefusedWorkloadIsNotSavedAndSaysWhy() {
        QFETCH(int, column);
        QFETCH(QString, text);
        bool saved = false;
        WorkloadEditor editor(browse(), [&](const model::Workload&) { return saved = true, Result<>{}; });
        editor.findChild<QTableWidget*>()->item(1, column)->setText(text);
        editor.accept();
        QVERIFY(!saved);
        QVERIFY(editor.result() != QDialog::Accepted);
        QVERIFY(!editor.findChild<InlineMessage*>()->isHidden());
    }

    void jsonAndTableAreTheSameWorkload() {
        WorkloadEditor editor(browse(), [](const model::Workload&) { return Result<>{}; });
        auto* pages = editor.findChild<Segmented*>();
        auto* json = editor.findChild<QPlainTextEdit*>();
        pages->setCurrent(1);
        emit pages->currentChanged(1);
        QVERIFY(json->toPlainText().contains("/api/cities"));
        QString edited = json->toPlainText();
        json->setPlainText(edited.replace("/api/cities/{{id}}", "/api/countries/{{id}}"));
        pages->setCurrent(0);
        emit pages->currentChanged(0);
        QCOMPARE(editor.findChild<QTableWidget*>()->item(1, 1)->text(), QString("/api/countries/{{id}}"));
    }

    void brokenJsonKeepsItsPageUntilItReads() {
        WorkloadEditor editor(browse(), [](const model::Workload&) { return Result<>{}; });
        auto* pages = editor.findChild<Segmented*>();
        pages->setCurrent(1);
        emit pages->currentChanged(1);
        editor.findChild<QPlainTextEdit*>()->setPlainText("{ \"hone\": 1,");
        pages->setCurrent(0);
        emit pages->currentChanged(0);
        QCOMPARE(pages->current(), 1);
        QVERIFY(!editor.findChild<InlineMessage*>()->isHidden());
    }
};

QTEST_MAIN(WorkloadEditorTest)
#include "workload_editor_test.moc"

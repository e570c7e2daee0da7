#include "ui/panels/engine/journal_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace hone;
using namespace hone::ui::engine;

namespace {

std::vector<engine::JournalEntry> entries(std::uint64_t newest, int howMany) {
    std::vector<engine::JournalEntry> list;
    for (int i = 0; i < howMany; ++i) {
        engine::JournalEntry entry;
        entry.number = newest - static_cast<std::uint64_t>(i);
        entry.method = "GET";
        entry.target = "/api/cities/" + std::to_string(entry.number);
        entry.status = 200;
        list.push_back(entry);
    }
    return list;
}

}  // namespace

class JournalModelTest : public QObject {
    Q_OBJECT
private slots:
    void onlyNewEntriesAreInsertedAboveTheKnownOnes();
    void oldEntriesGoWhenThereAreTooMany();
    void aGapInTheNumbersIsNoProblem();
    void endpointsKeepTheirRowAndGainARate();
};

void JournalModelTest::onlyNewEntriesAreInsertedAboveTheKnownOnes() {
    JournalModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(entries(3, 3));
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.update(entries(5, 5));
    QCOMPARE(model.rowCount(), 5);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(inserted.at(0).at(2).toInt(), 1);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.index(0, JournalModel::Target).data().toString(), QString("/api/cities/5"));
    model.update(entries(5, 5));
    QCOMPARE(inserted.count(), 1);
}

void JournalModelTest::oldEntriesGoWhenThereAreTooMany() {
    JournalModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(entries(400, 400));
    model.update(entries(800, 400));
    QCOMPARE(model.rowCount(), JournalModel::kKept);
    QCOMPARE(model.at(0).number, std::uint64_t{800});
    QCOMPARE(model.at(JournalModel::kKept - 1).number, std::uint64_t{301});
}

void JournalModelTest::aGapInTheNumbersIsNoProblem() {
    JournalModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(entries(10, 5));
    model.update(entries(1000, 5));
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.at(5).number, std::uint64_t{10});
}

void JournalModelTest::endpointsKeepTheirRowAndGainARate() {
    EndpointModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    engine::Snapshot snapshot;
    snapshot.taken = std::chrono::seconds(1);
    snapshot.endpoints = {{.name = "GET /api/<resource>", .requests = 100},
                          {.name = "GET /health", .requests = 1}};
    model.update(snapshot);
    snapshot.taken = std::chrono::seconds(3);
    std::swap(snapshot.endpoints[0], snapshot.endpoints[1]);
    snapshot.endpoints[1].requests = 300;
    model.update(snapshot);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, EndpointModel::Name).data().toString(), QString("GET /api/<resource>"));
    QVERIFY(model.index(0, EndpointModel::Rate).data().toString().startsWith("100"));
}

QTEST_MAIN(JournalModelTest)
#include "journal_model_test.moc"

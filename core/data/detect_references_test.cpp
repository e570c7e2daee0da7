#include "core/data/detect_references.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <fstream>

using namespace hone;
using namespace hone::data;

class DetectReferencesTest : public QObject {
    Q_OBJECT
private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void readsATableOutOfAColumnsName_data();
    void readsATableOutOfAColumnsName();
    void declaresWhatNamesAndValuesAgreeOn();
    void declaresNothingThatOneValueContradicts_data();
    void declaresNothingThatOneValueContradicts();
    void followsReferencesByText();
    void doesNotRefuseWritesForAGuess();
    void keepsWhatASqliteFileDeclares();

private:
    std::shared_ptr<Dataset> import(const std::string& json) {
        const std::filesystem::path dir = m_dir->path().toStdString();
        std::ofstream(dir / "db.json") << json;
        const auto done = importFile(dir / "db.json", dir / "db.db");
        if (!done)
            qFatal("%s", done.error().line().c_str());
        return Dataset::open(dir / "db.db").value();
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void DetectReferencesTest::readsATableOutOfAColumnsName_data() {
    QTest::addColumn<QString>("column");
    QTest::addColumn<int>("table");  // -1: none
    // users, categories, order_items, Address, people, parents_note
    QTest::newRow("snake") << "user_id" << 0;
    QTest::newRow("camel") << "userId" << 0;
    QTest::newRow("pascal") << "UserID" << 0;
    QTest::newRow("y becomes ies") << "categoryId" << 1;
    QTest::newRow("two words") << "order_item_id" << 2;
    QTest::newRow("two words, camel") << "orderItemId" << 2;
    QTest::newRow("a role before it") << "billing_address_id" << 3;
    QTest::newRow("a role before it, camel") << "billingAddressId" << 3;
    QTest::newRow("irregular") << "person_id" << 4;
    QTest::newRow("itself") << "parent_id" << 5;
    QTest::newRow("not a reference") << "paid" << -1;
    QTest::newRow("only a suffix") << "_id" << -1;
    QTest::newRow("the key") << "id" << -1;
    QTest::newRow("nobody's name") << "sponsor_id" << -1;
    QTest::newRow("letters before a table's name") << "superuser_id" << -1;
    QTest::newRow("the name alone") << "user" << -1;
    QTest::newRow("empty") << "" << -1;
}

void DetectReferencesTest::readsATableOutOfAColumnsName() {
    QFETCH(QString, column);
    QFETCH(int, table);
    const std::vector<std::string> tables{"users", "categories", "order_items", "Address", "people", "note"};
    const auto found = tableNamedBy(column.toStdString(), tables, 5);
    QCOMPARE(found ? int(*found) : -1, table);
}

void DetectReferencesTest::declaresWhatNamesAndValuesAgreeOn() {
    const auto dataset =
        import(R"({"posts":[{"id":1,"title":"a"},{"id":2,"title":"c"}],)"
               R"("comments":[{"id":1,"postId":1,"parent_id":null},{"id":2,"postId":null,"parent_id":1}]})");
    const Table& comments = *dataset->schema().table("comments");
    QCOMPARE(comments.foreignKeys.size(), std::size_t(2));
    QCOMPARE(comments.foreignKeys[0].column, std::string("postId"));
    QCOMPARE(comments.foreignKeys[0].table, std::string("posts"));
    QCOMPARE(comments.foreignKeys[0].targetColumn, std::string("id"));
    QCOMPARE(comments.foreignKeys[1].column, std::string("parent_id"));
    QCOMPARE(comments.foreignKeys[1].table, std::string("comments"));
    QVERIFY(dataset->schema().table("posts")->foreignKeys.empty());
    auto session = dataset->session({}).value();
    QCOMPARE(session->select({.table = "comments"}).value().rowCount(), std::size_t(2));
}

void DetectReferencesTest::declaresNothingThatOneValueContradicts_data() {
    QTest::addColumn<QString>("comments");
    QTest::newRow("an orphan") << R"([{"id":1,"postId":1},{"id":2,"postId":9}])";
    QTest::newRow("another type") << R"([{"id":1,"postId":"1"}])";
    QTest::newRow("no value at all") << R"([{"id":1,"postId":null}])";
}

void DetectReferencesTest::declaresNothingThatOneValueContradicts() {
    QFETCH(QString, comments);
    const auto dataset = import(R"({"posts":[{"id":1}],"comments":)" + comments.toStdString() + "}");
    QVERIFY(dataset->schema().table("comments")->foreignKeys.empty());
}

void DetectReferencesTest::followsReferencesByText() {
    const auto dataset =
        import(R"({"users":[{"id":"ann"},{"id":"bob"}],"notes":[{"id":"n1","userId":"bob"}]})");
    QCOMPARE(dataset->schema().table("notes")->foreignKeys.size(), std::size_t(1));
}

void DetectReferencesTest::doesNotRefuseWritesForAGuess() {
    const auto dataset = import(R"({"posts":[{"id":1}],"comments":[{"id":1,"postId":1}]})");
    const Table& comments = *dataset->schema().table("comments");
    QCOMPARE(comments.foreignKeys.size(), std::size_t(1));
    auto session = dataset->session({}).value();
    QVERIFY(session->insert(comments, {{"postId", 77}}));
    QVERIFY(session->remove(*dataset->schema().table("posts"), "1").value());
}

void DetectReferencesTest::keepsWhatASqliteFileDeclares() {
    const std::filesystem::path dir = m_dir->path().toStdString();
    {
        const auto db = sqlite::Connection::open(dir / "own.db", sqlite::Mode::Create).value();
        QVERIFY(
            db->exec("CREATE TABLE team(id INTEGER PRIMARY KEY); CREATE TABLE player(id INTEGER PRIMARY KEY, "
                     "plays_for INTEGER REFERENCES team(id), team_id INTEGER); INSERT INTO team VALUES (1); "
                     "INSERT INTO player VALUES (1, 1, 1)"));
    }
    QVERIFY(importFile(dir / "own.db", dir / "into.db"));
    const auto dataset = Dataset::open(dir / "into.db").value();
    const Table& player = *dataset->schema().table("player");
    QCOMPARE(player.foreignKeys.size(), std::size_t(1));
    QCOMPARE(player.foreignKeys[0].column, std::string("plays_for"));
    auto session = dataset->session({}).value();
    const auto refused = session->insert(player, {{"plays_for", 9}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::InvalidArgument);
}

QTEST_GUILESS_MAIN(DetectReferencesTest)
#include "detect_references_test.moc"

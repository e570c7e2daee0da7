// What a query can say beyond one table's plain filters, and what it costs the database.
#include "core/data/dataset.h"
#include "core/sqlite/sqlite.h"

#include <QtTest>

#include <algorithm>

using namespace hone;
using namespace hone::data;

using Ids = std::vector<std::int64_t>;

class RelationalQueryTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() {
        m_session.reset();
        m_dataset.reset();
    }
    void filtersByARelatedRow_data();
    void filtersByARelatedRow();
    void combinesConditions();
    void matchesPatternsWithoutCase_data();
    void matchesPatternsWithoutCase();
    void sortsWithoutCaseWhenAsked();
    void ordersNullFirstAscendingAndLastDescending();
    void comparesTextByBytes();
    void refusesWhatTheSchemaDoesNotKnow_data();
    void refusesWhatTheSchemaDoesNotKnow();
    void bindsWhateverAValueHolds();
    void findsAPositionInAnIndex_data();
    void findsAPositionInAnIndex();
    void estimatesWithoutReadingEverything();

private:
    Ids ids(Query query) {
        query.fields = {"id"};
        const auto rows = m_session->select(query);
        if (!rows) {
            qWarning("%s", rows.error().line().c_str());
            return {-1};
        }
        Ids out;
        for (const Cell& cell : rows->cells)
            out.push_back(cell.integer);
        return out;
    }

    QTemporaryDir m_dir;
    std::shared_ptr<Dataset> m_dataset;
    std::unique_ptr<Session> m_session;
};

void RelationalQueryTest::initTestCase() {
    const std::filesystem::path file = m_dir.path().toStdString() + "/t.db";
    {
        const auto db = sqlite::Connection::open(file, sqlite::Mode::Create).value();
        QVERIFY(db->exec(
            "CREATE TABLE author(id INTEGER PRIMARY KEY, name TEXT, country TEXT);"
            "CREATE TABLE book(id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES author(id), title TEXT, "
            "year INTEGER);"
            "CREATE TABLE big(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, maybe INTEGER, word TEXT);"
            "INSERT INTO author VALUES (1,'Ann','FR'),(2,'bob','DE'),(3,NULL,'FR');"
            "INSERT INTO book VALUES (1,1,'Ärger',1990),(2,1,'ark',2000),(3,2,'Zoo "
            "100%',NULL),(4,NULL,'an_b',2001),(5,3,'AnxB',1990);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 20000) INSERT INTO big "
            "SELECT i, i * 7919 % "
            "1000, CASE WHEN i % 3 THEN i % 50 END, 'w' || (i % 10) FROM n;"
            "CREATE INDEX big_at ON big(at); CREATE INDEX big_maybe ON big(maybe)"));
    }
    m_dataset = Dataset::open(file).value();
    m_session = m_dataset->session({}).value();
}

void RelationalQueryTest::filtersByARelatedRow_data() {
    QTest::addColumn<QString>("table");
    QTest::addColumn<bool>("many");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QList<int>>("wanted");
    QTest::newRow("the row it points at") << "book" << false << "country" << "FR" << QList<int>{1, 2, 5};
    QTest::newRow("nothing there") << "book" << false << "country" << "IT" << QList<int>{};
    QTest::newRow("any row that points here") << "author" << true << "year" << "1990" << QList<int>{1, 3};
}

void RelationalQueryTest::filtersByARelatedRow() {
    QFETCH(QString, table);
    QFETCH(bool, many);
    QFETCH(QString, column);
    QFETCH(QString, value);
    QFETCH(QList<int>, wanted);
    const Hop hop = many ? Hop{"id", "book", "author_id"} : Hop{"author_id", "author", "id"};
    const Filter filter{.column = column.toStdString(), .values = {value.toStdString()}, .via = {hop}};
    QCOMPARE(ids({.table = table.toStdString(), .filters = {filter}}), Ids(wanted.begin(), wanted.end()));
}

void RelationalQueryTest::combinesConditions() {
    const Filter old{.column = "year", .op = Op::Lt, .values = {"2000"}},
        four{.column = "id", .values = {"4"}}, none{.column = "year", .op = Op::IsNull, .values = {"true"}};
    QCOMPARE(ids({.table = "book", .conditions = {{.any = true, .filters = {old, four}}}}), (Ids{1, 4, 5}));
    QCOMPARE(ids({.table = "book",
                  .conditions = {{.any = true, .filters = {none}, .parts = {{.filters = {old, four}}}}}}),
             (Ids{3}));
    QCOMPARE(ids({.table = "book", .conditions = {{.any = true}}}), Ids{});
    QCOMPARE(ids({.table = "book", .conditions = {{}}}).size(), std::size_t(5));
    Condition deep;
    for (int i = 0; i < 20; ++i)
        deep = {.parts = {deep}};
    QVERIFY(!m_session->select({.table = "book", .conditions = {deep}}));
}

void RelationalQueryTest::matchesPatternsWithoutCase_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QList<int>>("wanted");
    QTest::newRow("begin") << "AN%" << QList<int>{4, 5};
    QTest::newRow("an underscore itself") << "an\\_%" << QList<int>{4};
    QTest::newRow("a percent itself") << "%\\%" << QList<int>{3};
    QTest::newRow("any character") << "an_b" << QList<int>{4, 5};
    QTest::newRow("not beyond ASCII") << "ärger" << QList<int>{};
    QTest::newRow("as written") << "Ärg%" << QList<int>{1};
}

void RelationalQueryTest::matchesPatternsWithoutCase() {
    QFETCH(QString, pattern);
    QFETCH(QList<int>, wanted);
    const Filter filter{.column = "title", .op = Op::Like, .values = {pattern.toStdString()}};
    QCOMPARE(ids({.table = "book", .filters = {filter}}), Ids(wanted.begin(), wanted.end()));
}

void RelationalQueryTest::sortsWithoutCaseWhenAsked() {
    QCOMPARE(ids({.table = "book", .sorts = {{.column = "title"}}}), (Ids{5, 3, 4, 2, 1}));
    QCOMPARE(ids({.table = "book", .sorts = {{.column = "title", .ignoreCase = true}}}),
             (Ids{4, 5, 2, 3, 1}));
    QVERIFY(!m_session->select(
        {.table = "book", .sorts = {{.column = "title", .ignoreCase = true}}, .after = {"a", "1"}}));
}

void RelationalQueryTest::ordersNullFirstAscendingAndLastDescending() {
    QCOMPARE(ids({.table = "book", .sorts = {{.column = "year"}}}), (Ids{3, 1, 5, 2, 4}));
    QCOMPARE(ids({.table = "book", .sorts = {{.column = "year", .descending = true}}}), (Ids{4, 2, 5, 1, 3}));
}

void RelationalQueryTest::comparesTextByBytes() {
    // U+00C4 is C3 84 in UTF-8, above every ASCII letter; 'A' is below 'a'.
    const Filter above{.column = "title", .op = Op::Gt, .values = {"z"}};
    QCOMPARE(ids({.table = "book", .filters = {above}}), (Ids{1}));
    const Filter umlaut{.column = "title", .op = Op::StartsWith, .values = {"Ä"}};
    QCOMPARE(ids({.table = "book", .filters = {umlaut}}), (Ids{1}));
}

void RelationalQueryTest::refusesWhatTheSchemaDoesNotKnow_data() {
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("hopColumn");
    QTest::addColumn<QString>("hopTable");
    QTest::addColumn<QString>("hopTarget");
    QTest::newRow("column") << "id) OR 1=1 --" << "author_id" << "author" << "id";
    QTest::newRow("step's column") << "country" << "id\" OR \"1" << "author" << "id";
    QTest::newRow("table") << "country" << "author_id" << "sqlite_master" << "rowid";
    QTest::newRow("target") << "country" << "author_id" << "author" << "id FROM author; DROP TABLE book";
}

void RelationalQueryTest::refusesWhatTheSchemaDoesNotKnow() {
    QFETCH(QString, column);
    QFETCH(QString, hopColumn);
    QFETCH(QString, hopTable);
    QFETCH(QString, hopTarget);
    const Filter filter{.column = column.toStdString(),
                        .values = {"x"},
                        .via = {{hopColumn.toStdString(), hopTable.toStdString(), hopTarget.toStdString()}}};
    const auto refused = m_session->select({.table = "book", .filters = {filter}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::InvalidArgument);
    QVERIFY(refused.error().hint.find("Known") != std::string::npos);
}

void RelationalQueryTest::bindsWhateverAValueHolds() {
    for (const char* value :
         {"' OR 1=1 --", "\"; DROP TABLE book; --", "%' OR '%'='", "\\", "); SELECT 1; --"})
        for (const Op op : {Op::Eq, Op::In, Op::Contains, Op::StartsWith, Op::EndsWith, Op::Gt}) {
            const Filter filter{.column = "title", .op = op, .values = {value}};
            const auto rows = m_session->select({.table = "book", .filters = {filter}});
            QVERIFY2(rows, value);
            if (op != Op::Gt)
                QCOMPARE(rows->rowCount(), std::size_t(0));
        }
    QCOMPARE(m_session->count({.table = "book"}).value(), std::int64_t(5));
}

void RelationalQueryTest::findsAPositionInAnIndex_data() {
    QTest::addColumn<QString>("column");
    QTest::addColumn<bool>("descending");
    QTest::addColumn<bool>("backwards");
    for (const char* column : {"id", "at", "maybe"})
        for (const bool descending : {false, true})
            for (const bool backwards : {false, true})
                QTest::addRow("%s%s%s", descending ? "-" : "", column, backwards ? " backwards" : "")
                    << column << descending << backwards;
}

/// Every stretch is searched and none is sorted: the depth of a page does not matter.
void RelationalQueryTest::findsAPositionInAnIndex() {
    QFETCH(QString, column);
    QFETCH(bool, descending);
    QFETCH(bool, backwards);
    Query query{
        .table = "big", .sorts = {{.column = column.toStdString(), .descending = descending}}, .limit = 20};
    query.backwards = backwards;
    const auto page = m_session->select(query).value();
    query.after = keysetAfter(page, 19, query.sorts, "id").value();
    const auto plan = m_session->explain(query);
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    QVERIFY(!plan->empty());
    for (const std::string& line : *plan) {
        QVERIFY2(line.starts_with("SEARCH big USING"), line.c_str());
        QVERIFY2(line.find("TEMP B-TREE") == std::string::npos, line.c_str());
    }
}

void RelationalQueryTest::estimatesWithoutReadingEverything() {
    const auto before = m_session->stats().rowsRead;
    QCOMPARE(m_session->estimateCount({.table = "big"}).value(), std::int64_t(20000));
    const Filter tenth{.column = "word", .values = {"w3"}};
    const auto some = m_session->estimateCount({.table = "big", .filters = {tenth}}).value();
    QVERIFY2(some > 1400 && some < 2600, std::to_string(some).c_str());
    QCOMPARE(m_session->stats().rowsRead - before, std::int64_t(3));
    const Filter none{.column = "word", .values = {"x"}};
    QCOMPARE(m_session->estimateCount({.table = "big", .filters = {none}}).value(), std::int64_t(0));
    // A small table is counted.
    QCOMPARE(
        m_session->estimateCount({.table = "book", .filters = {{.column = "author_id", .values = {"1"}}}})
            .value(),
        std::int64_t(2));
}

QTEST_GUILESS_MAIN(RelationalQueryTest)
#include "relational_query_test.moc"

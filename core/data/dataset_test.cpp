#include "core/data/dataset.h"

#include "core/sqlite/sqlite.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <thread>

using namespace hone;
using namespace hone::data;
using nlohmann::json;

namespace {

/// A file made by somebody else: keys of every kind, references, a generated column, a reserved word as a
/// name.
constexpr char kSchema[] = R"(PRAGMA synchronous = OFF; BEGIN;
CREATE TABLE authors(id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER, rating REAL, active BOOLEAN DEFAULT 1);
CREATE TABLE books(isbn TEXT PRIMARY KEY, title VARCHAR(80) NOT NULL, author INTEGER REFERENCES authors(id),
                   price DECIMAL(8,2), label TEXT AS (title || '!') STORED);
CREATE TABLE "order"(what TEXT, "group" INT, data BLOB, odd);
CREATE TABLE numbered(nr INT PRIMARY KEY, x TEXT UNIQUE);
CREATE VIEW seen AS SELECT 1;
INSERT INTO authors VALUES (1, 'Ada', 1815, 4.5, 1), (2, 'Bob', NULL, NULL, 0), (7, 'Çelik', 1990, 9e999, 1);
INSERT INTO books(isbn, title, author, price) VALUES ('a-1', 'Notes', 1, 9.5), ('a-2', 'More', 1, 12), ('b-1', 'Else', NULL, 1);
INSERT INTO "order" VALUES ('x', 3, x'00ff10', 1), ('y', 1, x'', 2.5);
INSERT INTO numbered VALUES (5, 'five');
COMMIT;
)";

json parsed(const RowSet& rows) {
    std::string out;
    writeJsonArray(rows, JsonStyle::Minified, out);
    return json::parse(out);
}

}  // namespace

#define OK(result)                                                     \
    do {                                                               \
        const auto& r_ = (result);                                     \
        QVERIFY2(r_.has_value(), r_ ? "" : r_.error().line().c_str()); \
    } while (false)

#define REFUSED(result, wantedCode, part)                                                       \
    do {                                                                                        \
        const auto& r_ = (result);                                                              \
        QVERIFY(!r_.has_value());                                                               \
        QCOMPARE(codeName(r_.error().code), codeName(wantedCode));                              \
        QVERIFY2(r_.error().line().find(part) != std::string::npos, r_.error().line().c_str()); \
    } while (false)

class DatasetTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void readsTheSchemaOfAFileItDidNotMake();
    void showsTheRowidOfTablesWithoutAKey();
    void findsARowByItsKey();
    void countsWhatItDid();
    void namesKnownColumnsForAnUnknownOne();
    void refusesValuesThatDoNotFitTheColumn_data();
    void refusesValuesThatDoNotFitTheColumn();
    void treatsHostileTextAsAValue();
    void describesColumns();
    void countsGroupsLargestFirst();
    void insertsAndAssignsKeysOfEveryKind();
    void refusesBadRowsByName_data();
    void refusesBadRowsByName();
    void patchesOnlyWhatIsGiven();
    void replacesTheWholeRow();
    void removesARowOnce();
    void checksReferences();
    void bumpsTheGenerationOnlyForWritesThatChangedSomething();
    void reusesPooledConnectionsAndCachedStatements();
    void servesManySessionsAtOnce();
    void refusesWhatIsNoDatabase();

private:
    std::unique_ptr<Session> open(bool pooled = false, bool cached = false) {
        return m_dataset->session({.pooledConnection = pooled, .cachedStatements = cached}).value();
    }
    const Table& table(std::string_view name) const { return *m_dataset->schema().table(name); }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::shared_ptr<Dataset> m_dataset;
};

void DatasetTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    const std::filesystem::path file = m_dir->filePath("library.db").toStdString();
    {
        auto db = sqlite::Connection::open(file, sqlite::Mode::Create);
        OK(db);
        OK((*db)->exec(kSchema));
    }
    auto dataset = Dataset::open(file);
    OK(dataset);
    m_dataset = *dataset;
}

void DatasetTest::cleanup() { m_dataset.reset(); }

void DatasetTest::readsTheSchemaOfAFileItDidNotMake() {
    QCOMPARE(m_dataset->name(), std::string("library"));
    QCOMPARE(m_dataset->schema().tables.size(), std::size_t(4));
    QCOMPARE(m_dataset->schema().tables[0].name, std::string("authors"));
    const Table& books = table("books");
    QCOMPARE(books.key, std::string("isbn"));
    QCOMPARE(books.rowCount, 3);
    QVERIFY(!books.column("isbn")->nullable && !books.column("title")->nullable &&
            books.column("price")->nullable);
    QCOMPARE(books.column("title")->type, ColumnType::Text);
    QCOMPARE(books.column("price")->type, ColumnType::Real);
    QCOMPARE(table("authors").column("active")->type, ColumnType::Boolean);
    QCOMPARE(table("order").column("odd")->type, ColumnType::Real);  // by its values
    QCOMPARE(books.foreignKeys.size(), std::size_t(1));
    QCOMPARE(books.foreignKeys[0].table + "." + books.foreignKeys[0].targetColumn, std::string("authors.id"));
}

void DatasetTest::showsTheRowidOfTablesWithoutAKey() {
    const auto rows = open()->select({.table = "order"});
    OK(rows);
    QCOMPARE(parsed(*rows), json::parse(R"([{"id":1,"what":"x","group":3,"data":"AP8Q","odd":1},
                                           {"id":2,"what":"y","group":1,"data":"","odd":2.5}])"));
}

void DatasetTest::findsARowByItsKey() {
    const auto session = open();
    const auto ada = session->byKey(table("authors"), "1");
    OK(ada);
    QCOMPARE(parsed(**ada), json::parse(R"([{"id":1,"name":"Ada","born":1815,"rating":4.5,"active":true}])"));
    QCOMPARE(parsed(*session->byKey(table("authors"), "7").value())[0]["rating"],
             json(nullptr));  // JSON has no infinity
    QCOMPARE(parsed(*session->byKey(table("books"), "b-1").value())[0]["label"], json("Else!"));
    for (const char* none : {"3", "abc", "", "1.5", "99999999999999999999"})
        QVERIFY(!session->byKey(table("authors"), none).value());
}

void DatasetTest::countsWhatItDid() {
    const auto session = open();
    OK(session->select({.table = "books"}));
    OK(session->byKey(table("authors"), "2"));
    QCOMPARE(session->stats().statements, 2);
    QCOMPARE(session->stats().rowsRead, 4);
}

void DatasetTest::namesKnownColumnsForAnUnknownOne() {
    const auto session = open();
    REFUSED(session->select({.table = "shelves"}), Error::InvalidArgument,
            "Known: authors, books, order, numbered");
    REFUSED(session->select({.table = "books", .fields = {"titel"}}), Error::InvalidArgument,
            "Did you mean title?");
    REFUSED(session->select({.table = "books", .sorts = {{"nope"}}}), Error::InvalidArgument,
            "Known: isbn, title, author, price, label");
    REFUSED(session->count({.table = "books", .filters = {{"nope", Op::Eq, {"1"}}}}), Error::InvalidArgument,
            "'nope'");
    REFUSED(session->groupCounts(table("books"), "nope", 3), Error::InvalidArgument, "'nope'");
    REFUSED(session->groupCounts(table("books"), "title", 0), Error::InvalidArgument, "above 0");
    REFUSED(session->select({.table = "books", .limit = -1}), Error::InvalidArgument, "negative");
    REFUSED(session->select({.table = "books", .sorts = {{"title"}}, .after = {"x"}}), Error::InvalidArgument,
            "position");
}

void DatasetTest::refusesValuesThatDoNotFitTheColumn_data() {
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("says");
    QTest::newRow("word for integer") << "born" << "abc" << "an integer";
    QTest::newRow("fraction for integer") << "born" << "1.5" << "an integer";
    QTest::newRow("empty for integer") << "born" << "" << "an integer";
    QTest::newRow("spaces") << "born" << " 1" << "an integer";
    QTest::newRow("too big") << "born" << "9223372036854775808" << "an integer";
    QTest::newRow("word for real") << "rating" << "high" << "a real number";
    QTest::newRow("infinity") << "rating" << "inf" << "a real number";
    QTest::newRow("nan") << "rating" << "nan" << "a real number";
    QTest::newRow("word for boolean") << "active" << "yes" << "a boolean";
}

void DatasetTest::refusesValuesThatDoNotFitTheColumn() {
    QFETCH(QString, column);
    QFETCH(QString, value);
    QFETCH(QString, says);
    for (const Op op : {Op::Eq, Op::Lt, Op::In}) {
        const auto rows = open()->select(
            {.table = "authors", .filters = {{column.toStdString(), op, {value.toStdString()}}}});
        REFUSED(rows, Error::InvalidArgument, says.toStdString());
        QVERIFY(rows.error().what.find("'" + value.toStdString() + "'") != std::string::npos);
        QVERIFY(rows.error().what.find(column.toStdString()) != std::string::npos);
    }
    REFUSED(open()->select({.table = "authors", .filters = {{"born", Op::Contains, {"1"}}}}),
            Error::InvalidArgument, "works on text, but column born is integer");
}

void DatasetTest::treatsHostileTextAsAValue() {
    const auto session = open(true, true);
    for (const char* hostile :
         {"'; DROP TABLE books; --", "\" OR 1=1 --", "%", "_", "\\", "a%' ESCAPE '", "?1"}) {
        for (const Op op : {Op::Eq, Op::Contains, Op::StartsWith, Op::EndsWith, Op::In})
            QCOMPARE(session->count({.table = "books", .filters = {{"title", op, {hostile}}}}).value(), 0);
        QCOMPARE(session->count({.table = "books", .search = hostile}).value(), 0);
        QVERIFY(!session->byKey(table("books"), hostile).value());
        QVERIFY(!session->remove(table("books"), hostile).value());
        REFUSED(session->select({.table = "books", .sorts = {{hostile}}}), Error::InvalidArgument,
                "no column");
        REFUSED(session->select({.table = hostile}), Error::InvalidArgument, "no table");
    }
    QCOMPARE(session->count({.table = "books"}).value(), 3);
}

void DatasetTest::describesColumns() {
    const auto stats = open()->columnStats(table("authors"));
    OK(stats);
    const json rows = parsed(*stats);
    QCOMPARE(rows.size(), std::size_t(5));
    QCOMPARE(rows[1],
             json::parse(
                 R"({"column":"name","type":"text","count":3,"nulls":0,"distinct":3,"min":"Ada","max":"Çelik",
                                     "mean":null})"));
    QCOMPARE(rows[2],
             json::parse(
                 R"({"column":"born","type":"integer","count":2,"nulls":1,"distinct":2,"min":1815,"max":1990,
                                     "mean":1902.5})"));
    QCOMPARE(rows[4]["min"], json(false));
}

void DatasetTest::countsGroupsLargestFirst() {
    const auto groups = open()->groupCounts(table("books"), "author", 10);
    OK(groups);
    QCOMPARE(parsed(*groups), json::parse(R"([{"value":1,"count":2},{"value":null,"count":1}])"));
    QCOMPARE(open()->groupCounts(table("books"), "author", 1)->rowCount(), std::size_t(1));
}

void DatasetTest::insertsAndAssignsKeysOfEveryKind() {
    const auto session = open();
    const auto author = session->insert(table("authors"), json{{"name", "Eve"}, {"rating", 3}});
    OK(author);
    QCOMPARE(parsed(*author), json::parse(R"([{"id":8,"name":"Eve","born":null,"rating":3,"active":true}])"));
    QCOMPARE(parsed(*session->insert(table("numbered"), json::object()))[0]["nr"], json(6));
    const auto book = session->insert(table("books"), json{{"title", "New"}});
    OK(book);
    QCOMPARE(parsed(*book)[0]["isbn"].get<std::string>().size(), std::size_t(26));
    QCOMPARE(parsed(*book)[0]["label"], json("New!"));
    QCOMPARE(parsed(*session->insert(table("order"), json::object()))[0]["id"], json(3));
    QCOMPARE(parsed(*session->insert(table("order"), json{{"id", 50}}))[0]["id"], json(50));
    REFUSED(session->insert(table("authors"), (json{{"id", 1}, {"name", "Twin"}})), Error::AlreadyExists,
            "same authors.id");
    REFUSED(session->insert(table("numbered"), json{{"x", "five"}}), Error::AlreadyExists, "numbered.x");
}

void DatasetTest::refusesBadRowsByName_data() {
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("says");
    QTest::newRow("no object") << "authors" << "[1]" << "JSON object, got array";
    QTest::newRow("unknown member") << "authors" << R"({"name":"x","nam":1})" << "Did you mean name?";
    QTest::newRow("text for integer")
        << "authors" << R"({"name":"x","born":"1815"})" << "'\"1815\"' does not fit column born";
    QTest::newRow("fraction for integer")
        << "authors" << R"({"name":"x","born":1.5})" << "which is an integer";
    QTest::newRow("huge for integer")
        << "authors" << R"({"name":"x","born":18446744073709551615})" << "which is an integer";
    QTest::newRow("number for text") << "authors" << R"({"name":5})" << "column name, which is text";
    QTest::newRow("number for boolean") << "authors" << R"({"name":"x","active":1})" << "which is a boolean";
    QTest::newRow("null for required") << "authors" << R"({"name":null})" << "column name must have a value";
    QTest::newRow("missing required")
        << "authors" << R"({"born":1})" << "column name of authors must have a value";
    QTest::newRow("computed column") << "books" << R"({"title":"x","label":"y"})"
                                     << "computed by the database";
    QTest::newRow("text key") << "authors" << R"({"id":"x","name":"y"})" << "column id, which is an integer";
}

void DatasetTest::refusesBadRowsByName() {
    QFETCH(QString, table);
    QFETCH(QString, body);
    QFETCH(QString, says);
    const Table& target = this->table(table.toStdString());
    REFUSED(open()->insert(target, json::parse(body.toStdString())), Error::InvalidArgument,
            says.toStdString());
    QCOMPARE(open()->count({.table = target.name}).value(), target.rowCount);
}

void DatasetTest::patchesOnlyWhatIsGiven() {
    const auto session = open();
    const auto row = session->update(table("authors"), "1", json{{"born", nullptr}, {"id", 1}}, false);
    OK(row);
    QCOMPARE(parsed(**row), json::parse(R"([{"id":1,"name":"Ada","born":null,"rating":4.5,"active":true}])"));
    QCOMPARE(parsed(**session->update(table("authors"), "1", json::object(), false))[0]["name"], json("Ada"));
    QVERIFY(!session->update(table("authors"), "99", json{{"born", 1}}, false).value());
    QVERIFY(!session->update(table("authors"), "abc", json{{"born", 1}}, false).value());
    REFUSED(session->update(table("authors"), "1", json{{"id", 2}}, false), Error::InvalidArgument,
            "cannot be changed");
}

void DatasetTest::replacesTheWholeRow() {
    const auto session = open();
    const auto row = session->update(table("authors"), "1", json{{"name", "Ada L."}}, true);
    OK(row);
    QCOMPARE(parsed(**row),
             json::parse(R"([{"id":1,"name":"Ada L.","born":null,"rating":null,"active":null}])"));
    REFUSED(session->update(table("authors"), "1", json{{"born", 1}}, true), Error::InvalidArgument, "name");
    OK(session->update(table("books"), "a-1", json{{"title", "T"}},
                       true));  // the computed column is left to SQLite
}

void DatasetTest::removesARowOnce() {
    const auto session = open();
    QVERIFY(session->remove(table("authors"), "2").value());
    QVERIFY(!session->remove(table("authors"), "2").value());
    QVERIFY(!session->remove(table("authors"), "x").value());
    QCOMPARE(session->count({.table = "authors"}).value(), 2);
}

void DatasetTest::checksReferences() {
    const auto session = open();
    REFUSED(session->insert(table("books"), (json{{"title", "x"}, {"author", 99}})), Error::InvalidArgument,
            "does not exist");
    REFUSED(session->remove(table("authors"), "1"), Error::InvalidArgument, "still referenced");
}

void DatasetTest::bumpsTheGenerationOnlyForWritesThatChangedSomething() {
    const auto session = open();
    const auto start = m_dataset->writeGeneration();
    QVERIFY(!session->insert(table("authors"), json{{"id", 1}, {"name", "x"}}));
    QVERIFY(!session->remove(table("authors"), "99").value());
    OK(session->select({.table = "authors"}));
    QCOMPARE(m_dataset->writeGeneration(), start);
    OK(session->insert(table("authors"), json{{"name", "x"}}));
    QCOMPARE(m_dataset->writeGeneration(), start + 1);
    OK(session->update(table("authors"), "1", json{{"born", 5}}, false));
    QVERIFY(session->remove(table("authors"), "2").value());
    QCOMPARE(m_dataset->writeGeneration(), start + 3);
}

void DatasetTest::reusesPooledConnectionsAndCachedStatements() {
    for (int round = 0; round < 3; ++round) {
        auto session = open(true, true);
        QCOMPARE(session->stats().statements, 0);
        for (int i = 0; i < 200; ++i)  // More texts than the statement cache keeps.
            QCOMPARE(session
                         ->count({.table = "books",
                                  .filters = {{"price", Op::In, std::vector<std::string>(i + 1, "12")}}})
                         .value(),
                     1);
        QVERIFY(session->byKey(table("authors"), "2").value().has_value());
        m_dataset->release(std::move(session));
    }
    auto naive = open();
    m_dataset->release(std::move(naive));
    m_dataset->release(nullptr);
    const auto writer = open(), reader = open(true, true);
    OK(writer->insert(table("authors"), json{{"name", "seen at once"}}));
    QCOMPARE(reader->count({.table = "authors", .search = "SEEN"}).value(), 1);
}

void DatasetTest::servesManySessionsAtOnce() {
    std::atomic<int> failures{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([this, t, &failures] {
                for (int i = 0; i < 15; ++i) {
                    auto session = open(t % 2 == 0, t < 2);
                    failures +=
                        !session->insert(table("authors"), json{{"name", "t"}, {"born", t}}).has_value();
                    failures += !session->select({.table = "authors", .filters = {{"born", Op::Eq, {"0"}}}})
                                     .has_value();
                    m_dataset->release(std::move(session));
                }
            });
    }
    QCOMPARE(failures.load(), 0);
    QCOMPARE(open()->count({.table = "authors"}).value(), 63);
    QCOMPARE(m_dataset->writeGeneration(), std::uint64_t(60));
}

void DatasetTest::refusesWhatIsNoDatabase() {
    const auto at = [&](const char* name) {
        return std::filesystem::path(m_dir->filePath(name).toStdString());
    };
    REFUSED(Dataset::open(at("missing.db")), Error::NotFound, "missing.db");
    QFile text(m_dir->filePath("text.db"));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write(QByteArray(5000, 'x')) == 5000);
    text.close();
    REFUSED(Dataset::open(at("text.db")), Error::Malformed, "text.db");
    QFile empty(m_dir->filePath("empty.db"));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    REFUSED(Dataset::open(at("empty.db")), Error::Malformed, "no tables");
}

QTEST_GUILESS_MAIN(DatasetTest)
#include "dataset_test.moc"

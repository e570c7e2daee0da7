#include "core/data/dataset.h"
#include "core/sqlite/sqlite.h"

#include <QtTest>

#include <sys/resource.h>
#include <zstd.h>

#include <csignal>
#include <nlohmann/json.hpp>

using namespace hone;
using namespace hone::data;
using nlohmann::json;

namespace {

QByteArray zstd(const QByteArray& plain) {
    QByteArray out(qsizetype(ZSTD_compressBound(std::size_t(plain.size()))), '\0');
    out.resize(qsizetype(
        ZSTD_compress(out.data(), std::size_t(out.size()), plain.data(), std::size_t(plain.size()), 3)));
    return out;
}

std::string column(const Table& table, std::string_view name) {
    const Column* const found = table.column(name);
    return found ? std::string(typeName(found->type)) : "none";
}

}  // namespace

#define OK(result)                                                     \
    do {                                                               \
        const auto& r_ = (result);                                     \
        QVERIFY2(r_.has_value(), r_ ? "" : r_.error().line().c_str()); \
    } while (false)

class ImportFileTest : public QObject {
    Q_OBJECT
private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void importsCsvWithDetectedTypes();
    void readsTheSameTableFromEveryKind_data();
    void readsTheSameTableFromEveryKind();
    void givesRowsAKeyWhenTheSourceHasNone_data();
    void givesRowsAKeyWhenTheSourceHasNone();
    void makesColumnNamesSafeAndUnique();
    void keepsNestedValuesAsJsonText();
    void importsEveryArrayOfAnObjectAsATable();
    void replacesMalformedTextAndReadsBeyondTheByteOrderMark();
    void keepsIntegersThatDoNotFitAsText();
    void copiesASqliteFileAndMakesItServable();
    void readsRowsThatAreStillInTheLog();
    void saysWhatIsWrongAndWhere_data();
    void saysWhatIsWrongAndWhere();
    void refusesASecondImportIntoTheSameFile();
    void namesThePathItCannotWrite();
    void saysWhenAFileCannotGrow();
    void leavesNothingBehindWhenStopped();
    void reportsProgress();

private:
    std::filesystem::path path(const QString& name) const { return m_dir->filePath(name).toStdString(); }
    std::filesystem::path write(const QString& name, const QByteArray& bytes) {
        QFile file(m_dir->filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return path(name);
    }
    Result<std::shared_ptr<Dataset>> import(const QString& name, const QByteArray& bytes) {
        m_dataset.reset();
        std::filesystem::remove(path("out.db"));
        if (const auto done = importFile(write(name, bytes), path("out.db")); !done)
            return fail(done.error());
        auto opened = Dataset::open(path("out.db"));
        if (opened)
            m_dataset = *opened;
        return opened;
    }
    json rows(const std::string& table) {
        std::string out;
        writeJsonArray(m_dataset->session({}).value()->select({.table = table}).value(), JsonStyle::Minified,
                       out);
        return json::parse(out);
    }
    QStringList files() const { return QDir(m_dir->path()).entryList(QDir::Files | QDir::Hidden); }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::shared_ptr<Dataset> m_dataset;
};

void ImportFileTest::importsCsvWithDetectedTypes() {
    OK(import("Shop visits.csv",
              "id,when,zip,price,open,empty,note\n"
              "1,2024-01-01,00123,1.5,true,,\"a \"\"b\"\"\"\n"
              "2,2024-01-02,123,2,FALSE,,\"line\nbreak\"\n"
              "3,,,,,,\n"));
    const Table& table = *m_dataset->schema().table("Shop_visits");
    QCOMPARE(table.key, std::string("id"));
    QCOMPARE(table.rowCount, 3);
    QCOMPARE(column(table, "id"), std::string("integer"));
    QCOMPARE(column(table, "zip"), std::string("text"));
    QCOMPARE(column(table, "price"), std::string("real"));
    QCOMPARE(column(table, "open"), std::string("boolean"));
    QCOMPARE(column(table, "empty"), std::string("text"));
    const json expected = json::parse(
        R"([{"id":1,"when":"2024-01-01","zip":"00123","price":1.5,"open":true,"empty":null,"note":"a \"b\""},
                             {"id":2,"when":"2024-01-02","zip":"123","price":2.0,"open":false,"empty":null,"note":"line\nbreak"},
                             {"id":3,"when":null,"zip":null,"price":null,"open":null,"empty":null,"note":null}])");
    QCOMPARE(rows("Shop_visits"), expected);
}

void ImportFileTest::readsTheSameTableFromEveryKind_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray csv = "id,name,ok,x\n1,Zoë,true,1.5\n2,,false,-2\n";
    const QByteArray jsonArray =
        R"([{"id":1,"name":"Zoë","ok":true,"x":1.5},{"id":2,"name":null,"x":-2,"ok":false}])";
    const QByteArray lines =
        "{\"id\":1,\"name\":\"Zoë\",\"ok\":true,\"x\":1.5}\r\n\n{\"id\":2,\"ok\":false,\"x\":-2}";
    const auto both = [](const QString& name, const QByteArray& bytes) {
        QTest::newRow(qPrintable(name)) << name << bytes;
        QTest::newRow(qPrintable(name + ".zst")) << name + ".zst" << zstd(bytes);
    };
    both("t.csv", csv);
    both("t.CSV", QByteArray(csv).replace("\n", "\r\n"));
    both("t.tsv", QByteArray(csv).replace(',', '\t'));
    both("t.csv", QByteArray(csv).replace(',', ';'));
    both("t.json", jsonArray);
    both("t.json", "\xef\xbb\xbf{\"t\": " + jsonArray + ", \"count\": 2}");
    both("t.jsonl", lines);
    both("t.ndjson", lines);
}

void ImportFileTest::readsTheSameTableFromEveryKind() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    OK(import(name, bytes));
    QCOMPARE(
        rows("t"),
        json::parse(R"([{"id":1,"name":"Zoë","ok":true,"x":1.5},{"id":2,"name":null,"ok":false,"x":-2.0}])"));
    const Table& table = *m_dataset->schema().table("t");
    QCOMPARE(column(table, "id") + column(table, "ok") + column(table, "x"),
             std::string("integerbooleanreal"));
}

void ImportFileTest::givesRowsAKeyWhenTheSourceHasNone_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("type");
    const auto row = [](const char* title, const char* name, const char* bytes, const char* key,
                        const char* type) {
        QTest::newRow(title) << name << QByteArray(bytes) << key << type;
    };
    row("unique id", "t.csv", "x,ID\na,5\nb,3\n", "ID", "integer");
    row("unique text id", "t.csv", "id,x\nb1,1\na2,2\n", "id", "text");
    row("no id", "t.csv", "x,y\n1,2\n3,4\n", "id", "integer");
    row("repeated id", "t.csv", "id,x\n1,a\n1,b\n", "row_id", "integer");
    row("repeated text id", "t.csv", "id,x\nk,a\nk,b\n", "row_id", "integer");
    row("missing id", "t.csv", "id,x\n1,a\n,b\n", "row_id", "integer");
    row("real id", "t.csv", "id,x\n1.5,a\n2.5,b\n", "row_id", "integer");
    row("row_id is taken", "t.csv", "id,row_id\n1,1\n1,2\n", "row_id_2", "integer");
    row("json id", "t.json", R"([{"id":"a"},{"id":"b"}])", "id", "text");
    row("json repeated id", "t.json", R"([{"id":7},{"id":7}])", "row_id", "integer");
    row("json id absent once", "t.json", R"([{"id":7},{"x":7}])", "row_id", "integer");
}

void ImportFileTest::givesRowsAKeyWhenTheSourceHasNone() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, key);
    QFETCH(QString, type);
    OK(import(name, bytes));
    const Table& table = *m_dataset->schema().table("t");
    QCOMPARE(QString::fromStdString(table.key), key);
    QCOMPARE(QString::fromStdString(column(table, table.key)), type);
    QCOMPARE(table.rowCount, 2);
}

void ImportFileTest::makesColumnNamesSafeAndUnique() {
    OK(import("select.csv", "a b,A_B,,2024,\"x\"\"y\"\n1,2,3,4,5\n"));
    QCOMPARE(rows("select"), json::parse(R"([{"id":1,"a_b":1,"A_B_2":2,"column_3":3,"_2024":4,"x_y":5}])"));
}

void ImportFileTest::keepsNestedValuesAsJsonText() {
    OK(import(
        "t.json",
        R"([{"tags": ["a", 1], "geo": {"lat": 1.0}, "mixed": 5}, {"tags": [], "geo": null, "mixed": "x"}])"));
    const json all = rows("t");
    QCOMPARE(all[0]["tags"], json("[\"a\",1]"));
    QCOMPARE(json::parse(all[0]["geo"].get<std::string>()), (json{{"lat", 1.0}}));
    QCOMPARE(all[0]["mixed"], json("5"));
    QCOMPARE(all[1]["geo"], json(nullptr));
}

void ImportFileTest::importsEveryArrayOfAnObjectAsATable() {
    OK(import("db.json",
              R"({"posts":[{"id":1,"title":"x"}],"comments":[{"id":"c1","postId":1},{"id":"c2","postId":1}],
                            "profile":{"name":"me"},"drafts":[]})"));
    QCOMPARE(m_dataset->schema().tables.size(), std::size_t(4));
    QCOMPARE(m_dataset->schema().table("comments")->rowCount, 2);
    QCOMPARE(rows("profile"), json::parse(R"([{"id":1,"name":"me"}])"));
    QCOMPARE(rows("drafts"), json::array());
}

void ImportFileTest::replacesMalformedTextAndReadsBeyondTheByteOrderMark() {
    OK(import("t.csv", "\xef\xbb\xbfid,n\n1,M\xfcller\n"));
    QCOMPARE(rows("t"), json::parse("[{\"id\":1,\"n\":\"M\uFFFDller\"}]"));
    OK(import("t.json", "[{\"id\":1,\"n\":\"M\xfcller\"}]"));
    QCOMPARE(rows("t"), json::parse("[{\"id\":1,\"n\":\"M\uFFFDller\"}]"));
}

void ImportFileTest::keepsIntegersThatDoNotFitAsText() {
    OK(import("t.jsonl", "{\"n\":18446744073709551615}\n{\"n\":1}\n"));
    QCOMPARE(rows("t"), json::parse(R"([{"id":1,"n":"18446744073709551615"},{"id":2,"n":"1"}])"));
}

void ImportFileTest::copiesASqliteFileAndMakesItServable() {
    {
        auto db = sqlite::Connection::open(path("source.sqlite"), sqlite::Mode::Create).value();
        OK(
            db->exec("CREATE TABLE \"my table\"(\"first name\" TEXT, n INT, u TEXT UNIQUE); CREATE INDEX "
                     "slow ON \"my table\"(n);"
                     "CREATE UNIQUE INDEX rule ON \"my table\"(n, u); INSERT INTO \"my table\" VALUES "
                     "(CAST(x'4dfc' AS TEXT), 1, 'a');"
                     "CREATE TABLE other(id INTEGER PRIMARY KEY, r REFERENCES \"my table\"(u))"));
    }
    QFile source(m_dir->filePath("source.sqlite"));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const QByteArray bytes = source.readAll();
    for (const auto& [name, content] :
         {std::pair{"copy.sqlite", bytes}, {"copy.data", bytes}, {"copy.db.zst", zstd(bytes)}}) {
        OK(import(name, content));
        QCOMPARE(rows("my_table"),
                 json::parse("[{\"id\":1,\"first_name\":\"M\uFFFD\",\"n\":1,\"u\":\"a\"}]"));
        auto db = sqlite::Connection::open(path("out.db"), sqlite::Mode::ReadOnly).value();
        QCOMPARE(db->scalar("SELECT count(*) FROM sqlite_master WHERE name = 'slow'").value(), 0);
        QCOMPARE(db->scalar("SELECT count(*) FROM sqlite_master WHERE name = 'rule'").value(), 1);
    }
    QVERIFY(source.seek(0));
    QCOMPARE(source.readAll(), bytes);  // The source is never written to.
}

void ImportFileTest::readsRowsThatAreStillInTheLog() {
    auto db = sqlite::Connection::open(path("live.db"), sqlite::Mode::Create).value();
    OK(db->exec(
        "PRAGMA journal_mode = WAL; CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2)"));
    OK(importFile(path("live.db"), path("out.db")));
    OK(db->exec("INSERT INTO t VALUES (3)"));  // Still open and writable.
    m_dataset = Dataset::open(path("out.db")).value();
    QCOMPARE(m_dataset->schema().table("t")->rowCount, 2);
    QVERIFY(!files().contains("out.db-journal"));
}

void ImportFileTest::saysWhatIsWrongAndWhere_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QStringList>("says");
    const auto row = [](const char* title, const char* name, const QByteArray& bytes, const char* code,
                        QStringList says) { QTest::newRow(title) << name << bytes << code << says; };
    row("csv: too few values", "t.csv", "a,b,c\n1,2,3\n\"x\ny\",5\n", "malformed",
        {"t.csv:3:", "2 values", "3 columns", "column c", "'5'"});
    row("csv: too many values", "t.csv", "a,b\r\n1,2\r\n3,4,extra\r\n", "malformed",
        {"t.csv:3:", "3 values", "'extra'"});
    row("csv: open quote", "t.csv", "a,b\n1,\"never", "malformed",
        {"t.csv", "line 2", "'never'", "never ends"});
    row("csv: text after quote", "t.csv", "a,b\n\"x\"y,1", "malformed", {"t.csv", "line 2", "'y'"});
    row("csv: empty", "t.csv", "", "malformed", {"t.csv is empty"});
    row("csv: utf-16", "t.csv",
        QByteArray("\xff\xfe"
                   "a\0",
                   4),
        "unsupported", {"t.csv is UTF-16", "UTF-8"});
    row("json: cut off", "t.json", "[\n{\"a\":1},\n{\"a\":", "malformed", {"t.json:3:", "element 1"});
    row("json: bad literal", "t.json", "[{\"a\":1},\n{\"a\":tru}]", "malformed",
        {"t.json:2:", "element 1", "tru"});
    row("json: bad nested value", "t.json", "[{\"a\":1},\n{\"a\":{\"b\":nul}}]", "malformed",
        {"t.json:2:", "element 1"});
    row("json: element is no object", "t.json", "[{\"a\":1},\n{\"a\":2},\n5]", "malformed",
        {"t.json:3:", "element 2", "a number (5)"});
    row("json: element of a member", "t.json", "{\"x\":[{\"a\":1}],\n\"y\":[{},\n\"s\"]}", "malformed",
        {"t.json:3:", "element 1 of y", "a string"});
    row("json: number too large", "t.json", "[{\"a\":1},\n{\"a\":123456789012345678901234567890}]",
        "malformed", {"t.json:2:", "element 1", "does not fit 64 bits"});
    row("json: lines in a document", "t.json", "{\"a\":1}\n{\"a\":2}\n", "malformed",
        {"t.json:2:", ".jsonl"});
    row("json: scalar", "t.json", "5", "malformed", {"t.json is a number"});
    row("json: no table", "t.json", "{\"a\":1}", "malformed", {"holds no table"});
    row("json: empty array", "t.json", "[]", "malformed", {"empty array"});
    row("json: empty file", "t.json", "", "malformed", {"t.json"});
    row("jsonl: bad line", "t.jsonl", "{\"a\":1}\n\n{\"a\":}\n", "malformed", {"t.jsonl:3:", "'{\"a\":}'"});
    row("jsonl: two on a line", "t.jsonl", "{\"a\":1}{\"a\":2}\n", "malformed", {"t.jsonl:1:"});
    row("jsonl: no object", "t.jsonl", "{\"a\":1}\n[1]\n", "malformed", {"t.jsonl:2:", "an array"});
    row("zstd: damaged", "t.csv.zst", "not zstd at all", "malformed", {"t.csv.zst", "zstd"});
    row("zstd: cut off", "t.csv.zst", zstd(QByteArray(100'000, 'a')).chopped(4), "malformed",
        {"t.csv.zst", "ends in the middle"});
    row("sqlite: no database", "t.db", QByteArray(4096, 'x'), "malformed", {"t.db"});
    row("sqlite: damaged", "t.db", QByteArray("SQLite format 3\0", 16) + QByteArray(8000, 'x'), "malformed",
        {"t.db"});
    row("unknown kind", "t.xlsx", "PK", "unsupported", {"t.xlsx", ".csv"});
}

void ImportFileTest::saysWhatIsWrongAndWhere() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, code);
    QFETCH(QStringList, says);
    const auto done = import(name, bytes);
    QVERIFY(!done);
    const QString line = QString::fromStdString(done.error().line());
    QVERIFY2(QString::fromUtf8(codeName(done.error().code).data()) == code, qPrintable(line));
    for (const QString& part : says)
        QVERIFY2(line.contains(part), qPrintable(line + "  lacks  " + part));
    QCOMPARE(files(), QStringList{name});  // Neither a result nor a temporary file.
}

void ImportFileTest::refusesASecondImportIntoTheSameFile() {
    OK(import("t.csv", "a\n1\n"));
    const auto again = importFile(path("t.csv"), path("out.db"));
    QVERIFY(!again);
    QCOMPARE(again.error().code, Error::AlreadyExists);
    QVERIFY(again.error().what.find("out.db") != std::string::npos);
}

void ImportFileTest::namesThePathItCannotWrite() {
    const auto source = write("t.csv", "a\n1\n");
    const auto missing = importFile(source, path("no/such/folder/out.db"));
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Error::NotFound);
    QVERIFY2(missing.error().what.find("no/such/folder/out.db") != std::string::npos,
             missing.error().what.c_str());
    const auto refused = importFile(source, "/sys/out.db");  // Refused to everybody, root included.
    QVERIFY(!refused);
    QVERIFY2(refused.error().code == Error::PermissionDenied, refused.error().line().c_str());
    QVERIFY(refused.error().what.find("/sys/out.db") != std::string::npos);
    const auto absent = importFile(path("absent.csv"), path("out.db"));
    QVERIFY(!absent);
    QCOMPARE(absent.error().code, Error::NotFound);
}

void ImportFileTest::saysWhenAFileCannotGrow() {
    QByteArray csv = "a,b\n";
    for (int i = 0; i < 100'000; ++i)
        csv += QByteArray::number(i) + ",some text\n";
    const auto plain = write("t.csv", csv), compressed = write("z.csv.zst", zstd(csv));
    // A limit on the size of files refuses writes as a full disk does, and needs no disk to fill.
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{.rlim_cur = 200'000, .rlim_max = before.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto first = importFile(plain, path("out.db")), second = importFile(compressed, path("out.db"));
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    QVERIFY(!first && !second);
    QCOMPARE(codeName(first.error().code), codeName(Error::Io));  // SQLite knows "full" only of a full disk.
    QCOMPARE(codeName(second.error().code), codeName(Error::ResourceExhausted));
    for (const auto& done : {first, second}) {
        QVERIFY2(done.error().what.find(path("out.db").string()) != std::string::npos,
                 done.error().what.c_str());
    }
    QCOMPARE(files(), (QStringList{"t.csv", "z.csv.zst"}));
}

void ImportFileTest::leavesNothingBehindWhenStopped() {
    QByteArray csv = "a,b\n";
    for (int i = 0; i < 20'000; ++i)
        csv += QByteArray::number(i) + ",x\n";
    const auto source = write("t.csv", csv);
    std::stop_source stop;
    const auto done =
        importFile(source, path("out.db"), stop.get_token(), [&](Progress) { stop.request_stop(); });
    QVERIFY(!done);
    QCOMPARE(done.error().code, Error::Cancelled);
    QCOMPARE(files(), QStringList{"t.csv"});
}

void ImportFileTest::reportsProgress() {
    QByteArray csv = "a,b\n";
    for (int i = 0; i < 30'000; ++i)
        csv += QByteArray::number(i) + ",x\n";
    const auto source = write("t.csv", csv);
    std::vector<Progress> seen;
    OK(importFile(source, path("out.db"), {}, [&](Progress progress) { seen.push_back(progress); }));
    QVERIFY(seen.size() > 5);
    QVERIFY(std::ranges::is_sorted(seen, {}, &Progress::done));
    QVERIFY(std::ranges::all_of(seen, [](const Progress& p) { return p.done <= p.total; }));
}

QTEST_GUILESS_MAIN(ImportFileTest)
#include "import_file_test.moc"

#include "core/model/value_table.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::model;

class ValueTableTest : public QObject {
    Q_OBJECT
private slots:
    void readsCsvWithQuotesAndLineEnds();
    void readsOtherSeparators();
    void readsJsonWhoseEntriesDiffer();
    void namesFileAndLineOfAMistake_data();
    void namesFileAndLineOfAMistake();
    void aMissingFileIsNamed();

private:
    std::filesystem::path write(const std::string& text) {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / "values";
        std::ofstream(path) << text;
        return path;
    }
    QTemporaryDir m_folder;
};

void ValueTableTest::readsCsvWithQuotesAndLineEnds() {
    const auto table =
        readValueTable(write("\xef\xbb\xbfname,mail\r\n\"O'Neil, \"\"Al\"\"\",al@x\r\n\"two\nlines\",\r\n"));
    QVERIFY2(table, table ? "" : table.error().line().c_str());
    QCOMPARE(table->columns, (std::vector<std::string>{"name", "mail"}));
    QCOMPARE(table->rows(), std::size_t{2});
    QCOMPARE(table->values[0], (std::vector<std::string>{"O'Neil, \"Al\"", "two\nlines"}));
    QCOMPARE(table->values[1], (std::vector<std::string>{"al@x", ""}));
    QCOMPARE(table->find("mail"), std::optional<std::size_t>(1));
    QVERIFY(!table->find("phone"));
}

void ValueTableTest::readsOtherSeparators() {
    QCOMPARE(readValueTable(write("a;b\n1;2\n"))->values[1], std::vector<std::string>{"2"});
    QCOMPARE(readValueTable(write("a\tb\n1\t2"))->values[1], std::vector<std::string>{"2"});
}

void ValueTableTest::readsJsonWhoseEntriesDiffer() {
    const auto table = readValueTable(write(R"([{"id": 1, "name": "Ann"}, {"name": null, "ok": true}])"));
    QVERIFY(table);
    QCOMPARE(table->rows(), std::size_t{2});
    QCOMPARE(table->values[*table->find("id")], (std::vector<std::string>{"1", ""}));
    QCOMPARE(table->values[*table->find("name")], (std::vector<std::string>{"Ann", ""}));
    QCOMPARE(table->values[*table->find("ok")], (std::vector<std::string>{"", "true"}));
}

void ValueTableTest::namesFileAndLineOfAMistake_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("too few fields") << "a,b\n1,2\n3\n" << "line 3 has 1 fields, the first line names 2";
    QTest::newRow("open quote") << "a\n\"never\n" << "line 2: a quote is never closed";
    QTest::newRow("no rows") << "a,b\n" << "has no rows";
    QTest::newRow("no list") << "{\"a\": 1}" << "it is no JSON list of objects";
    QTest::newRow("no object") << "[{\"a\": 1}, 7]" << "entry 2 is no object: 7";
    QTest::newRow("empty") << "" << "has no rows";
}

void ValueTableTest::namesFileAndLineOfAMistake() {
    QFETCH(QString, text);
    QFETCH(QString, named);
    const auto path = write(text.toStdString());
    const auto table = readValueTable(path);
    QVERIFY(!table);
    QVERIFY2(table.error().what.contains(named.toStdString()), table.error().what.c_str());
    QVERIFY(table.error().what.contains(path.string()));
}

void ValueTableTest::aMissingFileIsNamed() {
    const auto table = readValueTable("/nowhere/users.csv");
    QVERIFY(!table);
    QCOMPARE(table.error().code, Error::NotFound);
    QVERIFY(table.error().what.contains("/nowhere/users.csv"));
}

QTEST_GUILESS_MAIN(ValueTableTest)
#include "value_table_test.moc"

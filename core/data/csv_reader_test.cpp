#include "core/data/csv_reader.h"

#include <QtTest>

using namespace hone;
using namespace hone::data;

namespace {

/// All records as "a|b" lines with the physical line each began on; the error when there is one.
QStringList read(std::string_view text, char delimiter = ',') {
    CsvReader reader(text, delimiter);
    QStringList out;
    for (;;) {
        const auto more = reader.next();
        if (!more)
            return out << QString::fromStdString("error: " + more.error().what);
        if (!*more)
            return out;
        QStringList fields;
        for (const std::string_view field : reader.fields())
            fields << QString::fromUtf8(field.data(), qsizetype(field.size()));
        out << QString("%1:%2").arg(reader.line()).arg(fields.join('|'));
    }
}

}  // namespace

class CsvReaderTest : public QObject {
    Q_OBJECT
private slots:
    void splitsRecords_data();
    void splitsRecords();
    void keepsManyUnescapedFieldsOfOneRecord();
    void detectsTheDelimiter_data();
    void detectsTheDelimiter();
};

void CsvReaderTest::splitsRecords_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("records");
    const auto row = [](const char* name, const char* text, QStringList records) {
        QTest::newRow(name) << QByteArray(text) << records;
    };
    row("empty", "", {});
    row("only line breaks", "\n\r\n\n", {});
    row("no final line break", "a,b\n1,2", {"1:a|b", "2:1|2"});
    row("crlf", "a,b\r\n1,2\r\n", {"1:a|b", "2:1|2"});
    row("cr", "a,b\r1,2\r", {"1:a|b", "2:1|2"});
    row("empty values", ",\n,,\n", {"1:|", "2:||"});
    row("empty lines are skipped and counted", "a\n\n\nb\n", {"1:a", "4:b"});
    row("quotes", "\"a\",\"b,c\"\n", {"1:a|b,c"});
    row("doubled quotes", "\"say \"\"hi\"\"\",\"\"\"\"\n", {"1:say \"hi\"|\""});
    row("empty quotes", "\"\",x\n", {"1:|x"});
    row("line break in quotes", "a,\"x\ny\r\nz\"\nb,c\n", {"1:a|x\ny\r\nz", "4:b|c"});
    row("quote inside a plain value", "5\" pipe,b\n", {"1:5\" pipe|b"});
    row("blanks are kept", " a , b \n", {"1: a | b "});
    row("not ascii", "né,日本\n", {"1:né|日本"});
    row("text after a quote", "a,b\n\"x\"y,2\n",
        {"1:a|b", "error: line 2: 'y' follows the closing quote of 'x'"});
    row("quote that never closes", "a\nb\n\"x\ny\n",
        {"1:a", "2:b", "error: line 3: the quoted value 'x\ny\n' never ends"});
}

void CsvReaderTest::splitsRecords() {
    QFETCH(QByteArray, text);
    QFETCH(QStringList, records);
    QCOMPARE(read({text.constData(), std::size_t(text.size())}), records);
}

void CsvReaderTest::keepsManyUnescapedFieldsOfOneRecord() {
    std::string text;
    QStringList fields;
    for (int i = 0; i < 100; ++i) {
        text += (i ? "," : "") + std::string("\"\"\"") + std::to_string(i) + "\"";
        fields << QString("\"%1").arg(i);
    }
    QCOMPARE(read(text), QStringList{"1:" + fields.join('|')});
}

void CsvReaderTest::detectsTheDelimiter_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<char>("delimiter");
    QTest::newRow("comma") << QByteArray("a,b\n1,2\n") << ',';
    QTest::newRow("semicolon with decimal commas") << QByteArray("a;b\n1,5;2,5\n3,5;4\n") << ';';
    QTest::newRow("tab") << QByteArray("a\tb\n1,2\t3\n") << '\t';
    QTest::newRow("pipe") << QByteArray("a|b|c\n1|2|3\n") << '|';
    QTest::newRow("commas in quotes") << QByteArray("a;b\n\"x,y\";2\n") << ';';
    QTest::newRow("commas in prose") << QByteArray("id;text\n1;one, two, three\n2;four\n") << ';';
    QTest::newRow("one column") << QByteArray("a\n1\n2\n") << ',';
    QTest::newRow("empty") << QByteArray("") << ',';
}

void CsvReaderTest::detectsTheDelimiter() {
    QFETCH(QByteArray, text);
    QFETCH(char, delimiter);
    QCOMPARE(detectDelimiter({text.constData(), std::size_t(text.size())}), delimiter);
}

QTEST_GUILESS_MAIN(CsvReaderTest)
#include "csv_reader_test.moc"

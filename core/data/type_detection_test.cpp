#include "core/data/type_detection.h"

#include <QtTest>

#include <algorithm>

using namespace hone::data;

class TypeDetectionTest : public QObject {
    Q_OBJECT
private slots:
    void readsOneText_data();
    void readsOneText();
    void findsTheNarrowestTypeOfAColumn_data();
    void findsTheNarrowestTypeOfAColumn();
    void readsValuesExactly();
};

void TypeDetectionTest::readsOneText_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    const auto rows = [](Scalar::Kind kind, std::initializer_list<const char*> texts) {
        for (const char* text : texts)
            QTest::newRow(*text ? text : "(empty)") << text << int(kind);
    };
    rows(Scalar::Null, {""});
    rows(Scalar::Integer, {"0", "7", "-7", "9223372036854775807", "-9223372036854775808", " 12 "});
    rows(Scalar::Real,
         {"0.5", "-0.5", ".5", "-.5", "1e3", "1E+3", "1.5e-3", "-0", "0.0", "1.7976931348623157e308"});
    rows(Scalar::Boolean, {"true", "false", "TRUE", "False"});
    rows(Scalar::Text, {" ",
                        "00123",
                        "-01",
                        "01.5",
                        "+49",
                        "1.",
                        "1.e5",
                        ".",
                        "-",
                        "--1",
                        "1e",
                        "1e+",
                        "1 2",
                        "0x10",
                        "1_000",
                        "1,5",
                        "9223372036854775808",
                        "123456789012345678901234567890",
                        "1e999",
                        "nan",
                        "inf",
                        "-inf",
                        "yes",
                        "t",
                        "null",
                        "2024-01-01",
                        "12:30",
                        "truely",
                        "1.2.3"});
}

void TypeDetectionTest::readsOneText() {
    QFETCH(QString, text);
    QFETCH(int, kind);
    QCOMPARE(int(scalarOf(text.toStdString()).kind), kind);
}

void TypeDetectionTest::findsTheNarrowestTypeOfAColumn_data() {
    QTest::addColumn<QStringList>("values");
    QTest::addColumn<QString>("type");
    QTest::newRow("integers") << QStringList{"1", "2", "-3"} << "integer";
    QTest::newRow("integers with gaps") << QStringList{"1", "", "3"} << "integer";
    QTest::newRow("reals") << QStringList{"1.5", "2.25"} << "real";
    QTest::newRow("integers among reals") << QStringList{"1", "2.5", ""} << "real";
    QTest::newRow("integer a double cannot hold") << QStringList{"9007199254740993", "2.5"} << "text";
    QTest::newRow("largest exact integer") << QStringList{"9007199254740992", "2.5"} << "real";
    QTest::newRow("booleans") << QStringList{"true", "FALSE", ""} << "boolean";
    QTest::newRow("boolean and number") << QStringList{"true", "1"} << "text";
    QTest::newRow("codes") << QStringList{"00123", "123"} << "text";
    QTest::newRow("one word at the end") << QStringList{"1", "2", "n/a"} << "text";
    QTest::newRow("too large for 64 bits") << QStringList{"1", "18446744073709551616"} << "text";
    QTest::newRow("nothing") << QStringList{"", ""} << "text";
    QTest::newRow("no rows") << QStringList{} << "text";
}

void TypeDetectionTest::findsTheNarrowestTypeOfAColumn() {
    QFETCH(QStringList, values);
    QFETCH(QString, type);
    for (int order = 0; order < 2; ++order) {  // The order of the values must not matter.
        TypeDetector detector;
        for (const QString& value : values)
            detector.add(scalarOf(value.toStdString()));
        QCOMPARE(QString::fromUtf8(typeName(detector.type()).data()), type);
        std::ranges::reverse(values);
    }
}

void TypeDetectionTest::readsValuesExactly() {
    QCOMPARE(scalarOf("-9223372036854775808").integer, std::numeric_limits<std::int64_t>::min());
    QVERIFY(scalarOf("0.1").real == 0.1);
    QVERIFY(std::signbit(scalarOf("-0").real));
    QCOMPARE(scalarOf("TRUE").integer, std::int64_t{1});
    QCOMPARE(scalarOf("false").integer, std::int64_t{0});
}

QTEST_GUILESS_MAIN(TypeDetectionTest)
#include "type_detection_test.moc"

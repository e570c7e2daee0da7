#include "core/data/names.h"

#include "core/data/utf8.h"

#include <QtTest>

using namespace hone::data;

class NamesTest : public QObject {
    Q_OBJECT
private slots:
    void makesNamesSafe_data();
    void makesNamesSafe();
    void givesEachNameOutOnce();
    void replacesMalformedTextAsBrowsersDo_data();
    void replacesMalformedTextAsBrowsersDo();
};

void NamesTest::makesNamesSafe_data() {
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("safe");
    const std::pair<const char*, const char*> cases[] = {
        {"name", "name"},
        {"firstName", "firstName"},
        {" Price (EUR) ", "Price_EUR"},
        {"Größe", "Gr_e"},
        {"2024", "_2024"},
        {"", "column_1"},
        {"日本", "column_1"},
        {"___", "column_1"},
        {"a-b--c", "a_b_c"},
        {"_private", "_private"},
        {"a\"; DROP TABLE x", "a_DROP_TABLE_x"},
        {"order", "order"},
    };
    for (const auto& [raw, safe] : cases)
        QTest::newRow(*raw ? raw : "(empty)") << raw << safe;
    QTest::newRow("long") << QString(200, 'x') << QString(63, 'x');
}

void NamesTest::makesNamesSafe() {
    QFETCH(QString, raw);
    QFETCH(QString, safe);
    QCOMPARE(QString::fromStdString(safeName(raw.toStdString(), "column_1")), safe);
    QCOMPARE(safeName(safe.toStdString(), "x"), safe.toStdString());  // Safe names stay.
}

void NamesTest::givesEachNameOutOnce() {
    UniqueNames names;
    QCOMPARE(names.take("a"), std::string("a"));
    QCOMPARE(names.take("A"), std::string("A_2"));
    QCOMPARE(names.take("a"), std::string("a_3"));
    QCOMPARE(names.take("a_2"), std::string("a_2_2"));
    QVERIFY(names.has("A_3") && !names.has("b"));
}

void NamesTest::replacesMalformedTextAsBrowsersDo_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("sound") << QByteArray("aé€😀") << "aé€😀";
    QTest::newRow("latin 1") << QByteArray("M\xfcller") << "M\uFFFDller";
    QTest::newRow("cut at the end") << QByteArray("a\xe2\x82") << "a\uFFFD";
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << "\uFFFD\uFFFD\uFFFD";
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << "\uFFFD\uFFFD";
    QTest::newRow("beyond the last character")
        << QByteArray("\xf4\x90\x80\x80") << "\uFFFD\uFFFD\uFFFD\uFFFD";
    // Unicode 15, table 3-8.
    QTest::newRow("maximal subparts") << QByteArray("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64")
                                      << "a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd";
}

void NamesTest::replacesMalformedTextAsBrowsersDo() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    const std::string repaired = repairedUtf8({bytes.constData(), std::size_t(bytes.size())});
    QCOMPARE(QString::fromStdString(repaired), text);
    QVERIFY(isUtf8(repaired));
    QCOMPARE(isUtf8({bytes.constData(), std::size_t(bytes.size())}), repaired == bytes.toStdString());
}

QTEST_GUILESS_MAIN(NamesTest)
#include "names_test.moc"

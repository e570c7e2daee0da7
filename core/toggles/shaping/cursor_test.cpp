#include "core/toggles/shaping/cursor.h"

#include "core/base/random.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::shaping;

class CursorTest : public QObject {
    Q_OBJECT
private slots:
    void readsBackWhatItWrote_data();
    void readsBackWhatItWrote();
    void usesOnlyCharactersThatNeedNoEscape();
    void refusesWhatItDidNotWrite_data();
    void refusesWhatItDidNotWrite();
    void refusesEveryDamagedCharacterAndEveryCut();
    void survivesRandomText();
};

void CursorTest::readsBackWhatItWrote_data() {
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sort");
    QTest::addColumn<QStringList>("values");
    QTest::addRow("key only") << "cities" << "" << QStringList{"42"};
    QTest::addRow("two columns") << "orders" << "-total,date" << QStringList{"12.5", "2024-02-29", "7"};
    QTest::addRow("unicode") << "städte" << "name" << QStringList{"Zürich ✓", "1"};
    QTest::addRow("empty value") << "t" << "a" << QStringList{"", "1"};
    QTest::addRow("null value") << "t" << "a" << QStringList{QString(QChar(0)), "1"};
    QTest::addRow("long value") << "t" << "a" << QStringList{QString(5000, 'x'), "1"};
}

void CursorTest::readsBackWhatItWrote() {
    QFETCH(QString, table);
    QFETCH(QString, sort);
    QFETCH(QStringList, values);
    Cursor cursor{table.toStdString(), sort.toStdString(), {}};
    for (const QString& value : values)
        cursor.after.push_back(value.toStdString());
    const auto back = decodeCursor(encodeCursor(cursor));
    QVERIFY(back);
    QVERIFY(*back == cursor);
}

void CursorTest::usesOnlyCharactersThatNeedNoEscape() {
    SplitMix64 random(7);
    for (int i = 0; i < 200; ++i) {
        std::string value(random.index(40), '\0');
        for (char& c : value)
            c = static_cast<char>(random.next());
        for (const char c : encodeCursor({"t", "s", {value}}))
            QVERIFY(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_');
    }
}

void CursorTest::refusesWhatItDidNotWrite_data() {
    QTest::addColumn<QString>("text");
    QTest::addRow("empty") << "";
    QTest::addRow("word") << "next";
    QTest::addRow("not base64url") << "a+b/c=";
    QTest::addRow("percent") << "%00";
    QTest::addRow("other version") << "Mg";
    QTest::addRow("endless") << QString(100'000, 'A');
}

void CursorTest::refusesWhatItDidNotWrite() {
    QFETCH(QString, text);
    const auto refused = decodeCursor(text.toStdString());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::InvalidArgument);
    QVERIFY(refused.error().hint.find("Link") != std::string::npos);
    QVERIFY(refused.error().what.size() < 200);
}

void CursorTest::refusesEveryDamagedCharacterAndEveryCut() {
    const std::string good = encodeCursor({"orders", "-total", {"12.5", "7"}});
    for (std::size_t i = 0; i < good.size(); ++i) {
        QVERIFY(!decodeCursor(good.substr(0, i)));
        // The last character's spare bits are not looked at; every other change must be.
        if (i + 1 == good.size())
            continue;
        std::string damaged = good;
        damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
        QVERIFY2(!decodeCursor(damaged), damaged.c_str());
    }
    QVERIFY(decodeCursor(good));
}

void CursorTest::survivesRandomText() {
    SplitMix64 random(99);
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text(random.index(60), '\0');
        for (char& c : text)
            c = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.index(64)];
        accepted += decodeCursor(text) ? 1 : 0;
    }
    QCOMPARE(accepted, 0);
}

QTEST_GUILESS_MAIN(CursorTest)
#include "cursor_test.moc"

#include "core/toggles/shaping/patterns.h"

#include <QtTest>

using namespace hone::toggles::shaping;

class PatternsTest : public QObject {
    Q_OBJECT
private slots:
    void becomeLikePatterns_data();
    void becomeLikePatterns();
    void refuseWhatLikeCannotSay_data();
    void refuseWhatLikeCannotSay();
};

void PatternsTest::becomeLikePatterns_data() {
    QTest::addColumn<QString>("expression");
    QTest::addColumn<QStringList>("patterns");
    QTest::newRow("a part") << "server" << QStringList{"%server%"};
    QTest::newRow("begin") << "^server" << QStringList{"server%"};
    QTest::newRow("end") << "server$" << QStringList{"%server"};
    QTest::newRow("all") << "^a.c$" << QStringList{"a_c"};
    QTest::newRow("anything") << "a.*c" << QStringList{"%a%c%"};
    QTest::newRow("something") << "a.+c" << QStringList{"%a_%c%"};
    QTest::newRow("either") << "^a|b$" << QStringList{"a%", "%b"};
    QTest::newRow("signs of LIKE") << "50%_\\\\" << QStringList{"%50\\%\\_\\\\%"};
    QTest::newRow("escaped") << "a\\.b\\|c" << QStringList{"%a.b|c%"};
    QTest::newRow("empty") << "" << QStringList{"%%"};
}

void PatternsTest::becomeLikePatterns() {
    QFETCH(QString, expression);
    QFETCH(QStringList, patterns);
    const auto made = likePatterns("title_like", expression.toStdString());
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QStringList got;
    for (const std::string& pattern : *made)
        got << QString::fromStdString(pattern);
    QCOMPARE(got, patterns);
}

void PatternsTest::refuseWhatLikeCannotSay_data() {
    QTest::addColumn<QString>("expression");
    for (const char* expression :
         {"a*", "a+", "a?", "[ab]", "(a)", "a{2}", "\\d", "\\", "a|b\\", "a$b", "b^"})
        QTest::newRow(expression) << expression;
}

void PatternsTest::refuseWhatLikeCannotSay() {
    QFETCH(QString, expression);
    const auto refused = likePatterns("title_like", expression.toStdString());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, hone::Error::InvalidArgument);
    QVERIFY(refused.error().what.find("title_like") != std::string::npos);
}

QTEST_GUILESS_MAIN(PatternsTest)
#include "patterns_test.moc"

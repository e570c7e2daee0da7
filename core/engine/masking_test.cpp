#include "core/engine/masking.h"

#include <QtTest>

using namespace hone::engine;

class MaskingTest : public QObject {
    Q_OBJECT
private slots:
    void credentialsInFieldsAreMasked_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("shown");
        QTest::newRow("scheme stays") << "Authorization" << "Bearer abc.def" << "Bearer ***";
        QTest::newRow("no scheme") << "authorization" << "abc" << "***";
        QTest::newRow("proxy") << "Proxy-Authorization" << "Basic eA==" << "Basic ***";
        QTest::newRow("cookie") << "COOKIE" << "session=1" << "***";
        QTest::newRow("set-cookie") << "Set-Cookie" << "session=1; Path=/" << "***";
        QTest::newRow("key") << "X-Api-Key" << "k" << "***";
        QTest::newRow("ours") << "Hone-Token" << "k" << "***";
        QTest::newRow("where it came from")
            << "Referer" << "http://a/?token=1&x=2" << "http://a/?token=***&x=2";
        QTest::newRow("pages") << "Link" << "</a?api_key=1&page=2>; rel=\"next\""
                               << "</a?api_key=***&page=2>; rel=\"next\"";
        QTest::newRow("anything else") << "Accept" << "token=1" << "token=1";
    }
    void credentialsInFieldsAreMasked() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, shown);
        QCOMPARE(QString::fromStdString(masked(name.toStdString(), value.toStdString())), shown);
    }

    void secretParametersAreMasked_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("shown");
        QTest::newRow("none") << "/api/cities" << "/api/cities";
        QTest::newRow("harmless") << "/api/cities?limit=5&sort=-name" << "/api/cities?limit=5&sort=-name";
        QTest::newRow("first") << "/a?token=abc&b=1" << "/a?token=***&b=1";
        QTest::newRow("last") << "/a?b=1&api_key=abc" << "/a?b=1&api_key=***";
        QTest::newRow("capitals") << "/a?Access_Token=x" << "/a?Access_Token=***";
        QTest::newRow("escaped name") << "/a?%74oken=x" << "/a?%74oken=***";
        QTest::newRow("part of a name") << "/a?tokens=x" << "/a?tokens=x";
        QTest::newRow("without value") << "/a?token&b=2" << "/a?token&b=2";
        QTest::newRow("before a fragment") << "/a?token=x#b" << "/a?token=***#b";
        QTest::newRow("two") << "/a?token=x&password=y" << "/a?token=***&password=***";
    }
    void secretParametersAreMasked() {
        QFETCH(QString, url);
        QFETCH(QString, shown);
        QCOMPARE(QString::fromStdString(maskedUrl(url.toStdString())), shown);
    }
};

QTEST_GUILESS_MAIN(MaskingTest)
#include "masking_test.moc"

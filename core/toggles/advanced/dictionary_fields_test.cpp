#include "core/toggles/advanced/dictionary_fields.h"

#include "core/toggles/advanced/columnar_endpoint.h"
#include "core/toggles/test_rig.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::advanced;
using hone::toggles::test::Ask;

class DictionaryFieldsTest : public QObject {
    Q_OBJECT
private slots:
    void namesADictionaryAsTheStandardDoes();
    void readsBackWhatItWrites();
    void takesNothingElseForAHash_data();
    void takesNothingElseForAHash();
    void writesPatternsThatMatchOnlyWhatTheyShould();
    void quotesWhatAStructuredStringMust();
    void codesOnlyForWhoLikesDczBest_data();
    void codesOnlyForWhoLikesDczBest();
    void codesForNoOtherSiteWithCredentials_data();
    void codesForNoOtherSiteWithCredentials();
    void sendsColumnsOnlyToWhoNamesThem_data();
    void sendsColumnsOnlyToWhoNamesThem();
};

void DictionaryFieldsTest::namesADictionaryAsTheStandardDoes() {
    // SHA-256 of nothing (FIPS 180-4's empty message).
    QCOMPARE(hexOf(sha256("")),
             std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(byteSequence(sha256("")), std::string(":47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"));
}

void DictionaryFieldsTest::readsBackWhatItWrites() {
    for (int i = 0; i < 300; ++i) {
        const auto hash = sha256(std::to_string(i));
        QVERIFY(parseAvailableDictionary(byteSequence(hash)) == hash);
    }
    QVERIFY(parseAvailableDictionary("  " + byteSequence(sha256("a")) + " ;x=1") == sha256("a"));
}

void DictionaryFieldsTest::takesNothingElseForAHash_data() {
    QTest::addColumn<QString>("value");
    const QString good = QString::fromStdString(byteSequence(sha256("a")));
    QTest::addRow("nothing") << QString();
    QTest::addRow("no colons") << good.mid(1, 44);
    QTest::addRow("one colon") << good.left(45) + "x";
    QTest::addRow("shorter") << ":YWJj:";
    QTest::addRow("longer") << good.left(45) + "A:";
    QTest::addRow("another alphabet") << QString(good).replace(3, 1, "-");
    QTest::addRow("two values") << good + ", " + good;
    QTest::addRow("no padding") << good.left(44) + "A:";
}

void DictionaryFieldsTest::takesNothingElseForAHash() {
    QFETCH(QString, value);
    QVERIFY(!parseAvailableDictionary(value.toStdString()));
}

void DictionaryFieldsTest::writesPatternsThatMatchOnlyWhatTheyShould() {
    QCOMPARE(matchBelow("/api/things"), std::string("/api/things{/*}?"));
    QCOMPARE(matchTarget("/api/things/7", ""), std::string("/api/things/7"));
    QCOMPARE(matchTarget("/api/things", "page=2&q=a*b"), std::string("/api/things\\?page=2&q=a\\*b"));
    QCOMPARE(matchTarget("/api/a:b(c){d}+", ""), std::string("/api/a\\:b\\(c\\)\\{d\\}\\+"));
}

void DictionaryFieldsTest::quotesWhatAStructuredStringMust() {
    QCOMPARE(useAsDictionary("/a\\?x=\"1\"", ""), std::string("match=\"/a\\\\?x=\\\"1\\\"\""));
    QCOMPARE(useAsDictionary("/a", "a-1"), std::string("match=\"/a\", id=\"a-1\""));
}

void DictionaryFieldsTest::codesOnlyForWhoLikesDczBest_data() {
    QTest::addColumn<QString>("accepts");
    QTest::addColumn<bool>("wants");
    QTest::addRow("browser") << "gzip, deflate, br, zstd, dcb, dcz" << true;
    QTest::addRow("alone") << "dcz" << true;
    QTest::addRow("not named") << "gzip, br, *" << false;
    QTest::addRow("refused") << "dcz;q=0, br" << false;
    QTest::addRow("liked less") << "dcz;q=0.5, br" << false;
    QTest::addRow("liked more") << "dcz, br;q=0.9" << true;
    QTest::addRow("nothing") << "" << false;
}

void DictionaryFieldsTest::codesOnlyForWhoLikesDczBest() {
    QFETCH(QString, accepts);
    QFETCH(bool, wants);
    const std::string text = accepts.toStdString();
    const Ask ask("/t", {{"Accept-Encoding", text}});
    QCOMPARE(wantsDcz(ask.exchange.request), wants);
    const Ask inTwoLines("/t", {{"Accept-Encoding", "identity;q=0"}, {"accept-encoding", text}});
    QCOMPARE(wantsDcz(inTwoLines.exchange.request), wants);
}

void DictionaryFieldsTest::codesForNoOtherSiteWithCredentials_data() {
    QTest::addColumn<QString>("site");
    QTest::addColumn<QString>("mode");
    QTest::addColumn<bool>("anonymous");
    QTest::addColumn<bool>("withCookie");
    QTest::addRow("no browser") << "" << "" << true << true;
    QTest::addRow("own page") << "same-origin" << "cors" << true << true;
    QTest::addRow("typed in") << "none" << "navigate" << true << true;
    QTest::addRow("link") << "cross-site" << "navigate" << true << true;
    QTest::addRow("other page, CORS") << "cross-site" << "cors" << true << false;
    QTest::addRow("other port, CORS") << "same-site" << "cors" << true << false;
    QTest::addRow("other page's image") << "cross-site" << "no-cors" << false << false;
}

void DictionaryFieldsTest::codesForNoOtherSiteWithCredentials() {
    QFETCH(QString, site);
    QFETCH(QString, mode);
    QFETCH(bool, anonymous);
    QFETCH(bool, withCookie);
    const std::string siteText = site.toStdString(), modeText = mode.toStdString();
    std::vector<http::FieldView> fields;
    if (!siteText.empty())
        fields = {{"Sec-Fetch-Site", siteText}, {"Sec-Fetch-Mode", modeText}};
    QCOMPARE(isOwnOrPublic(Ask("/t", fields).exchange.request), anonymous);
    fields.push_back({"Cookie", "a=b"});
    QCOMPARE(isOwnOrPublic(Ask("/t", fields).exchange.request), withCookie);
}

void DictionaryFieldsTest::sendsColumnsOnlyToWhoNamesThem_data() {
    QTest::addColumn<QString>("accept");
    QTest::addColumn<bool>("wants");
    QTest::addRow("named") << "application/vnd.hone.columnar" << true;
    QTest::addRow("before JSON") << "application/vnd.hone.columnar, application/json;q=0.5" << true;
    QTest::addRow("as good as JSON") << "application/json, application/vnd.hone.columnar" << true;
    QTest::addRow("after JSON") << "application/json, application/vnd.hone.columnar;q=0.9" << false;
    QTest::addRow("refused") << "application/vnd.hone.columnar;q=0, */*" << false;
    QTest::addRow("anything") << "*/*" << false;
    QTest::addRow("another") << "application/vnd.hone.columnar2" << false;
}

void DictionaryFieldsTest::sendsColumnsOnlyToWhoNamesThem() {
    QFETCH(QString, accept);
    QFETCH(bool, wants);
    const std::string text = accept.toStdString();
    QCOMPARE(wantsColumnar(Ask("/t", {{"Accept", text}}).exchange.request), wants);
}

QTEST_GUILESS_MAIN(DictionaryFieldsTest)
#include "dictionary_fields_test.moc"

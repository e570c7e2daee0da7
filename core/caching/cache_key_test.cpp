#include "core/caching/cache_key.h"

#include "core/caching/test_request.h"

#include <QtTest>

using namespace hone;
using namespace hone::caching;
using test::Asking;

namespace {

std::string keyOf(std::string target, std::vector<http::FieldView> fields = {}, bool perUser = false,
                  std::string_view method = "GET") {
    const Asking ask(std::move(target), std::move(fields), method);
    KeyBuilder builder(perUser);
    return std::string(builder.build(ask.request));
}

std::string normalised(std::string_view query) {
    std::vector<std::string_view> scratch;
    std::string out;
    appendNormalisedQuery(query, scratch, out);
    return out;
}

}  // namespace

class CacheKeyTest : public QObject {
    Q_OBJECT
private slots:
    void ordersTheQueryButKeepsEqualNamesInOrder_data();
    void ordersTheQueryButKeepsEqualNamesInOrder();
    void classesAcceptEncodingByWhatCounts_data();
    void classesAcceptEncodingByWhatCounts();
    void sharesGetAndHead();
    void distinguishesWhatCanChangeTheAnswer();
    void ignoresCredentialsUnlessAnswersArePersonal();
    void cannotBeConfusedByPartsRunningIntoEachOther();
    void staysRightWhenItsBuffersAreReused();
};

void CacheKeyTest::ordersTheQueryButKeepsEqualNamesInOrder_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("normal");
    QTest::addRow("empty") << "" << "";
    QTest::addRow("one") << "a=1" << "a=1";
    QTest::addRow("ordered") << "a=1&b=2" << "a=1&b=2";
    QTest::addRow("reversed") << "c=3&b=2&a=1" << "a=1&b=2&c=3";
    QTest::addRow("equal names") << "b=2&a=9&b=1&a=1" << "a=9&a=1&b=2&b=1";
    QTest::addRow("empty parts") << "&&b&&a&" << "a&b";
    QTest::addRow("prefix names") << "ab=1&a=2" << "a=2&ab=1";
}

void CacheKeyTest::ordersTheQueryButKeepsEqualNamesInOrder() {
    QFETCH(QString, query);
    QFETCH(QString, normal);
    QCOMPARE(normalised(query.toStdString()), normal.toStdString());
}

void CacheKeyTest::classesAcceptEncodingByWhatCounts_data() {
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<bool>("same");
    QTest::addRow("order") << "gzip, br" << "br,gzip" << true;
    QTest::addRow("deflate") << "gzip, deflate, br" << "gzip, br" << true;
    QTest::addRow("case") << "GZIP" << "gzip" << true;
    QTest::addRow("old name") << "x-gzip" << "gzip" << true;
    QTest::addRow("weight of one") << "gzip;q=1.0" << "gzip" << true;
    QTest::addRow("only unknown") << "deflate" << "" << true;
    QTest::addRow("another coding") << "gzip" << "br" << false;
    QTest::addRow("weights") << "gzip;q=0.5, br" << "gzip, br;q=0.5" << false;
    QTest::addRow("identity excluded") << "gzip" << "gzip, identity;q=0" << false;
    QTest::addRow("star") << "gzip, *;q=0" << "gzip" << false;
}

void CacheKeyTest::classesAcceptEncodingByWhatCounts() {
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(bool, same);
    QCOMPARE(acceptEncodingClass(a.toStdString()) == acceptEncodingClass(b.toStdString()), same);
    const std::string first = a.toStdString(), second = b.toStdString();
    QCOMPARE(keyOf("/x", {{"Accept-Encoding", first}}) == keyOf("/x", {{"accept-encoding", second}}), same);
}

void CacheKeyTest::sharesGetAndHead() {
    QCOMPARE(keyOf("/api/t?a=1"), keyOf("/api/t?a=1", {}, false, "HEAD"));
}

void CacheKeyTest::distinguishesWhatCanChangeTheAnswer() {
    QVERIFY(keyOf("/api/t") != keyOf("/api/u"));
    QVERIFY(keyOf("/api/t?a=1") != keyOf("/api/t?a=2"));
    QVERIFY(keyOf("/api/t", {{"Accept", "text/html"}}) != keyOf("/api/t"));
    QCOMPARE(keyOf("/api/t", {{"Accept", "*/*"}}), keyOf("/api/t"));
    QCOMPARE(keyOf("/api/t", {{"User-Agent", "x"}, {"Host", "a"}}), keyOf("/api/t"));
    QVERIFY(keyOf("/api/t", {{"Accept", "a/b"}, {"Accept", "c/d"}}) != keyOf("/api/t", {{"Accept", "a/b"}}));
    QCOMPARE(keyOf("/api/t", {{"Accept-Encoding", "gzip"}, {"Accept-Encoding", "br"}}),
             keyOf("/api/t", {{"Accept-Encoding", "br, gzip"}}));
}

void CacheKeyTest::ignoresCredentialsUnlessAnswersArePersonal() {
    const std::vector<http::FieldView> ann{{"Authorization", "Bearer ann"}},
        bob{{"Authorization", "Bearer bob"}};
    QCOMPARE(keyOf("/t", ann), keyOf("/t", bob));
    QVERIFY(keyOf("/t", ann, true) != keyOf("/t", bob, true));
    QVERIFY(keyOf("/t", {{"Cookie", "s=1"}}, true) != keyOf("/t", {{"Authorization", "s=1"}}, true));
    QVERIFY(KeyBuilder(false).covers("accept-encoding"));
    QVERIFY(!KeyBuilder(false).covers("Cookie"));
    QVERIFY(KeyBuilder(true).covers("Cookie"));
    QVERIFY(!KeyBuilder(true).covers("User-Agent"));
}

void CacheKeyTest::cannotBeConfusedByPartsRunningIntoEachOther() {
    QVERIFY(keyOf("/t?a") != keyOf("/ta"));
    QVERIFY(keyOf("/t", {{"Accept", "gzip,"}}) != keyOf("/t", {{"Accept-Encoding", "gzip"}}));
}

void CacheKeyTest::staysRightWhenItsBuffersAreReused() {
    KeyBuilder builder(false);
    const Asking long_("/api/a-rather-long-path?z=1&y=2&x=3", {{"Accept-Encoding", "gzip, br"}});
    const Asking short_("/b");
    const std::string longKey(builder.build(long_.request));
    QCOMPARE(std::string(builder.build(short_.request)), keyOf("/b"));
    QCOMPARE(std::string(builder.build(long_.request)), longKey);
    for (int i = 0; i < 20; ++i) {  // more headers than are remembered
        const std::string header = "gzip;q=0." + std::to_string(i % 9 + 1);
        const Asking ask("/b", {{"Accept-Encoding", header}});
        QCOMPARE(std::string(builder.build(ask.request)), keyOf("/b", {{"Accept-Encoding", header}}));
    }
}

QTEST_GUILESS_MAIN(CacheKeyTest)
#include "cache_key_test.moc"

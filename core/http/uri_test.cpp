#include "core/http/semantics.h"

#include <QTest>

using namespace hone;
using namespace hone::http;

class UriTest : public QObject {
    Q_OBJECT
private slots:
    void percentCodingGoesRoundAnyBytes();
    void malformedEscapesAreRefused_data();
    void malformedEscapesAreRefused();
    void queriesAreDecodedInOrder();
    void urlsAreSplit();
    void theDefaultPortIsNotPartOfTheAuthority();
    void badUrlsAreRefusedWithAHint_data();
    void badUrlsAreRefusedWithAHint();
};

void UriTest::percentCodingGoesRoundAnyBytes() {
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    QCOMPARE(percentDecode(percentEncode(all)).value(), all);
    QCOMPARE(percentEncode("a b/ü~"), std::string("a%20b%2F%C3%BC~"));
    QCOMPARE(percentDecode("a+b").value(), std::string("a+b"));
    QCOMPARE(percentDecode("a+b%2B", true).value(), std::string("a b+"));
    QCOMPARE(percentDecode("%41").value(), std::string("A"));
}

void UriTest::malformedEscapesAreRefused_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"%", "%4", "a%4", "%zz", "%4g", "100%"})
        QTest::newRow(text) << QByteArray(text);
}

void UriTest::malformedEscapesAreRefused() {
    QFETCH(QByteArray, text);
    const auto decoded = percentDecode(text.toStdString());
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().code, Error::InvalidArgument);
    QVERIFY(!parseQuery(text.toStdString()));
}

void UriTest::queriesAreDecodedInOrder() {
    const auto pairs = parseQuery("a=1&&b=two%20words&c&a=x+y&=z&d=p=q").value();
    const std::vector<std::pair<std::string, std::string>> expected{
        {"a", "1"}, {"b", "two words"}, {"c", ""}, {"a", "x y"}, {"", "z"}, {"d", "p=q"}};
    QVERIFY(pairs == expected);
    QVERIFY(parseQuery("")->empty());
}

void UriTest::urlsAreSplit() {
    const auto url = parseUrl("HTTPS://Example.ORG:8443/a/b?x=1&y=2#part").value();
    QCOMPARE(url.scheme, std::string("https"));
    QCOMPARE(url.host, std::string("example.org"));
    QCOMPARE(url.port, std::uint16_t(8443));
    QCOMPARE(url.target(), std::string("/a/b?x=1&y=2"));
    QCOMPARE(parseUrl("http://h?q").value().target(), std::string("/?q"));
    QCOMPARE(parseUrl("http://[::1]:81").value().host, std::string("::1"));
    QCOMPARE(parseUrl("http://[::1]:81").value().authority(), std::string("[::1]:81"));
}

void UriTest::theDefaultPortIsNotPartOfTheAuthority() {
    QCOMPARE(parseUrl("http://h:80/").value().authority(), std::string("h"));
    QCOMPARE(parseUrl("https://h").value().port, std::uint16_t(443));
    QCOMPARE(parseUrl("https://h").value().authority(), std::string("h"));
    QCOMPARE(parseUrl("https://h:80").value().authority(), std::string("h:80"));
}

void UriTest::badUrlsAreRefusedWithAHint_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"example.org", "ftp://h", "http://", "http://:80", "http://h:x", "http://h:0",
                             "http://h:65536", "http://u:p@h/", "http://[::1", "http://[zz]/", "http://h/a b",
                             "http://h/\x01", "http://a^b/", "http://h:80:81/"})
        QTest::newRow(text) << QByteArray(text);
}

void UriTest::badUrlsAreRefusedWithAHint() {
    QFETCH(QByteArray, text);
    const auto url = parseUrl(text.toStdString());
    QVERIFY(!url);
    QCOMPARE(url.error().code, Error::InvalidArgument);
    QVERIFY(!url.error().hint.empty());
}

QTEST_GUILESS_MAIN(UriTest)
#include "uri_test.moc"

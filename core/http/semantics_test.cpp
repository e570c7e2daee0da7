#include "core/http/semantics.h"

#include <QTest>

using namespace hone;
using namespace hone::http;
using namespace std::chrono_literals;

class SemanticsTest : public QObject {
    Q_OBJECT
private slots:
    void allThreeDateFormsNameTheSameInstant_data();
    void allThreeDateFormsNameTheSameInstant();
    void datesBeyondTheClockAreItsEnds();
    void brokenDatesAreRefused_data();
    void brokenDatesAreRefused();
    void weightsAreReadInThousandths();
    void theBestCodingIsChosen_data();
    void theBestCodingIsChosen();
    void theBestMediaTypeIsChosen_data();
    void theBestMediaTypeIsChosen();
    void entityTagsCompareWeaklyAndStrongly();
    void tagsAreStableHashesOfTheBytes();
    void cacheDirectivesAreRead();
    void unreadableFreshnessCountsAsStale();
};

void SemanticsTest::allThreeDateFormsNameTheSameInstant_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("IMF-fixdate") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT");
    QTest::newRow("RFC 850") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT");
    QTest::newRow("asctime") << QByteArray("Sun Nov  6 08:49:37 1994");
}

void SemanticsTest::allThreeDateFormsNameTheSameInstant() {
    QFETCH(QByteArray, text);
    const auto time = parseHttpDate(text.toStdString());
    QVERIFY(time.has_value());
    QCOMPARE(std::chrono::system_clock::to_time_t(*time), std::time_t(784'111'777));
    QCOMPARE(httpDate(*time), std::string("Sun, 06 Nov 1994 08:49:37 GMT"));
}

void SemanticsTest::datesBeyondTheClockAreItsEnds() {
    const auto never = parseHttpDate("Fri, 31 Dec 9999 23:59:59 GMT");
    const auto early = parseHttpDate("Sun Nov  6 08:49:37 0994");
    QVERIFY(never && early);
    QCOMPARE(httpDate(*never), std::string("Fri, 11 Apr 2262 23:47:16 GMT"));
    QCOMPARE(httpDate(*early), std::string("Tue, 21 Sep 1677 00:12:44 GMT"));
    QVERIFY(parseHttpDate(httpDate(*never)) == never);
}

void SemanticsTest::brokenDatesAreRefused_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"", "now", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37",
                             "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, 06 Nov 1994 08:49:37 GMT x", "Sun, -6 Nov 1994 08:49:37 GMT"})
        QTest::newRow(text[0] ? text : "empty") << QByteArray(text);
}

void SemanticsTest::brokenDatesAreRefused() {
    QFETCH(QByteArray, text);
    QVERIFY(!parseHttpDate(text.toStdString()));
}

void SemanticsTest::weightsAreReadInThousandths() {
    const auto list =
        parseWeighted("gzip;q=0.5, br ; Q=0.123,, zstd, deflate;q=2, x;q=0.1234, text/html;level=1;q=0");
    QCOMPARE(list.size(), std::size_t(4));  // malformed weights are dropped
    QCOMPARE(list[0].value, std::string("gzip"));
    QCOMPARE(list[0].q, 500);
    QCOMPARE(list[1].q, 123);
    QCOMPARE(list[2].q, 1000);
    QCOMPARE(list[3].value, std::string("text/html;level=1"));
    QCOMPARE(list[3].q, 0);
}

void SemanticsTest::theBestCodingIsChosen_data() {
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* accept, const char* expected) {
        QTest::newRow(accept) << QByteArray(accept) << QByteArray(expected);
    };
    row("(absent)", "identity");
    row("", "identity");
    row("gzip, br", "br");
    row("gzip, br;q=0.9", "gzip");
    row("GZIP;q=0.1", "gzip");
    row("x-gzip", "gzip");
    row("deflate", "identity");
    row("gzip;q=0.5, identity", "identity");
    row("gzip;q=0, br;q=0", "identity");
    row("*", "br");
    row("*;q=0, gzip;q=0.1", "gzip");
    row("*;q=0", "(none)");
    row("identity;q=0", "(none)");
    row("identity;q=0, gzip", "gzip");
}

void SemanticsTest::theBestCodingIsChosen() {
    QFETCH(QByteArray, accept);
    QFETCH(QByteArray, expected);
    const std::string text = accept.toStdString();
    const std::string_view offered[] = {"br", "gzip"};
    const auto chosen =
        chooseCoding(accept == "(absent)" ? std::nullopt : std::optional<std::string_view>(text), offered);
    QCOMPARE(chosen.value_or("(none)"), expected.toStdString());
}

void SemanticsTest::theBestMediaTypeIsChosen_data() {
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* accept, const char* expected) {
        QTest::newRow(accept) << QByteArray(accept) << QByteArray(expected);
    };
    row("", "application/json");
    row("*/*", "application/json");
    row("application/cbor", "application/cbor");
    row("application/*;q=0.5, application/cbor", "application/cbor");
    row("application/json;q=0.1, */*", "application/cbor");
    row("application/json;charset=utf-8", "application/json");
    row("application/json;v=1;q=0.1, application/json;q=0.9, application/cbor;q=0.5", "application/json");
    row("text/html", "(none)");
    row("application/json;q=0", "(none)");
    row("APPLICATION/JSON", "application/json");
}

void SemanticsTest::theBestMediaTypeIsChosen() {
    QFETCH(QByteArray, accept);
    QFETCH(QByteArray, expected);
    const std::string text = accept.toStdString();
    const std::string_view offered[] = {"application/json", "application/cbor"};
    QCOMPARE(chooseMedia(text, offered).value_or("(none)"), expected.toStdString());
}

void SemanticsTest::entityTagsCompareWeaklyAndStrongly() {
    QVERIFY(noneMatchHits(R"("a", W/"b,c")", R"("b,c")"));
    QVERIFY(noneMatchHits(R"("a")", R"(W/"a")"));
    QVERIFY(noneMatchHits(" * ", R"("a")"));
    QVERIFY(!noneMatchHits(R"("a")", R"("b")"));
    QVERIFY(!noneMatchHits("a", R"("a")"));
    QVERIFY(matchHits(R"("x", "a")", R"("a")"));
    QVERIFY(matchHits("*", R"(W/"a")"));
    QVERIFY(!matchHits(R"(W/"a")", R"("a")"));
    QVERIFY(!matchHits(R"("a")", R"(W/"a")"));
}

void SemanticsTest::tagsAreStableHashesOfTheBytes() {
    // XXH64 of the published test strings, seed 0.
    QCOMPARE(etagOf(""), std::string("\"ef46db3751d8e999\""));
    QCOMPARE(etagOf("abc"), std::string("\"44bc2cf5ad770999\""));
    QCOMPARE(etagOf("Nobody inspects the spammish repetition"), std::string("\"fbcea83c8a378bf1\""));
}

void SemanticsTest::cacheDirectivesAreRead() {
    const auto cc = parseCacheControl(
        R"(Public, max-age=60, S-MAXAGE="30", no-cache="Set-Cookie", stale-while-revalidate=5, max-stale, max-age=1)");
    QVERIFY(cc.isPublic && cc.noCache && !cc.noStore && !cc.isPrivate);
    QCOMPARE(cc.maxAge.value().count(), 60);
    QCOMPARE(cc.sMaxAge.value().count(), 30);
    QCOMPARE(cc.staleWhileRevalidate.value().count(), 5);
    QVERIFY(cc.maxStale.value() > 24h * 365);
    QVERIFY(!cc.staleIfError);
}

void SemanticsTest::unreadableFreshnessCountsAsStale() {
    QCOMPARE(parseCacheControl("max-age=ten").maxAge.value().count(), 0);
    QCOMPARE(parseCacheControl("max-age=-1").maxAge.value().count(), 0);
    QCOMPARE(parseCacheControl("max-age=99999999999999999999").maxAge.value().count(), 2'147'483'648);
    QVERIFY(!parseCacheControl("min-fresh=x").minFresh);
}

QTEST_GUILESS_MAIN(SemanticsTest)
#include "semantics_test.moc"

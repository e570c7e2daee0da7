#include "core/coding/codec.h"
#include "core/coding/dictionary_codec.h"
#include "core/toggles/advanced/shop_test_client.h"

using namespace hone;
using namespace hone::toggles::advanced;
using namespace hone::toggles::advanced::test;

class AdvancedDeltaTest : public QObject, public ShopRig {
    Q_OBJECT
private slots:
    void init() { apply({}); }  // what is on afterwards is new and has counted nothing
    void saysOnlyWhatChangedSinceTheLastPoll();
    void remembersAnswersOfCompressedOnesToo();
    void givesNoUserAnothersDelta();
};

void AdvancedDeltaTest::saysOnlyWhatChangedSinceTheLastPoll() {
    apply({"advanced"});
    const auto first = get("/api/orders", {"Accept-Encoding: dcz"});
    QCOMPARE(first.field("Use-As-Dictionary"), std::string("match=\"/api/orders\""));
    QCOMPARE(first.field("Cache-Control"), std::string("private, max-age=30"));
    QVERIFY(counter("keptBytes") > double(first.body.size()));
    QCOMPARE(client().send("PATCH", "/api/orders/200", "{\"status\": \"lost\"}").status, 200);
    const auto second = get("/api/orders", {"Accept-Encoding: dcz", availableOf(first.body)});
    QCOMPARE(second.field("Content-Encoding"), std::string("dcz"));
    QVERIFY2(second.body.size() < 300, qPrintable(QString::number(second.body.size())));
    const auto back = coding::decodeDcz(
        second.body, [&](const auto&) { return std::optional<std::string_view>(first.body); });
    QVERIFY(back);
    QCOMPARE(*back, get("/api/orders").body);
    QVERIFY(back->find("\"lost\"") != back->npos);
    QCOMPARE(counter("deltaAnswers"), 1.0);
    // The second is the dictionary of the third.
    const auto third = get("/api/orders", {"Accept-Encoding: dcz", availableOf(*back)});
    QVERIFY(third.body.size() < 120);
    const auto page = get("/api/orders?x=1&y=*", {"Accept-Encoding: dcz"});
    QCOMPARE(page.field("Use-As-Dictionary"), std::string("match=\"/api/orders\\\\?x=1&y=\\\\*\""));
    QCOMPARE(get("/api/orders/7", {"Accept-Encoding: dcz"}).field("Use-As-Dictionary"), std::string());
    QCOMPARE(client().send("PATCH", "/api/orders/200", orderRow(200).dump()).status, 200);
}

void AdvancedDeltaTest::remembersAnswersOfCompressedOnesToo() {
    apply({"advanced", "encoding", "shaping"});
    const auto first = get("/api/orders", {"Accept-Encoding: gzip, dcz"});
    QCOMPARE(first.field("Content-Encoding"), std::string("gzip"));
    QVERIFY(!first.field("Use-As-Dictionary").empty());
    const auto plain = coding::decodeContent("gzip", first.body).value();
    const auto second = get("/api/orders", {"Accept-Encoding: gzip, dcz", availableOf(plain)});
    QCOMPARE(second.field("Content-Encoding"), std::string("dcz"));
    QVERIFY(second.body.size() < 120);
}

void AdvancedDeltaTest::givesNoUserAnothersDelta() {
    apply({"advanced"}, {"advanced.dictionary=off"});
    const auto mine = get("/api/orders", {"Accept-Encoding: dcz", "Authorization: Bearer one"});
    const auto asked = [&](std::string credentials) {
        return get("/api/orders", {"Accept-Encoding: dcz", availableOf(mine.body), std::move(credentials)})
            .field("Content-Encoding");
    };
    QCOMPARE(asked("Authorization: Bearer two"), std::string());
    QCOMPARE(asked("Cookie: Bearer one"), std::string());
    QCOMPARE(asked("X-Nobody: 1"), std::string());
    QCOMPARE(asked("Authorization: Bearer one"), std::string("dcz"));
    QCOMPARE(counter("unknownDictionaries"), 3.0);
}

QTEST_GUILESS_MAIN(AdvancedDeltaTest)
#include "delta_test.moc"

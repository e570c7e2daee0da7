#include "core/coding/dictionary_codec.h"
#include "core/toggles/advanced/shop_test_client.h"

using namespace hone;
using namespace hone::toggles::advanced;
using namespace hone::toggles::advanced::test;

class AdvancedToggleTest : public QObject, public ShopRig {
    Q_OBJECT
private slots:
    void init() { apply({}); }  // what is on afterwards is new and has counted nothing
    void servesNothingWhileItIsOff();
    void codesASingleRowWithADictionaryOfItsTable();
    void offersADictionaryOnlyToWhoKnowsThem();
    void trainsOneForEachLayout();
    void keepsItsDictionariesWhenAnotherParameterChanges();
    void saysWhyATableHasNone();
    void answersPlainlyWhoNamesAnUnknownDictionary();
    void leavesErrorsAndWritesAlone();
    void variesByWhatMattersAlways();
};

void AdvancedToggleTest::servesNothingWhileItIsOff() {
    apply({});
    for (const char* path : {"/dictionaries/", "/columnar/format.md"}) {
        const auto reply = get(path);
        QCOMPARE(reply.status, 404);
        QVERIFY(reply.body.find("advanced") != reply.body.npos);
    }
    const auto plain =
        get("/api/orders/7", {"Accept-Encoding: dcz", "Accept: application/vnd.hone.columnar"});
    QCOMPARE(plain.field("Vary"), std::string());
    QCOMPARE(plain.field("Link"), std::string());
}

void AdvancedToggleTest::codesASingleRowWithADictionaryOfItsTable() {
    apply({"advanced"});
    const auto dictionary = dictionaryOf("orders");
    QVERIFY(dictionary.size() > 1000);
    const auto plain = get("/api/orders/17");
    const auto coded = get("/api/orders/17", {"Accept-Encoding: gzip, dcz", availableOf(dictionary)});
    QCOMPARE(coded.field("Content-Encoding"), std::string("dcz"));
    QVERIFY2(coded.body.size() * 10 < plain.body.size() * 7, qPrintable(QString::number(coded.body.size())));
    const auto back = coding::decodeDcz(coded.body, [&](const auto& hash) {
        return hash == sha256(dictionary) ? std::optional<std::string_view>(dictionary) : std::nullopt;
    });
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QCOMPARE(*back, plain.body);
    QVERIFY(coded.field("Server-Timing").find("dictionary") != std::string::npos);
    QCOMPARE(counter("dictionaryAnswers"), 1.0);
    QCOMPARE(counter("bytesSaved"), double(plain.body.size() - coded.body.size()));
    QCOMPARE(counter("bytesOut"), double(coded.body.size()));
    QCOMPARE(counter("trainings"), 1.0);
}

void AdvancedToggleTest::offersADictionaryOnlyToWhoKnowsThem() {
    apply({"advanced"});
    const auto dictionary = dictionaryOf("orders");
    const auto offered = get("/api/orders/17", {"Accept-Encoding: dcz"}).field("Link");
    QVERIFY2(offered.ends_with(".dict>; rel=\"compression-dictionary\""), offered.c_str());
    const auto served = get(offered.substr(1, offered.find('>') - 1));
    QCOMPARE(served.status, 200);
    QCOMPARE(served.body, dictionary);
    QVERIFY2(served.field("Use-As-Dictionary").starts_with("match=\"/api/orders{/*}?\", id=\"orders-"),
             served.field("Use-As-Dictionary").c_str());
    QVERIFY(served.field("Cache-Control").find("immutable") != std::string::npos);
    QCOMPARE(get("/api/orders/17", {"Accept-Encoding: br"}).field("Link"), std::string());
    QCOMPARE(get("/api/orders/17", {"Accept-Encoding: dcz", availableOf(dictionary)}).field("Link"),
             std::string());
    QCOMPARE(get("/dictionaries/orders-00000000.dict").status, 404);
    QCOMPARE(get("/dictionaries/nothing").status, 404);
    QCOMPARE(client().send("POST", "/dictionaries/", "{}").status, 405);
}

void AdvancedToggleTest::trainsOneForEachLayout() {
    apply({"advanced", "encoding"});
    const auto first = get("/api/orders/17", {"Accept-Encoding: dcz"});  // minified, which is learnt from it
    QCOMPARE(first.status, 200);
    const auto dictionary = dictionaryOf("orders");
    QVERIFY(dictionary.find("\"country\":\"Norway\"") != dictionary.npos);
    const auto coded =
        get("/api/orders/17", {"Accept-Encoding: gzip, br, zstd, dcz", availableOf(dictionary)});
    QCOMPARE(coded.field("Content-Encoding"), std::string("dcz"));  // not zstd, though that comes first
    const auto lines = json::parse(get("/dictionaries/").body);
    QVERIFY(std::ranges::any_of(lines, [](const json& line) {
        return line["style"] == "minified" && line["state"] == "ready" && line["table"] == "orders";
    }));
}

void AdvancedToggleTest::keepsItsDictionariesWhenAnotherParameterChanges() {
    apply({"advanced"});
    const auto before = dictionaryOf("orders");
    apply({"advanced"}, {"advanced.level=12"});
    QCOMPARE(dictionaryOf("orders"), before);
    QCOMPARE(counter("trainings"), 0.0);
    const auto plain = get("/api/orders");
    const auto coded = get("/api/orders", {"Accept-Encoding: dcz", availableOf(before)});
    QCOMPARE(coded.field("Content-Encoding"), std::string("dcz"));
    QVERIFY(coded.body.size() < plain.body.size() / 10);
    apply({"advanced"}, {"advanced.dictionarySize=2KiB"});
    const auto smaller = dictionaryOf("orders");
    QVERIFY(!smaller.empty() && smaller.size() <= 2048);
    QCOMPARE(counter("trainings"), 1.0);
}

void AdvancedToggleTest::saysWhyATableHasNone() {
    apply({"advanced"});
    QCOMPARE(dictionaryOf("few"), std::string());
    const auto reply = get("/dictionaries/few");
    QCOMPARE(reply.status, 404);
    QVERIFY2(reply.body.find("too few") != reply.body.npos, reply.body.c_str());
    QCOMPARE(get("/api/few/1", {"Accept-Encoding: dcz"}).status, 200);
    apply({"advanced"}, {"advanced.dictionary=off"});
    QCOMPARE(get("/dictionaries/").status, 404);
}

void AdvancedToggleTest::answersPlainlyWhoNamesAnUnknownDictionary() {
    apply({"advanced"});
    const auto plain = get("/api/orders/3");
    for (const std::string& line :
         {availableOf("unheard of"), std::string("Available-Dictionary: nonsense")}) {
        const auto reply = get("/api/orders/3", {"Accept-Encoding: dcz", line});
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.field("Content-Encoding"), std::string());
        QCOMPARE(reply.body, plain.body);
    }
    // Known, but the client does not take what is made with it.
    const auto reply = get("/api/orders/3", {"Accept-Encoding: br", availableOf(dictionaryOf("orders"))});
    QCOMPARE(reply.field("Content-Encoding"), std::string());
}

void AdvancedToggleTest::leavesErrorsAndWritesAlone() {
    apply({"advanced"});
    const TestClient::Lines lines{"Accept-Encoding: dcz", availableOf(dictionaryOf("orders"))};
    for (const char* target : {"/api/orders/99999", "/nowhere", "/api/nothing"}) {
        const auto reply = get(target, lines);
        QCOMPARE(reply.status, 404);
        QCOMPARE(reply.field("Content-Encoding"), std::string());
        QVERIFY(json::accept(reply.body));
    }
    const auto head = client().ask("HEAD", "/api/orders/3", lines);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.field("Content-Encoding"), std::string("dcz"));
    const auto written = client().ask("PATCH", "/api/orders/3",
                                      {"Content-Type: application/json", "Accept-Encoding: dcz", lines[1]},
                                      orderRow(3).dump());
    QCOMPARE(written.status, 200);
    QCOMPARE(written.field("Content-Encoding"), std::string());
}

void AdvancedToggleTest::variesByWhatMattersAlways() {
    apply({"advanced"});
    QCOMPARE(get("/api/orders").field("Vary"), std::string("Accept, Accept-Encoding, Available-Dictionary"));
    QCOMPARE(get("/api/orders/1").field("Vary"), std::string("Accept-Encoding, Available-Dictionary"));
    apply({"advanced"}, {"advanced.columnar=off", "advanced.delta=off", "advanced.dictionary=off"});
    QCOMPARE(get("/api/orders").field("Vary"), std::string());
}

QTEST_GUILESS_MAIN(AdvancedToggleTest)
#include "toggle_test.moc"

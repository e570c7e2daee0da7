#include "core/coding/codec.h"
#include "core/data/columnar_format.h"
#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/toggles/advanced/dictionary_fields.h"
#include "core/toggles/catalogue.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::advanced;
using engine::test::Reply;
using engine::test::TestClient;
using nlohmann::json;

namespace {

constexpr int kRows = 400;

json row(int i) {
    constexpr const char* kStates[] = {"shipped", "waiting for payment", "returned ✓"};
    return {{"id", i},
            {"customer", "Customer number " + std::to_string(i * 7919 % 1000)},
            {"country", i % 4 == 0 ? "Norway" : "Portugal"},
            {"status", kStates[i % 3]},
            {"total", i % 9 == 0 ? json() : json(i * 31 % 500 + 0.25)},
            {"express", i % 2 == 0}};
}

std::string availableOf(std::string_view dictionary) {
    return "Available-Dictionary: " + byteSequence(sha256(dictionary));
}

}  // namespace

class AdvancedToggleTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void init() { apply({}); }  // what is on afterwards is new and has counted nothing

    void servesNothingWhileItIsOff();
    void codesASingleRowWithADictionaryOfItsTable();
    void offersADictionaryOnlyToWhoKnowsThem();
    void trainsOneForEachLayout();
    void keepsItsDictionariesWhenAnotherParameterChanges();
    void saysWhyATableHasNone();
    void saysOnlyWhatChangedSinceTheLastPoll();
    void remembersAnswersOfCompressedOnesToo();
    void givesNoUserAnothersDelta();
    void answersPlainlyWhoNamesAnUnknownDictionary();
    void leavesErrorsAndWritesAlone();
    void sendsTheSameListAsColumns();
    void sendsAPageAsColumnsWithItsLinks();
    void servesTheLayoutAndADecoderThatReadsIt();
    void variesByWhatMattersAlways();

private:
    void apply(std::initializer_list<std::string> on, std::initializer_list<std::string> assignments = {});
    [[nodiscard]] Reply get(std::string_view target, TestClient::Lines lines = {}) const {
        return TestClient(m_engine->port()).get(target, lines);
    }
    [[nodiscard]] double counter(const char* id) const {
        return m_engine->snapshot().counters[0].at(std::string("advanced.") + id);
    }
    [[nodiscard]] std::string dictionaryOf(std::string_view table);

    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;
};

void AdvancedToggleTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    json orders = json::array();
    for (int i = 1; i <= kRows; ++i)
        orders.push_back(row(i));
    const json few = json::array({{{"id", 1}, {"name", "only"}}});
    std::ofstream(folder / "shop.json") << json{{"orders", orders}, {"few", few}};
    QVERIFY(data::importFile(folder / "shop.json", folder / "shop.db"));
    EngineOptions options;
    options.server.threads = 2;
    options.datasets = {data::Dataset::open(folder / "shop.db").value()};
    options.catalogue = toggles::catalogue();
    auto engine = Engine::create(std::move(options));
    QVERIFY2(engine, engine ? "" : engine.error().line().c_str());
    m_engine = std::move(*engine);
}

void AdvancedToggleTest::cleanupTestCase() { m_engine.reset(); }

void AdvancedToggleTest::apply(std::initializer_list<std::string> on,
                               std::initializer_list<std::string> assignments) {
    model::Profile profile;
    for (const auto& id : on)
        profile.toggles[id].on = true;
    for (const auto& assignment : assignments)
        QVERIFY(profile.setText(assignment));
    const auto applied = m_engine->apply(Arm::A, profile);
    QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
}

/// Waits for the training thread; empty when there is none to be had.
std::string AdvancedToggleTest::dictionaryOf(std::string_view table) {
    const auto path = "/dictionaries/" + std::string(table);
    Reply reply;
    (void)QTest::qWaitFor([&] { return (reply = get(path)).status != 503; }, 60'000);
    if (reply.status != 307)
        return {};
    return get(reply.field("Location")).body;
}

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
    QCOMPARE(TestClient(m_engine->port()).send("POST", "/dictionaries/", "{}").status, 405);
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

void AdvancedToggleTest::saysOnlyWhatChangedSinceTheLastPoll() {
    apply({"advanced"});
    const TestClient client(m_engine->port());
    const auto first = get("/api/orders", {"Accept-Encoding: dcz"});
    QCOMPARE(first.field("Use-As-Dictionary"), std::string("match=\"/api/orders\""));
    QCOMPARE(first.field("Cache-Control"), std::string("private, max-age=30"));
    QVERIFY(counter("keptBytes") > double(first.body.size()));
    QCOMPARE(client.send("PATCH", "/api/orders/200", "{\"status\": \"lost\"}").status, 200);
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
    QCOMPARE(client.send("PATCH", "/api/orders/200", row(200).dump()).status, 200);
}

void AdvancedToggleTest::remembersAnswersOfCompressedOnesToo() {
    apply({"advanced", "encoding", "shaping"});
    const auto first = get("/api/orders", {"Accept-Encoding: gzip, dcz"});
    QCOMPARE(first.field("Content-Encoding"), std::string("gzip"));
    QVERIFY(!first.field("Use-As-Dictionary").empty());
    const auto plain = coding::decodeContent("gzip", first.body).value();
    const auto second = get("/api/orders", {"Accept-Encoding: gzip, dcz", availableOf(plain)});
    QCOMPARE(second.field("Content-Encoding"), std::string("dcz"));
    QVERIFY(second.body.size() < 120);
}

void AdvancedToggleTest::givesNoUserAnothersDelta() {
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
    const auto head = TestClient(m_engine->port()).ask("HEAD", "/api/orders/3", lines);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.field("Content-Encoding"), std::string("dcz"));
    const auto written =
        TestClient(m_engine->port())
            .ask("PATCH", "/api/orders/3",
                 {"Content-Type: application/json", "Accept-Encoding: dcz", lines[1]}, row(3).dump());
    QCOMPARE(written.status, 200);
    QCOMPARE(written.field("Content-Encoding"), std::string());
}

void AdvancedToggleTest::sendsTheSameListAsColumns() {
    for (const bool isEncoded : {false, true}) {
        init();
        isEncoded ? apply({"advanced", "encoding"}) : apply({"advanced"});
        const auto plain = get("/api/orders");
        const auto columns = get("/api/orders", {"Accept: application/vnd.hone.columnar"});
        QCOMPARE(columns.field("Content-Type"), std::string("application/vnd.hone.columnar"));
        QVERIFY(columns.field("Vary").starts_with("Accept"));
        const auto rows = data::readColumnar(columns.body);
        QVERIFY2(rows, rows ? "" : rows.error().line().c_str());
        std::string text;
        data::writeJsonArray(*rows, data::JsonStyle::Minified, text);
        QVERIFY(json::parse(text) == json::parse(plain.body));
        QVERIFY(columns.body.size() * 3 < text.size());
        QCOMPARE(counter("columnarAnswers"), 1.0);
        QCOMPARE(counter("columnarBytes"), double(columns.body.size()));
        // A row is no list.
        QCOMPARE(
            get("/api/orders/7", {"Accept: application/vnd.hone.columnar, */*;q=0.1"}).field("Content-Type"),
            std::string("application/json"));
    }
}

void AdvancedToggleTest::sendsAPageAsColumnsWithItsLinks() {
    apply({"advanced", "shaping"});
    const auto page = get("/api/orders?limit=10&fields=id,status", {"Accept: application/vnd.hone.columnar"});
    const auto rows = data::readColumnar(page.body);
    QVERIFY(rows);
    QCOMPARE(rows->rowCount(), std::size_t(10));
    QCOMPARE(rows->columns.size(), std::size_t(2));
    QVERIFY(page.field("Link").find("rel=\"next\"") != std::string::npos);
    QCOMPARE(get("/api/orders?colour=1", {"Accept: application/vnd.hone.columnar"}).status, 400);
}

void AdvancedToggleTest::servesTheLayoutAndADecoderThatReadsIt() {
    apply({"advanced"});
    QVERIFY(get("/columnar/format.md").body.starts_with("# The columnar format"));
    const auto decoder = get("/columnar/decoder.js");
    QVERIFY(decoder.field("Content-Type").starts_with("text/javascript"));
    const auto node = QStandardPaths::findExecutable("node");
    if (node.isEmpty()) {
        QVERIFY2(qEnvironmentVariableIsEmpty("CI"), "Node.js is missing");
        QSKIP("Node.js is missing (Debian package nodejs)");
    }
    const auto path = [&](const char* name) { return m_folder.filePath(name).toStdString(); };
    std::ofstream(path("decoder.mjs")) << decoder.body;
    std::ofstream(path("rows.bin")) << get("/api/orders", {"Accept: application/vnd.hone.columnar"}).body;
    std::ofstream(path("read.mjs"))
        << "import { readFileSync } from 'node:fs'; import { decodeColumnar } from './decoder.mjs';"
        << "console.log(JSON.stringify(decodeColumnar(new Uint8Array(readFileSync(process.argv[2])))));";
    QProcess process;
    process.start(node, {m_folder.filePath("read.mjs"), m_folder.filePath("rows.bin")});
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    QVERIFY(json::parse(process.readAllStandardOutput().toStdString()) ==
            json::parse(get("/api/orders").body));
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

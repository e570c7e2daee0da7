// The engine over real sockets with a small dataset in a file.

#include "core/engine/engine.h"

#include "core/engine/test_client.h"
#include "core/engine/test_support.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <latch>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;
using nlohmann::json;

namespace {

constexpr char kShop[] = R"({
  "customers": [{"id": 1, "name": "Ada", "vip": true}, {"id": 2, "name": "Bob <b>", "vip": false}],
  "products": [{"sku": "a/1", "name": "Notes", "price": 9.5}, {"sku": "b 2", "name": "Pen", "price": 1.25},
               {"sku": "c", "name": "Ink", "price": null}]
})";

}  // namespace

class EngineTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();

    void listsTheResourcesWithTheirUrlsAndRowCounts();
    void answersTheWholeTableWhateverTheQueryAsks();
    void readsARowByItsKey();
    void answersHeadWithoutABody();
    void makesReplacesChangesAndRemovesARow();
    void refusesBadWrites_data();
    void refusesBadWrites();
    void saysWhatItUnderstandsWhenItDoesNotUnderstandABody();
    void refusesAKeyThatIsTaken();
    void describesColumnsAndTotal();
    void namesWhatIsNearAnUnknownPath();
    void saysWhatAPathAllows();
    void describesEveryResourceInOpenApi();
    void showsAPageToBrowsersAndJsonToPrograms();
    void carriesServerTimingOnEveryAnswer_data();
    void carriesServerTimingOnEveryAnswer();
    void swapsProfilesWhileRequestsKeepComing();
    void keepsAWaitingRequestUntilSomebodyResumesIt();

    void answersHealthWithoutAToken();
    void guardsTheAdminInterface_data();
    void guardsTheAdminInterface();
    void readsAndChangesTheProfileOfAnArm();
    void showsTheCatalogueWithWhatIsOn();
    void purgesTheStatesOfAnArm();
    void purgesTheAnswersOfAUrlOrATag();
    void servesThePathsOfAToggleWhileItIsOn();
    void tellsWhatKeepsAToggleFromItsWork();
    void showsTheJournalNewestFirst();
    void filtersTheJournalAndSaysWhy();
    void refusesPagesOfOtherSitesEvenForHealth();
    void letsPagesOfAllowedOriginsUseTheApiButNotTheAdminInterface();
    void refusesAnOriginThatIsNone();
    void showsMetrics();
    void refusesTwoDatasetsWithOneTableName();
    void saysWhichPortIsTaken();

private:
    [[nodiscard]] TestClient client() const { return TestClient(m_engine->port()); }
    [[nodiscard]] json got(std::string_view target) const { return json::parse(client().get(target).body); }
    [[nodiscard]] TestClient::Lines withToken() const { return {"Hone-Token: " + m_engine->adminToken()}; }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<data::Dataset> m_dataset;
    std::unique_ptr<Engine> m_engine;
};

void EngineTest::init() {
    fresh();
    m_folder = std::make_unique<QTemporaryDir>();
    const std::filesystem::path folder = m_folder->path().toStdString();
    std::ofstream(folder / "shop.json") << kShop;
    const auto imported = data::importFile(folder / "shop.json", folder / "shop.db");
    QVERIFY2(imported, imported ? "" : imported.error().line().c_str());
    auto opened = data::Dataset::open(folder / "shop.db");
    QVERIFY2(opened, opened ? "" : opened.error().line().c_str());
    m_dataset = *opened;
    EngineOptions options;
    options.server.threads = 2;
    options.datasets = {m_dataset};
    options.catalogue = fakes();
    auto engine = Engine::create(std::move(options));
    QVERIFY2(engine, engine ? "" : engine.error().line().c_str());
    m_engine = std::move(*engine);
}

void EngineTest::cleanup() {
    m_engine.reset();
    m_dataset.reset();
}

void EngineTest::listsTheResourcesWithTheirUrlsAndRowCounts() {
    QCOMPARE(client().send("POST", "/api/customers", R"({"name": "Cyd", "vip": true})").status, 201);
    const auto resources = got("/api").at("resources");
    QCOMPARE(resources.size(), std::size_t{2});
    QCOMPARE(resources[0].at("name"), "customers");
    QCOMPARE(resources[0].at("url"), "/api/customers");
    QCOMPARE(resources[0].at("rows"), 3);
    QCOMPARE(resources[0].at("key"), "id");
    QCOMPARE(resources[1].at("rows"), 3);
    QCOMPARE(json::parse(client().get(std::string(resources[1].at("stats"))).body).at("total"), 3);
}

void EngineTest::answersTheWholeTableWhateverTheQueryAsks() {
    const auto reply = client().get("/api/products?limit=1&nonsense=%zz");
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.field("Content-Type"), std::string("application/json"));
    const auto rows = json::parse(reply.body);
    QCOMPARE(rows.size(), std::size_t{3});
    QVERIFY2(rows[1] == json({{"id", 2}, {"sku", "b 2"}, {"name", "Pen"}, {"price", 1.25}}),
             rows[1].dump().c_str());
    QVERIFY(rows[2].at("price").is_null());
    QVERIFY(reply.body.find("\n  {\n    \"id\": 1,\n") != std::string::npos);  // pretty, as naive APIs answer
}

void EngineTest::readsARowByItsKey() {
    // The importer may have added a key; the resource list says which column it is.
    const auto key = m_dataset->schema().table("customers")->key;
    QCOMPARE(key, std::string("id"));
    QCOMPARE(got("/api/customers/2").at("name"), "Bob <b>");
    const auto missing = client().get("/api/customers/99");
    QCOMPARE(missing.status, 404);
    QCOMPARE(missing.field("Content-Type"), std::string("application/problem+json"));
    const auto problem = json::parse(missing.body);
    QCOMPARE(problem.at("detail"), "customers has no row with id \"99\"");
    QVERIFY(problem.contains("hint"));
}

void EngineTest::answersHeadWithoutABody() {
    const auto get = client().get("/api/customers");
    const auto head = client().ask("HEAD", "/api/customers");
    QCOMPARE(head.status, 200);
    QVERIFY(head.body.empty());
    QCOMPARE(head.field("Content-Length"), std::to_string(get.body.size()));
}

void EngineTest::makesReplacesChangesAndRemovesARow() {
    const auto made = client().send("POST", "/api/customers", R"({"name": "Cyd", "vip": true})");
    QCOMPARE(made.status, 201);
    const auto row = json::parse(made.body);
    const auto location = made.field("Location");
    QCOMPARE(location, "/api/customers/" + row.at("id").dump());
    QCOMPARE(got(location), row);

    const auto changed = client().send("PATCH", location, R"({"vip": false})");
    QCOMPARE(changed.status, 200);
    QCOMPARE(json::parse(changed.body).at("name"), "Cyd");
    QCOMPARE(got(location).at("vip"), false);

    const auto replaced = client().send("PUT", location, R"({"name": "Dan", "vip": true})");
    QCOMPARE(replaced.status, 200);
    QCOMPARE(got(location), (json{{"id", row.at("id")}, {"name", "Dan"}, {"vip", true}}));

    const auto removed = client().ask("DELETE", location);
    QCOMPARE(removed.status, 204);
    QVERIFY(removed.body.empty());
    QCOMPARE(client().get(location).status, 404);
    QCOMPARE(client().ask("DELETE", location).status, 404);
    QCOMPARE(client().send("PATCH", location, R"({"vip": false})").status, 404);
}

void EngineTest::refusesBadWrites_data() {
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("part");
    QTest::newRow("form") << "application/x-www-form-urlencoded" << "name=Cyd" << 415
                          << "x-www-form-urlencoded";
    QTest::newRow("no type") << "" << R"({"name": "Cyd"})" << 415 << "no Content-Type";
    QTest::newRow("no JSON") << "application/json" << "{name: Cyd}" << 400 << "line 1, column 3";
    QTest::newRow("nothing") << "application/json" << "" << 400 << "not JSON";
    QTest::newRow("an array") << "application/json" << "[1]" << 422 << "expected an object";
    QTest::newRow("unknown column") << "application/json; charset=utf-8" << R"({"nmae": "Cyd"})" << 422
                                    << "nmae";
    QTest::newRow("wrong type") << "application/json" << R"({"name": "Cyd", "vip": "maybe"})" << 422 << "vip";
}

void EngineTest::refusesBadWrites() {
    QFETCH(QString, type);
    QFETCH(QString, body);
    QFETCH(int, status);
    QFETCH(QString, part);
    TestClient::Lines lines;
    if (!type.isEmpty())
        lines.push_back("Content-Type: " + type.toStdString());
    const auto reply = client().ask("POST", "/api/customers", lines, body.toStdString());
    QCOMPARE(reply.status, status);
    QCOMPARE(reply.field("Content-Type"), std::string("application/problem+json"));
    const auto problem = json::parse(reply.body);
    QVERIFY2(problem.at("detail").get<std::string>().find(part.toStdString()) != std::string::npos,
             reply.body.c_str());
    QCOMPARE(problem.at("status"), status);
    QCOMPARE(got("/api/customers").size(), std::size_t{2});
}

void EngineTest::saysWhatItUnderstandsWhenItDoesNotUnderstandABody() {
    const auto form = client().ask("POST", "/api/customers", {"Content-Type: text/csv"}, "name\nCyd\n");
    QCOMPARE(form.status, 415);
    QCOMPARE(form.field("Accept"), std::string("application/json, application/merge-patch+json"));
    const auto coded = client().ask("POST", "/api/customers",
                                    {"Content-Type: application/json", "Content-Encoding: gzip"}, "{}");
    QCOMPARE(coded.status, 415);
    QCOMPARE(coded.field("Accept-Encoding"), std::string("identity"));
}

void EngineTest::refusesAKeyThatIsTaken() {
    const auto reply = client().send("POST", "/api/customers", R"({"id": 1, "name": "Eve", "vip": false})");
    QCOMPARE(reply.status, 409);
    QCOMPARE(got("/api/customers/1").at("name"), "Ada");
}

void EngineTest::describesColumnsAndTotal() {
    const auto stats = got("/api/products/stats");
    QCOMPARE(stats.at("resource"), "products");
    QCOMPARE(stats.at("total"), 3);
    const auto price =
        std::ranges::find_if(stats.at("columns"), [](const json& c) { return c.at("column") == "price"; });
    QVERIFY(price != stats.at("columns").end());
    QCOMPARE(price->at("nulls"), 1);
    QCOMPARE(price->at("max"), 9.5);
}

void EngineTest::namesWhatIsNearAnUnknownPath() {
    const auto near = client().get("/api/custmers/1");
    QCOMPARE(near.status, 404);
    QCOMPARE(json::parse(near.body).at("hint"),
             "Did you mean /api/customers? Resources: customers, products.");
    QCOMPARE(client().get("/metrics").status, 404);
    QVERIFY(client().get("/nowhere").body.find("GET /api lists") != std::string::npos);
    QCOMPARE(client().get("/api/customers/%zz").status, 400);
}

void EngineTest::saysWhatAPathAllows() {
    const auto options = client().ask("OPTIONS", "/api/customers");
    QCOMPARE(options.status, 204);
    QCOMPARE(options.field("Allow"), std::string("GET, HEAD, POST, OPTIONS"));
    QCOMPARE(client().ask("OPTIONS", "/api/customers/1").field("Accept-Patch"),
             std::string("application/json, application/merge-patch+json"));
    const auto refused = client().ask("DELETE", "/api/customers");
    QCOMPARE(refused.status, 405);
    QCOMPARE(refused.field("Allow"), std::string("GET, HEAD, POST, OPTIONS"));
    QCOMPARE(client().ask("BREW", "/api/customers/1").field("Allow"),
             std::string("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
}

void EngineTest::describesEveryResourceInOpenApi() {
    const auto document = got("/openapi.json");
    QCOMPARE(document.at("openapi"), "3.1.0");
    for (const auto& table : m_dataset->schema().tables) {
        const auto path = document.at("paths").at("/api/" + table.name);
        QVERIFY(path.contains("get") && path.contains("post"));
        QVERIFY(document.at("paths").contains("/api/" + table.name + "/{key}"));
        QVERIFY(document.at("paths").contains("/api/" + table.name + "/stats"));
        QVERIFY(document.at("components").at("schemas").at(table.name).at("properties").contains("name"));
        for (const auto& parameter : path.at("get").at("parameters"))
            if (parameter.contains("$ref")) {
                const std::string name =
                    std::string(parameter.at("$ref")).substr(std::strlen("#/components/parameters/"));
                QVERIFY2(document.at("components").at("parameters").contains(name), name.c_str());
            }
    }
    QVERIFY(document.at("components").at("parameters").contains("limit"));
}

void EngineTest::showsAPageToBrowsersAndJsonToPrograms() {
    const auto page = client().get("/", {"Accept: text/html,application/xhtml+xml,*/*;q=0.8"});
    QCOMPARE(page.field("Content-Type"), std::string("text/html; charset=utf-8"));
    QVERIFY(page.body.find("href=\"/api/customers\"") != std::string::npos);
    QCOMPARE(page.field("Vary"), std::string("Accept"));
    QCOMPARE(got("/").at("api"), "/api");
}

void EngineTest::carriesServerTimingOnEveryAnswer_data() {
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("names");
    QTest::newRow("list") << "/api/products" << "connect sql json total";
    QTest::newRow("document") << "/openapi.json" << "json total";
    QTest::newRow("absence") << "/api/products/none" << "connect sql total";
    QTest::newRow("unknown path") << "/nowhere" << "total";
}

void EngineTest::carriesServerTimingOnEveryAnswer() {
    QFETCH(QString, target);
    QFETCH(QString, names);
    const auto timing = QString::fromStdString(client().get(target.toStdString()).field("Server-Timing"));
    static const QRegularExpression kMetric(R"(^([a-z]+);dur=\d+(\.\d{1,4})?$)");
    QStringList found;
    for (const auto& metric : timing.split(", ")) {
        const auto match = kMetric.match(metric);
        QVERIFY2(match.hasMatch(), qPrintable(timing));
        found << match.captured(1);
    }
    QCOMPARE(found.join(' '), names);
}

void EngineTest::swapsProfilesWhileRequestsKeepComing() {
    std::atomic<bool> isOver{false};
    std::atomic<int> wrong{0}, asked{0};
    std::vector<std::jthread> clients;
    for (int i = 0; i < 3; ++i)
        clients.emplace_back([&] {
            while (!isOver) {
                wrong += client().get("/api/customers").status != 200;
                ++asked;
            }
        });
    for (int i = 0; i < 50 || asked < 50; ++i)
        QVERIFY(m_engine->apply(Arm::A, i % 2 ? profileOf({"one", "two"}, 1 + i % 7) : profileOf({})));
    isOver = true;
    clients.clear();
    QCOMPARE(wrong.load(), 0);
}

void EngineTest::keepsAWaitingRequestUntilSomebodyResumesIt() {
    QVERIFY(m_engine->apply(Arm::A, profileOf({"one"})));
    std::latch isWaiting(1);
    Resume kept;
    script().behaviour[0].lookup = [&](Exchange&, Resume& resume) {
        kept = std::move(resume);
        isWaiting.count_down();
        return Lookup::Wait;
    };
    Reply reply;
    std::jthread asker([&] { reply = client().get("/api/customers"); });
    isWaiting.wait();
    kept([](Exchange& x) {
        http::Response response;
        response.body = "from another thread";
        x.answer(std::move(response));
    });
    asker.join();
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.body, std::string("from another thread"));
}

void EngineTest::answersHealthWithoutAToken() {
    const auto reply = client().get("/_hone/health");
    QCOMPARE(reply.status, 200);
    QCOMPARE(json::parse(reply.body), (json{{"status", "ok"}}));
}

void EngineTest::guardsTheAdminInterface_data() {
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("hasToken");
    QTest::addColumn<int>("status");
    QTest::newRow("token") << "GET" << "X: y" << true << 200;
    QTest::newRow("none") << "GET" << "X: y" << false << 401;
    QTest::newRow("wrong") << "GET" << "Hone-Token: 0123456789abcdef0123456789abcdef" << false << 401;
    QTest::newRow("wrong bearer") << "GET" << "Authorization: Bearer x" << false << 401;
    QTest::newRow("reads from another origin") << "GET" << "Origin: https://attacker.example" << true << 403;
    QTest::newRow("reads from here") << "GET" << "Origin: http://127.0.0.1:3000" << true << 200;
    QTest::newRow("changes from another origin")
        << "PUT" << "Origin: https://attacker.example" << true << 403;
    QTest::newRow("changes from an opaque origin") << "PUT" << "Origin: null" << true << 403;
    QTest::newRow("changes from here") << "PUT" << "Origin: http://localhost:3000" << true << 200;
    QTest::newRow("rebound") << "GET" << "Host: attacker.example" << true << 421;
}

void EngineTest::guardsTheAdminInterface() {
    QFETCH(QString, method);
    QFETCH(QString, line);
    QFETCH(bool, hasToken);
    QFETCH(int, status);
    TestClient::Lines lines{line.toStdString()};
    if (hasToken)
        lines.push_back("Authorization: Bearer " + m_engine->adminToken());
    const std::string body =
        method == "PUT" ? R"({"hone": 1, "kind": "profile", "name": "x", "toggles": {}})" : "";
    QCOMPARE(client().ask(method.toStdString(), "/_hone/profile", lines, body).status, status);
}

void EngineTest::readsAndChangesTheProfileOfAnArm() {
    const std::string profile =
        R"({"hone": 1, "kind": "profile", "name": "fast", "toggles": {"one": {"on": true, "size": 20}}})";
    const auto put = client().ask("PUT", "/_hone/profile?arm=B", withToken(), profile);
    QVERIFY2(put.status == 200, put.body.c_str());
    QCOMPARE(json::parse(client().get("/_hone/profile?arm=B", withToken()).body).at("name"), "fast");
    QVERIFY(m_engine->profile(Arm::B).isOn("one"));
    QVERIFY(!m_engine->profile(Arm::A).isOn("one"));
    QCOMPARE(m_engine->snapshot().counters[1].at("one.size"), 20.0);

    const auto bad =
        client().ask("PUT", "/_hone/profile?arm=B", withToken(),
                     R"({"hone": 1, "kind": "profile", "name": "x", "toggles": {"won": {"on": true}}})");
    QCOMPARE(bad.status, 400);
    QVERIFY(bad.body.find("unknown toggle") != std::string::npos);
    QVERIFY(m_engine->profile(Arm::B).isOn("one"));
    QCOMPARE(client().ask("PUT", "/_hone/profile", withToken(), "{").status, 400);
    QCOMPARE(client().get("/_hone/profile?arm=C", withToken()).status, 400);
}

void EngineTest::showsTheCatalogueWithWhatIsOn() {
    QVERIFY(m_engine->apply(Arm::A, profileOf({"one"}, 42)));
    QCOMPARE(client().get("/api").status, 200);
    const auto toggles = json::parse(client().get("/_hone/toggles", withToken()).body).at("toggles");
    QCOMPARE(toggles.size(), std::size_t{3});
    QCOMPARE(toggles[0].at("id"), "one");
    QCOMPARE(toggles[0].at("params")[0].at("type"), "integer");
    const auto a = toggles[0].at("arms").at("A");
    QCOMPARE(a.at("on"), true);
    QCOMPARE(a.at("params").at("size"), 42);
    QCOMPARE(a.at("counters").at("size"), 42.0);
    QCOMPARE(a.at("calls"), 7);  // one a phase, Handle has none
    QCOMPARE(toggles[0].at("arms").at("B").at("on"), false);
    QCOMPARE(toggles[2].at("phases"), (json{"plan"}));
}

void EngineTest::purgesTheStatesOfAnArm() {
    QVERIFY(m_engine->apply(Arm::A, profileOf({"one"})));
    QVERIFY(m_engine->apply(Arm::B, profileOf({"two"})));
    QCOMPARE(client().ask("POST", "/_hone/purge?arm=A", withToken()).status, 200);
    QCOMPARE(script().reset[0], 1);
    QCOMPARE(script().reset[1], 0);
    QCOMPARE(client().ask("POST", "/_hone/purge", withToken()).status, 200);
    QCOMPARE(script().reset[1], 1);
    QCOMPARE(client().get("/_hone/purge", withToken()).status, 405);
}

void EngineTest::purgesTheAnswersOfAUrlOrATag() {
    QVERIFY(m_engine->apply(Arm::A, profileOf({"one"})));
    QVERIFY(m_engine->apply(Arm::B, profileOf({"two"})));
    const auto purged = client().ask("POST", "/_hone/purge?url=/api/things*", withToken());
    QCOMPARE(json::parse(purged.body).at("answers"), 4);
    QCOMPARE(client().ask("POST", "/_hone/purge?arm=B&tag=things", withToken()).status, 200);
    QCOMPARE(script().purges,
             (std::vector<std::string>{"one /api/things* ", "two /api/things* ", "two  things"}));
    QCOMPARE(script().reset[0] + script().reset[1], 0);
    QCOMPARE(client().ask("POST", "/_hone/purge?uri=/api", withToken()).status, 400);
}

void EngineTest::servesThePathsOfAToggleWhileItIsOn() {
    const auto off = client().get("/two");
    QCOMPARE(off.status, 404);
    QVERIFY(off.body.contains("--on two"));
    QVERIFY(m_engine->apply(Arm::A, profileOf({"two"})));
    QCOMPARE(client().get("/two").body, "at /two");
    QCOMPARE(client().get("/twos/a/b").body, "at /twos/a/b");
    QCOMPARE(client().get("/twos/nothing").status, 404);
    QCOMPARE(client().get("/two/more").status, 404);
    QCOMPARE(client().get("/two", {"Hone-Arm: B"}).status, 404);  // each arm by its own profile
}

void EngineTest::tellsWhatKeepsAToggleFromItsWork() {
    QVERIFY(m_engine->apply(Arm::A, profileOf({"one", "two"})));
    QVERIFY(m_engine->snapshot().troubles[0].empty());
    script().trouble = "the backend is down";
    QCOMPARE(m_engine->snapshot().troubles[0],
             (std::map<std::string, std::string>{{"one", "the backend is down"}}));
    QVERIFY(m_engine->snapshot().troubles[1].empty());
    const auto toggles = json::parse(client().get("/_hone/toggles", withToken()).body).at("toggles");
    QCOMPARE(toggles[0].at("arms").at("A").at("trouble"), "the backend is down");
}

void EngineTest::showsTheJournalNewestFirst() {
    QCOMPARE(client().get("/api/customers").status, 200);
    QCOMPARE(client().get("/api/nothing?x=1", {"Hone-Arm: B"}).status, 404);
    const auto entries = json::parse(client().get("/_hone/journal?limit=2", withToken()).body).at("entries");
    QCOMPARE(entries.size(), std::size_t{2});
    QCOMPARE(entries[0].at("target"), "/api/nothing?x=1");
    QCOMPARE(entries[0].at("arm"), "B");
    QCOMPARE(entries[0].at("status"), 404);
    QCOMPARE(entries[0].at("number"), 2);
    QCOMPARE(entries[1].at("endpoint"), "GET /api/<resource>");
    QVERIFY(std::string(entries[1].at("serverTiming")).find("sql;dur=") != std::string::npos);
    QCOMPARE(client().get("/_hone/journal?limit=-1", withToken()).status, 400);
    QCOMPARE(m_engine->journal(1).size(), std::size_t{1});
}

void EngineTest::filtersTheJournalAndSaysWhy() {
    QCOMPARE(client().get("/api/customers?token=abc", {"Cookie: id=1"}).status, 200);
    QCOMPARE(client().get("/api/custmers").status, 404);
    const auto entries = [&](std::string query) {
        const auto reply = client().get("/_hone/journal?" + query, withToken());
        return json::parse(reply.body).value("entries", json());
    };
    const auto missed = entries("status=4xx");
    QCOMPARE(missed.size(), std::size_t{1});
    QCOMPARE(missed[0].at("why"), "no route: nearest are GET /api/customers, GET /api/customers/{key}");
    const auto found = entries("filter=handled%20by%20sql&toggle=sql");
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found[0].at("target"), "/api/customers?token=***");
    QCOMPARE(found[0].at("why"), "handled by SQL: 1 statement, 2 rows read");
    QCOMPARE(found[0].at("version"), "1.1");
    QCOMPARE(found[0].at("peer"), "127.0.0.1");
    const auto lines = found[0].at("requestFields");
    QVERIFY(std::ranges::find(lines, json({"Cookie", "***"})) != lines.end());
    QVERIFY(entries("toggle=cache").empty());
    QCOMPARE(client().get("/_hone/journal?status=often", withToken()).status, 400);
}

void EngineTest::refusesPagesOfOtherSitesEvenForHealth() {
    QCOMPARE(client().get("/_hone/health", {"Origin: https://attacker.example"}).status, 403);
    QCOMPARE(client().get("/_hone/health", {"Origin: http://localhost:3000"}).status, 200);
}

void EngineTest::letsPagesOfAllowedOriginsUseTheApiButNotTheAdminInterface() {
    EngineOptions options;
    options.datasets = {m_dataset};
    options.cors = {"https://app.example"};
    auto engine = Engine::create(std::move(options));
    QVERIFY(engine);
    const TestClient page((*engine)->port());
    const std::string origin = "Origin: https://app.example";
    const auto preflight =
        page.ask("OPTIONS", "/api/customers/1", {origin, "Access-Control-Request-Method: PUT"});
    QCOMPARE(preflight.status, 204);
    QCOMPARE(preflight.field("Access-Control-Allow-Origin"), std::string("https://app.example"));
    const auto read = page.get("/api/customers/1", {origin});
    QCOMPARE(read.status, 200);
    QCOMPARE(read.field("Access-Control-Allow-Origin"), std::string("https://app.example"));
    QCOMPARE(page.get("/api/customers/1").field("Vary"), std::string("Origin"));
    QCOMPARE(page.get("/_hone/health", {origin}).status, 403);
    const auto other = page.get("/api/customers/1", {"Origin: https://other.example"});
    QCOMPARE(other.status, 200);
    QCOMPARE(other.field("Access-Control-Allow-Origin"), std::string());
    QCOMPARE(client().get("/api/customers/1", {origin}).field("Vary"), std::string());  // off by default
}

void EngineTest::refusesAnOriginThatIsNone() {
    EngineOptions options;
    options.cors = {"app.example"};
    const auto refused = Engine::create(std::move(options));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::InvalidArgument);
}

void EngineTest::showsMetrics() {
    QCOMPARE(client().get("/api/customers").status, 200);
    QCOMPARE(client().get("/api/customers/77").status, 404);
    const auto metrics = json::parse(client().get("/_hone/metrics", withToken()).body);
    QCOMPARE(metrics.at("requests"), 2);
    QCOMPARE(metrics.at("byStatus"), (json{{"200", 1}, {"404", 1}}));
    QCOMPARE(metrics.at("latencyUs").at("count"), 2);
    QVERIFY(metrics.at("cpuUs") > 0.0);
    const auto snapshot = m_engine->snapshot();
    QCOMPARE(snapshot.endpoints.size(), std::size_t{2});
    QVERIFY(snapshot.bytesOut > 0);
    QCOMPARE(client().get("/_hone/nothing", withToken()).status, 404);
}

void EngineTest::refusesTwoDatasetsWithOneTableName() {
    EngineOptions options;
    options.datasets = {m_dataset, m_dataset};
    const auto refused = Engine::create(std::move(options));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::AlreadyExists);
}

void EngineTest::saysWhichPortIsTaken() {
    EngineOptions options;
    options.server.port = m_engine->port();
    const auto refused = Engine::create(std::move(options));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Error::Unavailable);
}

QTEST_GUILESS_MAIN(EngineTest)
#include "engine_test.moc"

// A toggle never changes what an answer means: the decoded answers of every profile are those of the
// baseline, but for what a toggle declares (a page is a slice, a projection has fewer members, a refusal is
// counted).

#include "core/coding/codec.h"
#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/toggles/catalogue.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <thread>

using namespace hone;
using namespace hone::engine;
using engine::test::Reply;
using engine::test::TestClient;
using nlohmann::json;

namespace {

constexpr int kRows = 230;
constexpr std::string_view kLists[] = {"/api/books", "/api/authors"};
constexpr std::string_view kSingles[] = {"/api/books/17", "/api/books/stats", "/api/authors/3", "/api",
                                         "/openapi.json"};

std::filesystem::path writeDataset(const std::filesystem::path& folder) {
    json books = json::array(), authors = json::array();
    for (int i = 1; i <= kRows; ++i)
        books.push_back({{"id", i},
                         {"title", "Båok \"" + std::to_string(i * 7919 % 1000) + "\" ✓"},
                         {"price", i % 9 == 0 ? json() : json(i % 13 + 0.25)},
                         {"stock", i % 5},
                         {"sold", i % 2 == 0}});
    for (int i = 1; i <= 7; ++i)
        authors.push_back({{"id", i}, {"name", "Author " + std::to_string(i)}});
    std::ofstream(folder / "library.json") << json{{"books", books}, {"authors", authors}};
    return folder / "library.json";
}

using Toggles = QList<QPair<QString, QStringList>>;  ///< Id and {param=value}.

model::ToggleSetting on(std::map<std::string, ParamValue, std::less<>> params = {}) {
    return {.on = true, .params = std::move(params)};
}

json decoded(const Reply& reply) {
    const auto text = coding::decodeContent(reply.field("Content-Encoding"), reply.body);
    return text ? json::parse(*text, nullptr, false) : json(text.error().line());
}

/// The target of Link rel="next", or nothing.
std::string nextOf(const Reply& reply) {
    const std::string link = reply.field("Link");
    const auto end = link.find(">; rel=\"next\"");
    return end == link.npos ? std::string()
                            : link.substr(link.rfind('<', end) + 1, end - link.rfind('<', end) - 1);
}

}  // namespace

class SameMeaningTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup() { QVERIFY(m_engine->apply(Arm::A, {})); }

    void answersAsTheBaselineWithAnyToggle_data();
    void answersAsTheBaselineWithAnyToggle();
    void answersErrorsAsTheBaseline_data() { answersAsTheBaselineWithAnyToggle_data(); }
    void answersErrorsAsTheBaseline();
    void revalidatesToTheSameAnswer();
    void filtersSortsAndProjectsAsOneWouldByHand();
    void showsAWriteAtOnceWhateverIsCached();
    void seesWritesOfTheOtherArm();
    void refusesWhatIsTooMuchAndNothingElse();
    void answersManyClientsTheSameWithEverythingOn();

private:
    [[nodiscard]] Reply get(std::string_view target,
                            TestClient::Lines lines = {"Accept-Encoding: gzip, br, zstd"}) const {
        return TestClient(m_engine->port()).get(target, lines);
    }
    /// The whole list: one answer, or all its pages in order.
    [[nodiscard]] json walk(std::string target) const;
    void apply(std::map<std::string, model::ToggleSetting, std::less<>> toggles, Arm arm = Arm::A) {
        model::Profile profile;
        profile.toggles = std::move(toggles);
        const auto applied = m_engine->apply(arm, profile);
        QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
    }

    QTemporaryDir m_folder;
    std::shared_ptr<data::Dataset> m_dataset;
    std::unique_ptr<Engine> m_engine;
    std::map<std::string, json> m_baseline;
};

void SameMeaningTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    const auto imported = data::importFile(writeDataset(folder), folder / "library.db");
    QVERIFY2(imported, imported ? "" : imported.error().line().c_str());
    m_dataset = data::Dataset::open(folder / "library.db").value();
    EngineOptions options;
    options.server.threads = 2;
    options.datasets = {m_dataset};
    options.catalogue = toggles::catalogue();
    auto engine = Engine::create(std::move(options));
    QVERIFY2(engine, engine ? "" : engine.error().line().c_str());
    m_engine = std::move(*engine);
    for (const auto& targets :
         {std::span<const std::string_view>(kLists), std::span<const std::string_view>(kSingles)})
        for (const std::string_view target : targets) {
            const auto reply = get(target);
            QCOMPARE(reply.status, 200);
            QCOMPARE(reply.field("Content-Encoding"), std::string());
            m_baseline[std::string(target)] = decoded(reply);
        }
    QCOMPARE(m_baseline.at("/api/books").size(), std::size_t(kRows));
}

void SameMeaningTest::cleanupTestCase() {
    m_engine.reset();
    m_dataset.reset();
}

json SameMeaningTest::walk(std::string target) const {
    json rows = json::array();
    for (int pages = 0; !target.empty() && pages < kRows + 2; ++pages) {
        const auto reply = get(target);
        const json page = decoded(reply);
        if (reply.status != 200 || !page.is_array())
            return page;
        rows.insert(rows.end(), page.begin(), page.end());
        target = nextOf(reply);
    }
    return rows;
}

void SameMeaningTest::answersAsTheBaselineWithAnyToggle_data() {
    QTest::addColumn<Toggles>("toggles");
    for (const ToggleDef* def : toggles::catalogue()) {
        const auto id = QString::fromStdString(std::string(def->id));
        QTest::addRow("%s", qPrintable(id)) << Toggles{{id, {}}};
    }
    QTest::addRow("short pages") << Toggles{{"shaping", {"pageSize=7"}}};
    QTest::addRow("cursor pages") << Toggles{{"shaping", {"mode=cursor", "pageSize=7"}}};
    QTest::addRow("uncounted pages") << Toggles{{"shaping", {"count=none", "pageSize=13"}}};
    QTest::addRow("smallest bytes") << Toggles{{"encoding", {"prefer=size", "minSize=0"}}};
    QTest::addRow("gzip of pretty JSON") << Toggles{{"encoding", {"format=pretty", "br=off", "zstd=off"}}};
    Toggles all;
    for (const ToggleDef* def : toggles::catalogue())
        all.append({QString::fromStdString(std::string(def->id)), {}});
    QTest::addRow("everything") << all;
}

void SameMeaningTest::answersAsTheBaselineWithAnyToggle() {
    QFETCH(Toggles, toggles);
    model::Profile profile;
    for (const auto& [id, assignments] : toggles) {
        profile.toggles[id.toStdString()].on = true;
        for (const QString& assignment : assignments)
            QVERIFY(profile.setText((id + "." + assignment).toStdString()));
    }
    const auto applied = m_engine->apply(Arm::A, profile);
    QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
    for (int round = 0; round < 3; ++round) {  // the first computes, the others may be served from somewhere
        for (const std::string_view target : kLists)
            QVERIFY2(walk(std::string(target)) == m_baseline.at(std::string(target)),
                     std::string(target).c_str());
        for (const std::string_view target : kSingles)
            QVERIFY2(decoded(get(target)) == m_baseline.at(std::string(target)), std::string(target).c_str());
    }
    for (const char* coding : {"gzip", "br", "zstd", "identity"})
        QVERIFY(decoded(get("/api/authors", {std::string("Accept-Encoding: ") + coding})) ==
                m_baseline.at("/api/authors"));
    const auto head = TestClient(m_engine->port()).ask("HEAD", "/api/authors");
    QCOMPARE(head.status, 200);
    QVERIFY(head.body.empty());
}

void SameMeaningTest::answersErrorsAsTheBaseline() {
    constexpr std::string_view kTargets[] = {"/api/books/99999", "/api/nothing", "/nowhere"};
    std::vector<Reply> expected;
    for (const std::string_view target : kTargets)
        expected.push_back(get(target));
    QFETCH(Toggles, toggles);
    std::map<std::string, model::ToggleSetting, std::less<>> settings;
    for (const auto& entry : toggles)
        settings[entry.first.toStdString()] = on();
    apply(std::move(settings));
    for (std::size_t i = 0; i < std::size(kTargets); ++i)
        for (int round = 0; round < 2; ++round) {
            const auto reply = get(kTargets[i]);
            QCOMPARE(reply.status, expected[i].status);
            QVERIFY(decoded(reply) == decoded(expected[i]));
        }
}

void SameMeaningTest::revalidatesToTheSameAnswer() {
    apply({{"cache", on()}, {"encoding", on()}});
    for (const std::string coding : {"gzip", "identity"}) {
        const std::string accept = "Accept-Encoding: " + coding;
        const auto first = get("/api/books", {accept});
        const auto second = get("/api/books", {accept});
        QCOMPARE(second.field("Cache-Status"), std::string("hone; hit"));
        QCOMPARE(second.body, first.body);
        const auto known = get("/api/books", {accept, "If-None-Match: " + first.field("ETag")});
        QCOMPARE(known.status, 304);
        QVERIFY(known.body.empty());
        QCOMPARE(known.field("ETag"), first.field("ETag"));
    }
    // One tag per coding: the bytes differ.
    QVERIFY(get("/api/books", {"Accept-Encoding: gzip"}).field("ETag") !=
            get("/api/books", {}).field("ETag"));
}

void SameMeaningTest::filtersSortsAndProjectsAsOneWouldByHand() {
    apply({{"shaping", on({{"pageSize", std::int64_t(11)}})}, {"cache", on()}, {"encoding", on()}});
    json wanted = json::array();
    for (const json& book : m_baseline.at("/api/books"))
        if (book["stock"] == 3 && book["price"].is_number() && book["price"] >= 5)
            wanted.push_back({{"id", book["id"]}, {"title", book["title"]}});
    std::sort(wanted.begin(), wanted.end(), [](const json& a, const json& b) { return a["id"] > b["id"]; });
    QVERIFY(!wanted.empty());
    for (const std::string start : {"", "&cursor=", "&page=1"})
        QVERIFY(walk("/api/books?stock=3&price:gte=5&sort=-id&fields=id,title" + start) == wanted);
    const json item = decoded(get("/api/books/17?fields=title"));
    QVERIFY(item == json({{"title", m_baseline.at("/api/books/17")["title"]}}));
    const auto refused = get("/api/books?colour=red");
    QCOMPARE(refused.status, 400);
    QVERIFY(decoded(refused)["hint"].get<std::string>().find("title") != std::string::npos);
}

void SameMeaningTest::showsAWriteAtOnceWhateverIsCached() {
    for (const char* scope : {"dataset", "table"}) {
        apply({{"cache", on({{"invalidation", std::string(scope)}, {"negativeTtl", std::int64_t(60)}})},
               {"shaping", on()},
               {"encoding", on()}});
        const TestClient client(m_engine->port());
        QCOMPARE(get("/api/authors/100").status, 404);
        QCOMPARE(get("/api/authors/100").field("Cache-Status"), std::string("hone; hit"));
        QCOMPARE(walk("/api/authors").size(), std::size_t(7));
        QCOMPARE(client.send("POST", "/api/authors", R"({"id": 100, "name": "New"})").status, 201);
        QCOMPARE(walk("/api/authors").size(), std::size_t(8));
        QVERIFY(decoded(get("/api/authors/100"))["name"] == "New");
        QCOMPARE(client.send("PATCH", "/api/authors/100", R"({"name": "Newer"})").status, 200);
        QVERIFY(decoded(get("/api/authors/100"))["name"] == "Newer");
        QCOMPARE(client.ask("DELETE", "/api/authors/100").status, 204);
        QCOMPARE(get("/api/authors/100").status, 404);
        QVERIFY(walk("/api/authors") == m_baseline.at("/api/authors"));
    }
}

void SameMeaningTest::seesWritesOfTheOtherArm() {
    apply({{"cache", on()}});
    QCOMPARE(walk("/api/authors").size(), std::size_t(7));
    QCOMPARE(get("/api/authors").field("Cache-Status"), std::string("hone; hit"));
    const TestClient client(m_engine->port());
    QCOMPARE(client
                 .ask("POST", "/api/authors", {"Content-Type: application/json", "Hone-Arm: B"},
                      R"({"id": 101, "name": "Other"})")
                 .status,
             201);
    QCOMPARE(walk("/api/authors").size(), std::size_t(8));
    QCOMPARE(client.ask("DELETE", "/api/authors/101", {"Hone-Arm: B"}).status, 204);
    QCOMPARE(walk("/api/authors").size(), std::size_t(7));
}

void SameMeaningTest::refusesWhatIsTooMuchAndNothingElse() {
    // Nothing refills while this runs: one permit in hundred seconds.
    apply({{"ratelimit", on({{"rate", 0.01}, {"burst", std::int64_t(5)}})}, {"cache", on()}});
    int allowed = 0, refused = 0;
    for (int i = 0; i < 8; ++i) {
        const auto reply = get("/api/authors");
        if (reply.status == 429) {
            ++refused;
            QVERIFY(!reply.field("Retry-After").empty());
            QCOMPARE(reply.field("Content-Type"), std::string("application/problem+json"));
        } else {
            ++allowed;
            QVERIFY(decoded(reply) == m_baseline.at("/api/authors"));
        }
        QVERIFY(!reply.field("RateLimit").empty());
    }
    QCOMPARE(allowed, 5);
    QCOMPARE(refused, 3);
    const auto counters = m_engine->snapshot().counters[0];
    QCOMPARE(counters.at("ratelimit.refused"), 3.0);
    QCOMPARE(counters.at("ratelimit.allowed"), 5.0);
    QCOMPARE(get("/_hone/health").status, 200);  // never limited
}

void SameMeaningTest::answersManyClientsTheSameWithEverythingOn() {
    apply(
        {{"cache", on({{"ttl", std::int64_t(1)}, {"swr", std::int64_t(1)}, {"size", std::int64_t(65'536)}})},
         {"encoding", on()},
         {"shaping", on({{"pageSize", std::int64_t(20)}})},
         {"ratelimit", on({{"rate", 1e7}, {"burst", std::int64_t(1'000'000)}})}});
    std::atomic<int> wrong = 0, answers = 0;
    {
        std::vector<std::jthread> clients;
        for (int t = 0; t < 4; ++t)
            clients.emplace_back([&, t] {
                for (int i = 0; i < 60; ++i) {
                    const int page = (i * 7 + t) % 12;
                    const auto reply = get("/api/books?limit=20&offset=" + std::to_string(page * 20));
                    const auto& whole = m_baseline.at("/api/books");
                    json slice = json::array();
                    for (int row = page * 20; row < std::min(kRows, page * 20 + 20); ++row)
                        slice.push_back(whole[static_cast<std::size_t>(row)]);
                    ++answers;
                    wrong += reply.status == 200 && decoded(reply) == slice ? 0 : 1;
                }
            });
    }
    QCOMPARE(answers.load(), 240);
    QCOMPARE(wrong.load(), 0);
    const auto counters = m_engine->snapshot().counters[0];
    QCOMPARE(counters.at("cache.hits") + counters.at("cache.misses") + counters.at("cache.coalesced"), 240.0);
}

QTEST_GUILESS_MAIN(SameMeaningTest)
#include "same_meaning_test.moc"

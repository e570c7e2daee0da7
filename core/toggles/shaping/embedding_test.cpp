// Related rows, nested fields and the other query syntaxes over real tables.
#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include "core/http/semantics.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;
using nlohmann::json;

namespace {

class SelectEndpoint final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "list"; }
    [[nodiscard]] bool isList() const override { return true; }
    void handle(Exchange& exchange) const override {
        auto session = exchange.route.dataset->session(exchange.access).value();
        auto rows = session->select(exchange.query);
        exchange.sql.statements += session->stats().statements;
        if (!rows)
            return exchange.answer(http::problem(rows.error()));
        exchange.payload = {.kind = Payload::List, .rows = std::move(*rows)};
    }
};

class ReadEndpoint final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "item"; }
    void handle(Exchange& exchange) const override {
        auto session = exchange.route.dataset->session(exchange.access).value();
        exchange.payload = {
            .kind = Payload::Object,
            .rows = session->byKey(*exchange.route.table, exchange.route.key).value().value()};
    }
};

json payloadOf(const Ask& ask) {
    const auto& payload = ask.exchange.payload;
    if (payload.kind == Payload::Document)
        return *payload.document;
    std::string text;
    data::writeJsonArray(payload.rows, data::JsonStyle::Minified, text);
    return json::parse(text);
}

}  // namespace

class EmbeddingTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_dataset.reset(); }
    void embedsTheRowAColumnPointsAt();
    void embedsTheRowsThatPointHere();
    void loadsEveryRelationWithOneStatement();
    void showsOnlyTheNestedFieldsAskedFor();
    void filtersByRelatedColumns();
    void embedsIntoAnItem();
    void walksWithCursorsWhileEmbedding();
    void refusesWithWhatIsKnown_data();
    void refusesWithWhatIsKnown();
    void refusesMoreRowsThanAllowed();
    void speaksOtherSyntaxes_data();
    void speaksOtherSyntaxes();
    void answersJsonServersEnvelope();
    void linksPagesInJsonServer0sWords();
    void countsTwiceForMockoon();
    void surviveInjection();

private:
    std::unique_ptr<Ask> ask(const Rig& rig, const std::string& target);
    json get(const std::string& target, Rig::Settings settings = {}) {
        const Rig rig(*toggles::find("shaping"), settings);
        const auto asked = ask(rig, target);
        if (asked->exchange.answered)
            qWarning("%s", asked->body().c_str());
        return payloadOf(*asked);
    }
    static std::string ids(const json& rows) {
        std::string out;
        for (const json& row : rows)
            out += (out.empty() ? "" : " ") + row["id"].dump();
        return out;
    }

    QTemporaryDir m_folder;
    std::shared_ptr<data::Dataset> m_dataset;
    SelectEndpoint m_list;
    ReadEndpoint m_item;
};

void EmbeddingTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    json db;
    for (int i = 1; i <= 3; ++i)
        db["users"].push_back({{"id", i}, {"name", i == 2 ? json("bob") : json("Ann " + std::to_string(i))}});
    for (int i = 1; i <= 12; ++i)
        db["posts"].push_back(
            {{"id", i},
             {"title", i % 5 == 0 ? json() : json((i % 2 ? "Hello " : "world%") + std::to_string(i))},
             {"views", i * 10},
             {"userId", i == 12 ? json() : json(i % 2 + 1)},
             {"draft", i % 3 == 0}});
    for (int i = 1; i <= 20; ++i)
        db["comments"].push_back({{"id", i}, {"postId", i % 4 + 1}, {"body", "c" + std::to_string(i)}});
    std::ofstream(folder / "db.json") << db;
    const auto imported = data::importFile(folder / "db.json", folder / "db.db");
    QVERIFY2(imported, imported ? "" : imported.error().line().c_str());
    m_dataset = data::Dataset::open(folder / "db.db").value();
    QCOMPARE(m_dataset->schema().table("posts")->foreignKeys.size(), std::size_t(1));
}

std::unique_ptr<Ask> EmbeddingTest::ask(const Rig& rig, const std::string& target) {
    auto made = std::make_unique<Ask>("/api/" + target);
    auto& exchange = made->exchange;
    const auto name = target.substr(0, target.find_first_of("/?"));
    const bool isItem = target.size() > name.size() && target[name.size()] == '/';
    exchange.route = {.endpoint = isItem ? static_cast<const Endpoint*>(&m_item) : &m_list,
                      .dataset = m_dataset.get(),
                      .table = m_dataset->schema().table(name)};
    if (isItem)
        exchange.route.key = target.substr(name.size() + 1, target.find('?') - name.size() - 1);
    exchange.query.table = name;
    const auto stage = rig.stage();
    stage->plan(exchange);
    if (!exchange.answered)
        exchange.route.endpoint->handle(exchange);
    return made;
}

void EmbeddingTest::embedsTheRowAColumnPointsAt() {
    const json posts = get("posts?embed=user&limit=12");
    QCOMPARE(posts.size(), std::size_t(12));
    QCOMPARE(posts[0]["user"], json({{"id", 2}, {"name", "bob"}}));
    QCOMPARE(posts[0]["views"], json(10));
    QVERIFY(posts[11]["user"].is_null());
}

void EmbeddingTest::embedsTheRowsThatPointHere() {
    const json posts = get("posts?embed=comments&limit=5");
    QCOMPARE(posts[0]["comments"].size(), std::size_t(5));
    QCOMPARE(ids(posts[0]["comments"]), std::string("4 8 12 16 20"));
    QCOMPARE(posts[4]["comments"], json::array());
    const json users = get("users?embed=posts.comments");
    QCOMPARE(users[2]["posts"], json::array());
    QCOMPARE(ids(users[1]["posts"]), std::string("1 3 5 7 9 11"));
    QCOMPARE(ids(users[1]["posts"][0]["comments"]), std::string("4 8 12 16 20"));
}

void EmbeddingTest::loadsEveryRelationWithOneStatement() {
    const Rig rig(*toggles::find("shaping"), {{"count", "none"}});
    const auto asked = ask(rig, "posts?embed=user,comments&limit=12");
    QCOMPARE(asked->exchange.sql.statements, 3);
    QCOMPARE(rig.counter("rowsEmbedded"), 22.0);
    std::string sql, embed;
    for (int i = 0; i < asked->exchange.timingCount; ++i) {
        const Timing& timing = asked->exchange.timings[static_cast<std::size_t>(i)];
        (timing.name == "sql" ? sql : embed) = timing.note;
    }
    QCOMPARE(sql, std::string("3 statements"));
    QCOMPARE(embed, std::string("2 statements, 22 rows"));
}

void EmbeddingTest::showsOnlyTheNestedFieldsAskedFor() {
    QCOMPARE(get("posts?fields=id,user.name&limit=1"), json::parse(R"([{"id":1,"user":{"name":"bob"}}])"));
    QCOMPARE(get("posts?fields=user.name&limit=1"), json::parse(R"([{"user":{"name":"bob"}}])"));
    QCOMPARE(get("posts?fields=id&embed=user&limit=1"),
             json::parse(R"([{"id":1,"user":{"id":2,"name":"bob"}}])"));
    QCOMPARE(get("comments?fields=post.user.name&limit=1&id=3"),
             json::parse(R"([{"post":{"user":{"name":"Ann 1"}}}])"));
}

void EmbeddingTest::filtersByRelatedColumns() {
    QCOMPARE(ids(get("posts?user.name=bob&fields=id")), std::string("1 3 5 7 9 11"));
    QCOMPARE(ids(get("users?posts.views:gte=110&fields=id")), std::string("2"));
    QCOMPARE(ids(get("comments?post.user.name:startsWith=Ann&id:lte=8")), std::string("1 3 5 7"));
    QCOMPARE(ids(get("posts?title:isNull=true")), std::string("5 10"));
    QCOMPARE(ids(get("posts?views:between=30,50")), std::string("3 4 5"));
}

void EmbeddingTest::embedsIntoAnItem() {
    const json post = get("posts/3?fields=id,comments.body&embed=user");
    QCOMPARE(post["id"], json(3));
    QCOMPARE(post["user"]["name"], json("bob"));
    QCOMPARE(post["comments"].size(), std::size_t(5));
    QCOMPARE(post["comments"][0], json({{"body", "c2"}}));
    QCOMPARE(post.size(), std::size_t(3));
}

void EmbeddingTest::walksWithCursorsWhileEmbedding() {
    const Rig rig(*toggles::find("shaping"), {{"mode", "cursor"}});
    std::string seen, query = "sort=-title&fields=id&embed=user&limit=5";
    for (int pages = 0; !query.empty() && pages < 9; ++pages) {
        const auto page = ask(rig, "posts?" + query);
        for (const json& row : payloadOf(*page)) {
            QCOMPARE(row.size(), std::size_t(2));
            seen += row["id"].dump() + " ";
        }
        const std::string link = page->field("Link");
        const auto end = link.find(">; rel=\"next\"");
        query = end == link.npos ? "" : link.substr(link.rfind('?', end) + 1, end - link.rfind('?', end) - 1);
    }
    QCOMPARE(seen, std::string("8 6 4 2 12 9 7 3 11 1 10 5 "));
}

void EmbeddingTest::refusesWithWhatIsKnown_data() {
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<QString>("mentions");
    QTest::newRow("relation") << "posts?embed=usr" << "hone" << "Did you mean user?";
    QTest::newRow("nested relation") << "posts?embed=user.pots" << "hone" << "Did you mean posts?";
    QTest::newRow("nested field") << "posts?fields=user.nam" << "hone" << "Did you mean name?";
    QTest::newRow("too deep") << "users?embed=posts.comments.post" << "hone" << "embedDepth";
    QTest::newRow("too deep a filter") << "users?posts.comments.post.id=1" << "hone" << "embedDepth";
    QTest::newRow("sort elsewhere") << "posts?sort=user.name" << "hone" << "own columns";
    QTest::newRow("between") << "posts?views:between=1" << "hone" << "two values";
    QTest::newRow("is null") << "posts?views:isNull=maybe" << "hone" << "true or false";
    QTest::newRow("text operator on a number")
        << "posts?views:contains=1" << "hone" << "contains works on text";
    QTest::newRow("v1 operator") << "posts?views:above=1" << "json-server" << "startsWith";
    QTest::newRow("v1 parameter") << "posts?_limit=3" << "json-server" << "_per_page";
    QTest::newRow("v1 page size") << "posts?_page=1&_per_page=501" << "json-server" << "500";
    QTest::newRow("v1 where") << "posts?_where={" << "json-server" << "not a JSON object";
    QTest::newRow("v1 where column") << "posts?_where={\"vews\":{\"gt\":1}}" << "json-server" << "_where";
    QTest::newRow("v1 where operator")
        << "posts?_where={\"views\":{\"above\":1}}" << "json-server" << "unknown operator";
    QTest::newRow("v0 column") << "posts?vews_gte=3" << "json-server-0" << "Did you mean views?";
    QTest::newRow("v0 expression") << "posts?title_like=(a" << "json-server-0" << "not supported";
    QTest::newRow("v0 order") << "posts?_sort=id&_order=up" << "json-server-0" << "asc or desc";
    QTest::newRow("v0 start alone") << "posts?_start=3" << "json-server-0" << "_end or _limit";
    QTest::newRow("mockoon column") << "posts?vews_gt=3" << "mockoon" << "Did you mean views?";
}

void EmbeddingTest::refusesWithWhatIsKnown() {
    QFETCH(QString, target);
    QFETCH(QString, syntax);
    QFETCH(QString, mentions);
    const std::string value = syntax.toStdString();
    const Rig rig(*toggles::find("shaping"), {{"syntax", value}});
    const auto refused = ask(rig, target.toStdString());
    QCOMPARE(refused->status(), 400);
    QVERIFY2(QString::fromStdString(refused->body()).contains(mentions), refused->body().c_str());
}

void EmbeddingTest::refusesMoreRowsThanAllowed() {
    const Rig rig(*toggles::find("shaping"), {{"maxEmbedded", "19"}});
    QCOMPARE(ask(rig, "posts?embed=comments")->status(), 400);
    QVERIFY(!ask(rig, "posts?embed=comments&limit=3")->exchange.answered);
}

void EmbeddingTest::speaksOtherSyntaxes_data() {
    QTest::addColumn<QString>("syntax");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char* syntax, const char* query, const char* wanted) {
        QTest::addRow("%s %s", syntax, query) << syntax << query << wanted;
    };
    row("json-server", "", "1 2 3 4 5 6 7 8 9 10 11 12");
    row("json-server", "views:gt=100", "11 12");
    row("json-server", "views_gt=100", "11 12");
    row("json-server", "views:gte=100&draft=true", "12");
    row("json-server", "id:in=1,3,99", "1 3");
    row("json-server", "title:startsWith=hello", "1 3 7 9 11");
    row("json-server", "title:contains=D%25", "2 4 6 8 12");
    row("json-server", "title:endsWith=1", "1 11");
    row("json-server", "title=null", "5 10");
    row("json-server", "title:ne=null&views:lt=30", "1 2");
    row("json-server", "_sort=-draft,views&views:lte=40", "3 1 2 4");
    row("json-server", "user.name=bob&views:lt=40", "1 3");
    row("json-server",
        R"(_where={"or":[{"views":{"gt":110}},{"user":{"name":{"eq":"bob"}},"views":{"lt":20}}]}&views:lt=0)",
        "1 12");
    row("json-server-0", "_limit=2&_start=3", "4 5");
    row("json-server-0", "_start=3&_end=6", "4 5 6");
    row("json-server-0", "_page=2&_limit=5", "6 7 8 9 10");
    row("json-server-0", "_page=2", "11 12");
    row("json-server-0", "_sort=draft,views&_order=desc,asc&_limit=5", "3 6 9 12 1");
    row("json-server-0", "views_gte=40&views_lte=60&id_ne=5", "4 6");
    row("json-server-0", "title_ne=x", "1 2 3 4 6 7 8 9 11 12");
    row("json-server-0", "id=1&id=4", "1 4");
    row("json-server-0", "title_like=^hello|8$", "1 3 7 8 9 11");
    row("json-server-0", "q=HELLO 1", "1 11");
    row("mockoon", "views_gt=100", "11 12");
    row("mockoon", "title_start=hello&views_lt=50", "1 3");
    row("mockoon", "title_like=world.[0-9]", "");
    row("mockoon", "sort=title&order=desc&limit=3", "8 6 4");
    row("mockoon", "search=world", "2 4 6 8 12");
    row("mockoon", "page=2&limit=5", "6 7 8 9 10");
    row("mockoon", "page=x&limit=x", "1 2 3 4 5 6 7 8 9 10");
}

void EmbeddingTest::speaksOtherSyntaxes() {
    QFETCH(QString, syntax);
    QFETCH(QString, query);
    QFETCH(QString, wanted);
    const std::string value = syntax.toStdString();
    const Rig rig(*toggles::find("shaping"), {{"syntax", value}});
    const auto asked = ask(rig, "posts?" + query.toStdString());
    if (wanted.isEmpty()) {
        QCOMPARE(asked->status(), 400);
        return;
    }
    QVERIFY2(!asked->exchange.answered, asked->body().c_str());
    QCOMPARE(ids(payloadOf(*asked)), wanted.toStdString());
}

void EmbeddingTest::answersJsonServersEnvelope() {
    const json middle = get("posts?_page=2&_per_page=5&_embed=user", {{"syntax", "json-server"}});
    QCOMPARE(middle["prev"], json(1));
    QCOMPARE(middle["next"], json(3));
    QCOMPARE(middle["last"], json(3));
    QCOMPARE(middle["pages"], json(3));
    QCOMPARE(middle["items"], json(12));
    QCOMPARE(ids(middle["data"]), std::string("6 7 8 9 10"));
    QCOMPARE(middle["data"][0]["user"]["name"], json("Ann 1"));
    const json beyond = get("posts?_page=99&_per_page=5", {{"syntax", "json-server"}});
    QCOMPARE(ids(beyond["data"]), std::string("11 12"));
    QVERIFY(beyond["next"].is_null());
    const json odd = get("posts?_page=-3&_per_page=zero", {{"syntax", "json-server"}});
    QCOMPARE(odd["data"].size(), std::size_t(10));
    QVERIFY(odd["prev"].is_null());
}

void EmbeddingTest::linksPagesInJsonServer0sWords() {
    const Rig rig(*toggles::find("shaping"), {{"syntax", "json-server-0"}});
    const auto page = ask(rig, "posts?_page=2&_limit=5&_expand=user");
    QCOMPARE(page->field("X-Total-Count"), std::string("12"));
    QVERIFY(page->field("Link").find("</api/posts?_expand=user&_limit=5&_page=3>; rel=\"next\"") !=
            std::string::npos);
    QCOMPARE(payloadOf(*page)[0]["user"]["id"], json(1));
}

void EmbeddingTest::countsTwiceForMockoon() {
    const Rig rig(*toggles::find("shaping"), {{"syntax", "mockoon"}});
    const auto page = ask(rig, "posts?views_gt=50&limit=2");
    QCOMPARE(page->field("X-Total-Count"), std::string("12"));
    QCOMPARE(page->field("X-Filtered-Count"), std::string("7"));
}

void EmbeddingTest::surviveInjection() {
    const char* const attacks[] = {
        "1;DROP TABLE posts", "id\" --", "(SELECT 1)", "id) UNION SELECT sql FROM sqlite_master --",
        "posts.id",           "rowid",   "*",          "sqlite_master.sql"};
    for (const char* syntax : {"hone", "json-server", "json-server-0", "mockoon"}) {
        const Rig rig(*toggles::find("shaping"), {{"syntax", syntax}});
        for (const std::string attack : attacks) {
            const std::string coded = http::percentEncode(attack);
            for (const char* name : {"sort", "fields", "embed", "_sort", "_embed", "_expand"})
                QVERIFY2(ask(rig, "posts?" + std::string(name) + "=" + coded)->exchange.answered,
                         attack.c_str());
            QVERIFY2(ask(rig, "posts?" + coded + "=1")->exchange.answered, attack.c_str());
            const auto bound = ask(rig, "posts?title=" + coded);
            QVERIFY2(!bound->exchange.answered, bound->body().c_str());
            QCOMPARE(payloadOf(*bound).size(), std::size_t(0));
        }
    }
    QCOMPARE(m_dataset->session({}).value()->count({.table = "posts"}).value(), std::int64_t(12));
}

QTEST_GUILESS_MAIN(EmbeddingTest)
#include "embedding_test.moc"

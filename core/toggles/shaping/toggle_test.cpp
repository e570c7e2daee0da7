#include "core/base/random.h"
#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;
using nlohmann::json;

namespace {

const ToggleDef& shapingDef() { return *toggles::find("shaping"); }

class SelectEndpoint final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "list"; }
    [[nodiscard]] bool isList() const override { return true; }
    void handle(Exchange& exchange) const override {
        auto session = exchange.route.dataset->session(exchange.access).value();
        exchange.payload = {.kind = Payload::List, .rows = session->select(exchange.query).value()};
        exchange.cacheable = true;
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

}  // namespace

class ShapingToggleTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase() { m_dataset.reset(); }
    void answersADefaultPageWithTotalAndLinks();
    void knowsWhetherThereIsMore_data();
    void knowsWhetherThereIsMore();
    void walksEveryRowOnceByCursor_data();
    void walksEveryRowOnceByCursor();
    void keepsCursorPagesStableWhileRowsAreInserted();
    void walksBackFromTheEndByCursor_data() { walksEveryRowOnceByCursor_data(); }
    void walksBackFromTheEndByCursor();
    void turnsRoundInTheMiddle();
    void showsEveryLastingRowOnceWhileOthersComeAndGo_data() { walksEveryRowOnceByCursor_data(); }
    void showsEveryLastingRowOnceWhileOthersComeAndGo();
    void leadsBackWhenTheRestWasRemoved();
    void refusesACursorThatWasChanged();
    void keepsCursorsOfAnotherServerWithTheSameKey();
    void estimatesTotals();
    void hidesTheColumnsTheCursorNeeded();
    void countsOnlyWhenItMust();
    void doesNotCountWhenToldNotTo();
    void projectsOneItem();
    void refusesBadParametersBeforeAnythingIsRead();
    void leavesWritesAndOtherRoutesAlone();
    void putsTheEndpointBack();
    void refusesAPageSizeAboveTheLargest();

private:
    std::unique_ptr<Ask> ask(Stage& stage, std::string target, const Endpoint& endpoint,
                             std::string_view method = "GET");
    std::unique_ptr<Ask> list(Stage& stage, const std::string& query) {
        return ask(stage, "/api/rows?" + query, m_list);
    }
    static std::vector<std::int64_t> ids(const Ask& ask);
    static std::string next(const Ask& ask) { return linked(ask, "next"); }
    static std::string linked(const Ask& ask, const std::string& rel);

    QTemporaryDir m_folder;
    std::shared_ptr<data::Dataset> m_dataset;
    SelectEndpoint m_list;
    ReadEndpoint m_item;
};

void ShapingToggleTest::initTestCase() {
    const std::filesystem::path folder = m_folder.path().toStdString();
    std::ofstream file(folder / "rows.jsonl");
    for (int i = 1; i <= 25; ++i)  // ties and nulls in both columns
        file << R"({"id":)" << i << R"(,"grade":)" << (i % 4 == 0 ? "null" : std::to_string(i % 3))
             << R"(,"name":)" << (i % 5 == 0 ? "null" : "\"n" + std::to_string(i % 6) + "\"") << "}\n";
    file.close();
    const auto imported = data::importFile(folder / "rows.jsonl", folder / "rows.db");
    QVERIFY2(imported, imported ? "" : imported.error().line().c_str());
    m_dataset = data::Dataset::open(folder / "rows.db").value();
    QCOMPARE(m_dataset->schema().tables.at(0).name, std::string("rows"));
}

std::unique_ptr<Ask> ShapingToggleTest::ask(Stage& stage, std::string target, const Endpoint& endpoint,
                                            std::string_view method) {
    auto made = std::make_unique<Ask>(std::move(target), std::vector<http::FieldView>{}, method);
    auto& exchange = made->exchange;
    exchange.route = {.endpoint = &endpoint,
                      .dataset = m_dataset.get(),
                      .table = &m_dataset->schema().tables[0],
                      .key = "7"};
    exchange.query.table = "rows";
    stage.plan(exchange);
    if (!exchange.answered)
        exchange.route.endpoint->handle(exchange);
    return made;
}

std::vector<std::int64_t> ShapingToggleTest::ids(const Ask& ask) {
    const auto& rows = ask.exchange.payload.rows;
    std::vector<std::int64_t> out;
    for (std::size_t row = 0; row < rows.rowCount(); ++row)
        out.push_back(rows.cell(row, 0).integer);
    return out;
}

/// The query of that Link, or nothing.
std::string ShapingToggleTest::linked(const Ask& ask, const std::string& rel) {
    const std::string link = ask.field("Link");
    const auto end = link.find(">; rel=\"" + rel + "\"");
    if (end == link.npos)
        return {};
    const auto begin = link.rfind('?', end);
    return link.substr(begin + 1, end - begin - 1);
}

void ShapingToggleTest::answersADefaultPageWithTotalAndLinks() {
    const Rig rig(shapingDef(), {{"pageSize", "10"}});
    const auto page = list(*rig.stage(), "");
    QCOMPARE(ids(*page).size(), std::size_t(10));
    QCOMPARE(page->field("X-Total-Count"), std::string("25"));
    QCOMPARE(next(*page), std::string("limit=10&offset=10"));
    QVERIFY(page->field("Link").find("offset=20>; rel=\"last\"") != std::string::npos);
    QCOMPARE(rig.counter("rowsReturned"), 10.0);
    QCOMPARE(rig.counter("rowsAvoided"), 15.0);
    QCOMPARE(rig.counter("pages"), 1.0);
}

void ShapingToggleTest::knowsWhetherThereIsMore_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("rows");
    QTest::addColumn<bool>("more");
    QTest::addRow("middle") << "limit=10&offset=10" << 10 << true;
    QTest::addRow("rest") << "limit=10&offset=20" << 5 << false;
    QTest::addRow("exact end") << "limit=5&offset=20" << 5 << false;
    QTest::addRow("one before the end") << "limit=4&offset=20" << 4 << true;
    QTest::addRow("beyond") << "limit=10&offset=30" << 0 << false;
    QTest::addRow("page") << "page=3&limit=10" << 5 << false;
    QTest::addRow("filtered") << "grade=1&limit=3" << 3 << true;
    QTest::addRow("no match") << "name=zzz" << 0 << false;
}

void ShapingToggleTest::knowsWhetherThereIsMore() {
    QFETCH(QString, query);
    QFETCH(int, rows);
    QFETCH(bool, more);
    const Rig rig(shapingDef());
    const auto page = list(*rig.stage(), query.toStdString());
    QCOMPARE(page->exchange.payload.rows.rowCount(), static_cast<std::size_t>(rows));
    QCOMPARE(!next(*page).empty(), more);
}

void ShapingToggleTest::walksEveryRowOnceByCursor_data() {
    QTest::addColumn<QString>("sort");
    for (const char* sort :
         {"", "id", "-id", "grade", "-grade", "name,-grade", "-name,grade", "grade,name,id"})
        QTest::addRow("sort %s", sort) << sort;
}

void ShapingToggleTest::walksEveryRowOnceByCursor() {
    QFETCH(QString, sort);
    const Rig rig(shapingDef(), {{"mode", "cursor"}, {"count", "none"}});
    const auto stage = rig.stage();
    const std::string order = "sort=" + sort.toStdString();
    const auto whole = ids(*list(*stage, order + "&limit=100"));
    QCOMPARE(whole.size(), std::size_t(25));
    for (const int limit : {1, 3, 5, 24, 25}) {
        std::vector<std::int64_t> walked;
        std::string query = order + "&limit=" + std::to_string(limit);
        for (int pages = 0; !query.empty() && pages < 30; ++pages) {
            const auto page = list(*stage, query);
            QVERIFY2(!page->exchange.answered, page->body().c_str());
            const auto part = ids(*page);
            walked.insert(walked.end(), part.begin(), part.end());
            query = next(*page);
        }
        QCOMPARE(walked, whole);
    }
}

void ShapingToggleTest::keepsCursorPagesStableWhileRowsAreInserted() {
    const Rig rig(shapingDef(), {{"count", "none"}});
    const auto stage = rig.stage();
    const auto first = list(*stage, "cursor=&limit=5&id:lt=100");
    auto session = m_dataset->session({}).value();
    const auto& table = m_dataset->schema().tables[0];
    // In front of the position: with offsets the sixth row would come twice.
    QVERIFY(session->insert(table, nlohmann::json{{"id", 0}, {"grade", 1}, {"name", "new"}}));
    const auto second = list(*stage, next(*first));
    QVERIFY(session->remove(table, "0").value());
    QCOMPARE(ids(*second), (std::vector<std::int64_t>{6, 7, 8, 9, 10}));
}

void ShapingToggleTest::walksBackFromTheEndByCursor() {
    QFETCH(QString, sort);
    const Rig rig(shapingDef(), {{"mode", "cursor"}, {"count", "none"}});
    const auto stage = rig.stage();
    const std::string order = "sort=" + sort.toStdString();
    const auto whole = ids(*list(*stage, order + "&limit=100"));
    for (const int limit : {1, 4, 25}) {
        std::vector<std::int64_t> walked;
        std::string query = linked(*list(*stage, order + "&limit=" + std::to_string(limit)), "last");
        for (int pages = 0; !query.empty() && pages < 30; ++pages) {
            const auto page = list(*stage, query);
            QVERIFY2(!page->exchange.answered, page->body().c_str());
            const auto part = ids(*page);
            walked.insert(walked.begin(), part.begin(), part.end());
            query = linked(*page, "prev");
        }
        QCOMPARE(walked, whole);
    }
}

void ShapingToggleTest::turnsRoundInTheMiddle() {
    const Rig rig(shapingDef(), {{"mode", "cursor"}});
    const auto stage = rig.stage();
    const auto first = list(*stage, "limit=10&sort=-name");
    QVERIFY(linked(*first, "prev").empty());
    const auto second = list(*stage, next(*first));
    const auto third = list(*stage, next(*second));
    QVERIFY(next(*third).empty());
    const auto secondAgain = list(*stage, linked(*third, "prev"));
    QCOMPARE(ids(*secondAgain), ids(*second));
    QCOMPARE(ids(*list(*stage, linked(*secondAgain, "prev"))), ids(*first));
    QCOMPARE(ids(*list(*stage, next(*secondAgain))), ids(*third));
    QCOMPARE(second->field("X-Total-Count"), std::string("25"));
    QCOMPARE(secondAgain->field("X-Total-Count"), std::string("25"));
}

void ShapingToggleTest::showsEveryLastingRowOnceWhileOthersComeAndGo() {
    QFETCH(QString, sort);
    const Rig rig(shapingDef(), {{"mode", "cursor"}, {"count", "none"}});
    const auto stage = rig.stage();
    const std::string order = "sort=" + sort.toStdString() + "&limit=";
    const auto whole = ids(*list(*stage, order + "100"));
    auto session = m_dataset->session({}).value();
    const auto& table = m_dataset->schema().tables[0];
    SplitMix64 random(20261124);
    std::vector<std::int64_t> guests;
    for (int round = 0; round < 3; ++round) {
        std::vector<std::int64_t> walked;
        std::string query = order + std::to_string(1 + random.index(7));
        for (int pages = 0; !query.empty() && pages < 300; ++pages) {
            const auto page = list(*stage, query);
            QVERIFY2(!page->exchange.answered, page->body().c_str());
            for (const std::int64_t id : ids(*page))
                if (id > 0 && id <= 25)
                    walked.push_back(id);
            query = next(*page);
            const auto id = static_cast<std::int64_t>(random.index(2) == 0 ? 1000 + random.index(99999)
                                                                           : 0 - random.index(99999));
            if (guests.size() < 12 &&
                session->insert(table, {{"id", id},
                                        {"grade", random.index(3) ? json(random.index(3)) : json()},
                                        {"name", random.index(3) ? json("n3") : json()}}))
                guests.push_back(id);
            if (guests.size() > 6) {
                QVERIFY(session->remove(table, std::to_string(guests.front())).value());
                guests.erase(guests.begin());
            }
        }
        QCOMPARE(walked, whole);
    }
    for (const std::int64_t id : guests)
        QVERIFY(session->remove(table, std::to_string(id)).value());
}

void ShapingToggleTest::leadsBackWhenTheRestWasRemoved() {
    const Rig rig(shapingDef(), {{"mode", "cursor"}});
    const auto stage = rig.stage();
    auto session = m_dataset->session({}).value();
    const auto& table = m_dataset->schema().tables[0];
    QVERIFY(session->insert(table, json{{"id", 26}}));
    const auto page = list(*stage, "limit=25&sort=id");
    QVERIFY(session->remove(table, "26").value());
    const auto nothing = list(*stage, next(*page));
    QCOMPARE(ids(*nothing).size(), std::size_t(0));
    QVERIFY(next(*nothing).empty());
    QCOMPARE(ids(*list(*stage, linked(*nothing, "prev"))), ids(*page));
}

void ShapingToggleTest::refusesACursorThatWasChanged() {
    const Rig rig(shapingDef(), {{"mode", "cursor"}});
    const auto stage = rig.stage();
    const std::string good = next(*list(*stage, "limit=5"));
    QVERIFY(!list(*stage, good)->exchange.answered);
    for (std::size_t i = good.find("cursor=") + 7; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        QCOMPARE(list(*stage, bad)->status(), 400);
    }
}

void ShapingToggleTest::keepsCursorsOfAnotherServerWithTheSameKey() {
    const Rig one(shapingDef(), {{"cursorKey", "secret"}}), two(shapingDef(), {{"cursorKey", "secret"}}),
        other(shapingDef(), {{"cursorKey", "another"}}), random(shapingDef());
    const std::string query = next(*list(*one.stage(), "cursor=&limit=5"));
    QCOMPARE(ids(*list(*two.stage(), query)), (std::vector<std::int64_t>{6, 7, 8, 9, 10}));
    QCOMPARE(list(*other.stage(), query)->status(), 400);
    QCOMPARE(list(*random.stage(), query)->status(), 400);
}

void ShapingToggleTest::estimatesTotals() {
    const Rig rig(shapingDef(), {{"count", "estimated"}});
    const auto stage = rig.stage();
    const auto page = list(*stage, "limit=10");  // A small table is counted all the same.
    QCOMPARE(page->field("X-Total-Count"), std::string("25"));
    QCOMPARE(page->field("X-Total-Count-Estimated"), std::string("true"));
    QVERIFY(linked(*page, "last").empty());
    const auto end = list(*stage, "limit=10&offset=20");
    QCOMPARE(end->field("X-Total-Count"), std::string("25"));
    QVERIFY(end->field("X-Total-Count-Estimated").empty());
}

void ShapingToggleTest::hidesTheColumnsTheCursorNeeded() {
    const Rig rig(shapingDef());
    const auto stage = rig.stage();
    const auto page = list(*stage, "cursor=&limit=5&sort=grade&fields=name");
    QCOMPARE(page->exchange.payload.rows.columns.size(), std::size_t(1));
    QCOMPARE(page->exchange.payload.rows.columns[0].name, std::string("name"));
    QCOMPARE(page->exchange.payload.rows.rowCount(), std::size_t(5));
    const auto second = list(*stage, next(*page));
    QVERIFY2(!second->exchange.answered, second->body().c_str());
    QCOMPARE(second->exchange.payload.rows.columns.size(), std::size_t(1));
}

void ShapingToggleTest::countsOnlyWhenItMust() {
    const Rig rig(shapingDef());
    const auto stage = rig.stage();
    QCOMPARE(list(*stage, "limit=100")->field("X-Total-Count"), std::string("25"));
    QCOMPARE(list(*stage, "limit=10&offset=20")->field("X-Total-Count"), std::string("25"));
    QCOMPARE(rig.counter("counts"), 0.0);
    QCOMPARE(list(*stage, "limit=10")->field("X-Total-Count"), std::string("25"));
    QCOMPARE(list(*stage, "limit=10&offset=90")->field("X-Total-Count"), std::string("25"));
    QCOMPARE(list(*stage, "limit=2&grade=1")->field("X-Total-Count"),
             list(*stage, "limit=100&grade=1")->field("X-Total-Count"));
    const auto cursorPage = list(*stage, next(*list(*stage, "cursor=&limit=20")));
    QCOMPARE(cursorPage->field("X-Total-Count"), std::string("25"));
    QCOMPARE(rig.counter("counts"), 5.0);
}

void ShapingToggleTest::doesNotCountWhenToldNotTo() {
    const Rig rig(shapingDef(), {{"count", "none"}});
    const auto page = list(*rig.stage(), "limit=10");
    QVERIFY(page->field("X-Total-Count").empty());
    QVERIFY(page->field("Link").find("last") == std::string::npos);
    QCOMPARE(rig.counter("counts"), 0.0);
}

void ShapingToggleTest::projectsOneItem() {
    const Rig rig(shapingDef());
    const auto stage = rig.stage();
    const auto item = ask(*stage, "/api/rows/7?fields=name,id", m_item);
    const auto& rows = item->exchange.payload.rows;
    QCOMPARE(rows.columns.size(), std::size_t(2));
    QCOMPARE(rows.columns[0].name, std::string("name"));
    QCOMPARE(rows.cell(0, 1).integer, std::int64_t(7));
    QCOMPARE(ask(*stage, "/api/rows/7?fields=nope", m_item)->status(), 400);
    QCOMPARE(ask(*stage, "/api/rows/7", m_item)->exchange.payload.rows.columns.size(), std::size_t(3));
}

void ShapingToggleTest::refusesBadParametersBeforeAnythingIsRead() {
    const Rig rig(shapingDef());
    const auto stage = rig.stage();
    for (const char* query :
         {"limit=0", "limit=501", "nope=1", "grade:above=1", "sort=nope", "q=%zz", "cursor=abc"}) {
        const auto refused = list(*stage, query);
        QVERIFY2(refused->exchange.answered, query);
        QCOMPARE(refused->status(), 400);
        QCOMPARE(refused->field("Content-Type"), std::string("application/problem+json"));
        QCOMPARE(refused->exchange.payload.kind, Payload::None);
    }
    QVERIFY(list(*stage, "limit=501")->body().find("500") != std::string::npos);
}

void ShapingToggleTest::leavesWritesAndOtherRoutesAlone() {
    const Rig rig(shapingDef());
    const auto stage = rig.stage();
    Ask write("/api/rows?limit=x", {}, "POST");
    write.exchange.route = {
        .endpoint = &m_list, .dataset = m_dataset.get(), .table = &m_dataset->schema().tables[0]};
    stage->plan(write.exchange);
    QVERIFY(!write.exchange.answered);
    Ask index("/api?limit=x");
    const IdleEndpoint idle;
    index.exchange.route = {.endpoint = &idle};
    stage->plan(index.exchange);
    QVERIFY(!index.exchange.answered);
}

void ShapingToggleTest::putsTheEndpointBack() {
    const Rig rig(shapingDef());
    const auto page = list(*rig.stage(), "limit=3");
    QVERIFY(page->exchange.route.endpoint == &m_list);
    QVERIFY(page->exchange.cacheable);
}

void ShapingToggleTest::refusesAPageSizeAboveTheLargest() {
    ParamSet params(shapingDef().params);
    QVERIFY(params.setText("pageSize", "1000"));
    const FakeClock clock;
    const auto refused = shapingDef().make({.clock = clock, .params = params});
    QVERIFY(!refused);
    QVERIFY(refused.error().what.find("1000") != std::string::npos);
}

QTEST_GUILESS_MAIN(ShapingToggleTest)
#include "toggle_test.moc"

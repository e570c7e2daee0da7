#include "core/engine/journal_entry.h"

#include "core/engine/endpoints/endpoints.h"
#include "core/engine/test_support.h"
#include "core/engine/why.h"
#include "core/http/semantics.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;

namespace {

class Reads final : public Endpoint {
public:
    [[nodiscard]] std::string_view name() const override { return "GET /api/<resource>"; }
    void handle(Exchange&) const override {}
};
const Reads kReads;

http::Response answerOf(int status, std::vector<std::pair<std::string, std::string>> fields = {}) {
    http::Response response;
    response.status = status;
    for (const auto& [name, value] : fields)
        response.fields.add(name, value);
    return response;
}

QString why(const http::Response& response, std::string_view by = {}, data::SqlStats sql = {}) {
    const Asked asked("/api/things");
    Exchange exchange(asked.request());
    exchange.route.endpoint = &kReads;
    exchange.answeredBy = by;
    exchange.sql = sql;
    exchange.response = response;
    return QString::fromStdString(whyAnswered(exchange));
}

JournalEntry entry(int status, std::string target = "/api/things") {
    JournalEntry out{.method = "GET", .target = std::move(target), .status = status};
    out.steps.push_back({"cache", Nanos(5), "hit"});
    out.why = "cache answered";
    return out;
}

bool matches(const JournalEntry& entry, std::string_view text, std::string_view status,
             std::string_view toggle) {
    const auto filter = JournalFilter::parse(text, status, toggle);
    return filter && filter->matches(entry);
}

}  // namespace

class JournalEntryTest : public QObject {
    Q_OBJECT
private slots:
    void saysInASentenceWhyThisAnswer() {
        QCOMPARE(why(answerOf(200), {}, {.statements = 1, .rowsRead = 171'075}),
                 QString("handled by SQL: 1 statement, 171\u202F075 rows read"));
        QCOMPARE(why(answerOf(200), {}, {.statements = 2, .rowsRead = 1}),
                 QString("handled by SQL: 2 statements, 1 row read"));
        QCOMPARE(why(answerOf(200)), QString("handled by GET /api/<resource>"));
        QCOMPARE(why(answerOf(200, {{"Cache-Status", "hone; fwd=uri-miss; stored"}}), {}, {.statements = 1}),
                 QString("handled by SQL: 1 statement, 0 rows read; the cache had nothing and keeps this"));
        QCOMPARE(why(answerOf(200, {{"Cache-Status", "hone; hit"},
                                    {"Age", "2"},
                                    {"Cache-Control", "public, max-age=60"}}),
                     "cache"),
                 QString("cache answered: stored 2 s ago, fresh for 58 s more"));
        QCOMPARE(why(answerOf(200, {{"Cache-Status", "hone; hit; ttl=-3"},
                                    {"Age", "63"},
                                    {"Cache-Control", "max-age=60"}}),
                     "cache"),
                 QString("cache answered: stored 63 s ago, stale for 3 s"));
        QCOMPARE(why(answerOf(304, {{"Cache-Status", "hone; hit"}, {"Age", "1"}}), "cache"),
                 QString("cache answered 304: the client has what was stored 1 s ago"));
        QCOMPARE(why(answerOf(200, {{"Cache-Status", "hone; fwd=uri-miss; collapsed"}}), "cache"),
                 QString("cache answered: another request was already computing the same"));
        QCOMPARE(why(http::problem(429, "More than 5 requests/s"), "ratelimit"),
                 QString("ratelimit refused: More than 5 requests/s"));
        QCOMPARE(why(http::problem(500, "disk on fire")), QString("failed: disk on fire"));
        QCOMPARE(why(http::problem(404, "no row 7")), QString("refused: no row 7"));
        QCOMPARE(why(answerOf(206), {}, {.statements = 1, .rowsRead = 2}),
                 QString("handled by SQL: 1 statement, 2 rows read; cut to the bytes that Range names"));
        QVERIFY(why(answerOf(412)).startsWith("precondition failed"));
        QVERIFY(why(answerOf(405, {{"Allow", "GET, HEAD"}})).contains("GET, HEAD"));
    }

    void masksCredentialsAndCutsLongValues() {
        const std::string longValue(5000, 'x');
        const Asked asked("/api/things?token=abc&limit=1",
                          {{"Host", "localhost"}, {"Authorization", "Bearer abc"}, {"X-Long", longValue}});
        Exchange exchange(asked.request());
        exchange.route.endpoint = &kReads;
        exchange.response = answerOf(200, {{"Set-Cookie", "id=1"}, {"ETag", "\"a\""}});
        exchange.note("sql", Nanos(7'000), "scan");
        const auto entry = describeExchange(exchange, asked.request());
        QCOMPARE(entry.target, std::string("/api/things?token=***&limit=1"));
        QCOMPARE(entry.version, 11);
        QCOMPARE(entry.requestFields[1].second, std::string("Bearer ***"));
        QVERIFY(entry.requestFields[2].second.size() < 1100);
        QCOMPARE(entry.answerFields[0].second, std::string("***"));
        QCOMPARE(entry.answerFields[1].second, std::string("\"a\""));
        QCOMPARE(entry.steps.size(), std::size_t{1});
        QCOMPARE(entry.steps[0].name, std::string("sql"));
        QCOMPARE(entry.steps[0].note, std::string("scan"));
    }

    void doesNotTouchStreamedContent() {
        class Untouched final : public http::BodySource {
        public:
            State read(std::string&, std::size_t) override {
                ++reads;
                return State::End;
            }
            int reads = 0;
        };
        const auto source = std::make_shared<Untouched>();
        const Asked asked("/api/things");
        Exchange exchange(asked.request());
        exchange.route.endpoint = &kReads;
        exchange.response.source = source;
        exchange.response.sourceLength = 1'000'000;
        QCOMPARE(describeExchange(exchange, asked.request()).bytesOut, std::uint64_t{1'000'000});
        QCOMPARE(source->reads, 0);
    }

    void namesTheRoutesThatWereNearlyMeant() {
        const RoutePattern routes[] = {{"/api/things", {"GET"}}, {"/api/things/{key}", {"GET"}}};
        QCOMPARE(QString::fromStdString(nearMiss(routes, entry(404, "/api/thinks?x=1"))),
                 QString("no route: nearest are GET /api/things, GET /api/things/{key}"));
        QVERIFY(nearMiss(routes, entry(404, "/wp-login.php")).find("nothing is near") != std::string::npos);
    }

    void filtersByTextStatusAndToggle() {
        QVERIFY(matches(entry(200), "", "", ""));
        QVERIFY(matches(entry(200), "THINGS", "", ""));
        QVERIFY(matches(entry(200), "cache answered", "", ""));
        QVERIFY(!matches(entry(200), "nothing", "", ""));
        QVERIFY(matches(entry(404), "", "404", ""));
        QVERIFY(matches(entry(404), "", "4xx", ""));
        QVERIFY(!matches(entry(404), "", "5xx", ""));
        QVERIFY(matches(entry(200), "", "", "cache"));
        QVERIFY(matches(entry(200), "", "", "cache:hit"));
        QVERIFY(!matches(entry(200), "", "", "cache:stale"));
        QVERIFY(!matches(entry(200), "", "", "ratelimit"));
        for (const char* bad : {"x", "40", "4x4", "xxx", "4040"})
            QVERIFY2(!JournalFilter::parse("", bad, ""), bad);
    }
};

QTEST_GUILESS_MAIN(JournalEntryTest)
#include "journal_entry_test.moc"

#include "core/load/private_cache.h"
#include "core/load/load.h"
#include "core/net/scripted_server.h"

#include <QTest>

using namespace hone;
using namespace hone::load;
using namespace std::chrono_literals;
using net::ScriptedServer;

namespace {

/// Keeps what an Answer only looks at.
struct Stored {
    explicit Stored(int status, std::vector<std::pair<std::string, std::string>> with)
        : pairs(std::move(with)) {
        for (const auto& [name, value] : pairs)
            fields.push_back({name, value});
        answer.status = status;
        answer.fields = fields;
    }
    std::vector<std::pair<std::string, std::string>> pairs;
    std::vector<http::FieldView> fields;
    net::Answer answer;
};

std::string get(std::string_view target, std::string_view fields = "") {
    return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n{}\r\n", target, fields);
}

}  // namespace

class PrivateCacheTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsFreshNeedNotBeAskedFor_data();
    void whatIsFreshNeedNotBeAskedFor();
    void staleAnswersAreAskedAboutByTheirTag();
    void anAnswer304MakesItFreshAgain();
    void answersThatVaryAreForTheSameFieldsOnly();
    void writesDropWhatTheyChange();
    void requestsWithConditionsOfTheirOwnGoOut();
    void itStaysWithinItsBound();
    void everyClientOfALoadHasItsOwn();
};

void PrivateCacheTest::whatIsFreshNeedNotBeAskedFor_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("freshSeconds");
    QTest::newRow("max-age") << "Cache-Control" << "max-age=60" << 60;
    QTest::newRow("private") << "Cache-Control" << "private, max-age=60, s-maxage=5" << 60;
    QTest::newRow("no-cache") << "Cache-Control" << "no-cache, max-age=60" << 0;
    QTest::newRow("no-store") << "Cache-Control" << "no-store, max-age=60" << 0;
    QTest::newRow("nothing said") << "X-Any" << "1" << 0;
    QTest::newRow("expires") << "Expires" << "Sun, 06 Nov 1994 08:50:37 GMT" << 60;
    QTest::newRow("expires never") << "Expires" << "0" << 0;
    QTest::newRow("a tenth of its age") << "Last-Modified" << "Sun, 06 Nov 1994 08:39:37 GMT" << 60;
}

void PrivateCacheTest::whatIsFreshNeedNotBeAskedFor() {
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(int, freshSeconds);
    PrivateCache cache;
    const Stored stored(
        200, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {name.toStdString(), value.toStdString()}});
    cache.note(0, get("/a"), stored.answer, 100s);
    QCOMPARE(cache.find(0, get("/a"), 100s + std::chrono::seconds(freshSeconds) - 1ns).isFresh,
             freshSeconds > 0);
    QVERIFY(!cache.find(0, get("/a"), 100s + std::chrono::seconds(freshSeconds)).isFresh);
    QVERIFY(!cache.find(0, get("/b"), 100s).isFresh);
    QVERIFY(!cache.find(1, get("/a"), 100s).isFresh);
}

void PrivateCacheTest::staleAnswersAreAskedAboutByTheirTag() {
    PrivateCache cache;
    cache.note(0, get("/a"), Stored(200, {{"ETag", "\"v1\""}, {"Last-Modified", "x"}}).answer, 0s);
    QCOMPARE(cache.find(0, get("/a"), 1s).condition, std::string("If-None-Match: \"v1\"\r\n"));
    cache.note(0, get("/b"), Stored(200, {{"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}}).answer, 0s);
    QCOMPARE(cache.find(0, get("/b"), 1s).condition,
             std::string("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
}

void PrivateCacheTest::anAnswer304MakesItFreshAgain() {
    PrivateCache cache;
    cache.note(0, get("/a"), Stored(200, {{"ETag", "\"v\""}, {"Cache-Control", "max-age=10"}}).answer, 0s);
    QVERIFY(!cache.find(0, get("/a"), 10s).isFresh);
    cache.note(0, get("/a"), Stored(304, {{"Cache-Control", "max-age=10"}, {"Age", "4"}}).answer, 10s);
    QVERIFY(cache.find(0, get("/a"), 15s).isFresh);
    QVERIFY(!cache.find(0, get("/a"), 16s).isFresh);
    QCOMPARE(cache.find(0, get("/a"), 16s).condition, std::string("If-None-Match: \"v\"\r\n"));
}

void PrivateCacheTest::answersThatVaryAreForTheSameFieldsOnly() {
    PrivateCache cache;
    const Stored stored(200, {{"Cache-Control", "max-age=10"}, {"Vary", "Accept, accept-language"}});
    cache.note(0, get("/a", "Accept: text/csv\r\n"), stored.answer, 0s);
    QVERIFY(cache.find(0, get("/a", "accept:  text/csv \r\n"), 1s).isFresh);
    QVERIFY(!cache.find(0, get("/a", "Accept: text/html\r\n"), 1s).isFresh);
    QVERIFY(!cache.find(0, get("/a", "Accept: text/csv\r\nAccept-Language: de\r\n"), 1s).isFresh);
    cache.note(0, get("/b"), Stored(200, {{"Cache-Control", "max-age=10"}, {"Vary", "*"}}).answer, 0s);
    QVERIFY(!cache.find(0, get("/b"), 1s).isFresh);
}

void PrivateCacheTest::writesDropWhatTheyChange() {
    PrivateCache cache;
    const Stored stored(200, {{"Cache-Control", "max-age=10"}});
    cache.note(0, get("/a"), stored.answer, 0s);
    const std::string put = "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx";
    cache.note(0, put, Stored(500, {}).answer, 0s);
    QVERIFY(cache.find(0, get("/a"), 1s).isFresh);
    cache.note(0, put, Stored(204, {}).answer, 0s);
    QVERIFY(!cache.find(0, get("/a"), 1s).isFresh);
}

void PrivateCacheTest::requestsWithConditionsOfTheirOwnGoOut() {
    PrivateCache cache;
    cache.note(0, get("/a"), Stored(200, {{"Cache-Control", "max-age=10"}, {"ETag", "\"v\""}}).answer, 0s);
    const auto own = cache.find(0, get("/a", "If-None-Match: \"w\"\r\n"), 1s);
    QVERIFY(!own.isFresh && own.condition.empty());
    const auto reload = cache.find(0, get("/a", "Cache-Control: no-cache\r\n"), 1s);
    QVERIFY(!reload.isFresh);
    QCOMPARE(reload.condition, std::string("If-None-Match: \"v\"\r\n"));
}

void PrivateCacheTest::itStaysWithinItsBound() {
    PrivateCache cache;
    const Stored stored(200, {{"Cache-Control", "max-age=10"}});
    for (std::size_t i = 0; i < PrivateCache::kMaxEntries + 100; ++i)
        cache.note(0, get(fmt::format("/{}", i)), stored.answer, 0s);
    QCOMPARE(cache.size(), PrivateCache::kMaxEntries);
    QVERIFY(cache.find(0, get(fmt::format("/{}", PrivateCache::kMaxEntries + 99)), 1s).isFresh);
}

void PrivateCacheTest::everyClientOfALoadHasItsOwn() {
    std::mutex mutex;
    std::vector<std::string> asked;
    ScriptedServer server([&](ScriptedServer::Peer& peer) {
        for (std::string request; !(request = peer.request()).empty();) {
            {
                const std::lock_guard lock(mutex);
                asked.push_back(request);
            }
            if (request.contains("If-None-Match: \"v\""))
                peer.send("HTTP/1.1 304 Not Modified\r\nETag: \"v\"\r\n\r\n");
            else if (request.starts_with("GET /fresh"))
                peer.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: 2\r\n\r\nok");
            else
                peer.send(
                    "HTTP/1.1 200 OK\r\nETag: \"v\"\r\nCache-Control: no-cache\r\nContent-Length: "
                    "2\r\n\r\nok");
        }
    });
    model::Workload workload;
    workload.requests = {{.url = "/fresh"}, {.url = "/tagged"}};
    workload.requests[1].checks = {{.expected = 200}};
    workload.order = model::Order::Sequence;
    workload.clients = 3;
    workload.clientCache = true;
    workload.thinkTime = 1ms;
    workload.warmup = 0ms;
    workload.duration = 200ms;
    const auto result = runLoad({.workload = workload, .baseUrl = server.url()}, {});
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    const auto& run = result->run;
    const std::lock_guard lock(mutex);
    QCOMPARE(std::ranges::count_if(asked, [](const auto& one) { return one.starts_with("GET /fresh"); }), 3L);
    QCOMPARE(run.byRequest[0].requests, std::uint64_t(3));
    QVERIFY(run.counters.at("client.cache.hits") > 3);
    QVERIFY(std::ranges::any_of(run.warnings, [](const std::string& note) {
        return note.contains("answered by the clients' own caches");
    }));
    QCOMPARE(run.counters.at("client.cache.revalidated"), double(run.byRequest[1].requests - 3));
    QCOMPARE(run.byStatus.at(304), run.byRequest[1].requests - 3);
    QCOMPARE(run.errors, std::uint64_t(0));
    QCOMPARE(run.byRequest[1].checks[0].passed, std::uint64_t(3));
    QCOMPARE(run.byRequest[1].checks[0].failed, std::uint64_t(0));
}

QTEST_GUILESS_MAIN(PrivateCacheTest)
#include "private_cache_test.moc"

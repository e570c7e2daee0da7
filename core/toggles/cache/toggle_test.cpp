#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

namespace {

using Fields = std::vector<http::FieldView>;

const ToggleDef& cacheDef() { return *toggles::find("cache"); }

/// A cache with one worker; `get` is a whole request, computed as `text` when the cache does not answer.
class Cache {
public:
    explicit Cache(Rig::Settings settings = {}) : rig(cacheDef(), settings), stage(rig.stage()) {}

    std::unique_ptr<Ask> get(std::string target, const std::string& text, Fields fields = {},
                             int status = 200, std::string_view method = "GET") {
        auto ask = std::make_unique<Ask>(std::move(target), std::move(fields), method);
        ask->exchange.route.endpoint = &endpoint;
        Resume none = [](auto) { QFAIL("nobody waits here"); };
        if (stage->lookup(ask->exchange, none) == Lookup::Wait)
            return nullptr;
        if (!ask->exchange.answered) {
            ask->compute(text, status);
            stage->store(ask->exchange);
        }
        stage->finish(ask->exchange);
        return ask;
    }

    Rig rig;
    std::unique_ptr<Stage> stage;
    IdleEndpoint endpoint;
};

/// What a waiting request was resumed with.
struct Resumed {
    int times = 0;
    Resume resume(Exchange& exchange) {
        return [this, &exchange](std::move_only_function<void(Exchange&)> before) {
            ++times;
            if (before)
                before(exchange);
        };
    }
};

}  // namespace

class CacheToggleTest : public QObject {
    Q_OBJECT
private slots:
    void answersTheSecondRequestFromTheFirst();
    void sharesBytesInsteadOfCopyingThem();
    void givesValidatorsOnTheFirstAnswerToo();
    void answers304ToWhoHasIt();
    void countsAgeAndComputesAgainWhenTheTimeIsUp();
    void servesStaleWhileOneRequestRenews();
    void replacesAnErrorByAStaleAnswerWhenAllowed();
    void respectsWhatTheRequestAsks();
    void answersOnlyIfCachedWith504();
    void neverKeepsErrorsOrWritesOrPrivateAnswers();
    void keepsAbsenceOnlyWhenAskedTo();
    void passesUsersBy();
    void keepsUsersApartWhenPersonal();
    void outdatesTheAnswersOfAWrittenTable();
    void dropsAnAnswerThatWasComputedAcrossAWrite();
    void letsFollowersWaitForTheLeader();
    void letsFollowersComputeWhenTheLeaderFails_data();
    void letsFollowersComputeWhenTheLeaderFails();
    void doesNotHandAnAnswerFromBeforeAWriteToWhoAskedAfterIt();
    void doesNotCoalesceWhatIsNeverKept();
    void sharesOneStoreBetweenWorkers();
    void forgetsEverythingOnReset();
};

void CacheToggleTest::answersTheSecondRequestFromTheFirst() {
    Cache cache;
    const auto miss = cache.get("/api/things?b=2&a=1", "one");
    QCOMPARE(miss->body(), std::string("one"));
    QCOMPARE(miss->field("Cache-Status"), std::string("hone; fwd=uri-miss; stored"));
    QCOMPARE(miss->field("Age"), std::string());
    const auto hit = cache.get("/api/things?a=1&b=2", "two");
    QCOMPARE(hit->body(), std::string("one"));
    QCOMPARE(hit->field("Cache-Status"), std::string("hone; hit"));
    QCOMPARE(hit->field("Age"), std::string("0"));
    QCOMPARE(hit->field("Content-Type"), std::string("application/json"));
    QCOMPARE(cache.get("/api/things?a=1&b=2", "two", {}, 200, "HEAD")->body(), std::string("one"));
    QCOMPARE(cache.get("/api/things?a=1&b=3", "two")->body(), std::string("two"));
    QCOMPARE(cache.rig.counter("hits"), 2.0);
    QCOMPARE(cache.rig.counter("misses"), 2.0);
    QCOMPARE(cache.rig.counter("entries"), 2.0);
    QVERIFY(cache.rig.counter("bytes") > 0);
}

void CacheToggleTest::sharesBytesInsteadOfCopyingThem() {
    Cache cache;
    (void)cache.get("/t", std::string(100'000, 'x'));
    const auto a = cache.get("/t", "");
    const auto b = cache.get("/t", "");
    QVERIFY(a->exchange.response.prepared);
    QVERIFY(a->exchange.response.prepared == b->exchange.response.prepared);
}

void CacheToggleTest::givesValidatorsOnTheFirstAnswerToo() {
    Cache cache({{"ttl", "30s"}, {"swr", "5s"}});
    const auto miss = cache.get("/t", "one");
    QCOMPARE(miss->field("Cache-Control"), std::string("public, max-age=30, stale-while-revalidate=5"));
    QVERIFY(!miss->field("ETag").empty());
    QCOMPARE(cache.get("/t", "")->field("ETag"), miss->field("ETag"));
    Cache untagged({{"etag", "off"}});
    QVERIFY(untagged.get("/t", "one")->field("ETag").empty());
}

void CacheToggleTest::answers304ToWhoHasIt() {
    Cache cache;
    const std::string tag = cache.get("/t", "one")->field("ETag");
    const auto known = cache.get("/t", "", {{"If-None-Match", tag}});
    QCOMPARE(known->status(), 304);
    QVERIFY(known->body().empty());
    QCOMPARE(known->field("ETag"), tag);
    QCOMPARE(cache.get("/t", "", {{"If-None-Match", "\"other\""}})->status(), 200);
    // Also when it had to be computed first: the client saves the bytes all the same.
    cache.rig.clock.advance(61s);
    QCOMPARE(cache.get("/t", "one", {{"If-None-Match", tag}})->status(), 304);
    QCOMPARE(cache.rig.counter("revalidated"), 2.0);
}

void CacheToggleTest::countsAgeAndComputesAgainWhenTheTimeIsUp() {
    Cache cache({{"ttl", "10s"}});
    (void)cache.get("/t", "one");
    cache.rig.clock.advance(9s);
    QCOMPARE(cache.get("/t", "two")->field("Age"), std::string("9"));
    cache.rig.clock.advance(1s);
    const auto renewed = cache.get("/t", "two");
    QCOMPARE(renewed->body(), std::string("two"));
    QVERIFY(renewed->field("Cache-Status").starts_with("hone; fwd=stale; stored"));
    QCOMPARE(cache.get("/t", "three")->body(), std::string("two"));
}

void CacheToggleTest::servesStaleWhileOneRequestRenews() {
    Cache cache({{"ttl", "10s"}, {"swr", "5s"}});
    (void)cache.get("/t", "old");
    cache.rig.clock.advance(12s);
    Ask renewing("/t");
    Resume none = [](auto) { QFAIL("nobody waits here"); };
    QCOMPARE(cache.stage->lookup(renewing.exchange, none), Lookup::Continue);
    QVERIFY(!renewing.exchange.answered);
    const auto other = cache.get("/t", "never computed");
    QCOMPARE(other->body(), std::string("old"));
    QCOMPARE(other->field("Cache-Status"), std::string("hone; hit; ttl=-2"));
    QCOMPARE(other->field("Age"), std::string("12"));
    QCOMPARE(cache.rig.counter("stale"), 1.0);
    renewing.compute("new");
    cache.stage->store(renewing.exchange);
    cache.stage->finish(renewing.exchange);
    QCOMPARE(cache.get("/t", "")->body(), std::string("new"));
    cache.rig.clock.advance(16s);  // beyond swr: nobody is served what is that old
    QCOMPARE(cache.get("/t", "newest")->body(), std::string("newest"));
}

void CacheToggleTest::replacesAnErrorByAStaleAnswerWhenAllowed() {
    Cache cache({{"ttl", "10s"}, {"staleIfError", "60s"}});
    (void)cache.get("/t", "old");
    cache.rig.clock.advance(30s);
    const auto saved = cache.get("/t", "broken", {}, 503);
    QCOMPARE(saved->status(), 200);
    QCOMPARE(saved->body(), std::string("old"));
    QCOMPARE(saved->field("Cache-Status"), std::string("hone; fwd=stale; fwd-status=503"));
    cache.rig.clock.advance(60s);
    QCOMPARE(cache.get("/t", "broken", {}, 503)->status(), 503);
    Cache strict({{"ttl", "10s"}});
    (void)strict.get("/t", "old");
    strict.rig.clock.advance(11s);
    QCOMPARE(strict.get("/t", "broken", {}, 503)->status(), 503);
}

void CacheToggleTest::respectsWhatTheRequestAsks() {
    Cache cache;
    (void)cache.get("/t", "one");
    QCOMPARE(cache.get("/t", "not kept", {{"Cache-Control", "no-store"}})->body(), std::string("not kept"));
    QCOMPARE(cache.get("/t", "")->body(), std::string("one"));
    const auto forced = cache.get("/t", "two", {{"Cache-Control", "no-cache"}});
    QCOMPARE(forced->body(), std::string("two"));
    QCOMPARE(forced->field("Cache-Status"), std::string("hone; fwd=request; stored"));
    QCOMPARE(cache.get("/t", "")->body(), std::string("two"));  // and others get the newer one
    cache.rig.clock.advance(20s);
    QCOMPARE(cache.get("/t", "three", {{"Cache-Control", "max-age=30"}})->body(), std::string("two"));
    QCOMPARE(cache.get("/t", "three", {{"Cache-Control", "max-age=10"}})->body(), std::string("three"));
}

void CacheToggleTest::answersOnlyIfCachedWith504() {
    Cache cache;
    const auto refused = cache.get("/t", "one", {{"Cache-Control", "only-if-cached"}});
    QCOMPARE(refused->status(), 504);
    QCOMPARE(refused->field("Content-Type"), std::string("application/problem+json"));
    (void)cache.get("/t", "one");
    QCOMPARE(cache.get("/t", "", {{"Cache-Control", "only-if-cached"}})->body(), std::string("one"));
}

void CacheToggleTest::neverKeepsErrorsOrWritesOrPrivateAnswers() {
    Cache cache;
    for (const int status : {400, 404, 500, 503}) {
        const auto first = cache.get("/e", "x", {}, status);
        QCOMPARE(first->status(), status);
        QCOMPARE(first->field("Cache-Status"), std::string("hone; fwd=uri-miss"));
    }
    (void)cache.get("/w", "x", {}, 200, "POST");
    QCOMPARE(cache.rig.counter("entries"), 0.0);
    QCOMPARE(cache.rig.counter("misses"), 4.0);
}

void CacheToggleTest::keepsAbsenceOnlyWhenAskedTo() {
    Cache cache({{"negativeTtl", "5s"}});
    QCOMPARE(cache.get("/api/things/9", "none", {}, 404)->status(), 404);
    const auto hit = cache.get("/api/things/9", "there", {}, 200);
    QCOMPARE(hit->status(), 404);
    QCOMPARE(hit->field("Cache-Status"), std::string("hone; hit"));
    cache.rig.clock.advance(5s);
    QCOMPARE(cache.get("/api/things/9", "there", {}, 200)->status(), 200);
}

void CacheToggleTest::passesUsersBy() {
    Cache cache;
    (void)cache.get("/t", "public");
    const auto ann = cache.get("/t", "ann's", {{"Authorization", "Bearer ann"}});
    QCOMPARE(ann->body(), std::string("ann's"));
    QCOMPARE(ann->field("Cache-Status"), std::string("hone; fwd=bypass"));
    QCOMPARE(cache.get("/t", "", {})->body(), std::string("public"));
    QCOMPARE(cache.rig.counter("bypassed"), 1.0);
}

void CacheToggleTest::keepsUsersApartWhenPersonal() {
    Cache cache({{"users", "perUser"}});
    const Fields ann{{"Authorization", "Bearer ann"}}, bob{{"Authorization", "Bearer bob"}};
    QCOMPARE(cache.get("/t", "ann's", ann)->field("Cache-Control"), std::string("private, max-age=60"));
    QCOMPARE(cache.get("/t", "bob's", bob)->body(), std::string("bob's"));
    QCOMPARE(cache.get("/t", "", ann)->body(), std::string("ann's"));
    QCOMPARE(cache.get("/t", "public")->body(), std::string("public"));
}

void CacheToggleTest::outdatesTheAnswersOfAWrittenTable() {
    Cache cache({{"invalidation", "table"}});
    (void)cache.get("/api/things", "one");
    Ask write("/api/things", {}, "POST");
    write.exchange.wrote = true;
    Resume none = [](auto) { QFAIL("nobody waits here"); };
    QCOMPARE(cache.stage->lookup(write.exchange, none), Lookup::Continue);
    cache.stage->finish(write.exchange);
    QCOMPARE(cache.get("/api/things", "two")->body(), std::string("two"));
    QCOMPARE(cache.rig.counter("invalidated"), 1.0);
    QCOMPARE(cache.get("/api/things", "")->body(), std::string("two"));
}

void CacheToggleTest::dropsAnAnswerThatWasComputedAcrossAWrite() {
    Cache cache({{"invalidation", "table"}});
    Ask reader("/api/things");
    Resume none = [](auto) { QFAIL("nobody waits here"); };
    (void)cache.stage->lookup(reader.exchange, none);
    Ask write("/api/things", {}, "DELETE");
    write.exchange.wrote = true;
    cache.stage->finish(write.exchange);
    reader.compute("before the write");
    cache.stage->store(reader.exchange);
    QCOMPARE(reader.field("Cache-Status"), std::string("hone; fwd=uri-miss"));
    cache.stage->finish(reader.exchange);
    QCOMPARE(cache.get("/api/things", "after the write")->body(), std::string("after the write"));
}

void CacheToggleTest::letsFollowersWaitForTheLeader() {
    Cache cache;
    Ask leader("/t"), follower("/t"), third("/t");
    Resumed second_, third_;
    Resume none = [](auto) { QFAIL("the leader does not wait"); };
    QCOMPARE(cache.stage->lookup(leader.exchange, none), Lookup::Continue);
    auto resume = second_.resume(follower.exchange);
    QCOMPARE(cache.stage->lookup(follower.exchange, resume), Lookup::Wait);
    auto resumeThird = third_.resume(third.exchange);
    const auto otherWorker = cache.rig.stage();
    QCOMPARE(otherWorker->lookup(third.exchange, resumeThird), Lookup::Wait);
    QCOMPARE(second_.times, 0);
    leader.compute("shared");
    cache.stage->store(leader.exchange);
    QCOMPARE(second_.times, 1);
    QCOMPARE(third_.times, 1);
    QVERIFY(follower.exchange.answered);
    QCOMPARE(follower.body(), std::string("shared"));
    QCOMPARE(follower.field("Cache-Status"), std::string("hone; fwd=uri-miss; collapsed"));
    cache.stage->finish(follower.exchange);
    cache.stage->finish(leader.exchange);
    QCOMPARE(second_.times, 1);
    QCOMPARE(cache.rig.counter("coalesced"), 2.0);
    QCOMPARE(cache.rig.counter("misses"), 1.0);
}

void CacheToggleTest::letsFollowersComputeWhenTheLeaderFails_data() {
    QTest::addColumn<QString>("end");
    QTest::addRow("an error") << "error";
    QTest::addRow("not cacheable") << "uncacheable";
    QTest::addRow("refused on the way") << "refused";
    QTest::addRow("the exchange is dropped") << "dropped";
}

void CacheToggleTest::letsFollowersComputeWhenTheLeaderFails() {
    QFETCH(QString, end);
    Cache cache;
    auto leader = std::make_unique<Ask>("/t");
    leader->exchange.route.endpoint = &cache.endpoint;
    Ask follower("/t");
    Resumed resumed;
    Resume none = [](auto) { QFAIL("the leader does not wait"); };
    QCOMPARE(cache.stage->lookup(leader->exchange, none), Lookup::Continue);
    auto resume = resumed.resume(follower.exchange);
    QCOMPARE(cache.stage->lookup(follower.exchange, resume), Lookup::Wait);
    if (end == "error" || end == "uncacheable") {
        leader->compute("x", end == "error" ? 500 : 200);
        leader->exchange.cacheable = end == "error";
        cache.stage->store(leader->exchange);
    } else if (end == "refused") {
        leader->exchange.answer(http::Response{.status = 400});
        cache.stage->finish(leader->exchange);
    } else {
        leader.reset();
    }
    QCOMPARE(resumed.times, 1);
    QVERIFY(!follower.exchange.answered);
    // It goes on below Lookup and is kept as any other answer.
    follower.compute("own");
    cache.stage->store(follower.exchange);
    cache.stage->finish(follower.exchange);
    QCOMPARE(follower.body(), std::string("own"));
    QCOMPARE(resumed.times, 1);
    QCOMPARE(cache.rig.counter("misses"), 2.0);
    QCOMPARE(cache.rig.counter("coalesced"), 0.0);
}

void CacheToggleTest::doesNotHandAnAnswerFromBeforeAWriteToWhoAskedAfterIt() {
    Cache cache({{"invalidation", "table"}});
    Ask early("/api/things"), late("/api/things");
    Resume none = [](auto) { QFAIL("nobody waits here"); };
    QCOMPARE(cache.stage->lookup(early.exchange, none), Lookup::Continue);
    Ask write("/api/things", {}, "PUT");
    write.exchange.wrote = true;
    cache.stage->finish(write.exchange);
    QCOMPARE(cache.stage->lookup(late.exchange, none), Lookup::Continue);
    QVERIFY(!late.exchange.answered);
}

void CacheToggleTest::doesNotCoalesceWhatIsNeverKept() {
    Cache cache;
    Ask first("/metrics");
    first.exchange.route.endpoint = &cache.endpoint;
    Resume none = [](auto) { QFAIL("nobody waits here"); };
    (void)cache.stage->lookup(first.exchange, none);
    first.compute("x");
    first.exchange.cacheable = false;
    cache.stage->store(first.exchange);
    cache.stage->finish(first.exchange);
    Ask a("/metrics"), b("/metrics");
    a.exchange.route.endpoint = b.exchange.route.endpoint = &cache.endpoint;
    QCOMPARE(cache.stage->lookup(a.exchange, none), Lookup::Continue);
    QCOMPARE(cache.stage->lookup(b.exchange, none), Lookup::Continue);
    QCOMPARE(cache.rig.counter("bypassed"), 2.0);
}

void CacheToggleTest::sharesOneStoreBetweenWorkers() {
    Cache cache;
    (void)cache.get("/t", "one");
    const auto other = cache.rig.stage();
    Ask ask("/t");
    Resume none = [](auto) { QFAIL("nobody waits here"); };
    (void)other->lookup(ask.exchange, none);
    QCOMPARE(ask.body(), std::string("one"));
}

void CacheToggleTest::forgetsEverythingOnReset() {
    Cache cache;
    (void)cache.get("/t", "one");
    cache.rig.state->reset();
    QCOMPARE(cache.rig.counter("entries"), 0.0);
    QCOMPARE(cache.get("/t", "two")->body(), std::string("two"));
}

QTEST_GUILESS_MAIN(CacheToggleTest)
#include "toggle_test.moc"

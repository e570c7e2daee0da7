// The cache in front of an upstream: RFC 9111 as a shared cache in a proxy.

#include "core/toggles/cache/origin_rig.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

namespace {

std::string text(std::optional<std::string_view> value) { return std::string(value.value_or("")); }

/// Lets the upstream answer with `fields` and a body that counts its answers.
void counting(Proxy& proxy, std::vector<std::pair<std::string, std::string>> fields, int status = 200) {
    proxy.origin.answer = [&proxy, fields = std::move(fields), status](const http::Request&) {
        http::Response response{.status = status, .body = "answer " + std::to_string(proxy.origin.asked)};
        for (const auto& [name, value] : fields)
            response.fields.add(name, value);
        return response;
    };
}

/// How often the upstream was asked for three requests in a row.
int asksOf(Proxy& proxy, const std::vector<http::FieldView>& fields = {}) {
    for (int i = 0; i < 3; ++i)
        (void)proxy.get("/t", fields);
    return proxy.origin.asked;
}

}  // namespace

class RelayTest : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatTheAnswerAllows_data() {
        QTest::addColumn<QString>("control");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("asks");
        QTest::addRow("max-age") << "max-age=60" << 200 << 1;
        QTest::addRow("s-maxage over max-age") << "max-age=60, s-maxage=0" << 200 << 3;
        QTest::addRow("no-store") << "no-store" << 200 << 3;
        QTest::addRow("private") << "private, max-age=60" << 200 << 3;
        QTest::addRow("no-cache without validator") << "no-cache, max-age=60" << 200 << 3;
        QTest::addRow("must-understand") << "must-understand, no-store, max-age=60" << 200 << 1;
        QTest::addRow("must-understand, status unknown")
            << "must-understand, no-store, max-age=60" << 299 << 3;
        QTest::addRow("moved for good") << "max-age=60" << 301 << 1;
        QTest::addRow("found, said so") << "max-age=60" << 302 << 1;
        QTest::addRow("found") << "" << 302 << 3;
        QTest::addRow("absent, said so") << "max-age=60" << 404 << 1;
        QTest::addRow("absent") << "" << 404 << 3;
        QTest::addRow("partial") << "max-age=60" << 206 << 3;
        QTest::addRow("broken") << "max-age=60" << 500 << 3;
    }
    void keepsWhatTheAnswerAllows() {
        QFETCH(QString, control);
        QFETCH(int, status);
        QFETCH(int, asks);
        Proxy proxy;
        counting(proxy, {{"Cache-Control", control.toStdString()}}, status);
        QCOMPARE(asksOf(proxy), asks);
    }

    void goesOnCountingTheAgeOthersBegan() {
        Proxy proxy;
        counting(proxy, {{"Cache-Control", "max-age=100"}, {"Age", "70"}});
        QCOMPARE(proxy.get("/t")->field("Age"), std::string("70"));
        proxy.rig.clock.advance(20s);
        const auto hit = proxy.get("/t");
        QCOMPARE(hit->field("Age"), std::string("90"));
        QCOMPARE(hit->field("Cache-Status"), std::string("hone; hit"));
        proxy.rig.clock.advance(10s);
        QVERIFY(proxy.get("/t")->field("Cache-Status").starts_with("hone; fwd=stale"));
    }

    void doesNotKeepWhatCameTooOld() {
        Proxy proxy;
        counting(proxy, {{"Cache-Control", "max-age=100"}, {"Age", "100"}});
        QCOMPARE(asksOf(proxy), 3);
    }

    void guessesWhereNothingIsSaid() {
        Proxy proxy;
        counting(proxy, {{"Last-Modified", http::httpDate(proxy.rig.clock.wallNow() - 1000s)}});
        (void)proxy.get("/t");
        proxy.rig.clock.advance(99s);
        QCOMPARE(proxy.get("/t")->field("Cache-Status"), std::string("hone; hit"));
        proxy.rig.clock.advance(2s);
        QVERIFY(proxy.get("/t")->field("Cache-Status").starts_with("hone; fwd=stale"));
    }

    void obeysTheFieldForCdnsOverCacheControl() {
        Proxy kept;
        counting(kept, {{"Cache-Control", "no-store"}, {"CDN-Cache-Control", "max-age=60"}});
        QCOMPARE(asksOf(kept), 1);
        Proxy refused;
        counting(refused, {{"Cache-Control", "max-age=60"}, {"CDN-Cache-Control", "no-store"}});
        QCOMPARE(asksOf(refused), 3);
    }

    void asksTheUpstreamWhetherAStaleAnswerStillHolds() {
        Proxy proxy;
        std::string seen;
        proxy.origin.answer = [&](const http::Request& request) {
            seen = text(request.field("If-None-Match"));
            return seen.empty()
                       ? answerWith("body",
                                    {{"ETag", "\"v1\""}, {"Cache-Control", "max-age=10"}, {"X-A", "old"}})
                       : answerWith("", {{"ETag", "\"v1\""}, {"Cache-Control", "max-age=20"}, {"X-A", "new"}},
                                    304);
        };
        (void)proxy.get("/t");
        proxy.rig.clock.advance(11s);
        const auto renewed = proxy.get("/t");
        QCOMPARE(seen, std::string("\"v1\""));
        QCOMPARE(renewed->status(), 200);
        QCOMPARE(renewed->body(), std::string("body"));
        QCOMPARE(renewed->field("X-A"), std::string("new"));
        QCOMPARE(renewed->field("Cache-Status"), std::string("hone; fwd=stale; fwd-status=304; stored"));
        QCOMPARE(proxy.rig.counter("validated"), 1.0);
        proxy.rig.clock.advance(19s);  // by the 304's own lifetime
        const auto hit = proxy.get("/t");
        QCOMPARE(hit->field("Cache-Status"), std::string("hone; hit"));
        QCOMPARE(hit->body(), std::string("body"));
        QCOMPARE(proxy.origin.asked, 2);
    }

    void asksByDateWhereThereIsNoTag() {
        Proxy proxy({{"etag", "off"}});
        const auto date = http::httpDate(proxy.rig.clock.wallNow() - 100s);
        proxy.origin.answer = [&](const http::Request& request) {
            return request.field("If-Modified-Since") == date && !request.field("If-None-Match")
                       ? answerWith("", {}, 304)
                       : answerWith("body", {{"Last-Modified", date}, {"Cache-Control", "max-age=1"}});
        };
        (void)proxy.get("/t");
        proxy.rig.clock.advance(2s);
        QCOMPARE(proxy.get("/t")->body(), std::string("body"));
        QCOMPARE(proxy.rig.counter("validated"), 1.0);
    }

    void neverShowsTheUpstreamATagOfOurs() {
        Proxy proxy;
        bool wasAsked = false;
        proxy.origin.answer = [&](const http::Request& request) {
            wasAsked = wasAsked || request.field("If-None-Match");
            return answerWith("body", {{"Cache-Control", "max-age=1"}});
        };
        QVERIFY(!proxy.get("/t")->field("ETag").empty());
        proxy.rig.clock.advance(2s);
        (void)proxy.get("/t");
        QVERIFY(!wasAsked);
    }

    void validatesNoCacheAnswersEveryTime() {
        Proxy proxy;
        int full = 0;
        proxy.origin.answer = [&](const http::Request& request) {
            if (request.field("If-None-Match"))
                return answerWith("", {{"ETag", "\"v\""}, {"Cache-Control", "no-cache"}}, 304);
            ++full;
            return answerWith("body", {{"ETag", "\"v\""}, {"Cache-Control", "no-cache"}});
        };
        QCOMPARE(asksOf(proxy), 3);
        QCOMPARE(full, 1);
        QCOMPARE(proxy.get("/t", {{"Cache-Control", "max-stale"}})->field("Cache-Status"),
                 std::string("hone; fwd=stale; fwd-status=304; stored"));
    }

    void asksAgainWhenA304IsAboutAnotherAnswer() {
        Proxy proxy;
        proxy.origin.answer = [&](const http::Request& request) {
            return request.field("If-None-Match")
                       ? answerWith("", {{"ETag", "\"other\""}}, 304)
                       : answerWith("body " + std::to_string(proxy.origin.asked),
                                    {{"ETag", "\"v\""}, {"Cache-Control", "max-age=1"}});
        };
        (void)proxy.get("/t");
        proxy.rig.clock.advance(2s);
        const auto again = proxy.get("/t");
        QCOMPARE(again->status(), 200);
        QCOMPARE(again->body(), std::string("body 3"));
    }

    void answersTheClientsConditionsItself() {
        Proxy proxy;
        std::string seen = "none";
        proxy.origin.answer = [&](const http::Request& request) {
            seen = text(request.field("If-None-Match"));
            return answerWith("body", {{"ETag", "\"v\""}, {"Cache-Control", "max-age=9"}});
        };
        // Not passed on: a 304 would leave nothing to keep.
        QCOMPARE(proxy.get("/t", {{"If-None-Match", "\"v\""}})->status(), 304);
        QCOMPARE(seen, std::string());
        QCOMPARE(proxy.get("/t", {{"If-None-Match", "\"v\""}})->status(), 304);
        QCOMPARE(proxy.get("/t", {{"If-None-Match", "\"w\""}})->body(), std::string("body"));
        QCOMPARE(proxy.origin.asked, 1);
        Proxy uncached;
        uncached.origin.answer = [](const http::Request&) {
            return answerWith("body", {{"ETag", "\"v\""}, {"Cache-Control", "no-store"}});
        };
        QCOMPARE(uncached.get("/t", {{"If-None-Match", "\"v\""}})->status(), 304);
    }

    void leavesPreconditionsToTheUpstream() {
        Proxy proxy;
        counting(proxy, {{"Cache-Control", "max-age=60"}, {"ETag", "\"v\""}});
        (void)proxy.get("/t");
        QCOMPARE(proxy.get("/t", {{"If-Match", "\"x\""}})->field("Cache-Status"),
                 std::string("hone; fwd=bypass"));
        QCOMPARE(proxy.origin.asked, 2);
    }

    void cutsRangesFromAWholeAnswerOnly() {
        Proxy proxy;
        std::string asked;
        proxy.origin.answer = [&](const http::Request& request) {
            asked = text(request.field("Range"));
            return asked.empty()
                       ? answerWith("0123456789", {{"ETag", "\"v\""}, {"Cache-Control", "max-age=60"}})
                       : answerWith("from the upstream", {{"Content-Range", "bytes 2-4/10"}}, 206);
        };
        QCOMPARE(proxy.get("/t", {{"Range", "bytes=2-4"}})->body(), std::string("from the upstream"));
        QCOMPARE(asked, std::string("bytes=2-4"));
        QCOMPARE(proxy.rig.counter("entries"), 0.0);
        (void)proxy.get("/t");
        const auto part = proxy.get("/t", {{"Range", "bytes=2-4"}});
        QCOMPARE(part->status(), 206);
        QCOMPARE(part->body(), std::string("234"));
        QCOMPARE(part->field("Content-Range"), std::string("bytes 2-4/10"));
        QCOMPARE(proxy.get("/t", {{"Range", "bytes=50-"}})->status(), 416);
        QCOMPARE(proxy.get("/t", {{"Range", "bytes=2-4"}, {"If-Range", "\"old\""}})->status(), 200);
        QCOMPARE(proxy.origin.asked, 2);
    }

    void answersHeadFromAKeptGetAndNeverTheOtherWayRound() {
        Proxy proxy;
        proxy.origin.answer = [](const http::Request& request) {
            return answerWith(request.method == http::Method::Head ? "" : "body",
                              {{"Cache-Control", "max-age=60"}});
        };
        (void)proxy.get("/t", {}, "HEAD");
        QCOMPARE(proxy.get("/t")->body(), std::string("body"));
        QCOMPARE(proxy.get("/t", {}, "HEAD")->field("Cache-Status"), std::string("hone; hit"));
        QCOMPARE(proxy.origin.asked, 2);
    }

    void mindsWhatStaleAnswersMayBeUsedFor_data() {
        QTest::addColumn<QString>("control");
        QTest::addColumn<bool>("stale");
        QTest::addColumn<bool>("onError");
        QTest::addRow("plain") << "max-age=10" << true << false;
        QTest::addRow("must-revalidate")
            << "max-age=10, must-revalidate, stale-if-error=60" << false << false;
        QTest::addRow("proxy-revalidate") << "max-age=10, proxy-revalidate" << false << false;
        QTest::addRow("s-maxage") << "s-maxage=10" << false << false;
        QTest::addRow("stale-if-error") << "max-age=10, stale-if-error=60" << true << true;
        QTest::addRow("s-maxage with stale-if-error") << "s-maxage=10, stale-if-error=60" << false << true;
    }
    void mindsWhatStaleAnswersMayBeUsedFor() {
        QFETCH(QString, control);
        QFETCH(bool, stale);
        QFETCH(bool, onError);
        Proxy proxy;
        counting(proxy, {{"Cache-Control", control.toStdString()}});
        (void)proxy.get("/t");
        proxy.rig.clock.advance(20s);
        proxy.origin.answer = [](const http::Request&) { return answerWith("down", {}, 502); };
        QCOMPARE(proxy.get("/t", {{"Cache-Control", "max-stale=30"}})->body() == "answer 1",
                 stale || onError);
        QCOMPARE(proxy.get("/t")->status(), onError ? 200 : 502);
    }

    void outdatesTheTargetAndWhatTheAnswerNames_data() {
        QTest::addColumn<QString>("invalidation");
        QTest::addColumn<QString>("gone");
        QTest::addRow("url") << "url" << "/things/7 /things/9 /old";
        QTest::addRow("off") << "off" << "/things/7 /things/9 /old";
        QTest::addRow("table") << "table" << "/things /things?page=2 /things/7 /things/9 /old";
        QTest::addRow("dataset") << "dataset" << "/things /things?page=2 /things/7 /things/9 /old /elsewhere";
    }
    void outdatesTheTargetAndWhatTheAnswerNames() {
        QFETCH(QString, invalidation);
        QFETCH(QString, gone);
        const std::string scope = invalidation.toStdString();
        Proxy proxy({{"invalidation", scope}});
        const QStringList all{"/things", "/things?page=2", "/things/7", "/things/9", "/old", "/elsewhere"};
        counting(proxy, {{"Cache-Control", "max-age=60"}});
        for (const auto& target : all)
            (void)proxy.get(target.toStdString());
        proxy.origin.answer = [](const http::Request&) {
            return answerWith(
                "", {{"Location", "http://api.test/things/9"}, {"Content-Location", "/old?x=1"}, {"X", "1"}});
        };
        QCOMPARE(proxy.get("/things/7", {}, "PUT")->field("Cache-Status"), std::string("hone; fwd=method"));
        QStringList missing;
        for (const auto& target : all)
            if (proxy.get(target.toStdString())->field("Cache-Status") != "hone; hit")
                missing << target;
        QCOMPARE(missing.join(' '), gone);
    }

    void ignoresLocationsOnOtherOriginsAndFailedWrites() {
        Proxy proxy({{"invalidation", "url"}});
        counting(proxy, {{"Cache-Control", "max-age=60"}});
        (void)proxy.get("/a");
        (void)proxy.get("/b");
        proxy.origin.answer = [](const http::Request&) {
            return answerWith(
                "", {{"Location", "http://elsewhere.test/a"}, {"Content-Location", "https://api.test/a"}});
        };
        (void)proxy.get("/c", {}, "POST");
        QCOMPARE(proxy.get("/a")->field("Cache-Status"), std::string("hone; hit"));
        proxy.origin.answer = [](const http::Request&) { return answerWith("", {}, 409); };
        (void)proxy.get("/b", {}, "DELETE");
        QCOMPARE(proxy.get("/b")->field("Cache-Status"), std::string("hone; hit"));
    }

    void keepsTheVariantsOfAUrlApart() {
        Proxy proxy({{"variants", "2"}});
        proxy.origin.answer = [](const http::Request& request) {
            return answerWith("in " + text(request.field("Accept-Language")),
                              {{"Cache-Control", "max-age=60"}, {"Vary", "accept-language"}});
        };
        (void)proxy.get("/t", {{"Accept-Language", "de, en"}});
        QCOMPARE(proxy.get("/t", {{"Accept-Language", "DE,en"}})->body(), std::string("in de, en"));
        const auto other = proxy.get("/t", {{"Accept-Language", "fr"}});
        QCOMPARE(other->body(), std::string("in fr"));
        QCOMPARE(other->field("Cache-Status"), std::string("hone; fwd=vary-miss; stored"));
        QCOMPARE(proxy.get("/t")->body(), std::string("in "));  // a third: the first makes way
        QCOMPARE(proxy.rig.counter("entries"), 2.0);
        QCOMPARE(proxy.get("/t", {{"Accept-Language", "fr"}})->field("Cache-Status"),
                 std::string("hone; hit"));
        QCOMPARE(proxy.get("/t", {{"Accept-Language", "de, en"}})->field("Cache-Status"),
                 std::string("hone; fwd=vary-miss; stored"));
        Proxy star;
        counting(star, {{"Cache-Control", "max-age=60"}, {"Vary", "*"}});
        QCOMPARE(asksOf(star), 3);
    }

    void addsItselfToTheUpstreamsCacheStatus() {
        Proxy proxy;
        counting(proxy, {{"Cache-Control", "max-age=60"}, {"Cache-Status", "origin; hit"}});
        const auto miss = proxy.get("/t");
        const auto& response = miss->exchange.response;
        QCOMPARE(text(response.prepared->fields.get("Cache-Status")), std::string("origin; hit"));
        QCOMPARE(text(response.fields.get("Cache-Status")), std::string("hone; fwd=uri-miss; stored"));
        Proxy passing;
        counting(passing, {{"Cache-Control", "no-store"}, {"Cache-Status", "origin; hit"}});
        QCOMPARE(passing.get("/t")->exchange.response.fields.joined("Cache-Status"),
                 std::string("origin; hit, hone; fwd=uri-miss"));
    }

    void purgesByUrlPrefixAndTag() {
        Proxy proxy;
        proxy.origin.answer = [](const http::Request& request) {
            return answerWith("x", {{"Cache-Control", "max-age=60"},
                                    {"Surrogate-Key", request.path == "/a/1" ? "red blue" : "green"}});
        };
        const auto fill = [&] {
            for (const char* target : {"/a/1", "/a/2?y=1&x=2", "/b"})
                (void)proxy.get(target);
        };
        fill();
        QCOMPARE(proxy.rig.state->purge({.url = "/a/2?x=2&y=1"}), std::uint64_t(1));
        QCOMPARE(proxy.rig.state->purge({.url = "/a/2"}), std::uint64_t(0));
        fill();
        QCOMPARE(proxy.rig.state->purge({.url = "/a/*"}), std::uint64_t(2));
        fill();
        QCOMPARE(proxy.rig.state->purge({.tag = "blue"}), std::uint64_t(1));
        QCOMPARE(proxy.rig.state->purge({.url = "/b", .tag = "red"}), std::uint64_t(0));
        QCOMPARE(proxy.rig.counter("purged"), 4.0);
        QCOMPARE(proxy.get("/a/1")->field("Cache-Status"), std::string("hone; fwd=uri-miss; stored"));
    }

    void doesNotKeepWhatWasPurgedWhileItWasComputed() {
        Proxy proxy;
        proxy.origin.answer = [&](const http::Request&) {
            proxy.rig.state->purge({.url = "/t"});
            return answerWith("x", {{"Cache-Control", "max-age=60"}});
        };
        QCOMPARE(proxy.get("/t")->field("Cache-Status"), std::string("hone; fwd=uri-miss"));
        QCOMPARE(proxy.rig.counter("entries"), 0.0);
    }
};

QTEST_GUILESS_MAIN(RelayTest)
#include "relay_test.moc"

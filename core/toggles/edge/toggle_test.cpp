#include "core/toggles/edge/edge_rig.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

class EdgeToggleTest : public QObject {
    Q_OBJECT
private slots:
    void answersFromTheNearestPointOfPresenceOnceItKnows() {
        Edge edge;
        const auto first = edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        const auto second = edge.getOwn("/api/things", {{"Hone-Region", "nz"}});
        QCOMPARE(edge.ownAsked, 1);
        QCOMPARE(second->body(), std::string("own 1"));
        QCOMPARE(first->field("Cache-Status"),
                 std::string("edge-fra; fwd=uri-miss; stored"));  // field() is the first of two
        QCOMPARE(first->exchange.response.fields.joined("Cache-Status"),
                 std::string("edge-fra; fwd=uri-miss; stored, edge-syd; fwd=uri-miss; stored"));
        QCOMPARE(second->field("Cache-Status"), std::string("edge-syd; hit; ttl=60"));
        QCOMPARE(edge.rig.counter("hits"), 1.0);
        QCOMPARE(edge.rig.counter("misses"), 1.0);
        QCOMPARE(edge.rig.counter("sydHits"), 1.0);
        QCOMPARE(edge.rig.counter("sydMisses"), 1.0);
        QCOMPARE(edge.rig.counter("fraMisses"), 1.0);
    }

    void theShieldSparesTheOriginASecondRequest() {
        Edge edge;
        edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        edge.rig.clock.advance(5s);
        const auto elsewhere = edge.getOwn("/api/things", {{"Hone-Region", "jp"}});
        QCOMPARE(edge.ownAsked, 1);
        QCOMPARE(elsewhere->exchange.response.fields.joined("Cache-Status"),
                 std::string("edge-fra; hit; ttl=55, edge-nrt; fwd=uri-miss; stored"));
        QCOMPARE(elsewhere->field("Age"), std::string("5"));
        QCOMPARE(edge.rig.counter("shieldHits"), 1.0);
        QCOMPARE(edge.getOwn("/api/things", {{"Hone-Region", "jp"}})->field("Cache-Status"),
                 std::string("edge-nrt; hit; ttl=55"));
    }

    void withoutAShieldEachPointOfPresenceAsksTheOrigin() {
        Edge edge({{"shield", "false"}});
        edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        const auto elsewhere = edge.getOwn("/api/things", {{"Hone-Region", "jp"}});
        QCOMPARE(edge.ownAsked, 2);
        QCOMPARE(elsewhere->exchange.response.fields.joined("Cache-Status"),
                 std::string("edge-nrt; fwd=uri-miss; stored"));
    }

    void holdsAnswersBackByTheWayTheyWent() {
        Edge edge({{"rtt", "fibre"}});
        const auto miss = edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        const auto hit = edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        // Sydney to Frankfurt is 16 500 km: 165 ms of light in fibre. The city is 2 ms away, twice with TCP.
        QVERIFY2(std::abs(Edge::heldBack(*hit) - 4) < 1, qPrintable(QString::number(Edge::heldBack(*hit))));
        QVERIFY2(std::abs(Edge::heldBack(*miss) - 169) < 3,
                 qPrintable(QString::number(Edge::heldBack(*miss))));
        QCOMPARE(hit->exchange.timings[0].name, std::string_view("edge"));
        QCOMPARE(hit->exchange.timings[0].note, std::string("simulated syd HIT"));
        QCOMPARE(miss->exchange.timings[0].note, std::string("simulated syd MISS"));
    }

    void withoutCachingOnlyTheDistanceIsThere() {
        Edge edge({{"caching", "false"}, {"rtt", "fibre"}});
        edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        const auto second = edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        QCOMPARE(edge.ownAsked, 2);
        QVERIFY(!second->exchange.response.fields.has("Cache-Status"));
        // TCP and the request, each a round trip over the whole way.
        QVERIFY2(std::abs(Edge::heldBack(*second) - 2 * 167) < 3,
                 qPrintable(QString::number(Edge::heldBack(*second))));
        QCOMPARE(edge.rig.counter("distance"), edge.rig.counter("direct"));
    }

    void distanceNoneHoldsNothingBack() {
        Edge edge({{"rtt", "none"}});
        QCOMPARE(edge.getOwn("/api/things")->exchange.heldBack, 0ns);
    }

    void aWritePurgesEveryPointOfPresence() {
        Edge edge;
        edge.getOwn("/api/things", {{"Hone-Region", "au"}});
        edge.revision = 2;
        const auto write = edge.getOwn("/api/things/1", {{"Hone-Region", "de"}}, "PUT");
        QCOMPARE(write->field("Cache-Status"), std::string("edge-fra; fwd=method"));
        QCOMPARE(edge.getOwn("/api/things", {{"Hone-Region", "au"}})->body(), std::string("own 2"));
        QCOMPARE(edge.rig.counter("purged"), 2.0);  // Sydney and the shield
    }

    void aWritePurgesNothingWhenAskedTo() {
        Edge edge({{"onWrite", "nothing"}});
        edge.getOwn("/api/things");
        edge.revision = 2;
        edge.getOwn("/api/things/1", {}, "PUT");
        QCOMPARE(edge.getOwn("/api/things")->body(), std::string("own 1"));
    }

    void purgesByUrlAndByTag() {
        Edge edge({{"clients", "de"}});
        edge.getOwn("/api/things/1");
        edge.getOwn("/api/things/2");
        QCOMPARE(edge.rig.state->purge({.url = "/api/things/1", .tag = {}}), std::uint64_t{1});
        QCOMPARE(edge.rig.state->purge({.url = {}, .tag = "others"}), std::uint64_t{0});
        QCOMPARE(edge.rig.state->purge({.url = {}, .tag = "things"}), std::uint64_t{1});
        edge.getOwn("/api/things/2");
        QCOMPARE(edge.ownAsked, 3);
    }

    void keepsWhatACacheAtTheOriginHadReadyWithItsAge() {
        Edge edge({{"clients", "de"}});
        http::Fields fields;
        fields.add("Cache-Control", "public, max-age=100");
        const auto ready = http::prepare(200, fields, "kept at the origin");
        Ask ask("/api/things", {{"Host", "api.test"}});
        edge.stage->admit(ask.exchange);
        http::Response response;
        response.prepared = ready;
        response.fields.add("Age", "30");
        response.fields.add("Cache-Status", "hone; hit");
        ask.exchange.answer(std::move(response));
        edge.stage->finish(ask.exchange);
        QCOMPARE(ask.exchange.response.fields.joined("Cache-Status"),
                 std::string("hone; hit, edge-fra; fwd=uri-miss; stored"));
        edge.rig.clock.advance(10s);
        const auto hit = edge.getOwn("/api/things");
        QCOMPARE(hit->body(), std::string("kept at the origin"));
        QCOMPARE(hit->field("Age"), std::string("40"));
        QCOMPARE(hit->exchange.response.fields.joined("Cache-Status"), std::string("edge-fra; hit; ttl=60"));
    }

    void answersConditionalRequestsWith304() {
        Edge edge({{"clients", "de"}});
        const auto first = edge.getOwn("/api/things");
        const std::string tag = first->field("ETag");
        QVERIFY(!tag.empty());
        const auto again = edge.getOwn("/api/things", {{"If-None-Match", tag}});
        QCOMPARE(again->status(), 304);
        QCOMPARE(edge.ownAsked, 1);
    }

    void neverGivesOneUsersAnswerToAnother() {
        Edge edge({{"clients", "de"}});
        edge.getOwn("/api/things", {{"Authorization", "Bearer a"}});
        edge.getOwn("/api/things", {{"Authorization", "Bearer b"}});
        edge.getOwn("/api/things", {{"Cookie", "session=c"}});
        QCOMPARE(edge.ownAsked, 3);
        QCOMPARE(edge.rig.counter("entries"), 0.0);
    }

    void forgetsEverythingOnReset() {
        Edge edge;
        edge.getOwn("/api/things");
        edge.rig.state->reset();
        QCOMPARE(edge.rig.counter("entries"), 0.0);
        edge.getOwn("/api/things");
        QCOMPARE(edge.ownAsked, 2);
    }

    void staysWithinTheBudgetOfEachPointOfPresence() {
        Edge edge({{"clients", "de"}, {"size", "65536"}});
        for (int i = 0; i < 500; ++i)
            edge.getOwn(fmt::format("/api/things/{}", i));
        QVERIFY(edge.rig.counter("bytes") <= 65'536);
        QVERIFY(edge.rig.counter("evictions") > 0);
    }
};

QTEST_GUILESS_MAIN(EdgeToggleTest)
#include "toggle_test.moc"

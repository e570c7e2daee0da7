#include "core/toggles/edge/edge_rig.h"

#include <QtTest>

using namespace hone;
using namespace hone::toggles::test;
using namespace std::chrono_literals;

/// In front of an upstream.
class EdgeRelayTest : public QObject {
    Q_OBJECT
private slots:
    void asksAnUpstreamWhetherAStaleAnswerStillHolds() {
        Edge edge({{"clients", "de"}});
        edge.origin.answer = [](const http::Request& request) {
            if (request.field("If-None-Match") == "\"one\"")
                return answerWith("", {{"ETag", "\"one\""}, {"Cache-Control", "max-age=10"}}, 304);
            return answerWith("whole", {{"ETag", "\"one\""}, {"Cache-Control", "max-age=10"}});
        };
        edge.get("/a");
        edge.rig.clock.advance(11s);
        const auto renewed = edge.get("/a");
        QCOMPARE(renewed->status(), 200);
        QCOMPARE(renewed->body(), std::string("whole"));
        QCOMPARE(renewed->exchange.response.fields.joined("Cache-Status"),
                 std::string("edge-fra; fwd=stale; fwd-status=304; stored"));
        QCOMPARE(edge.rig.counter("validated"), 1.0);
        QCOMPARE(edge.get("/a")->field("Cache-Status"), std::string("edge-fra; hit; ttl=10"));
        QCOMPARE(edge.origin.asked, 2);
    }

    void obeysTheFieldMeantForIt() {
        Edge edge({{"clients", "de"}});
        edge.origin.answer = [](const http::Request&) {
            return answerWith("x", {{"CDN-Cache-Control", "max-age=100"}, {"Cache-Control", "no-store"}});
        };
        edge.get("/a");
        QCOMPARE(edge.get("/a")->field("Cache-Status"), std::string("edge-fra; hit; ttl=100"));
        QCOMPARE(edge.origin.asked, 1);
    }

    void answersFromWhatItKeepsWhileTheOriginIsDown_data() {
        QTest::addColumn<int>("age");
        QTest::addColumn<int>("status");
        QTest::newRow("within the time allowed") << 60 << 200;
        QTest::newRow("longer than that") << 400 << 502;
    }
    void answersFromWhatItKeepsWhileTheOriginIsDown() {
        QFETCH(int, age);
        QFETCH(int, status);
        Edge edge({{"clients", "de"}, {"staleIfError", "300s"}});
        bool isUp = true;
        edge.origin.answer = [&](const http::Request&) {
            return isUp ? answerWith("old", {{"Cache-Control", "max-age=10"}}) : answerWith("down", {}, 502);
        };
        edge.get("/a");
        isUp = false;
        edge.rig.clock.advance(std::chrono::seconds(age));
        const auto ask = edge.get("/a");
        QCOMPARE(ask->status(), status);
        if (status == 200) {
            QCOMPARE(ask->body(), std::string("old"));
            QCOMPARE(ask->field("Cache-Status"), std::string("edge-fra; fwd=stale; fwd-status=502"));
            QCOMPARE(ask->field("Age"), std::string("60"));
            QCOMPARE(edge.rig.counter("stale"), 1.0);
        }
    }

    void keepsNeitherPersonalNorForbiddenAnswers_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::newRow("private") << "Cache-Control" << "private, max-age=60";
        QTest::newRow("no-store") << "Cache-Control" << "no-store";
        QTest::newRow("a cookie") << "Set-Cookie" << "session=1";
        QTest::newRow("varies by everything") << "Vary" << "*";
    }
    void keepsNeitherPersonalNorForbiddenAnswers() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        Edge edge({{"clients", "de"}});
        const auto field = name.toStdString(), content = value.toStdString();
        edge.origin.answer = [&](const http::Request&) { return answerWith("mine", {{field, content}}); };
        edge.get("/a");
        edge.get("/a");
        QCOMPARE(edge.origin.asked, 2);
    }

    void keepsVariantsApart() {
        Edge edge({{"clients", "de"}});
        edge.origin.answer = [](const http::Request& request) {
            return answerWith(std::string(request.field("Accept-Language").value_or("")),
                              {{"Vary", "Accept-Language"}, {"Cache-Control", "max-age=60"}});
        };
        edge.get("/a", {{"Accept-Language", "de"}});
        QCOMPARE(edge.get("/a", {{"Accept-Language", "fr"}})->body(), std::string("fr"));
        QCOMPARE(edge.get("/a", {{"Accept-Language", "de"}})->body(), std::string("de"));
        QCOMPARE(edge.origin.asked, 2);
    }

    void purgesByTheUpstreamsSurrogateKeys() {
        Edge edge;
        edge.origin.answer = [](const http::Request&) {
            return answerWith("x", {{"Surrogate-Key", "red blue"}, {"Cache-Control", "max-age=60"}});
        };
        edge.get("/a", {{"Hone-Region", "jp"}});
        edge.get("/a", {{"Hone-Region", "au"}});
        QCOMPARE(edge.rig.state->purge({.url = {}, .tag = "blue"}), std::uint64_t{3});  // and the shield's
        edge.get("/a", {{"Hone-Region", "jp"}});
        QCOMPARE(edge.origin.asked, 2);
    }

    void doesNotKeepWhatWasPurgedWhileItWasFetched() {
        Edge edge({{"clients", "de"}});
        edge.origin.answer = [&](const http::Request&) {
            edge.rig.state->purge({.url = "/a", .tag = {}});
            return answerWith("x", {{"Cache-Control", "max-age=60"}});
        };
        QCOMPARE(edge.get("/a")->field("Cache-Status"), std::string("edge-fra; fwd=uri-miss"));
        edge.get("/a");
        QCOMPARE(edge.origin.asked, 2);
    }

    void refusesToFetchWhenOnlyAKeptAnswerWillDo() {
        Edge edge({{"clients", "de"}});
        const auto ask = edge.get("/a", {{"Cache-Control", "only-if-cached"}});
        QCOMPARE(ask->status(), 504);
        QCOMPARE(edge.origin.asked, 0);
    }

    void requestsForOneAnswerWaitForTheFirst() {
        Edge edge;
        Ask first("/a", {{"Host", "h"}, {"Hone-Region", "au"}}),
            second("/a", {{"Host", "h"}, {"Hone-Region", "jp"}});
        const auto other = edge.rig.stage();
        engine::Resume unused = [](auto) { throw std::runtime_error("the first leads"); };
        first.exchange.route.endpoint = second.exchange.route.endpoint = &edge.origin;
        edge.stage->admit(first.exchange);
        QCOMPARE(edge.stage->lookup(first.exchange, unused), engine::Lookup::Continue);
        bool isResumed = false;
        engine::Resume resume = [&](std::move_only_function<void(engine::Exchange&)> before) {
            isResumed = true;
            before(second.exchange);
        };
        other->admit(second.exchange);
        QCOMPARE(other->lookup(second.exchange, resume), engine::Lookup::Wait);
        first.exchange.response = answerWith("once", {{"Cache-Control", "max-age=60"}});
        first.exchange.cacheable = true;
        edge.stage->finish(first.exchange);
        QVERIFY(isResumed);
        other->finish(second.exchange);
        QCOMPARE(second.body(), std::string("once"));
        QCOMPARE(second.exchange.response.fields.joined("Cache-Status"),
                 std::string("edge-fra; fwd=uri-miss; collapsed, edge-nrt; fwd=uri-miss; collapsed"));
        QCOMPARE(edge.rig.counter("coalesced"), 1.0);
    }
};

QTEST_GUILESS_MAIN(EdgeRelayTest)
#include "relay_test.moc"

// The edge in a whole engine, over sockets.

#include "core/engine/test_client.h"
#include "core/toggles/edge/varnish_test_client.h"

#include <QtTest>

#include <thread>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;
using namespace hone::toggles::test;

class EdgeServedTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_engine = engineOfCities(m_folder.path().toStdString()); }
    void cleanupTestCase() { m_engine.reset(); }
    void init() { apply({}); }

    void saysWhereAnAnswerWasKeptAndHowFarThatIs() {
        apply({"edge.rtt=fibre", "edge.clients=gb", "edge.origin=lhr"});
        QCOMPARE(get("/api/towns").status, 200);
        const auto hit = get("/api/towns");
        QCOMPARE(hit.status, 200);
        QVERIFY2(hit.field("Cache-Status").starts_with("edge-lhr; hit; ttl="),
                 hit.field("Cache-Status").c_str());
        QVERIFY2(hit.field("Server-Timing").find("desc=\"simulated lhr HIT\"") != std::string::npos,
                 hit.field("Server-Timing").c_str());
        QVERIFY(!hit.field("Age").empty());
    }

    void saysTheSameNearAndFar() {
        const auto plain = get("/api/towns");
        apply({"edge.rtt=none"});
        for (const char* region : {"de", "au", "de", "in"})
            QCOMPARE(get("/api/towns", {std::string("Hone-Region: ") + region}).body, plain.body);
    }

    void hasNothingToDoWithItWhenOff() {
        model::Profile off;
        QVERIFY(m_engine->apply(Arm::A, off));
        const auto reply = get("/api/towns", {"Hone-Region: au"});
        QVERIFY(reply.field("Cache-Status").empty());
        QVERIFY(reply.field("Server-Timing").find("simulated") == std::string::npos);
    }

    void seesAWriteAtOnceEverywhere() {
        apply({"edge.rtt=none"});
        QVERIFY(get("/api/towns/3", {"Hone-Region: au"}).body.find("Gent") != std::string::npos);
        QCOMPARE(client().send("PATCH", "/api/towns/3", R"({"name":"Liege"})").status, 200);
        QVERIFY(get("/api/towns/3", {"Hone-Region: au"}).body.find("Liege") != std::string::npos);
        QCOMPARE(client().send("PATCH", "/api/towns/3", R"({"name":"Gent"})").status, 200);
    }

    void forgetsOverThePurgeApi() {
        apply({"edge.rtt=none", "edge.clients=au"});
        (void)get("/api/towns/1");
        QCOMPARE(m_engine->purge(Arm::A, {.url = {}, .tag = "towns"}), std::uint64_t{2});  // and the shield
        QVERIFY(get("/api/towns/1").field("Cache-Status").find("uri-miss") != std::string::npos);
    }

    void stopsWhileAnswersAreHeldBack() {
        apply({"edge.rtt=mobile", "edge.clients=nz", "edge.caching=false"});
        const auto before = m_engine->snapshot().requests;
        std::thread asking([this] { (void)get("/api/towns"); });  // answered or cut off: it ends
        while (m_engine->snapshot().requests == before)
            std::this_thread::yield();
        m_engine->stop(std::chrono::milliseconds(0));
        asking.join();
        QVERIFY(m_engine->snapshot().openConnections == 0);
    }

private:
    [[nodiscard]] TestClient client() const { return TestClient(m_engine->port()); }
    [[nodiscard]] Reply get(std::string_view target, const TestClient::Lines& lines = {}) const {
        return client().get(target, lines);
    }
    void apply(std::initializer_list<const char*> settings) {
        model::Profile profile;
        profile.toggles["edge"].on = true;
        for (const char* setting : settings)
            QVERIFY(profile.setText(setting));
        const auto applied = m_engine->apply(Arm::A, profile);
        QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;
};

QTEST_GUILESS_MAIN(EdgeServedTest)
#include "served_test.moc"

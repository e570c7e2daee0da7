// The same settings in a real Varnish, in front of a real engine.

#include "core/engine/test_client.h"
#include "core/toggles/edge/varnish_test_client.h"

#include <QtTest>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;
using namespace hone::toggles;
using namespace hone::toggles::test;

class VarnishTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        if (Varnish::isInstalled())
            return;
        if (qEnvironmentVariableIsSet("CI"))
            QFAIL("varnishd is not installed");
        QSKIP("varnishd is not installed (package varnish)");
    }

    void hitsWhatItHasAndForgetsWhatIsPurged() {
        Setup setup({});
        QVERIFY2(setup.start(), setup.varnish.output());
        const TestClient client(setup.varnish.port());
        const auto miss = client.get("/api/towns"), hit = client.get("/api/towns");
        QVERIFY2(miss.status == 200, setup.varnish.output());
        QCOMPARE(miss.field("Cache-Status"), std::string("varnish; fwd=miss"));
        QVERIFY2(hit.field("Cache-Status").starts_with("varnish; hit; ttl="),
                 hit.field("Cache-Status").c_str());
        QCOMPARE(hit.body, miss.body);
        QVERIFY(hit.field("X-Hone-Url").empty());
        const auto asked = setup.asked();

        QCOMPARE(client.ask("PURGE", "/api/towns").status, 200);
        QCOMPARE(client.get("/api/towns").field("Cache-Status"), std::string("varnish; fwd=miss"));
        QCOMPARE(setup.asked(), asked + 1);
    }

    void purgesByTagAndByBeginning_data() {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("tag");
        QTest::addColumn<bool>("isGone");
        QTest::newRow("its tag") << "/" << "Hone-Tag: towns" << true;
        QTest::newRow("another tag") << "/" << "Hone-Tag: town" << false;
        QTest::newRow("its beginning") << "/api/to*" << "" << true;
        QTest::newRow("another beginning") << "/api/.o*" << "" << false;
    }
    void purgesByTagAndByBeginning() {
        QFETCH(QString, target);
        QFETCH(QString, tag);
        QFETCH(bool, isGone);
        Setup setup({});
        QVERIFY2(setup.start(), setup.varnish.output());
        const TestClient client(setup.varnish.port());
        QCOMPARE(client.get("/api/towns/1").status, 200);
        const TestClient::Lines lines =
            tag.isEmpty() ? TestClient::Lines{} : TestClient::Lines{tag.toStdString()};
        QCOMPARE(client.ask("PURGE", target.toStdString(), lines).status, 200);
        QCOMPARE(client.get("/api/towns/1").field("Cache-Status").starts_with("varnish; hit"), !isGone);
    }

    void aWriteThroughItOutdatesItsAnswers() {
        for (const char* onWrite : {"everything", "table"}) {
            Setup setup({{"onWrite", onWrite}});
            QVERIFY2(setup.start(), setup.varnish.output());
            const TestClient client(setup.varnish.port());
            QVERIFY(client.get("/api/towns/1").body.find("Ulm") != std::string::npos);
            QCOMPARE(client.send("PATCH", "/api/towns/1", R"({"name":"Brno"})").status, 200);
            QVERIFY2(client.get("/api/towns/1").body.find("Brno") != std::string::npos, onWrite);
        }
    }

    void passesByWhatNamesAUser() {
        Setup setup({});
        QVERIFY2(setup.start(), setup.varnish.output());
        const TestClient client(setup.varnish.port());
        for (const char* line : {"Cookie: session=1", "Authorization: Bearer a"})
            for (int i = 0; i < 2; ++i)
                QCOMPARE(client.get("/api/towns", {line}).field("Cache-Status"),
                         std::string("varnish; fwd=miss"));
    }

    void answersFromWhatItKeepsWhenTheEngineIsGone() {
        Setup setup({{"ttl", "1s"}, {"staleIfError", "600s"}});
        QVERIFY2(setup.start(), setup.varnish.output());
        const TestClient client(setup.varnish.port());
        const auto fresh = client.get("/api/towns");
        QCOMPARE(fresh.status, 200);
        setup.engine.reset();
        // Whether it is fresh yet or stale already: it answers.
        for (int i = 0; i < 20; ++i) {
            const auto kept = client.get("/api/towns");
            QCOMPARE(kept.status, 200);
            QCOMPARE(kept.body, fresh.body);
        }
        QCOMPARE(client.get("/api/towns/2").status, 503);
    }

    void refusesOriginsItCannotReach_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("TLS") << "https://api.example";
        QTest::newRow("no port") << "http://127.0.0.1:many";
        QTest::newRow("quotes") << "http://a\"b:80";
        QTest::newRow("nothing") << "";
    }
    void refusesOriginsItCannotReach() {
        QFETCH(QString, text);
        const auto address = edge::OriginAddress::parse(text.toStdString());
        QVERIFY(!address);
        QVERIFY(!address.error().hint.empty());
    }
    void readsOrigins() {
        const auto address = edge::OriginAddress::parse("http://127.0.0.1:8080/api");
        QVERIFY(address);
        QCOMPARE(address->host, std::string("127.0.0.1"));
        QCOMPARE(address->port, std::uint16_t{8080});
    }

private:
    struct Setup {
        explicit Setup(std::initializer_list<std::pair<std::string_view, std::string_view>> changes)
            : settings(edge::def().params),
              engine(engineOfCities(folder.path().toStdString())),
              varnish(changed(changes), engine->port()) {}
        const ParamSet& changed(
            std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
            for (const auto& [id, text] : changes)
                if (!settings.setText(id, text))
                    throw std::runtime_error("no such setting");
            return settings;
        }
        bool start() { return varnish.start(); }
        /// Of the towns, without the probe.
        std::uint64_t asked() const {
            std::uint64_t requests = 0;
            for (const auto& endpoint : engine->snapshot().endpoints)
                if (endpoint.name.find('<') != std::string::npos)
                    requests += endpoint.requests;
            return requests;
        }
        QTemporaryDir folder;
        ParamSet settings;
        std::unique_ptr<Engine> engine;
        Varnish varnish;
    };
};

QTEST_GUILESS_MAIN(VarnishTest)
#include "varnish_test.moc"

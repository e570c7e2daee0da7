// Dictionaries as a browser speaks them: Chromium finds, stores, matches and decodes by itself.

#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/toggles/catalogue.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace hone;
using namespace hone::engine;
using nlohmann::json;

class AdvancedBrowserTest : public QObject {
    Q_OBJECT
private slots:
    void chromiumTakesRowsByDictionaryAndPollsByDelta();
};

void AdvancedBrowserTest::chromiumTakesRowsByDictionaryAndPollsByDelta() {
    const auto node = QStandardPaths::findExecutable("node");
    const auto chromium = QStandardPaths::findExecutable("chromium");
    if (node.isEmpty() || chromium.isEmpty()) {
        QSKIP("Chromium or Node.js is missing (Debian packages chromium, nodejs)");
    }
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    json orders = json::array();
    for (int i = 1; i <= 400; ++i)
        orders.push_back({{"id", i},
                          {"customer", "Customer number " + std::to_string(i * 7919 % 1000)},
                          {"status", i % 3 == 0 ? "shipped" : "waiting for payment"},
                          {"comment", "Please deliver to the back door, and ring twice"}});
    std::ofstream(path / "shop.json") << json{{"orders", orders}};
    QVERIFY(data::importFile(path / "shop.json", path / "shop.db"));
    EngineOptions options;
    options.datasets = {data::Dataset::open(path / "shop.db").value()};
    options.catalogue = toggles::catalogue();
    const auto engine = Engine::create(std::move(options)).value();
    model::Profile profile;
    profile.toggles["advanced"].on = true;
    QVERIFY(engine->apply(Arm::A, profile));
    const test::TestClient client(engine->port());
    QVERIFY(QTest::qWaitFor([&] { return client.get("/dictionaries/orders").status == 307; }, 60'000));

    QProcess process;
    process.start(node, {HONE_SOURCE_DIR "/core/toggles/advanced/browser_polls.mjs", chromium,
                         QString::number(engine->port()), folder.filePath("profile")});
    QVERIFY(process.waitForFinished(120'000));
    const auto output = process.readAllStandardOutput();
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    const auto seen = json::parse(output.toStdString());
    QCOMPARE(seen["dictionary"], 200);
    for (const char* what : {"row", "list"}) {
        const auto& last = seen[what].back();
        QVERIFY2(last["wire"] < last["bytes"], output.constData());
        QCOMPARE(last["length"].get<int>(), seen[what].front()["length"].get<int>());
    }
    const auto counters = engine->snapshot().counters[0];
    QVERIFY2(counters.at("advanced.dictionaryAnswers") > 0, output.constData());
    QVERIFY2(counters.at("advanced.deltaAnswers") > 0, output.constData());
    QVERIFY2(seen["list"].back()["wire"] <= 150, output.constData());  // 64 KB whose like it has
}

QTEST_GUILESS_MAIN(AdvancedBrowserTest)
#include "browser_test.moc"

#pragma once

// For the tests of this folder: an engine over a small shop, and what a client of dictionaries does.

#include "core/engine/engine.h"
#include "core/engine/test_client.h"
#include "core/toggles/advanced/dictionary_fields.h"
#include "core/toggles/catalogue.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <stdexcept>

namespace hone::toggles::advanced::test {

using engine::test::Reply;
using engine::test::TestClient;
using nlohmann::json;

inline json orderRow(int i) {
    constexpr const char* kStates[] = {"shipped", "waiting for payment", "returned ✓"};
    return {{"id", i},
            {"customer", "Customer number " + std::to_string(i * 7919 % 1000)},
            {"country", i % 4 == 0 ? "Norway" : "Portugal"},
            {"status", kStates[i % 3]},
            {"total", i % 9 == 0 ? json() : json(i * 31 % 500 + 0.25)},
            {"express", i % 2 == 0}};
}

inline std::string availableOf(std::string_view dictionary) {
    return "Available-Dictionary: " + byteSequence(sha256(dictionary));
}

/// Tables `orders` (400 rows) and `few` (one).
class ShopRig {
public:
    ShopRig() {
        const std::filesystem::path folder = m_folder.path().toStdString();
        json orders = json::array();
        for (int i = 1; i <= 400; ++i)
            orders.push_back(orderRow(i));
        const json few = json::array({{{"id", 1}, {"name", "only"}}});
        std::ofstream(folder / "shop.json") << json{{"orders", orders}, {"few", few}};
        data::importFile(folder / "shop.json", folder / "shop.db").value();
        engine::EngineOptions options;
        options.server.threads = 2;
        options.datasets = {data::Dataset::open(folder / "shop.db").value()};
        options.catalogue = toggles::catalogue();
        m_engine = engine::Engine::create(std::move(options)).value();
    }

    void apply(std::initializer_list<std::string> on, std::initializer_list<std::string> assignments = {}) {
        model::Profile profile;
        for (const auto& id : on)
            profile.toggles[id].on = true;
        for (const auto& assignment : assignments)
            QVERIFY(profile.setText(assignment));
        const auto applied = m_engine->apply(engine::Arm::A, profile);
        QVERIFY2(applied, applied ? "" : applied.error().line().c_str());
    }
    [[nodiscard]] TestClient client() const { return TestClient(m_engine->port()); }
    [[nodiscard]] Reply get(std::string_view target, TestClient::Lines lines = {}) const {
        return client().get(target, lines);
    }
    [[nodiscard]] double counter(const char* id) const {
        return m_engine->snapshot().counters[0].at(std::string("advanced.") + id);
    }
    /// Waits for the training thread; empty when there is none to be had.
    [[nodiscard]] std::string dictionaryOf(std::string_view table) const {
        const auto path = "/dictionaries/" + std::string(table);
        Reply reply;
        (void)QTest::qWaitFor([&] { return (reply = get(path)).status != 503; }, 60'000);
        return reply.status == 307 ? get(reply.field("Location")).body : std::string();
    }
    [[nodiscard]] std::string file(const char* name) const { return m_folder.filePath(name).toStdString(); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<engine::Engine> m_engine;
};

}  // namespace hone::toggles::advanced::test

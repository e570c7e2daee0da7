#include "core/toggles/edge/rules_export.h"

#include "core/toggles/edge/edge_rig.h"

#include <nlohmann/json.hpp>

#include <QtTest>

using namespace hone;
using namespace hone::toggles;
using nlohmann::json;

namespace {

ParamSet settings(std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
    ParamSet params(edge::def().params);
    for (const auto& [id, text] : changes)
        if (!params.setText(id, text))
            throw std::runtime_error("no such setting");
    return params;
}

}  // namespace

class RulesExportTest : public QObject {
    Q_OBJECT
private slots:
    void cloudflareRespectsTheOriginAndPassesUsersBy() {
        const auto rules = json::parse(edge::cloudflareRules(settings({{"swr", "10s"}}), "api.test"));
        QCOMPARE(rules.at("phase").get<std::string>(), std::string("http_request_cache_settings"));
        const auto& keep = rules.at("rules").at(0);
        QVERIFY(keep.at("expression").get<std::string>().find("http.host eq \"api.test\"") !=
                std::string::npos);
        const auto& how = keep.at("action_parameters");
        QCOMPARE(how.at("cache").get<bool>(), true);
        QCOMPARE(how.at("edge_ttl").at("mode").get<std::string>(), std::string("respect_origin"));
        QCOMPARE(how.at("serve_stale").at("disable_stale_while_updating").get<bool>(), false);
        const auto& users = rules.at("rules").at(1);
        QCOMPARE(users.at("action_parameters").at("cache").get<bool>(), false);
        QVERIFY(users.at("expression").get<std::string>().find("authorization") != std::string::npos);
    }
    void hostsCannotBreakOutOfTheirQuotes() {
        const auto rules = json::parse(edge::cloudflareRules(settings({}), "a\" or true or \""));
        QVERIFY(rules.at("rules")
                    .at(0)
                    .at("expression")
                    .get<std::string>()
                    .find("eq \"a\\\" or true or \\\"\"") != std::string::npos);
    }
    void akamaiHasTheLifetimeAndTheShield() {
        const auto rule = json::parse(edge::akamaiRules(
            settings({{"ttl", "90s"}, {"shield", "false"}, {"staleIfError", "0s"}}), "a.test"));
        const auto& caching = rule.at("behaviors").at(0);
        QCOMPARE(caching.at("name").get<std::string>(), std::string("caching"));
        QCOMPARE(caching.at("options").at("defaultTtl").get<std::string>(), std::string("90s"));
        QCOMPARE(caching.at("options").at("mustRevalidate").get<bool>(), true);
        QCOMPARE(rule.at("behaviors").at(1).at("options").at("enabled").get<bool>(), false);
        QVERIFY(rule.at("comments").get<std::string>().find("max-age=90") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(RulesExportTest)
#include "rules_export_test.moc"

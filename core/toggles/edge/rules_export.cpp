#include "core/toggles/edge/rules_export.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hone::toggles::edge {
namespace {

using Json = nlohmann::ordered_json;

std::string description(const ParamSet& settings) {
    return fmt::format(
        "Made by Hone. Answers must say how long they live, e.g. CDN-Cache-Control: max-age={}{}",
        settings.integer("ttl"),
        settings.integer("staleIfError") > 0
            ? fmt::format(", stale-if-error={}", settings.integer("staleIfError"))
            : "");
}

/// Inside a quoted string of Cloudflare's rule language.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

std::string cloudflareRules(const ParamSet& settings, std::string_view host) {
    const auto api =
        fmt::format("(http.host eq {} and starts_with(http.request.uri.path, \"/api/\"))", quoted(host));
    const Json ruleset{
        {"name", "Hone edge"},
        {"description", description(settings)},
        {"kind", "zone"},
        {"phase", "http_request_cache_settings"},
        {"rules",
         Json::array({{{"description", "Keep answers of the API as they say"},
                       {"expression", api},
                       {"action", "set_cache_settings"},
                       {"action_parameters",
                        {{"cache", true},
                         {"edge_ttl", {{"mode", "respect_origin"}}},
                         {"browser_ttl", {{"mode", "respect_origin"}}},
                         {"respect_strong_etags", true},
                         {"serve_stale", {{"disable_stale_while_updating", settings.integer("swr") == 0}}},
                         {"cache_key", {{"ignore_query_strings_order", true}}}}}},
                      {{"description", "Requests that name a user pass by"},
                       {"expression", fmt::format("{} and (http.cookie ne \"\" or "
                                                  "len(http.request.headers[\"authorization\"]) > 0)",
                                                  api)},
                       {"action", "set_cache_settings"},
                       {"action_parameters", {{"cache", false}}}}})}};
    return ruleset.dump(2) + "\n";
}

std::string akamaiRules(const ParamSet& settings, std::string_view host) {
    const auto behaviour = [](std::string_view name, Json options) {
        return Json{{"name", name}, {"options", std::move(options)}};
    };
    const auto matches = [](std::string_view name, std::string_view value) {
        return Json{{"name", name},
                    {"options", {{"matchOperator", "IS_ONE_OF"}, {"values", Json::array({value})}}}};
    };
    auto path = matches("path", "/api/*");
    path["options"]["matchOperator"] = "MATCHES_ONE_OF";
    const Json rule{
        {"name", "Hone edge"},
        {"comments", description(settings)},
        {"criteriaMustSatisfy", "all"},
        {"criteria", Json::array({matches("hostname", host), path})},
        {"behaviors",
         Json::array({behaviour("caching", {{"behavior", "CACHE_CONTROL_AND_EXPIRES"},
                                            {"mustRevalidate", settings.integer("staleIfError") == 0},
                                            {"defaultTtl", fmt::format("{}s", settings.integer("ttl"))},
                                            {"honorPrivate", true},
                                            {"honorMustRevalidate", true}}),
                      behaviour("tieredDistribution", {{"enabled", settings.flag("shield")}})})}};
    return rule.dump(2) + "\n";
}

}  // namespace hone::toggles::edge

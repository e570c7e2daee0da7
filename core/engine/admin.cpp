#include "core/engine/admin.h"

#include "core/base/units.h"
#include "core/engine/admin_json.h"
#include "core/engine/host_policy.h"
#include "core/engine/journal_entry.h"
#include "core/http/semantics.h"

#include <algorithm>
#include <limits>

namespace hone::engine {
namespace {

using http::Method;
using nlohmann::json;

constexpr std::string_view kPaths = "health, profile, toggles, purge, journal, metrics";

http::Response jsonAnswer(const json& document) {
    http::Response response;
    // Targets in the journal are what clients sent, which need not be UTF-8.
    response.body = document.dump(2, ' ', false, json::error_handler_t::replace);
    response.fields.add("Content-Type", "application/json");
    response.fields.add("Cache-Control", "no-store");
    return response;
}

http::Response methodRefusal(const http::Request& request, std::string_view allow) {
    auto response = http::problem(405, fmt::format("{} does not take {}", request.path, request.methodText),
                                  fmt::format("Allowed: {}.", allow));
    response.fields.add("Allow", allow);
    return response;
}

/// Takes the same time wherever two tokens of one length differ.
bool sameSecret(std::string_view given, std::string_view secret) {
    if (given.size() != secret.size())
        return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < given.size(); ++i)
        difference = static_cast<unsigned char>(difference | (given[i] ^ secret[i]));
    return difference == 0;
}

template <class Parameters>
std::optional<std::string_view> parameter(const Parameters& parameters, std::string_view name) {
    const auto it = std::ranges::find(parameters, name, &Parameters::value_type::first);
    return it == parameters.end() ? std::nullopt : std::optional<std::string_view>(it->second);
}

bool isArm(std::optional<std::string_view> text) { return !text || *text == "A" || *text == "B"; }
Arm armOf(std::optional<std::string_view> text) { return text == "B" ? Arm::B : Arm::A; }

}  // namespace

Admin::Admin(Engine& engine, const Arms& arms, std::string token)
    : m_engine(engine), m_arms(arms), m_token(std::move(token)) {}

http::Response Admin::answer(const http::Request& request) const {
    const auto what = request.path.substr(request.path.find('/', 1) + 1);
    const bool isRead = request.method == Method::Get || request.method == Method::Head;
    if (auto refused = originRefusal(request))
        return std::move(*refused);
    if (what == "health")
        return isRead ? jsonAnswer({{"status", "ok"}}) : methodRefusal(request, "GET, HEAD");
    if (auto refused = refusal(request))
        return std::move(*refused);
    const auto parameters = http::parseQuery(request.query);
    if (!parameters)
        return http::problem(parameters.error());
    const auto arm = parameter(*parameters, "arm");
    if (!isArm(arm))
        return http::problem(400, fmt::format("arm must be A or B, got \"{}\"", *arm));
    if (what == "profile") {
        if (request.method == Method::Put)
            return putProfile(armOf(arm), request.body);
        return isRead ? getProfile(armOf(arm)) : methodRefusal(request, "GET, HEAD, PUT");
    }
    if (what == "purge") {
        if (request.method != Method::Post)
            return methodRefusal(request, "POST");
        return purge(*parameters);
    }
    const bool isKnown = what == "toggles" || what == "journal" || what == "metrics";
    if (!isKnown)
        return http::problem(404, fmt::format("there is nothing at {}", request.path),
                             fmt::format("Under /_hone/ there are {}.", kPaths));
    if (!isRead)
        return methodRefusal(request, "GET, HEAD");
    if (what == "toggles")
        return toggles();
    return what == "journal" ? journal(*parameters) : jsonAnswer(snapshotJson(m_engine.snapshot()));
}

std::optional<http::Response> Admin::originRefusal(const http::Request& request) {
    const auto origin = request.field("Origin");
    if (!origin || isLoopbackOrigin(*origin))
        return std::nullopt;
    return http::problem(403, fmt::format("pages of {} may not use the admin interface", *origin),
                         "Ask from a page of this machine, or from a program.");
}

std::optional<http::Response> Admin::refusal(const http::Request& request) const {
    const auto host = request.field("Host");
    if (!host || !isLoopbackHost(hostOf(*host)))
        return http::problem(
            403, fmt::format("the admin interface does not answer for the host \"{}\"", host.value_or("")),
            "Ask localhost or 127.0.0.1 on the machine itself.");
    if (hasToken(request))
        return std::nullopt;
    auto response =
        http::problem(401, "the admin interface needs its token",
                      "Send Authorization: Bearer TOKEN or Hone-Token: TOKEN; it is printed at start.");
    response.fields.add("WWW-Authenticate", "Bearer");
    return response;
}

bool Admin::hasToken(const http::Request& request) const {
    constexpr std::string_view kBearer = "Bearer ";
    if (const auto token = request.field("Hone-Token"))
        return sameSecret(*token, m_token);
    const auto given = request.field("Authorization");
    return given && given->size() > kBearer.size() &&
           http::iequals(given->substr(0, kBearer.size()), kBearer) &&
           sameSecret(given->substr(kBearer.size()), m_token);
}

http::Response Admin::getProfile(Arm arm) const { return jsonAnswer(m_engine.profile(arm).toJson()); }

http::Response Admin::putProfile(Arm arm, std::string_view body) const {
    const auto document = json::parse(body, nullptr, false);
    if (document.is_discarded())
        return http::problem(400, "the body is not JSON", "Send a profile as GET /_hone/profile shows it.");
    const auto profile = model::Profile::fromJson(document);
    if (!profile)
        return http::problem(profile.error());
    if (const auto applied = m_engine.apply(arm, *profile); !applied)
        return http::problem(applied.error());
    return getProfile(arm);
}

http::Response Admin::toggles() const {
    auto list = json::array();
    for (const auto* def : m_arms.catalogue())
        list.push_back(toggleJson(*def, m_arms));
    return jsonAnswer({{"toggles", std::move(list)}});
}

/// Everything a toggle has learned, or only the kept answers of a URL or a tag.
http::Response Admin::purge(const Parameters& parameters) const {
    for (const auto& [name, value] : parameters)
        if (name != "arm" && name != "url" && name != "tag")
            return http::problem(400, fmt::format("purge has no parameter \"{}\"", name),
                                 "Known are arm, url (a target, a last * for all that begins so) and tag.");
    const auto arm = parameter(parameters, "arm"), url = parameter(parameters, "url"),
               tag = parameter(parameters, "tag");
    json answer{{"purged", arm ? json::array({*arm}) : json::array({"A", "B"})}};
    std::uint64_t count = 0;
    for (const auto each : {Arm::A, Arm::B}) {
        if (arm && armOf(arm) != each)
            continue;
        if (url || tag)
            count += m_engine.purge(each, {.url = url.value_or(""), .tag = tag.value_or("")});
        else
            m_engine.resetState(each);
    }
    if (url || tag)
        answer["answers"] = count;
    return jsonAnswer(answer);
}

http::Response Admin::journal(const Parameters& parameters) const {
    constexpr std::int64_t kDefault = 100;
    const auto limit = parameter(parameters, "limit");
    const auto count = limit ? parseCount(*limit) : kDefault;
    if (!count || *count < 0)
        return http::problem(400, fmt::format("limit must be a count, got \"{}\"", *limit),
                             "For example limit=100.");
    const auto text = [&](std::string_view name) { return parameter(parameters, name).value_or(""); };
    const auto filter = JournalFilter::parse(text("filter"), text("status"), text("toggle"));
    if (!filter)
        return http::problem(filter.error());
    auto list = json::array();
    for (const auto& entry : m_engine.journal(std::numeric_limits<std::size_t>::max())) {
        if (list.size() == static_cast<std::size_t>(*count))
            break;
        if (filter->matches(entry))
            list.push_back(entryJson(entry));
    }
    return jsonAnswer({{"entries", std::move(list)}});
}

}  // namespace hone::engine

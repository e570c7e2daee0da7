#include "core/engine/why.h"

#include "core/base/units.h"
#include "core/engine/endpoint.h"
#include "core/engine/endpoints/endpoints.h"
#include "core/engine/engine.h"
#include "core/http/semantics.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace hone::engine {
namespace {

/// "detail" of a problem, which says in words what was wrong.
std::string detailOf(const http::Response& response) {
    if (response.source || response.field("Content-Type") != "application/problem+json")
        return std::string(http::reason(response.finalStatus()));
    const auto problem = nlohmann::json::parse(response.content(), nullptr, false);
    return problem.is_object() && problem.contains("detail") && problem["detail"].is_string()
               ? problem["detail"].get<std::string>()
               : std::string(http::reason(response.finalStatus()));
}

/// "171 075" with thin spaces, as everywhere; below a thousand as it is.
std::string grouped(std::int64_t count) {
    std::string text = fmt::format("{}", count);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), "\u202F");
    return text;
}

std::optional<std::int64_t> secondsOf(std::optional<std::string_view> field) {
    const auto count = field ? parseCount(*field) : fail(Error::NotFound, "no field");
    return count ? std::optional(*count) : std::nullopt;
}

/// "stored 2 s ago, fresh for 57 s more", from Age and Cache-Control.
std::string freshness(const http::Response& response) {
    const auto age = secondsOf(response.field("Age"));
    if (!age)
        return "stored just now";
    const auto control = http::parseCacheControl(response.field("Cache-Control").value_or(""));
    const auto life = control.sMaxAge ? control.sMaxAge : control.maxAge;
    if (!life)
        return fmt::format("stored {} s ago", *age);
    const auto left = life->count() - *age;
    return left >= 0 ? fmt::format("stored {} s ago, fresh for {} s more", *age, left)
                     : fmt::format("stored {} s ago, stale for {} s", *age, -left);
}

bool contains(std::optional<std::string_view> field, std::string_view part) {
    return field && field->find(part) != std::string_view::npos;
}

std::string byToggle(const Exchange& exchange) {
    const auto& response = exchange.response;
    const auto who = exchange.answeredBy;
    const int status = response.finalStatus();
    if (status >= 400)
        return fmt::format("{} {}: {}", who, status >= 500 ? "failed" : "refused", detailOf(response));
    const auto cacheStatus = response.field("Cache-Status");
    if (contains(cacheStatus, "collapsed"))
        return fmt::format("{} answered: another request was already computing the same", who);
    if (!contains(cacheStatus, "hit"))
        return fmt::format("{} answered", who);
    return status == 304
               ? fmt::format("{} answered 304: the client has what was {}", who, freshness(response))
               : fmt::format("{} answered: {}", who, freshness(response));
}

/// The fwd parameter of Cache-Status (RFC 9211 section 2.2) in words.
std::string passedTheCache(std::optional<std::string_view> cacheStatus) {
    if (!contains(cacheStatus, "fwd="))
        return {};
    std::string_view why = "passed it by";
    if (contains(cacheStatus, "uri-miss"))
        why = "had nothing";
    else if (contains(cacheStatus, "fwd=stale"))
        why = "had only something outdated";
    else if (contains(cacheStatus, "fwd=request"))
        why = "was not wanted by the client";
    return fmt::format("; the cache {}{}", why, contains(cacheStatus, "stored") ? " and keeps this" : "");
}

std::string handled(const Exchange& exchange) {
    const auto end = exchange.timings.begin() + exchange.timingCount;
    for (const std::string_view other : {"upstream", "replayed"})
        if (const auto it = std::find_if(exchange.timings.begin(), end,
                                         [other](const Timing& timing) { return timing.name == other; });
            it != end)
            return fmt::format("handled by {} in {}", other, formatDuration(it->duration));
    const auto& sql = exchange.sql;
    if (sql.statements > 0)
        return fmt::format("handled by SQL: {} statement{}, {} row{} read", sql.statements,
                           sql.statements == 1 ? "" : "s", grouped(static_cast<std::int64_t>(sql.rowsRead)),
                           sql.rowsRead == 1 ? "" : "s");
    return fmt::format("handled by {}", exchange.route.endpoint ? exchange.route.endpoint->name() : "nobody");
}

std::string byEndpoint(const Exchange& exchange) {
    const auto& response = exchange.response;
    switch (const int status = response.finalStatus()) {
        case 206: return handled(exchange) + "; cut to the bytes that Range names";
        case 304: return "not modified: the client has this version; " + handled(exchange);
        case 405:
            return fmt::format("no such method here: {} would be taken",
                               response.field("Allow").value_or("none"));
        case 412: return "precondition failed: the request names another version than there is";
        case 416: return "range refused: " + detailOf(response);
        default:
            if (status >= 500)
                return "failed: " + detailOf(response);
            if (status >= 400)
                return "refused: " + detailOf(response);
            return handled(exchange) + passedTheCache(response.field("Cache-Status"));
    }
}

}  // namespace

std::string whyAnswered(const Exchange& exchange) {
    if (!exchange.answeredBy.empty())
        return byToggle(exchange);
    const auto* endpoint = exchange.route.endpoint;
    const bool isUnknown = endpoint && endpoint->name() == endpoints::kUnknownPath;
    return isUnknown && exchange.response.finalStatus() == 404 ? std::string() : byEndpoint(exchange);
}

std::string nearMiss(std::span<const RoutePattern> routes, const JournalEntry& entry) {
    const std::string_view target = entry.target;
    const auto path = target.substr(0, target.find('?'));
    const auto near = nearestRoutes(routes, entry.method, path);
    if (near.empty())
        return fmt::format("no route: nothing is near {}; GET /api lists the resources", path);
    return fmt::format("no route: nearest {} {}", near.size() == 1 ? "is" : "are", fmt::join(near, ", "));
}

}  // namespace hone::engine

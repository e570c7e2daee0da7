#include "core/engine/cors.h"

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>

namespace hone::engine {
namespace {

constexpr std::string_view kAny = "*";
constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
constexpr std::string_view kMaxAge = "600";  // what Chromium and Firefox both take, in seconds

/// As a browser writes it: scheme and host in lower case, no path, the scheme's own port left out.
std::string serialised(std::string_view origin) {
    const auto url = http::parseUrl(origin);
    return url ? url->scheme + "://" + url->authority() : http::lower(origin);
}

}  // namespace

Result<> Cors::check(std::span<const std::string> origins) {
    for (const auto& origin : origins) {
        if (origin == kAny)
            continue;
        const auto url = http::parseUrl(origin);
        const auto authority = url ? origin.substr(origin.find("://") + 3) : std::string();
        if (!url || authority.find_first_of("/?#") != std::string::npos)
            return fail(Error::InvalidArgument, "\"{}\" is no origin that pages could have", origin)
                .hint("Write scheme, host and port, like http://localhost:3000, or * for every page.");
    }
    return {};
}

Cors::Cors(std::span<const std::string> origins) {
    for (const auto& origin : origins)
        if (origin == kAny)
            m_isAny = true;
        else
            m_origins.push_back(serialised(origin));
}

bool Cors::isPreflight(const http::Request& request) {
    return request.method == http::Method::Options && request.field("Origin") &&
           request.field("Access-Control-Request-Method");
}

http::Response Cors::preflight(const http::Request& request) const {
    const auto origin = request.field("Origin");
    http::Response response;
    if (!origin || !allows(*origin)) {
        response = http::problem(403, fmt::format("pages of {} may not use this server", origin.value_or("")),
                                 "Allow the origin when starting the server.");
    } else {
        response.status = 204;
        response.fields.add("Access-Control-Allow-Methods", kMethods);
        if (const auto names = request.joined("Access-Control-Request-Headers"); !names.empty())
            response.fields.add("Access-Control-Allow-Headers", names);
        // A page of the internet that asks a machine at home (Private Network Access).
        if (request.field("Access-Control-Request-Private-Network") == "true")
            response.fields.add("Access-Control-Allow-Private-Network", "true");
        response.fields.add("Access-Control-Max-Age", kMaxAge);
        response.fields.add("Vary", "Access-Control-Request-Headers");
    }
    addTo(response, origin);
    return response;
}

void Cors::addTo(http::Response& response, std::optional<std::string_view> origin) const {
    if (!m_isAny)  // also without Origin: a cache must not give this answer to a page
        response.fields.add("Vary", "Origin");
    if (!origin || !allows(*origin))
        return;
    response.fields.add("Access-Control-Allow-Origin", m_isAny ? kAny : *origin);
    response.fields.add("Access-Control-Expose-Headers", kAny);
    response.fields.add("Timing-Allow-Origin", m_isAny ? kAny : *origin);  // for Server-Timing in pages
}

bool Cors::allows(std::string_view origin) const {
    return m_isAny || std::ranges::find(m_origins, origin) != m_origins.end();
}

}  // namespace hone::engine

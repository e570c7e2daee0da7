#include "core/engine/masking.h"

#include "core/http/message.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>

namespace hone::engine {
namespace {

constexpr std::string_view kSecretFields[] = {"cookie",       "set-cookie",     "x-api-key",
                                              "api-key",      "apikey",         "hone-token",
                                              "x-auth-token", "x-access-token", "x-amz-security-token",
                                              "x-csrf-token", "x-xsrf-token"};
constexpr std::string_view kUrlFields[] = {"referer", "location", "content-location", "link", "refresh"};
constexpr std::string_view kSecretParameters[] = {
    "token",         "access_token", "refresh_token", "id_token",  "auth",   "api_key",   "apikey",
    "api-key",       "key",          "password",      "passwd",    "secret", "signature", "sig",
    "client_secret", "session",      "sessionid",     "x-api-key", "jwt",    "hone-token"};

bool isOneOf(std::string_view lowered, std::span<const std::string_view> names) {
    return std::ranges::find(names, lowered) != names.end();
}

bool isSecretParameter(std::string_view name) {
    const auto decoded = http::percentDecode(name, true);
    return isOneOf(http::lower(decoded ? std::string_view(*decoded) : name), kSecretParameters);
}

}  // namespace

std::string masked(std::string_view fieldName, std::string_view value) {
    const std::string name = http::lower(fieldName);
    if (name == "authorization" || name == "proxy-authorization") {
        const auto space = value.find(' ');
        return space == value.npos ? std::string(kMask)
                                   : std::string(value.substr(0, space + 1)).append(kMask);
    }
    if (isOneOf(name, kSecretFields))
        return std::string(kMask);
    return isOneOf(name, kUrlFields) ? maskedUrl(value) : std::string(value);
}

std::string maskedUrl(std::string_view url) {
    std::string out;
    while (!url.empty()) {
        // A parameter begins after ? or &, and ends before & or what ends a URL in a list of links.
        const auto start = std::min(url.find_first_of("?&"), url.size());
        const auto name = std::min(start + 1, url.size());
        out.append(url.substr(0, name));
        url.remove_prefix(name);
        const auto end = std::min(url.find_first_of("&#>; \""), url.size());
        const auto equals = url.substr(0, end).find('=');
        if (equals == url.npos || !isSecretParameter(url.substr(0, equals)))
            continue;
        out.append(url.substr(0, equals + 1)).append(kMask);
        url.remove_prefix(end);
    }
    return out;
}

}  // namespace hone::engine

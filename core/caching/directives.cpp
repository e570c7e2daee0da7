#include "core/caching/directives.h"

#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hone::caching {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

constexpr seconds kLongestGuess = std::chrono::hours(24);

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLower(char c) { return c >= 'a' && c <= 'z'; }

/// key = ( lcalpha / "*" ) *( lcalpha / DIGIT / "_" / "-" / "." / "*" ) (RFC 8941 section 3.1.2).
bool isKey(std::string_view text) {
    return !text.empty() && (isLower(text[0]) || text[0] == '*') && std::ranges::all_of(text, [](char c) {
        return isLower(c) || isDigit(c) || std::string_view("_-.*").contains(c);
    });
}

bool isInteger(std::string_view text) {
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.size() <= 15 && std::ranges::all_of(text, isDigit);
}

/// Any other bare item, roughly: what begins as one. It only has to be told from broken text.
bool isOtherItem(std::string_view text) {
    if (text.empty())
        return false;
    const char first = text[0];
    if (first == '"' || first == ':')
        return text.size() > 1 && text.back() == first;
    if (first == '(')
        return text.back() == ')';
    return first == '*' || isLower(first) || (first >= 'A' && first <= 'Z') || isDigit(first) || first == '-';
}

/// One member without its parameters, as a directive: "name", "name=60", or nothing when its type is none
/// that means anything. False: not a member.
bool appendMember(std::string_view member, std::string& out) {
    const auto equals = member.find('=');
    const auto semicolon = member.find(';');
    const auto key = member.substr(0, std::min(equals, semicolon));
    if (!isKey(key))
        return false;
    std::string_view value = "?1";  // a member without a value is true
    if (equals < semicolon && equals != member.npos) {
        value = member.substr(equals + 1);
        if (!value.starts_with('"'))
            value = value.substr(0, value.find(';'));
    }
    const bool isTrue = value == "?1";
    if (!isTrue && !isInteger(value))
        return value == "?0" || isOtherItem(value);
    if (!out.empty())
        out += ", ";
    out += key;
    if (!isTrue)
        fmt::format_to(std::back_inserter(out), "={}", value);
    return true;
}

bool hasDirective(std::string_view list, std::string_view name) {
    std::string_view member;
    while (http::nextMember(list, member))
        if (http::iequals(member.substr(0, member.find('=')), name))
            return true;
    return false;
}

std::optional<system_clock::time_point> dateIn(const http::Fields& fields, std::string_view name) {
    const auto text = fields.get(name);
    return text ? http::parseHttpDate(*text) : std::nullopt;
}

/// Expires against Date; a date nobody can read, "0" above all, is in the past (section 5.3).
std::optional<seconds> lifetimeByExpires(const http::Fields& fields, system_clock::time_point now) {
    if (!fields.has("Expires"))
        return std::nullopt;
    const auto until = dateIn(fields, "Expires");
    const auto from = dateIn(fields, "Date").value_or(now);
    return until && *until > from ? std::chrono::floor<seconds>(*until - from) : seconds(0);
}

}  // namespace

std::optional<std::string> readTargeted(std::string_view value) {
    std::string out;
    std::string_view rest = http::trim(value), text;
    if (rest.empty() || rest.ends_with(','))
        return std::nullopt;
    while (http::nextMember(rest, text))
        if (!appendMember(text, out))
            return std::nullopt;
    return out;
}

Directives readDirectives(const http::Fields& fields, system_clock::time_point now) {
    Directives out;
    std::string text;
    if (auto targeted = readTargeted(fields.joined("CDN-Cache-Control"))) {
        text = std::move(*targeted);
        out.isTargeted = true;
    } else {
        text = fields.joined("Cache-Control");
    }
    out.control = http::parseCacheControl(text);
    out.proxyRevalidate = hasDirective(text, "proxy-revalidate");
    out.mustUnderstand = hasDirective(text, "must-understand");
    out.lifetime = out.control.sMaxAge ? out.control.sMaxAge : out.control.maxAge;
    if (!out.lifetime && !out.isTargeted)
        out.lifetime = lifetimeByExpires(fields, now);
    return out;
}

std::optional<seconds> guessLifetime(const http::Fields& fields, system_clock::time_point now) {
    const auto modified = dateIn(fields, "Last-Modified");
    if (!modified)
        return std::nullopt;
    const auto from = dateIn(fields, "Date").value_or(now);
    return std::clamp(std::chrono::floor<seconds>((from - *modified) / 10), seconds(0), kLongestGuess);
}

Nanos ageOnArrival(const http::Fields& fields, system_clock::time_point now, Nanos delay) {
    Nanos stated{0};
    if (const auto text = fields.get("Age")) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
        if (error == std::errc{} && value >= 0)
            stated = seconds(std::min<std::int64_t>(value, 2'147'483'648));
    }
    Nanos apparent{0};
    if (const auto date = dateIn(fields, "Date"); date && *date < now)
        apparent = std::chrono::floor<seconds>(now - *date);  // Date knows whole seconds only
    const bool wasKeptBefore = stated > Nanos(0) || apparent > Nanos(0);
    return wasKeptBefore ? std::max(apparent, stated + delay) : Nanos(0);
}

std::vector<std::string> readTags(const http::Fields& fields) {
    std::vector<std::string> tags;
    for (const std::string_view name : {"Surrogate-Key", "Cache-Tag"}) {
        const auto list = fields.joined(name);
        std::string_view rest = list;
        while (!rest.empty()) {
            const auto end = std::min(rest.find_first_of(", \t"), rest.size());
            if (end > 0)
                tags.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return tags;
}

}  // namespace hone::caching

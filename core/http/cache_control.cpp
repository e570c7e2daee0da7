#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>
#include <charconv>

namespace hone::http {

namespace {

using Seconds = std::optional<std::chrono::seconds>;

/// Larger values mean "longer than anyone waits" (RFC 9111 section 1.2.2).
constexpr std::chrono::seconds kForever{2'147'483'648};

Seconds parseDeltaSeconds(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value > kForever.count())
        return kForever;
    return std::chrono::seconds(value);
}

struct Flag {
    std::string_view name;
    bool CacheControl::* member;
};
constexpr Flag kFlags[] = {
    {"no-store", &CacheControl::noStore},
    {"no-cache", &CacheControl::noCache},
    {"private", &CacheControl::isPrivate},
    {"public", &CacheControl::isPublic},
    {"must-revalidate", &CacheControl::mustRevalidate},
    {"only-if-cached", &CacheControl::onlyIfCached},
    {"no-transform", &CacheControl::noTransform},
    {"immutable", &CacheControl::immutable},
};

struct Age {
    std::string_view name;
    Seconds CacheControl::* member;
    Seconds ifMalformed;  ///< Freshness nobody can read counts as stale (RFC 9111 section 4.2.1); the rest is
                          ///< ignored.
};
const Age kAges[] = {
    {"max-age", &CacheControl::maxAge, std::chrono::seconds(0)},
    {"s-maxage", &CacheControl::sMaxAge, std::chrono::seconds(0)},
    {"min-fresh", &CacheControl::minFresh, std::nullopt},
    {"max-stale", &CacheControl::maxStale, std::nullopt},
    {"stale-while-revalidate", &CacheControl::staleWhileRevalidate, std::nullopt},
    {"stale-if-error", &CacheControl::staleIfError, std::nullopt},
};

void apply(CacheControl& out, std::string_view name, std::optional<std::string> argument) {
    // `no-cache="Set-Cookie"` and `private="…"` cover single fields; we take them for the whole, which is
    // safe.
    for (const Flag& flag : kFlags)
        if (iequals(name, flag.name))
            out.*flag.member = true;
    for (const Age& age : kAges) {
        if (!iequals(name, age.name) || out.*age.member)
            continue;  // of duplicates the first counts
        if (!argument && age.member == &CacheControl::maxStale)
            out.maxStale = kForever;  // without an argument: however stale (section 5.2.1.2)
        else if (auto seconds = parseDeltaSeconds(argument.value_or("")))
            out.*age.member = seconds;
        else
            out.*age.member = age.ifMalformed;
    }
}

}  // namespace

CacheControl parseCacheControl(std::string_view value) {
    CacheControl out;
    std::string_view member;
    while (nextMember(value, member)) {
        const std::size_t equals = member.find('=');
        if (equals == member.npos)
            apply(out, member, std::nullopt);
        else
            apply(out, trim(member.substr(0, equals)), unquote(trim(member.substr(equals + 1))));
    }
    return out;
}

}  // namespace hone::http

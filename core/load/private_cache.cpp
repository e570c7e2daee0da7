#include "core/load/private_cache.h"

#include "core/http/semantics.h"

#include <algorithm>
#include <charconv>

namespace hone::load {

namespace {

using namespace std::chrono_literals;

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    return text;
}

/// The values of a request field in wire form, joined by commas.
std::string requestField(std::string_view wire, std::string_view name) {
    std::string out;
    std::string_view rest = wire.substr(0, wire.find("\r\n\r\n"));
    for (auto end = rest.find("\r\n"); end != rest.npos; end = rest.find("\r\n")) {
        rest.remove_prefix(end + 2);
        const std::string_view line = rest.substr(0, rest.find("\r\n"));
        const auto colon = line.find(':');
        if (colon != line.npos && http::iequals(line.substr(0, colon), name))
            out += (out.empty() ? "" : ", ") + std::string(trim(line.substr(colon + 1)));
    }
    return out;
}

std::string answerField(const net::Answer& answer, std::string_view name) {
    std::string out;
    for (const auto& field : answer.fields)
        if (http::iequals(field.name, name))
            out += (out.empty() ? "" : ", ") + std::string(field.value);
    return out;
}

std::string keyOf(std::size_t server, std::string_view wire) {
    const auto from = wire.find(' ') + 1;
    return std::to_string(server) + std::string(wire.substr(from, wire.find(' ', from) - from));
}

template <class Each>
void forEachName(std::string_view list, Each each) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (const auto name = trim(list.substr(0, comma)); !name.empty())
            each(name);
        list = comma == list.npos ? std::string_view{} : list.substr(comma + 1);
    }
}

/// Section 4.2.1: how long an answer stays fresh from now; a tenth of its age since the last change when it
/// does not say (4.2.2).
Nanos freshness(const net::Answer& answer, const http::CacheControl& control) {
    if (control.noCache)
        return 0ns;
    const auto date = http::parseHttpDate(answerField(answer, "Date"));
    std::chrono::seconds lifetime{0};
    const std::string expires = answerField(answer, "Expires");
    if (control.maxAge) {
        lifetime = *control.maxAge;
    } else if (!expires.empty()) {
        const auto until = http::parseHttpDate(expires);  // "0" is long past.
        const auto from = date.value_or(std::chrono::system_clock::now());
        lifetime = until ? std::chrono::duration_cast<std::chrono::seconds>(*until - from) : 0s;
    } else if (const auto changed = http::parseHttpDate(answerField(answer, "Last-Modified"));
               changed && date && *date > *changed) {
        lifetime = std::chrono::duration_cast<std::chrono::seconds>(*date - *changed) / 10;
    }
    std::int64_t age = 0;
    const std::string ageText = answerField(answer, "Age");
    std::from_chars(ageText.data(), ageText.data() + ageText.size(), age);
    // Ten years are for ever; more would not fit nanoseconds.
    const auto rest = std::clamp<std::int64_t>(lifetime.count() - std::max<std::int64_t>(age, 0), 0,
                                               std::int64_t{10} * 365 * 86'400);
    return std::chrono::seconds(rest);
}

// Section 4.2.2 and RFC 9110 section 15.1: what may be stored without saying so. 206 needs its ranges.
bool isCacheable(int status) {
    return status == 200 || status == 203 || status == 204 || status == 300 || status == 301 ||
           status == 308 || status == 404 || status == 405 || status == 410 || status == 414 || status == 501;
}

}  // namespace

const PrivateCache::Entry* PrivateCache::matching(std::size_t server, std::string_view wire) const {
    const auto found = m_entries.find(keyOf(server, wire));
    if (found == m_entries.end())
        return nullptr;
    const Entry& entry = found->second;
    bool same = true;
    forEachName(entry.vary, [&](std::string_view name) {
        same = same && requestField(entry.head, name) == requestField(wire, name);
    });
    return same ? &entry : nullptr;
}

PrivateCache::Lookup PrivateCache::find(std::size_t server, std::string_view wire, Nanos now) const {
    if (m_entries.empty() || !wire.starts_with("GET ") || !wire.ends_with("\r\n\r\n"))
        return {};
    const Entry* entry = matching(server, wire);
    if (!entry)
        return {};
    for (const char* own : {"If-None-Match", "If-Modified-Since", "Range"})
        if (!requestField(wire, own).empty())
            return {};
    // A browser's reload sends no-cache: ask, but with the tag.
    const auto asked = http::parseCacheControl(requestField(wire, "Cache-Control"));
    if (asked.noStore)
        return {};
    Lookup out{.isFresh = now < entry->freshUntil && !asked.noCache && asked.maxAge != 0s};
    if (!entry->etag.empty())
        out.condition = "If-None-Match: " + entry->etag + "\r\n";
    else if (!entry->lastModified.empty())
        out.condition = "If-Modified-Since: " + entry->lastModified + "\r\n";
    return out;
}

void PrivateCache::note(std::size_t server, std::string_view wire, const net::Answer& answer, Nanos now) {
    const std::string_view method = wire.substr(0, wire.find(' '));
    if (method != "GET") {
        if (!http::isSafe(http::methodFrom(method)) && answer.status >= 200 && answer.status < 400)
            m_entries.erase(keyOf(server, wire));
        return;
    }
    const auto control = http::parseCacheControl(answerField(answer, "Cache-Control"));
    if (answer.status == 304) {
        if (const auto found = m_entries.find(keyOf(server, wire)); found != m_entries.end())
            found->second.freshUntil = now + freshness(answer, control);
        return;
    }
    const std::string vary = answerField(answer, "Vary");
    if (!isCacheable(answer.status) || control.noStore || trim(vary) == "*" ||
        http::parseCacheControl(requestField(wire, "Cache-Control")).noStore) {
        if (answer.status > 0 && answer.status < 500)
            m_entries.erase(keyOf(server, wire));
        return;
    }
    Entry entry{now + freshness(answer, control),
                answerField(answer, "ETag"),
                answerField(answer, "Last-Modified"),
                vary,
                {}};
    if (entry.freshUntil <= now && entry.etag.empty() && entry.lastModified.empty())
        return;  // Could neither be reused nor asked about.
    if (!vary.empty())
        entry.head = std::string(wire.substr(0, wire.find("\r\n\r\n") + 4));
    if (m_entries.size() >= kMaxEntries)
        m_entries.erase(m_entries.begin());
    m_entries.insert_or_assign(keyOf(server, wire), std::move(entry));
}

}  // namespace hone::load

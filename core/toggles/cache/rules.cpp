#include "core/toggles/cache/rules.h"

#include "core/http/syntax.h"

#include <fmt/format.h>

namespace hone::toggles::cache {
namespace {

using std::chrono::seconds;

http::CacheControl controlOf(const http::Response& response) {
    return http::parseCacheControl(response.fields.joined("Cache-Control"));
}

/// The answer's own words first; s-maxage is for shared caches like this one (RFC 9111 section 4.2.1).
seconds freshnessOf(const http::Response& response, const Rules& rules) {
    if (response.status == 404)
        return rules.negativeTtl;
    const auto control = controlOf(response);
    return control.sMaxAge ? *control.sMaxAge : control.maxAge.value_or(rules.ttl);
}

std::string controlText(seconds ttl, const Rules& rules) {
    auto text = fmt::format("{}, max-age={}", rules.perUser ? "private" : "public", ttl.count());
    if (rules.swr.count() > 0)
        text += fmt::format(", stale-while-revalidate={}", rules.swr.count());
    if (rules.staleIfError.count() > 0)
        text += fmt::format(", stale-if-error={}", rules.staleIfError.count());
    return text;
}

/// What a 304 repeats of the 200 (RFC 9110 section 15.4.5).
std::shared_ptr<const http::Prepared> prepareNotModified(const http::Fields& fields) {
    http::Fields kept;
    for (const std::string_view name :
         {"Cache-Control", "Content-Location", "ETag", "Expires", "Last-Modified", "Vary"})
        if (const auto value = fields.get(name))
            kept.add(name, *value);
    return http::prepare(304, std::move(kept), {});
}

/// Of a client that may be slow: a fraction of a second is not worth an answer.
seconds inSeconds(Nanos time) { return std::chrono::floor<seconds>(time); }

}  // namespace

Asked readAsked(const http::Request& request) {
    Asked asked;
    int controlLines = 0;
    std::string_view control;
    bool pragmaNoCache = false;
    for (const auto& [name, value] : request.fields) {
        switch (name.size()) {  // most fields are none of these: one comparison instead of six
            case 5: asked.isPartial = asked.isPartial || http::iequals(name, "Range"); break;
            case 6:
                asked.namesUser = asked.namesUser || http::iequals(name, "Cookie");
                pragmaNoCache =
                    pragmaNoCache || (http::iequals(name, "Pragma") && http::iequals(value, "no-cache"));
                break;
            case 13:
                asked.namesUser = asked.namesUser || http::iequals(name, "Authorization");
                if (http::iequals(name, "Cache-Control")) {
                    control = value;
                    ++controlLines;
                } else if (http::iequals(name, "If-None-Match")) {
                    asked.ifNoneMatch = value;
                }
                break;
            case 17:
                if (http::iequals(name, "If-Modified-Since"))
                    asked.ifModifiedSince = value;
                break;
            default: break;
        }
    }
    if (controlLines == 1)
        asked.control = http::parseCacheControl(control);
    else if (controlLines > 1)
        asked.control = http::parseCacheControl(request.joined("Cache-Control"));
    else
        asked.control.noCache = pragmaNoCache;  // only without Cache-Control (RFC 9111 section 5.4)
    return asked;
}

Use useOf(const StoredAnswer& answer, const http::CacheControl& asked, const Rules& rules, Nanos now) {
    const auto age = inSeconds(answer.age(now));
    const Nanos left = answer.freshFor - answer.age(now);
    if (asked.noCache || (asked.maxAge && age > *asked.maxAge) || asked.maxAge == seconds(0) ||
        (asked.minFresh && left < *asked.minFresh))
        return Use::Refused;
    if (left > Nanos(0))
        return Use::Fresh;
    if (asked.maxStale && -left <= *asked.maxStale)
        return Use::StaleAllowed;
    return -left < rules.swr ? Use::WhileRenewing : Use::TooOld;
}

bool mayKeep(const http::Response& response, const Rules& rules, const KeyBuilder& key) {
    if (response.prepared)  // somebody else's finished answer
        return false;
    if (response.status != 200 && !(response.status == 404 && rules.negativeTtl.count() > 0))
        return false;
    const auto control = controlOf(response);
    if (control.noStore || control.noCache || (control.isPrivate && !rules.perUser) ||
        response.fields.has("Set-Cookie"))
        return false;
    const std::string vary = response.fields.joined("Vary");
    std::string_view rest = vary;
    std::string_view name;
    while (http::nextMember(rest, name))
        if (!key.covers(name))
            return false;
    return freshnessOf(response, rules).count() > 0;
}

Answer makeStored(http::Response response, const Rules& rules, WriteStamp stamp, const Clock& clock) {
    auto stored = std::make_shared<StoredAnswer>();
    const auto ttl = freshnessOf(response, rules);
    auto& fields = response.fields;
    if (!fields.has("Cache-Control"))
        fields.set("Cache-Control", controlText(ttl, rules));
    if (response.status == 200) {
        if (const auto own = fields.get("ETag"))
            stored->etag = *own;
        else if (rules.etag != EtagKind::Off)
            stored->etag = (rules.etag == EtagKind::Weak ? "W/" : "") + http::etagOf(response.body);
        if (!stored->etag.empty())
            fields.set("ETag", stored->etag);
        if (rules.lastModified && !fields.has("Last-Modified"))
            fields.set("Last-Modified", http::httpDate(clock.wallNow()));
        stored->lastModified = fields.get("Last-Modified").value_or("");
        if (!stored->etag.empty() || !stored->lastModified.empty())
            stored->notModified = prepareNotModified(fields);
    }
    stored->storedAt = clock.now();
    stored->freshFor = ttl;
    stored->staleFor = response.status == 200 ? std::max(rules.swr, rules.staleIfError) : seconds(0);
    stored->stamp = stamp;
    // A body grown by appending has up to twice the room it needs, and would keep it.
    response.body.shrink_to_fit();
    stored->full = http::prepare(response.status, std::move(fields), std::move(response.body));
    return stored;
}

bool isNotModified(const StoredAnswer& answer, const Asked& asked) {
    if (!answer.notModified)
        return false;
    if (asked.ifNoneMatch)
        return !answer.etag.empty() && http::noneMatchHits(*asked.ifNoneMatch, answer.etag);
    if (!asked.ifModifiedSince || answer.lastModified.empty())
        return false;
    const auto since = http::parseHttpDate(*asked.ifModifiedSince);
    const auto modified = http::parseHttpDate(answer.lastModified);
    return since && modified && *modified <= *since;
}

}  // namespace hone::toggles::cache

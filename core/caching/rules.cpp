#include "core/caching/rules.h"

#include "core/caching/directives.h"
#include "core/http/syntax.h"

#include <fmt/format.h>

namespace hone::caching {
namespace {

using std::chrono::seconds;

/// Beyond its time an answer waits this long for somebody who takes it stale, or for its upstream to say that
/// it still holds; room is the admission policy's to make.
constexpr seconds kKeptStale = std::chrono::minutes(10);
constexpr seconds kKeptForValidation = std::chrono::hours(24);

enum class Kind : std::uint8_t { Good, Absent, OnlyWhenStated, No };

/// Statuses this cache understands (RFC 9110 section 15.1). Partial answers and errors of a server are never
/// kept.
Kind kindOf(int status, bool isRelayed) {
    switch (status) {
        case 200: return Kind::Good;
        case 404:
        case 410: return Kind::Absent;
        case 203:
        case 204:
        case 300:
        case 301:
        case 308: return isRelayed ? Kind::Good : Kind::No;
        case 302:
        case 303:
        case 307: return isRelayed ? Kind::OnlyWhenStated : Kind::No;
        default: return Kind::No;
    }
}

/// The answer's own words first, then a guess (RFC 9111 section 4.2), then what the user set.
seconds freshnessOf(const http::Response& response, const Directives& says, const Rules& rules,
                    const Circumstances& how, const Clock& clock) {
    const Kind kind = kindOf(response.status, how.isRelayed);
    if (says.lifetime && (how.isRelayed || kind != Kind::Absent))
        return *says.lifetime;
    if (kind == Kind::Absent)
        return rules.negativeTtl;
    if (kind == Kind::OnlyWhenStated)
        return seconds(0);
    if (how.isRelayed)
        if (const auto guess = guessLifetime(response.fields, clock.wallNow()))
            return *guess;
    return rules.ttl;
}

bool hasValidator(const http::Fields& fields) { return fields.has("ETag") || fields.has("Last-Modified"); }

/// What a stored answer may be used for, by its directives and our settings.
void setTimes(StoredAnswer& stored, const Directives& says, const Rules& rules, const Circumstances& how,
              const Clock& clock, seconds ttl) {
    const auto& control = says.control;
    const bool isHard = control.mustRevalidate || says.proxyRevalidate;
    // Who says for how long a stale answer will do has given the origin's word, s-maxage or not.
    const auto allowed = [&](std::optional<seconds> stated, seconds otherwise) {
        return isHard || stored.full->status >= 400
                   ? seconds(0)
                   : stated.value_or(says.mustRevalidate() ? seconds(0) : otherwise);
    };
    stored.swr = allowed(control.staleWhileRevalidate, rules.swr);
    stored.staleIfError = allowed(control.staleIfError, rules.staleIfError);
    stored.mustRevalidate = says.mustRevalidate();
    stored.alwaysAsk = control.noCache;
    stored.mayBeShared = says.allowsSharing();
    stored.isRelayed = how.isRelayed;
    stored.stamp = how.stamp;
    stored.storedAt = clock.now();
    stored.freshFor = control.noCache ? seconds(0) : ttl;
    stored.staleFor = std::max(
        {stored.swr, stored.staleIfError, Nanos(stored.canBeValidated() ? kKeptForValidation : kKeptStale)});
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

/// Fields by which frameworks take a request for another one: their answers must not be kept under the target
/// that was asked for (cache poisoning).
bool redirects(std::string_view name) {
    if (name.size() < 11 || (name[0] != 'X' && name[0] != 'x'))
        return false;
    for (const std::string_view known :
         {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Original-URI",
          "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Original-Host",
          "X-Forwarded-Server"})
        if (http::iequals(name, known))
            return true;
    return false;
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
            case 8: asked.hasPreconditions = asked.hasPreconditions || http::iequals(name, "If-Match"); break;
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
            case 19:
                asked.hasPreconditions = asked.hasPreconditions || http::iequals(name, "If-Unmodified-Since");
                break;
            default: asked.redirectsItself = asked.redirectsItself || redirects(name); break;
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

Use useOf(const StoredAnswer& answer, const http::CacheControl& asked, Nanos now) {
    const auto age = inSeconds(answer.age(now));
    const Nanos left = answer.freshFor - answer.age(now);
    if (asked.noCache || (asked.maxAge && age > *asked.maxAge) || asked.maxAge == seconds(0) ||
        (asked.minFresh && left < *asked.minFresh))
        return Use::Refused;
    if (answer.alwaysAsk)
        return Use::TooOld;
    if (left > Nanos(0))
        return Use::Fresh;
    if (!answer.mustRevalidate && asked.maxStale && -left <= *asked.maxStale)
        return Use::StaleAllowed;
    return -left < answer.swr ? Use::WhileRenewing : Use::TooOld;
}

bool mayKeep(const http::Response& response, const Rules& rules, const Circumstances& how,
             const Clock& clock) {
    const Kind kind = kindOf(response.status, how.isRelayed);
    if (response.prepared || response.source || kind == Kind::No)
        return false;  // somebody else's finished answer, or one that is still coming
    const auto says = readDirectives(response.fields, clock.wallNow());
    const auto& control = says.control;
    if ((control.noStore && !says.mustUnderstand) || (control.isPrivate && !rules.perUser) ||
        response.fields.has("Set-Cookie"))
        return false;
    if (how.namesUser && !rules.perUser && !says.allowsSharing())
        return false;
    const std::string vary = response.fields.joined("Vary");
    std::string_view rest = vary;
    std::string_view name;
    while (http::nextMember(rest, name))
        if (name == "*")
            return false;
    const bool canAsk = how.isRelayed && response.status == 200 && hasValidator(response.fields);
    return canAsk || (!control.noCache && freshnessOf(response, says, rules, how, clock) >
                                              ageOnArrival(response.fields, clock.wallNow(), how.delay));
}

Answer makeStored(http::Response response, const Rules& rules, const Circumstances& how, const Clock& clock) {
    auto stored = std::make_shared<StoredAnswer>();
    auto& fields = response.fields;
    const auto now = clock.wallNow();
    const auto says = readDirectives(fields, now);
    const auto ttl = freshnessOf(response, says, rules, how, clock);
    if (how.isRelayed) {
        stored->ageWhenStored = ageOnArrival(fields, now, how.delay);
        stored->tags = readTags(fields);
        fields.remove("Age");
        fields.remove("Date");
    } else {
        if (!how.table.empty())
            stored->tags.emplace_back(how.table);
        if (!fields.has("Cache-Control"))
            fields.set("Cache-Control", controlText(ttl, rules));
    }
    if (response.status == 200) {
        stored->hasOriginTag = fields.has("ETag");
        if (const auto own = fields.get("ETag"))
            stored->etag = *own;
        else if (rules.etag != EtagKind::Off)
            stored->etag = (rules.etag == EtagKind::Weak ? "W/" : "") + http::etagOf(response.body);
        if (!stored->etag.empty())
            fields.set("ETag", stored->etag);
        if (!how.isRelayed && rules.lastModified && !fields.has("Last-Modified"))
            fields.set("Last-Modified", http::httpDate(now));
        stored->lastModified = fields.get("Last-Modified").value_or("");
        if (!stored->etag.empty() || !stored->lastModified.empty())
            stored->notModified = prepareNotModified(fields);
    }
    stored->target = how.target;
    // A body grown by appending has up to twice the room it needs, and would keep it.
    response.body.shrink_to_fit();
    stored->full = http::prepare(response.status, std::move(fields), std::move(response.body));
    setTimes(*stored, says, rules, how, clock, ttl);
    return stored;
}

Answer renewed(const StoredAnswer& known, const http::Response& notModified, const Rules& rules,
               const Circumstances& how, const Clock& clock) {
    const auto tag = notModified.fields.get("ETag");
    if (tag && known.hasOriginTag && !http::noneMatchHits(*tag, known.etag))
        return nullptr;
    http::Response response{
        .status = known.full->status, .fields = known.full->fields, .body = known.full->body};
    if (!known.hasOriginTag && !tag)
        response.fields.remove("ETag");  // ours; it is given again
    // "Age" and "Date" are of the 304 now; what frames or describes content stays (section 3.2).
    http::Fields lines;
    for (const auto& [name, value] : notModified.fields.lines())
        if (!http::isConnectionField(name) || http::iequals(name, "Date"))
            if (!http::iequals(name, "Content-Encoding") && !http::iequals(name, "Content-Type") &&
                !http::iequals(name, "Content-Range") && !http::iequals(name, "Cache-Status")) {
                response.fields.remove(name);
                lines.add(name, value);
            }
    for (const auto& [name, value] : lines.lines())
        response.fields.add(name, value);
    return makeStored(std::move(response), rules, how, clock);
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

}  // namespace hone::caching

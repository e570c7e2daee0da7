#include "core/http/conditions.h"

#include "core/http/ranges.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>

namespace hone::http {

namespace {

bool isStrong(std::string_view etag) { return etag.starts_with('"'); }

std::optional<std::chrono::system_clock::time_point> dateOf(const std::optional<std::string>& text) {
    return text ? parseHttpDate(trim(*text)) : std::nullopt;
}

/// What describes content that a 304 or a refusal does not have.
bool describesContent(std::string_view name) {
    return name.size() > 8 && iequals(name.substr(0, 8), "Content-") && !iequals(name, "Content-Location");
}

/// A 304 keeps what a cache updates its entry from (section 15.4.5).
void toNotModified(Response& response) {
    ownFields(response);
    Fields kept;
    for (const auto& [name, value] : response.fields.lines())
        if (!describesContent(name))
            kept.add(name, value);
    response.fields = std::move(kept);
    response.status = 304;
    response.body.clear();
}

void toFailed(Response& response) {
    ownFields(response);
    auto refusal = problem(412, "The resource is not in the state the request names",
                           "Get it again; If-Match and If-Unmodified-Since must name what it is now.");
    for (const auto& [name, value] : response.fields.lines())
        if (!describesContent(name) && !iequals(name, "Cache-Control"))
            refusal.fields.add(name, value);
    refusal.fields.set("Cache-Control", "no-store");
    response = std::move(refusal);
}

}  // namespace

bool isConditional(std::string_view name) {
    switch (name.size()) {
        case 5: return iequals(name, "Range");
        case 8: return iequals(name, "If-Match") || iequals(name, "If-Range");
        case 13: return iequals(name, "If-None-Match");
        case 17: return iequals(name, "If-Modified-Since");
        case 19: return iequals(name, "If-Unmodified-Since");
        default: return false;
    }
}

Conditions readConditions(const Request& request) {
    Conditions out;
    const auto read = [&](std::string_view name, std::optional<std::string>& into) {
        if (request.field(name))
            into = request.joined(name);
    };
    read("If-Match", out.ifMatch);
    read("If-None-Match", out.ifNoneMatch);
    read("If-Modified-Since", out.ifModifiedSince);
    read("If-Unmodified-Since", out.ifUnmodifiedSince);
    read("If-Range", out.ifRange);
    read("Range", out.range);
    return out;
}

Request withoutConditions(const Request& request, std::vector<FieldView>& lines) {
    lines.clear();
    std::ranges::copy_if(request.fields, std::back_inserter(lines),
                         [](const FieldView& line) { return !isConditional(line.name); });
    Request plain = request;
    plain.fields = lines;
    return plain;
}

Verdict judge(const Conditions& conditions, Method method, const Validators& validators) {
    const bool isRead = method == Method::Get || method == Method::Head;
    if (conditions.ifMatch) {
        const bool isAny = trim(*conditions.ifMatch) == "*";
        if (!isAny && std::ranges::none_of(validators.etags, [&](std::string_view etag) {
                return matchHits(*conditions.ifMatch, etag);
            }))
            return Verdict::Failed;
    } else if (const auto date = dateOf(conditions.ifUnmodifiedSince);
               date && validators.modified && *validators.modified > *date) {
        return Verdict::Failed;
    }
    if (conditions.ifNoneMatch) {
        const bool isAny = trim(*conditions.ifNoneMatch) == "*";
        if (isAny || std::ranges::any_of(validators.etags, [&](std::string_view etag) {
                return noneMatchHits(*conditions.ifNoneMatch, etag);
            }))
            return isRead ? Verdict::NotModified : Verdict::Failed;
    } else if (const auto date = dateOf(conditions.ifModifiedSince);
               isRead && date && validators.modified && *validators.modified <= *date) {
        return Verdict::NotModified;
    }
    return Verdict::Go;
}

bool wantsRange(const Conditions& conditions, Method method, std::string_view etag) {
    if (!conditions.range || method != Method::Get || !isStrong(etag))
        return false;
    return !conditions.ifRange || (isStrong(trim(*conditions.ifRange)) && trim(*conditions.ifRange) == etag);
}

void applyConditions(Response& response, Method method, const Conditions& conditions) {
    if (response.finalStatus() != 200 || response.source)
        return;
    const auto etag = response.field("ETag");
    Validators validators;
    if (etag)
        validators.etags.push_back(*etag);
    if (const auto modified = response.field("Last-Modified"))
        validators.modified = parseHttpDate(*modified);
    if (!etag && !validators.modified && !conditions.mayFail())
        return;
    switch (judge(conditions, method, validators)) {
        case Verdict::NotModified: return toNotModified(response);
        case Verdict::Failed: return toFailed(response);
        case Verdict::Go: break;
    }
    if (!etag || !wantsRange(conditions, method, *etag))
        return offerRanges(response);
    const auto choice = chooseRanges(*conditions.range, response.content().size());
    offerRanges(response);
    cutToRanges(response, choice);
}

void offerRanges(Response& response) {
    if (response.finalStatus() != 200 || response.source)
        return;
    if (const auto etag = response.field("ETag"); etag && isStrong(*etag))
        response.fields.add("Accept-Ranges", "bytes");
}

}  // namespace hone::http

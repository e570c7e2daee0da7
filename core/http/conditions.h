#pragma once

#include "core/http/message.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hone::http {

/// The conditional and range fields of a request (RFC 9110 sections 13.1 and 14.2), as sent. A list that came
/// in several lines is one list.
struct Conditions {
    std::optional<std::string> ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince, ifRange, range;

    /// Anything that may fail the request (412).
    [[nodiscard]] bool mayFail() const { return ifMatch || ifUnmodifiedSince; }
};

/// True for the names of those six fields; cheap for all others.
[[nodiscard]] bool isConditional(std::string_view name);
[[nodiscard]] Conditions readConditions(const Request& request);
/// The same request as if they were not there; its field lines are in `lines`, which must live as long.
[[nodiscard]] Request withoutConditions(const Request& request, std::vector<FieldView>& lines);

/// What a selected representation can be recognised by (section 8.8). `etags`: of every form it is handed out
/// in, one for an answer that is about to go out.
struct Validators {
    std::vector<std::string_view> etags;
    std::optional<std::chrono::system_clock::time_point> modified;
};

enum class Verdict : std::uint8_t { Go, NotModified, Failed };
/// Section 13.2.2, steps 1 to 4, for a request that would otherwise succeed. A date without a modification
/// date to compare, and a date that is none, is no condition; a tag without tags to compare does not match.
[[nodiscard]] Verdict judge(const Conditions& conditions, Method method, const Validators& validators);

/// Step 5: whether Range is to be honoured for an answer with this tag. Only a strong tag is taken: of a date
/// nobody knows that there was one change in its second (section 13.1.5).
[[nodiscard]] bool wantsRange(const Conditions& conditions, Method method, std::string_view etag);

/// Makes the complete 200 to a GET or HEAD what the conditions ask for: 304, 206, 412, 416, or the 200 with
/// Accept-Ranges. Left alone: other statuses, streamed content, and what has no validator (If-Match excepted,
/// which must not be ignored).
void applyConditions(Response& response, Method method, const Conditions& conditions);
/// The same without conditions: says that ranges may be asked for where they may.
void offerRanges(Response& response);

}  // namespace hone::http

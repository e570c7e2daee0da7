#pragma once

#include "core/caching/cache_key.h"
#include "core/caching/response_store.h"
#include "core/http/semantics.h"

namespace hone::caching {

/// What RFC 9111 says about keeping and using an answer, as pure functions. Thread: any.

enum class EtagKind : std::uint8_t { Off, Weak, Strong };

struct Rules {
    std::chrono::seconds ttl{60};          ///< When the answer names none itself.
    std::chrono::seconds swr{0};           ///< stale-while-revalidate (RFC 5861 section 3).
    std::chrono::seconds staleIfError{0};  ///< RFC 5861 section 4.
    std::chrono::seconds negativeTtl{0};   ///< Of 404; 0: not kept.
    EtagKind etag = EtagKind::Strong;
    bool lastModified = false;
    bool perUser = false;  ///< Answers are personal: `private` to caches behind us.
    bool sharesWithUsers =
        false;  ///< Requests that name a user take part as far as answers say that they may.
};

/// How an answer came about, as far as keeping it depends on it.
struct Circumstances {
    bool isRelayed = false;  ///< By an upstream, whose word about it counts.
    bool namesUser = false;  ///< The request did.
    WriteStamp stamp = 0;
    Nanos delay{0};  ///< From asking to having it.
    std::string_view target;
    std::string_view table;  ///< Its name is the tag of our own answers.
};

/// The request fields a cache looks at, found in one walk.
struct Asked {
    http::CacheControl control;
    std::optional<std::string_view> ifNoneMatch, ifModifiedSince;
    bool namesUser = false;         ///< Authorization or Cookie.
    bool isPartial = false;         ///< Range.
    bool hasPreconditions = false;  ///< If-Match, If-Unmodified-Since: not for a cache to judge.
    bool redirectsItself = false;   ///< X-HTTP-Method-Override and its like: another request than it seems.
};
[[nodiscard]] Asked readAsked(const http::Request& request);

enum class Use : std::uint8_t {
    Fresh,          ///< Serve it.
    StaleAllowed,   ///< Serve it although it is stale: the client said so (max-stale).
    WhileRenewing,  ///< Serve it while one request computes the next one.
    Refused,        ///< Fresh or not, the client wants a newer one.
    TooOld,
};
[[nodiscard]] Use useOf(const StoredAnswer& answer, const http::CacheControl& asked, Nanos now);

/// Whether an answer to GET may be kept (RFC 9111 section 3): a final status we understand (200, 404 and 410
/// with a time to live; of an upstream also redirects and the like), no no-store (unless must-understand), no
/// private unless answers are kept per user, no Set-Cookie, no Vary: *. What is stale at once or no-cache is
/// kept only when its upstream can validate it.
[[nodiscard]] bool mayKeep(const http::Response& response, const Rules& rules, const Circumstances& how,
                           const Clock& clock);

/// Makes `response` what will be kept and sent: our own gets Cache-Control, ETag and Last-Modified, an
/// upstream's loses Age and Date, which are ours to write.
[[nodiscard]] Answer makeStored(http::Response response, const Rules& rules, const Circumstances& how,
                                const Clock& clock);

/// `known` as a 304 of its upstream renews it (section 3.2 and 4.3.4): its fields replaced by those of the
/// 304, its content as it was. Null when the 304 names another tag, and so is about another answer.
[[nodiscard]] Answer renewed(const StoredAnswer& known, const http::Response& notModified, const Rules& rules,
                             const Circumstances& how, const Clock& clock);

/// True when the client has it already: If-None-Match, else If-Modified-Since (RFC 9110 section 13.2.2).
[[nodiscard]] bool isNotModified(const StoredAnswer& answer, const Asked& asked);

}  // namespace hone::caching

#pragma once

#include "core/http/semantics.h"
#include "core/toggles/cache/cache_key.h"
#include "core/toggles/cache/response_store.h"

namespace hone::toggles::cache {

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
};

/// The request fields a cache looks at, found in one walk.
struct Asked {
    http::CacheControl control;
    std::optional<std::string_view> ifNoneMatch, ifModifiedSince;
    bool namesUser = false;  ///< Authorization or Cookie.
    bool isPartial = false;  ///< Range.
};
[[nodiscard]] Asked readAsked(const http::Request& request);

enum class Use : std::uint8_t {
    Fresh,          ///< Serve it.
    StaleAllowed,   ///< Serve it although it is stale: the client said so (max-stale).
    WhileRenewing,  ///< Serve it while one request computes the next one.
    Refused,        ///< Fresh or not, the client wants a newer one.
    TooOld,
};
[[nodiscard]] Use useOf(const StoredAnswer& answer, const http::CacheControl& asked, const Rules& rules,
                        Nanos now);

/// Whether an answer to a safe request may be kept (RFC 9111 section 3): 200, or 404 with negativeTtl; no
/// no-store, private, no-cache or Set-Cookie; Vary only on what the key covers.
[[nodiscard]] bool mayKeep(const http::Response& response, const Rules& rules, const KeyBuilder& key);

/// Makes `response` what will be kept and sent: adds Cache-Control (unless it has one), ETag and
/// Last-Modified.
[[nodiscard]] Answer makeStored(http::Response response, const Rules& rules, WriteStamp stamp,
                                const Clock& clock);

/// True when the client has it already: If-None-Match, else If-Modified-Since (RFC 9110 section 13.2.2).
[[nodiscard]] bool isNotModified(const StoredAnswer& answer, const Asked& asked);

}  // namespace hone::toggles::cache

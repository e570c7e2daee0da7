#pragma once

#include "core/base/error.h"
#include "core/http/message.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// Header semantics of RFC 9110 and 9111 as pure functions. Thread: any.
namespace hone::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7).
[[nodiscard]] std::string httpDate(std::chrono::system_clock::time_point time);
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parseHttpDate(std::string_view text);

/// One entry of Accept / Accept-Encoding with its weight in thousandths (RFC 9110 section 12.4.2).
struct Weighted {
    std::string value;
    int q = 1000;
};
[[nodiscard]] std::vector<Weighted> parseWeighted(std::string_view value);

/// The best of `offered` (in the server's order of preference) for an Accept-Encoding value; "identity" is
/// always offered unless excluded. Empty when nothing is acceptable (406). An absent header means identity.
[[nodiscard]] std::optional<std::string> chooseCoding(std::optional<std::string_view> acceptEncoding,
                                                      std::span<const std::string_view> offered);
/// Likewise for media types with wildcards; `offered` without parameters.
[[nodiscard]] std::optional<std::string> chooseMedia(std::optional<std::string_view> accept,
                                                     std::span<const std::string_view> offered);

/// If-None-Match against our tag by weak comparison (RFC 9110 section 13.1.2); "*" matches.
[[nodiscard]] bool noneMatchHits(std::string_view ifNoneMatch, std::string_view etag);
/// If-Match by strong comparison (section 13.1.1).
[[nodiscard]] bool matchHits(std::string_view ifMatch, std::string_view etag);

/// A strong tag of the bytes: `"` + hex of a 64-bit hash + `"`.
[[nodiscard]] std::string etagOf(std::string_view bytes);

/// Request or response directives (RFC 9111 section 5.2); names in lower case, values unquoted.
struct CacheControl {
    bool noStore = false, noCache = false, isPrivate = false, isPublic = false, mustRevalidate = false,
         onlyIfCached = false, noTransform = false, immutable = false;
    std::optional<std::chrono::seconds> maxAge, sMaxAge, minFresh, maxStale, staleWhileRevalidate,
        staleIfError;
};
[[nodiscard]] CacheControl parseCacheControl(std::string_view value);

/// Percent-decoding of a path segment or query part; '+' is a space only in queries. Malformed escapes are an
/// error.
[[nodiscard]] Result<std::string> percentDecode(std::string_view text, bool plusIsSpace = false);
[[nodiscard]] std::string percentEncode(std::string_view text);

/// "a=1&b=two%20words" decoded, in order.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> parseQuery(std::string_view query);

/// A URL split (RFC 3986) for http and https; the port is filled in from the scheme when absent.
struct Url {
    std::string scheme, host, path = "/", query;
    std::uint16_t port = 80;
    [[nodiscard]] std::string target() const { return query.empty() ? path : path + "?" + query; }
    [[nodiscard]] std::string authority() const;  ///< host[:port], port only when not the scheme's own.
};
[[nodiscard]] Result<Url> parseUrl(std::string_view text);

/// An application/problem+json answer (RFC 9457): title from the status, detail = what, "hint" member when
/// present.
[[nodiscard]] Response problem(int status, std::string_view detail, std::string_view hint = {});
/// The status an Error maps to (InvalidArgument → 400, NotFound → 404 …) and its problem.
[[nodiscard]] Response problem(const Error& error);

}  // namespace hone::http

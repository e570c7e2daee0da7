#pragma once

#include "core/http/semantics.h"

namespace hone::caching {

/// What an answer says about keeping it, from the field that counts for a shared cache: CDN-Cache-Control
/// (RFC 9213) when it is there and parses, else Cache-Control and Expires (RFC 9111 section 5). A value.
struct Directives {
    http::CacheControl control;
    bool proxyRevalidate = false;
    bool mustUnderstand = false;
    bool isTargeted = false;  ///< From CDN-Cache-Control; Cache-Control and Expires then count for nothing.
    std::optional<std::chrono::seconds> lifetime;  ///< Stated in any way (section 4.2.1); none: guess it.

    /// Stale answers need the origin's word first (sections 5.2.2.2, 5.2.2.8 and 5.2.2.10).
    [[nodiscard]] bool mustRevalidate() const {
        return control.mustRevalidate || proxyRevalidate || control.sMaxAge.has_value();
    }
    /// May be given to others than the user it was made for (section 3.5).
    [[nodiscard]] bool allowsSharing() const {
        return control.isPublic || control.sMaxAge || control.mustRevalidate;
    }
};
[[nodiscard]] Directives readDirectives(const http::Fields& fields,
                                        std::chrono::system_clock::time_point now);

/// A targeted field as the list of directives it stands for ("max-age=60, no-store"); none when it is empty
/// or no Dictionary (RFC 8941 section 3.2): it then counts as absent. Members of an unexpected type are left
/// out.
[[nodiscard]] std::optional<std::string> readTargeted(std::string_view value);

/// Ten per cent of the time since Last-Modified, a day at most (RFC 9111 section 4.2.2); none without one.
[[nodiscard]] std::optional<std::chrono::seconds> guessLifetime(const http::Fields& fields,
                                                                std::chrono::system_clock::time_point now);

/// How old an answer was when it came: by its Age and the time it took, by its Date (section 4.2.3).
[[nodiscard]] Nanos ageOnArrival(const http::Fields& fields, std::chrono::system_clock::time_point now,
                                 Nanos delay);

/// Surrogate keys of an upstream: of Surrogate-Key and Cache-Tag, separated by spaces or commas.
[[nodiscard]] std::vector<std::string> readTags(const http::Fields& fields);

}  // namespace hone::caching

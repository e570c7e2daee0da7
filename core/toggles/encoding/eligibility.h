#pragma once

#include "core/http/message.h"

#include <string_view>

namespace hone::toggles::encoding {

/// Which answers a content coding may touch, as pure functions. Thread: any.

/// Text, what is made of text, and the binary relatives of JSON; compressed or random media gain nothing.
[[nodiscard]] bool isCompressible(std::string_view contentType);

/// A complete representation of such a type that has no coding yet and may be transformed (RFC 9110
/// section 7.7, no-transform).
[[nodiscard]] bool mayBeCoded(const http::Response& response);

/// Adds a member to Vary unless it, or "*", is there.
void addToVary(http::Fields& fields, std::string_view name);

/// A list field of a request, several lines as one (RFC 9110 section 5.3); `joined` is room for that case.
/// One line is what clients send, and is not copied.
[[nodiscard]] std::optional<std::string_view> fieldOf(const http::Request& request, std::string_view name,
                                                      std::string& joined);

}  // namespace hone::toggles::encoding

#pragma once

#include "core/http/message.h"

#include <string_view>

namespace hone::toggles::encoding {

/// Which answers a content coding may touch, as pure functions. Thread: any.

/// Text and what is made of text; compressed or random media gain nothing.
[[nodiscard]] bool isCompressible(std::string_view contentType);

/// A complete body of such a type that has no coding yet and may be transformed (RFC 9110 section 7.7,
/// no-transform).
[[nodiscard]] bool mayBeCoded(const http::Response& response);

/// Adds a member to Vary unless it, or "*", is there.
void addToVary(http::Fields& fields, std::string_view name);

}  // namespace hone::toggles::encoding

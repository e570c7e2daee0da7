#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hone::toggles::graphql {

/// RFC 4648, section 5, without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64url(std::string_view text);

}  // namespace hone::toggles::graphql

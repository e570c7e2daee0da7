#pragma once

#include <string>
#include <string_view>

namespace hone::engine {

/// What stands in the place of a secret.
inline constexpr std::string_view kMask = "***";

/// Keeps credentials out of what is shown and stored: a pure function each. Thread: any.

/// The value of a field as it may be shown: of Authorization the scheme, of cookies and keys nothing, of a
/// URL all but secret parameters.
[[nodiscard]] std::string masked(std::string_view fieldName, std::string_view value);
/// A target or URL with the values of parameters like token, api_key and password masked.
[[nodiscard]] std::string maskedUrl(std::string_view url);

}  // namespace hone::engine

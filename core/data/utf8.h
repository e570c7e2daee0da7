#pragma once

#include <string>
#include <string_view>

namespace hone::data {

[[nodiscard]] bool isUtf8(std::string_view text);

/// The text with every maximal run that cannot begin a character replaced by U+FFFD, as browsers do (WHATWG
/// Encoding, 4.1; Unicode 15, "U+FFFD Substitution of Maximal Subparts").
[[nodiscard]] std::string repairedUtf8(std::string_view text);

}  // namespace hone::data

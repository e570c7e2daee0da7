#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::shaping {

/// `text` as a part of an SQL LIKE pattern that matches it alone (escape character \).
[[nodiscard]] std::string likeLiteral(std::string_view text);

/// A regular expression of the kind people write into `title_like=`, as LIKE patterns any of which may match:
/// literal text, ^ and $, `.`, `.*`, `.+`, alternatives with |, and \ before a character that stands for
/// itself. It runs inside the database and in linear time. Other constructs are InvalidArgument, named.
[[nodiscard]] Result<std::vector<std::string>> likePatterns(std::string_view parameter,
                                                            std::string_view expression);

}  // namespace hone::toggles::shaping

#pragma once

#include "core/toggles/graphql/ast.h"

#include <expected>

namespace hone::toggles::graphql {

struct ParseLimits {
    int maxTokens = 20'000;
    int maxDepth = 200;  ///< Of braces, brackets and parentheses; the parser recurses as deep.
};

/// Reads a document of operations, fragments and type system definitions (appendix B).
/// The problem is a "Syntax Error" with its place.
[[nodiscard]] std::expected<std::shared_ptr<const Document>, Problem> parse(std::string source,
                                                                            const ParseLimits& limits = {});

}  // namespace hone::toggles::graphql

#pragma once

#include "core/toggles/graphql/schema.h"

namespace hone::toggles::graphql {

/// Checks a document against all rules of section 5; empty when it may be executed. At most 100 problems.
/// Thread: any.
[[nodiscard]] std::vector<Problem> validate(const Schema& schema, const Document& document);

/// What is wrong with a literal for a scalar or enum, in a sentence; empty: nothing.
[[nodiscard]] std::string leafFault(const Type& leaf, const Value& literal);

}  // namespace hone::toggles::graphql

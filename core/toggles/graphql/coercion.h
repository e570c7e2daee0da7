#pragma once

#include "core/toggles/graphql/schema.h"

#include <nlohmann/json.hpp>

#include <expected>

/// Input values become what the execution works with: JSON, enums as strings, BigInt as 64-bit integers.
/// Thread: any.
namespace hone::toggles::graphql {

/// The values of an operation's variables (section 6.1.2), by name; those without a value are absent.
[[nodiscard]] std::expected<nlohmann::json, std::vector<Problem>> coerceVariables(
    const Schema& schema, const Document& document, const Operation& operation, const nlohmann::json& given);

/// The arguments of a field or directive (section 6.4.1). What does not fit is a message.
[[nodiscard]] std::expected<nlohmann::json, std::string> coerceArguments(
    const std::vector<InputValue>& definitions, const std::vector<Argument>& arguments,
    const nlohmann::json& variables);

/// Whether @skip and @include let this be (section 3.13.1).
[[nodiscard]] bool isIncluded(const std::vector<Directive>& directives, const nlohmann::json& variables);

}  // namespace hone::toggles::graphql

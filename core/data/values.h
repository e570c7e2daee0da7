#pragma once

#include "core/data/schema.h"
#include "core/sqlite/sqlite.h"

#include <nlohmann/json_fwd.hpp>

namespace hone::data {

/// Text from a URL as a value of the column's type: "12" for Integer, "1.5" for Real, "true" or "1" for
/// Boolean. What does not fit is InvalidArgument naming column, value and type.
Result<sqlite::Value> valueFromText(const Column& column, std::string_view text);

/// A member of a written object as a value of the column. Types are strict: "12" is no integer, 1 is no
/// boolean. InvalidArgument names column, value and type; null is refused for columns that must have a value.
Result<sqlite::Value> valueFromJson(const Column& column, const nlohmann::json& json);

/// `value` shortened for an error message: at most 60 bytes, cut between UTF-8 characters.
[[nodiscard]] std::string shown(std::string_view value);

}  // namespace hone::data

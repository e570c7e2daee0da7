#pragma once

#include "core/data/dataset.h"

#include <stop_token>
#include <vector>

namespace hone::toggles::advanced {

/// How the JSON of this profile looks; a dictionary of one is of little use for the other.
enum class Style : std::uint8_t { Pretty, Minified };
[[nodiscard]] std::string_view styleName(Style style);
/// By its first bytes.
[[nodiscard]] Style styleOf(std::string_view json);

/// Answers as the endpoints of a table give them, short lists and single rows, taken evenly from its first
/// 20 000 rows (beyond, finding a row costs more than it teaches). At most `bytes` in all; the same table
/// gives the same samples. Thread: any; blocks on the database. Errors: the database's; Cancelled.
[[nodiscard]] Result<std::vector<std::string>> sampleAnswers(data::Dataset& dataset, const data::Table& table,
                                                             Style style, std::size_t bytes,
                                                             std::stop_token stop);

}  // namespace hone::toggles::advanced

#pragma once

#include "core/base/error.h"
#include "core/data/query.h"
#include "core/data/schema.h"
#include "core/toggles/shaping/selection.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::shaping {

/// Texts of a URL that name columns of a table. Pure functions; thread: any.

[[nodiscard]] std::vector<std::string_view> splitList(std::string_view text);  ///< At commas; never empty.
[[nodiscard]] std::string columnList(const data::Table& table);
/// InvalidArgument: what `where` names is no column; the hint has the nearest and all of them.
[[nodiscard]] Failure unknownColumn(const data::Table& table, std::string_view where, std::string_view name);

/// A comparison of the column at `place`, checked: InvalidArgument for a value that cannot be compared with
/// it.
[[nodiscard]] Result<data::Filter> makeFilter(const Paths::Place& place, data::Op op,
                                              std::vector<std::string> values);

/// `column=value` or `column:op=value`, the column also at the end of a path of relations; none when `name`
/// names no column. `between` becomes two. InvalidArgument for an unknown operator and for a value that
/// cannot be compared with the column.
[[nodiscard]] Result<std::vector<data::Filter>> parseFilter(std::string_view name, std::string_view value,
                                                            const data::Table& table, const Paths& paths);

}  // namespace hone::toggles::shaping

#pragma once

#include "core/data/rows.h"

#include <span>
#include <string>

namespace hone::toggles::shaping {

/// The same rows restricted to `fields`, in that order. Columns that are not there are left out.
[[nodiscard]] data::RowSet project(const data::RowSet& rows, std::span<const std::string> fields);

/// The rows in the opposite order.
void reverseRows(data::RowSet& rows);

/// Removes the rows from `count` on.
void cutRows(data::RowSet& rows, std::size_t count);

}  // namespace hone::toggles::shaping

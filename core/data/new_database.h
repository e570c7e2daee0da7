#pragma once

#include "core/sqlite/sqlite.h"

#include <functional>

namespace hone::data {

/// Makes a new SQLite file: `fill` writes into a temporary file beside `into` with everything that costs time
/// switched off (no journal, no syncs: a half-made file is thrown away), then the file is synced and renamed.
/// `inTransaction`: one around all of `fill`. An existing `into` is AlreadyExists; on failure nothing is left
/// behind.
Result<> makeDatabase(const std::filesystem::path& into, bool inTransaction,
                      const std::function<Result<>(const sqlite::Connection&)>& fill);

}  // namespace hone::data

#pragma once

#include "core/sqlite/sqlite.h"

namespace hone::store {

/// Brings a database to the newest version, each step in its own transaction; the version is PRAGMA
/// user_version. A file of a newer program (Unsupported) or of another program (Malformed) is refused and
/// left as it was.
Result<> migrate(sqlite::Connection& db);

/// The version this program writes.
[[nodiscard]] int newestVersion();

}  // namespace hone::store

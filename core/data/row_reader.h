#pragma once

#include "core/data/rows.h"
#include "core/sqlite/sqlite.h"

namespace hone::data {

/// Appends the statement's current row. Values keep the kind they are stored with; 0 and 1 of a Boolean
/// column become booleans, a blob its base64 text, infinity (which JSON lacks) null.
void appendRow(const sqlite::Statement& statement, RowSet& rows);

/// RFC 4648, section 4, with padding.
void appendBase64(std::string_view bytes, std::string& out);

}  // namespace hone::data

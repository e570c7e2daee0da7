#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::shaping {

/// A place in a sorted list: after which row to go on. Stable under inserts and deletes, because it names
/// values and not a count of rows.
struct Cursor {
    std::string table;
    std::string sort;                ///< As in `sort=`; a cursor is only valid for the order it was made for.
    std::vector<std::string> after;  ///< data::Query::after.

    bool operator==(const Cursor&) const = default;
};

/// Opaque text for URLs: base64url (RFC 4648 section 5) without padding of version, table, sort and values.
[[nodiscard]] std::string encodeCursor(const Cursor& cursor);

/// InvalidArgument for what encodeCursor did not write: other characters, another version, a cut or damaged
/// text. It is not signed: a client that forges one only asks for another part of a list it may read anyway.
[[nodiscard]] Result<Cursor> decodeCursor(std::string_view text);

}  // namespace hone::toggles::shaping

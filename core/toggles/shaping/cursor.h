#pragma once

#include "core/base/error.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::toggles::shaping {

/// A place in a sorted list: between which rows to go on, and which way. Stable under inserts and deletes,
/// because it names values and not a count of rows.
struct Cursor {
    std::string table;
    std::string sort;                ///< As in `sort=`; a cursor is only valid for the order it was made for.
    std::vector<std::string> after;  ///< data::Query::after; empty with `backwards`: from the end.
    bool backwards = false;

    bool operator==(const Cursor&) const = default;
};

/// The secret that signs cursors. A value; thread: any.
class CursorKey {
public:
    /// The same text gives the same key: for several servers behind one address, and for restarts.
    static CursorKey from(std::string_view secret);
    /// A random key, made when it is first asked for: cursors end with the program.
    static const CursorKey& ofProcess();
    /// HMAC-SHA256 (RFC 2104), its first 16 bytes (section 5).
    [[nodiscard]] std::string sign(std::string_view bytes) const;

private:
    std::array<unsigned char, 32> m_bytes{};
};

/// Opaque text for URLs: base64url (RFC 4648 section 5) without padding of version, signature, direction,
/// table, sort and values.
[[nodiscard]] std::string encodeCursor(const Cursor& cursor, const CursorKey& key = CursorKey::ofProcess());

/// InvalidArgument for what encodeCursor did not write with this key: any other text, one changed in a single
/// bit, cut, or spelt differently.
[[nodiscard]] Result<Cursor> decodeCursor(std::string_view text,
                                          const CursorKey& key = CursorKey::ofProcess());

}  // namespace hone::toggles::shaping

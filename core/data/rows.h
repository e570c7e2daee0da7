#pragma once

#include "core/data/schema.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hone::data {

/// One value. Text lies in the RowSet's arena as offset and length, so a row set is three allocations.
struct Cell {
    enum Kind : std::uint8_t { Null, Integer, Real, Boolean, Text };
    Kind kind = Null;
    std::uint32_t length = 0;  ///< Of Text.
    union {
        std::int64_t integer = 0;  ///< Also Boolean (0 or 1).
        double real;
        std::uint64_t offset;  ///< Of Text in the arena.
    };
};

/// Rows of one query, held in memory row by row. A value; immutable after the query filled it.
/// Invariant: cells.size() is a multiple of columns.size(); all text is UTF-8.
struct RowSet {
    std::vector<Column> columns;
    std::vector<Cell> cells;
    std::string arena;

    [[nodiscard]] std::size_t rowCount() const { return columns.empty() ? 0 : cells.size() / columns.size(); }
    [[nodiscard]] const Cell& cell(std::size_t row, std::size_t column) const {
        return cells[row * columns.size() + column];
    }
    [[nodiscard]] std::string_view text(const Cell& cell) const {
        return {arena.data() + cell.offset, cell.length};
    }
};

enum class JsonStyle { Pretty, Minified };

/// Appends the rows as a JSON array of objects (RFC 8259); numbers by std::to_chars. Pretty: two spaces a
/// level.
void writeJsonArray(const RowSet& rows, JsonStyle style, std::string& out);
/// Appends row `index` as a JSON object.
void writeJsonObject(const RowSet& rows, std::size_t index, JsonStyle style, std::string& out);
/// Appends a JSON string with quotes and escapes.
void writeJsonString(std::string_view text, std::string& out);

}  // namespace hone::data

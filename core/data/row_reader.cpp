#include "core/data/row_reader.h"

#include <algorithm>
#include <cmath>

namespace hone::data {
namespace {

Cell textCell(std::string_view text, std::string& arena) {
    Cell cell;
    cell.kind = Cell::Text;
    cell.length = static_cast<std::uint32_t>(text.size());  // SQLite's own limit is 1 GB.
    cell.offset = arena.size();
    arena.append(text);
    return cell;
}

Cell cellOf(sqlite3_stmt* statement, int index, ColumnType type, std::string& arena) {
    Cell cell;
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_INTEGER:
            cell.integer = sqlite3_column_int64(statement, index);
            cell.kind = type == ColumnType::Boolean && (cell.integer == 0 || cell.integer == 1)
                            ? Cell::Boolean
                            : Cell::Integer;
            return cell;
        case SQLITE_FLOAT:
            cell.real = sqlite3_column_double(statement, index);
            cell.kind = std::isfinite(cell.real) ? Cell::Real : Cell::Null;
            return cell;
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
            return textCell({text, static_cast<std::size_t>(sqlite3_column_bytes(statement, index))}, arena);
        }
        case SQLITE_BLOB: {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
            std::string text;
            appendBase64(
                {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, index))}, text);
            return textCell(text, arena);
        }
        default: return cell;
    }
}

}  // namespace

void appendRow(const sqlite::Statement& statement, RowSet& rows) {
    for (std::size_t i = 0; i < rows.columns.size(); ++i)
        rows.cells.push_back(cellOf(statement.get(), static_cast<int>(i), rows.columns[i].type, rows.arena));
}

void appendBase64(std::string_view bytes, std::string& out) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += j <= count ? kDigits[(group >> (18 - 6 * j)) & 63] : '=';
    }
}

}  // namespace hone::data

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hone::data {

enum class ColumnType : std::uint8_t { Integer, Real, Text, Boolean };
[[nodiscard]] std::string_view typeName(ColumnType type);

struct Column {
    std::string name;
    ColumnType type = ColumnType::Text;
    bool nullable = true;
};

/// A column that points at another table's key.
struct ForeignKey {
    std::string column;
    std::string table;
    std::string targetColumn;
};

struct Table {
    std::string name;  ///< Also the resource name: /api/<name>.
    std::vector<Column> columns;
    std::string key;  ///< Primary key column; every table has one ("id" is added when the source has none).
    std::vector<ForeignKey> foreignKeys;
    std::int64_t rowCount = 0;  ///< When the dataset was opened.

    [[nodiscard]] const Column* column(std::string_view columnName) const;
};

/// The tables of a dataset; immutable once opened.
struct Schema {
    std::vector<Table> tables;
    [[nodiscard]] const Table* table(std::string_view name) const;
};

}  // namespace hone::data

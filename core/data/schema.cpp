#include "core/data/schema.h"

#include <algorithm>

namespace hone::data {

std::string_view typeName(ColumnType type) {
    switch (type) {
        case ColumnType::Integer: return "integer";
        case ColumnType::Real: return "real";
        case ColumnType::Text: return "text";
        case ColumnType::Boolean: return "boolean";
    }
    return "text";
}

const Column* Table::column(std::string_view columnName) const {
    const auto found = std::ranges::find(columns, columnName, &Column::name);
    return found == columns.end() ? nullptr : &*found;
}

const Table* Schema::table(std::string_view name) const {
    const auto found = std::ranges::find(tables, name, &Table::name);
    return found == tables.end() ? nullptr : &*found;
}

}  // namespace hone::data

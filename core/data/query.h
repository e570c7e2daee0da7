#pragma once

#include "core/base/error.h"
#include "core/data/rows.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hone::data {

enum class Op : std::uint8_t { Eq, Ne, Lt, Le, Gt, Ge, In, Contains, StartsWith, EndsWith };
[[nodiscard]] std::optional<Op> opFrom(
    std::string_view suffix);  ///< "eq ne lt lte gt gte in contains startsWith endsWith".

struct Filter {
    std::string column;
    Op op = Op::Eq;
    std::vector<std::string> values;  ///< As text; bound with the column's type. Several for In.
};

struct Sort {
    std::string column;
    bool descending = false;
};

/// What to read from one table. Identifiers are checked against the schema when it runs, values are always
/// bound.
struct Query {
    std::string table;
    std::vector<std::string> fields;  ///< Empty: all, in schema order. The key is not added.
    std::vector<Filter> filters;      ///< All must hold.
    std::string search;               ///< Case-insensitive substring of any text column.
    std::vector<Sort> sorts;          ///< The key is appended as the last criterion, so that order is total.
    std::optional<std::int64_t> limit;
    std::int64_t offset = 0;
    /// Keyset position: values of the sort columns and the key of the last row seen; rows strictly after it.
    /// As text, NULL as keysetNull(); made by keysetAfter().
    std::vector<std::string> after;
};

/// How `after` says NULL (a NUL character; text that begins with one gets another in front).
[[nodiscard]] std::string keysetNull();
/// `Query::after` for the row: values of `sorts`, then the key (unless it is among them). None when the row
/// set lacks one of these columns, as a query with `fields` may; every value reads back exactly.
[[nodiscard]] std::optional<std::vector<std::string>> keysetAfter(const RowSet& rows, std::size_t row,
                                                                  const std::vector<Sort>& sorts,
                                                                  std::string_view key);

}  // namespace hone::data

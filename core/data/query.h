#pragma once

#include "core/base/error.h"
#include "core/data/rows.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hone::data {

enum class Op : std::uint8_t {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    Contains,
    StartsWith,
    EndsWith,
    IsNull,  ///< Value "true" or "false".
    Like,    ///< SQL's pattern, % and _ with \\ before one that stands for itself; the case of ASCII is
             ///< ignored.
};
[[nodiscard]] std::optional<Op> opFrom(
    std::string_view suffix);  ///< "eq ne lt lte gt gte in contains startsWith endsWith isNull".

/// A step from a row to the rows of another table: those whose `targetColumn` equals our `column`.
struct Hop {
    std::string column;
    std::string table;
    std::string targetColumn;

    bool operator==(const Hop&) const = default;
};

struct Filter {
    std::string column;
    Op op = Op::Eq;
    std::vector<std::string> values;  ///< As text; bound with the column's type. Several for In.
    /// Where the column is: empty for the query's own table; else any row reached by these steps will do.
    std::vector<Hop> via;
};

/// Filters and conditions of which all, or at least one, must hold. Of none: all hold, none does.
struct Condition {
    bool any = false;
    std::vector<Filter> filters;
    std::vector<Condition> parts;
};

struct Sort {
    std::string column;
    bool descending = false;
    bool ignoreCase = false;  ///< Of ASCII. Such an order has no keyset position.
};

/// What to read from one table. Identifiers are checked against the schema when it runs, values are always
/// bound.
struct Query {
    std::string table;
    std::vector<std::string> fields;  ///< Empty: all, in schema order. The key is not added.
    std::vector<Filter> filters;      ///< All must hold.
    std::string search;               ///< Case-insensitive substring of any text column.
    std::vector<Sort>
        sorts;  ///< The key follows in the direction of the last of them, so that order is total.
    std::optional<std::int64_t> limit;
    std::int64_t offset = 0;
    /// Keyset position: values of the sort columns and the key of the last row seen; rows strictly after it.
    /// As text, NULL as keysetNull(); made by keysetAfter().
    std::vector<std::string> after;
    /// The same rows from the other end: the whole order reversed, so `after` means before. The rows come
    /// reversed, too.
    bool backwards = false;
    std::vector<Condition> conditions;  ///< All must hold.
};

/// How `after` says NULL (a NUL character; text that begins with one gets another in front).
[[nodiscard]] std::string keysetNull();
/// `Query::after` for the row: values of `sorts`, then the key (unless it is among them). None when the row
/// set lacks one of these columns, as a query with `fields` may; every value reads back exactly.
[[nodiscard]] std::optional<std::vector<std::string>> keysetAfter(const RowSet& rows, std::size_t row,
                                                                  const std::vector<Sort>& sorts,
                                                                  std::string_view key);

}  // namespace hone::data

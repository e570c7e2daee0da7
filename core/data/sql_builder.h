#pragma once

#include "core/data/catalog.h"
#include "core/data/query.h"

namespace hone::data {

/// A statement and what is bound to its parameters, in order.
struct BoundSql {
    std::string text;
    std::vector<sqlite::Value> values;
    std::vector<Column> columns;  ///< Of the result, for SELECT of rows.
};

/// SELECT for a query. Identifiers come from the schema, values are bound.
///
/// Order is total: it ends with the key. NULL sorts before every value (SQLite's rule), so descending it
/// comes last. Ne keeps rows that have no value; Contains, StartsWith, EndsWith compare bytes; the search
/// ignores the case of ASCII. Unknown columns, values that do not fit and text operators on other columns are
/// InvalidArgument.
Result<BoundSql> selectSql(const Table& table, const TableSql& sql, const Query& query);
/// SELECT count(*) for the query's filters and search.
Result<BoundSql> countSql(const Table& table, const TableSql& sql, const Query& query);

}  // namespace hone::data

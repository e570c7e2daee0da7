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

/// SELECTs whose rows, one statement after another until the limit is reached, answer the query.
///
/// Order is total: it ends with the key, in the direction of the last criterion, so that one index on the
/// criteria serves it either way. NULL sorts before every value (SQLite's rule), so descending it comes last.
/// A position (Query::after) makes several statements, each a range of an index on the criteria (keyset.h).
/// Unknown columns, values that do not fit and text operators on other columns
/// are InvalidArgument.
Result<std::vector<BoundSql>> selectSql(const Catalog& catalog, std::size_t table, const Query& query);
/// SELECT count(*) for the query's conditions.
Result<BoundSql> countSql(const Catalog& catalog, std::size_t table, const Query& query);
/// Two numbers: how many of about `sampled` rows, evenly spread over the keys, exist, and how many of them
/// meet the query's conditions. None for tables whose key is not SQLite's rowid.
Result<std::optional<BoundSql>> sampleSql(const Catalog& catalog, std::size_t table, const Query& query,
                                          std::int64_t sampled);

}  // namespace hone::data

#include "core/data/sql_builder.h"

#include "core/data/condition_sql.h"
#include "core/data/keyset.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace hone::data {
namespace {

std::string whereOf(const std::vector<std::string>& conditions) {
    return conditions.empty() ? "" : fmt::format(" WHERE {}", fmt::join(conditions, " AND "));
}

/// The columns to read, quoted; fills `columns`. A JSON object cannot hold one twice.
Result<std::string> fieldList(const Table& table, const TableSql& sql, const std::vector<std::string>& fields,
                              std::vector<Column>& columns) {
    std::string list;
    for (const std::string& field : fields) {
        const auto column = findColumn(table, field);
        if (!column)
            return fail(column.error());
        if (std::ranges::find(columns, field, &Column::name) != columns.end())
            continue;
        list += list.empty() ? "" : ", ";
        list += sql.columns[*column];
        columns.push_back(table.columns[*column]);
    }
    if (!columns.empty())
        return list;
    columns = table.columns;
    return sql.columnList;
}

}  // namespace

Result<std::vector<BoundSql>> selectSql(const Catalog& catalog, std::size_t table, const Query& query) {
    const Table& shown = catalog.schema.tables[table];
    const TableSql& sql = catalog.sql[table];
    std::vector<Column> columns;
    const auto fields = fieldList(shown, sql, query.fields, columns);
    if (!fields)
        return fail(fields.error());
    if (query.limit.value_or(0) < 0 || query.offset < 0)
        return fail(Error::InvalidArgument, "limit and offset must not be negative, got {} and {}",
                    query.limit.value_or(0), query.offset);
    if (query.offset > 0 && !query.after.empty())
        return fail(Error::InvalidArgument, "a position and an offset exclude each other, got offset {}",
                    query.offset)
            .hint("Go on from the position.");
    const auto order = Keyset::orderOf(shown, sql, query);
    if (!order)
        return fail(order.error());
    const auto segments = order->segmentsAfter(query);
    if (!segments)
        return fail(segments.error());
    std::vector<BoundSql> out;
    for (const Keyset::Segment& segment : *segments) {
        ConditionSql builder(catalog);
        auto conditions = builder.of(query, table);
        if (!conditions)
            return fail(std::move(conditions.error()));
        for (const std::string& condition : segment.conditions)
            conditions->push_back(condition);
        for (const sqlite::Value& value : segment.values)
            builder.parameter(value);
        BoundSql statement{
            fmt::format("SELECT {} FROM {}{}{}", *fields, sql.name, whereOf(*conditions), order->orderBy()),
            {},
            columns};
        if (query.limit || query.offset > 0)
            statement.text += " LIMIT " + builder.parameter(query.limit.value_or(-1));
        if (query.offset > 0)
            statement.text += " OFFSET " + builder.parameter(query.offset);
        statement.values = builder.takeValues();
        out.push_back(std::move(statement));
    }
    return out;
}

Result<BoundSql> countSql(const Catalog& catalog, std::size_t table, const Query& query) {
    ConditionSql builder(catalog);
    const auto conditions = builder.of(query, table);
    if (!conditions)
        return fail(conditions.error());
    return BoundSql{fmt::format("SELECT count(*) FROM {}{}", catalog.sql[table].name, whereOf(*conditions)),
                    builder.takeValues(),
                    {{"count", ColumnType::Integer, false}}};
}

Result<std::optional<BoundSql>> sampleSql(const Catalog& catalog, std::size_t table, const Query& query,
                                          std::int64_t sampled) {
    const TableSql& sql = catalog.sql[table];
    if (sql.keyKind != KeyKind::Rowid)
        return std::nullopt;
    ConditionSql builder(catalog);
    const std::string count = builder.parameter(sampled);
    const auto conditions = builder.of(query, table);
    if (!conditions)
        return fail(conditions.error());
    // Step i of n looks up the first row at or after a place in its share of the way from the least to the
    // greatest key; where in the share changes from step to step, so that data with a rhythm is sampled
    // fairly.
    return BoundSql{
        fmt::format(
            "WITH RECURSIVE step(i, n, low, high) AS (SELECT 0, {3}, (SELECT min({1}) FROM {0}), "
            "(SELECT max({1}) FROM {0}) UNION ALL SELECT i + 1, n, low, high FROM step WHERE i + 1 < "
            "n), hit(k) AS MATERIALIZED (SELECT DISTINCT (SELECT {1} FROM {0} WHERE {1} >= CAST(low + "
            "(high - low) * ((i + i * 40503 % 1009 / 1009.0) / n) AS INTEGER) ORDER BY {1} LIMIT 1) "
            "FROM step) SELECT (SELECT count(k) FROM hit), (SELECT count(*) FROM {0} WHERE {1} IN "
            "(SELECT k FROM hit){2})",
            sql.name, sql.key,
            conditions->empty() ? "" : fmt::format(" AND {}", fmt::join(*conditions, " AND ")), count),
        builder.takeValues(),
        {{"sampled", ColumnType::Integer, false}, {"matching", ColumnType::Integer, false}}};
}

}  // namespace hone::data

#pragma once

#include "core/data/catalog.h"
#include "core/data/query.h"

namespace hone::data {

/// The total order of a query and the rows after a position in it, as SQL.
///
/// A value; the table must outlive it. Invariant: the criteria end with the key, so no two rows are equal.
class Keyset {
public:
    /// Conditions for one stretch of the order; `values` fill their `?` in order.
    struct Segment {
        std::vector<std::string> conditions;
        std::vector<sqlite::Value> values;
    };

    /// Unknown columns are InvalidArgument.
    static Result<Keyset> orderOf(const Table& table, const TableSql& sql, const Query& query);

    [[nodiscard]] std::string orderBy() const;
    /// The stretches after Query::after, in order; one without conditions when there is no position. Each
    /// holds the rows that equal the position in the first criteria and follow it in the next one: a range of
    /// an index on the criteria, found without reading what comes before, however many rows are equal. A page
    /// mostly ends in the first or second. InvalidArgument for a position of another order.
    [[nodiscard]] Result<std::vector<Segment>> segmentsAfter(const Query& query) const;

private:
    /// One criterion of the order, by position in the schema.
    struct Criterion {
        std::size_t column = 0;
        bool descending = false;
        bool ignoreCase = false;
    };
    Keyset(const Table& table, const TableSql& sql) : m_table(&table), m_sql(&sql) {}

    [[nodiscard]] Result<std::vector<sqlite::Value>> positionOf(const Query& query) const;
    [[nodiscard]] Result<sqlite::Value> valueOf(std::size_t column, const std::string& text) const;
    /// `criterion comparison value`; equal to NULL is IS NULL.
    void add(Segment& segment, std::size_t criterion, const sqlite::Value& value,
             std::string_view comparison) const;
    [[nodiscard]] const std::string& name(std::size_t criterion) const {
        return m_sql->columns[m_criteria[criterion].column];
    }
    [[nodiscard]] bool mayBeNull(std::size_t criterion) const {
        return m_table->columns[m_criteria[criterion].column].nullable;
    }

    const Table* m_table;
    const TableSql* m_sql;
    std::vector<Criterion> m_criteria;
};

}  // namespace hone::data

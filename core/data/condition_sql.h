#pragma once

#include "core/data/catalog.h"
#include "core/data/query.h"

namespace hone::data {

/// Writes the conditions of one statement, in the order in which their parameters stand in its text.
///
/// A value for one statement. Invariant: as many values as there are `?` in what it returned; identifiers
/// come from the catalog, never from the query. Filters are described at Op; Ne keeps rows that have no
/// value, Contains, StartsWith and EndsWith compare bytes and, as Like, work on text alone.
class ConditionSql {
public:
    explicit ConditionSql(const Catalog& catalog) : m_catalog(catalog) {}

    /// The conditions a query puts on rows, without its position; empty when it has none. InvalidArgument for
    /// unknown tables, columns and values that do not fit.
    Result<std::vector<std::string>> of(const Query& query, std::size_t table);
    std::string parameter(sqlite::Value value) {
        m_values.push_back(std::move(value));
        return "?";
    }
    [[nodiscard]] std::vector<sqlite::Value> takeValues() { return std::move(m_values); }

private:
    Result<std::string> filter(const Filter& filter, std::size_t table, std::size_t hop);
    Result<std::string> onColumn(const Filter& filter, std::size_t table);
    Result<std::string> onRelated(const Filter& filter, std::size_t table, std::size_t hop);
    Result<std::string> text(const Filter& filter, const std::string& name);
    Result<std::string> list(const Filter& filter, const Column& column, const std::string& name);
    Result<std::string> condition(const Condition& condition, std::size_t table, int depth);
    Result<std::string> search(const std::string& text, std::size_t table);

    const Catalog& m_catalog;
    std::vector<sqlite::Value> m_values;
};

}  // namespace hone::data

#include "core/data/condition_sql.h"

#include "core/data/values.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace hone::data {
namespace {

constexpr std::size_t kMaxInValues = 10'000;
// SQLite refuses LIKE patterns above 50 000 bytes; escapes double it.
constexpr std::size_t kMaxSearchBytes = 1'000;
constexpr int kMaxDepth = 8;  ///< Of conditions in conditions; SQLite's own limit is 1000 levels.

std::string_view comparison(Op op) {
    switch (op) {
        case Op::Eq: return "=";
        case Op::Ne: return "IS NOT";  // A row without a value does not have that value.
        case Op::Lt: return "<";
        case Op::Le: return "<=";
        case Op::Gt: return ">";
        case Op::Ge: return ">=";
        default: return "";
    }
}

std::string_view textOpName(Op op) {
    switch (op) {
        case Op::Contains: return "contains";
        case Op::StartsWith: return "startsWith";
        case Op::EndsWith: return "endsWith";
        default: return "like";
    }
}

bool worksOnText(Op op) {
    return op == Op::Contains || op == Op::StartsWith || op == Op::EndsWith || op == Op::Like;
}

}  // namespace

Result<std::vector<std::string>> ConditionSql::of(const Query& query, std::size_t table) {
    std::vector<std::string> all;
    for (const Filter& each : query.filters) {
        auto made = filter(each, table, 0);
        if (!made)
            return fail(std::move(made.error()));
        all.push_back(std::move(*made));
    }
    for (const Condition& each : query.conditions) {
        auto made = condition(each, table, 1);
        if (!made)
            return fail(std::move(made.error()));
        all.push_back(std::move(*made));
    }
    if (query.search.empty())
        return all;
    auto made = search(query.search, table);
    if (!made)
        return fail(std::move(made.error()));
    all.push_back(std::move(*made));
    return all;
}

Result<std::string> ConditionSql::filter(const Filter& filter, std::size_t table, std::size_t hop) {
    return hop == filter.via.size() ? onColumn(filter, table) : onRelated(filter, table, hop);
}

Result<std::string> ConditionSql::onColumn(const Filter& filter, std::size_t table) {
    const Table& shown = m_catalog.schema.tables[table];
    const auto at = findColumn(shown, filter.column);
    if (!at)
        return fail(at.error());
    const Column& column = shown.columns[*at];
    const std::string& name = m_catalog.sql[table].columns[*at];
    const bool isList = filter.op == Op::In;
    if (filter.values.empty() || (!isList && filter.values.size() != 1))
        return fail(Error::InvalidArgument, "the filter on {} takes {}, got {}", filter.column,
                    isList ? "at least one value" : "one value", filter.values.size())
            .hint("Several values go with :in.");
    if (isList)
        return list(filter, column, name);
    if (filter.op == Op::IsNull) {
        if (filter.values[0] != "true" && filter.values[0] != "false")
            return fail(Error::InvalidArgument, "the filter {}:isNull takes true or false, got '{}'",
                        filter.column, data::shown(filter.values[0]));
        return name + (filter.values[0] == "true" ? " IS NULL" : " IS NOT NULL");
    }
    if (worksOnText(filter.op)) {
        if (column.type != ColumnType::Text)
            return fail(Error::InvalidArgument, "{} works on text, but column {} is {}",
                        textOpName(filter.op), filter.column, typeName(column.type))
                .hint("Use eq, ne, lt, lte, gt, gte, in or isNull.");
        return text(filter, name);
    }
    auto value = valueFromText(column, filter.values[0]);
    if (!value)
        return fail(std::move(value.error()));
    return fmt::format("{} {} {}", name, comparison(filter.op), parameter(std::move(*value)));
}

/// A subquery, not a join: a row with several related rows that match still comes once.
Result<std::string> ConditionSql::onRelated(const Filter& filter, std::size_t table, std::size_t hop) {
    const Hop& step = filter.via[hop];
    const auto column = findColumn(m_catalog.schema.tables[table], step.column);
    if (!column)
        return fail(column.error());
    const auto target = m_catalog.find(step.table);
    if (!target)
        return fail(target.error());
    const auto targetColumn = findColumn(m_catalog.schema.tables[*target], step.targetColumn);
    if (!targetColumn)
        return fail(targetColumn.error());
    auto inner = this->filter(filter, *target, hop + 1);
    if (!inner)
        return inner;
    const TableSql& there = m_catalog.sql[*target];
    return fmt::format("{} IN (SELECT {} FROM {} WHERE {})", m_catalog.sql[table].columns[*column],
                       there.columns[*targetColumn], there.name, *inner);
}

Result<std::string> ConditionSql::text(const Filter& filter, const std::string& name) {
    const std::string& value = filter.values[0];
    switch (filter.op) {
        case Op::Contains: return fmt::format("instr({}, {}) > 0", name, parameter(value));
        case Op::StartsWith:
            m_values.insert(m_values.end(), 2, value);
            return fmt::format("substr({}, 1, length(?)) = ?", name);
        case Op::Like:
            if (value.size() > 2 * kMaxSearchBytes)
                return fail(Error::InvalidArgument, "the pattern for {} has {} bytes, at most {} are allowed",
                            filter.column, value.size(), 2 * kMaxSearchBytes);
            return fmt::format("{} LIKE {} ESCAPE '\\'", name, parameter(value));
        default: break;
    }
    // A negative start counts from the end; the empty text ends every text.
    m_values.insert(m_values.end(), 3, value);
    return fmt::format("({0} IS NOT NULL AND (length(?) = 0 OR substr({0}, -length(?)) = ?))", name);
}

Result<std::string> ConditionSql::list(const Filter& filter, const Column& column, const std::string& name) {
    if (filter.values.size() > kMaxInValues)
        return fail(Error::InvalidArgument, "the filter on {} has {} values, at most {} are allowed",
                    filter.column, filter.values.size(), kMaxInValues);
    std::string all;
    for (const std::string& each : filter.values) {
        auto value = valueFromText(column, each);
        if (!value)
            return fail(std::move(value.error()));
        all += all.empty() ? "" : ", ";
        all += parameter(std::move(*value));
    }
    return fmt::format("{} IN ({})", name, all);
}

Result<std::string> ConditionSql::condition(const Condition& condition, std::size_t table, int depth) {
    if (depth > kMaxDepth)
        return fail(Error::InvalidArgument, "conditions are nested more than {} deep", kMaxDepth);
    std::vector<std::string> parts;
    for (const Filter& each : condition.filters) {
        auto made = filter(each, table, 0);
        if (!made)
            return made;
        parts.push_back(std::move(*made));
    }
    for (const Condition& each : condition.parts) {
        auto made = this->condition(each, table, depth + 1);
        if (!made)
            return made;
        parts.push_back(std::move(*made));
    }
    if (parts.empty())
        return condition.any ? "0" : "1";
    return fmt::format("({})", fmt::join(parts, condition.any ? " OR " : " AND "));
}

Result<std::string> ConditionSql::search(const std::string& text, std::size_t table) {
    if (text.size() > kMaxSearchBytes)
        return fail(Error::InvalidArgument, "the search text has {} bytes, at most {} are allowed",
                    text.size(), kMaxSearchBytes);
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    pattern += '%';
    std::vector<std::string> any;
    const Table& shown = m_catalog.schema.tables[table];
    for (std::size_t i = 0; i < shown.columns.size(); ++i)
        if (shown.columns[i].type == ColumnType::Text)
            any.push_back(
                fmt::format("{} LIKE {} ESCAPE '\\'", m_catalog.sql[table].columns[i], parameter(pattern)));
    return any.empty() ? "0" : fmt::format("({})", fmt::join(any, " OR "));
}

}  // namespace hone::data

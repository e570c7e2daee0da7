#include "core/data/sql_builder.h"

#include "core/data/values.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace hone::data {
namespace {

constexpr std::size_t kMaxInValues = 10'000;
constexpr std::size_t kMaxSearchBytes =
    1'000;  // SQLite refuses LIKE patterns above 50 000 bytes; escapes double it.

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
    return op == Op::Contains ? "contains" : op == Op::StartsWith ? "startsWith" : "endsWith";
}

/// One criterion of the order, by position in the schema.
struct Criterion {
    std::size_t column = 0;
    bool descending = false;
};

/// Builds the clauses of one statement, collecting values as their parameters are written.
class Builder {
public:
    Builder(const Table& table, const TableSql& sql) : m_table(table), m_sql(sql) {}

    Result<> addFilters(const Query& query);
    Result<> addSearch(const std::string& search);
    Result<> order(const Query& query);
    Result<> addAfter(const std::vector<Sort>& sorts, const std::vector<std::string>& after);

    [[nodiscard]] std::string where() const {
        return m_conditions.empty() ? "" : fmt::format(" WHERE {}", fmt::join(m_conditions, " AND "));
    }
    [[nodiscard]] std::string orderBy() const;
    std::string parameter(sqlite::Value value) {
        m_values.push_back(std::move(value));
        return "?";
    }
    [[nodiscard]] std::vector<sqlite::Value> takeValues() { return std::move(m_values); }

private:
    Result<std::string> textCondition(const Filter& filter, std::size_t column);
    Result<std::string> listCondition(const Filter& filter, std::size_t column);
    Result<sqlite::Value> keysetValue(std::size_t column, const std::string& text) const;
    std::string afterCriterion(const Criterion& criterion, const sqlite::Value& value);
    [[nodiscard]] std::size_t keyColumn() const {
        return static_cast<std::size_t>(m_table.column(m_table.key) - m_table.columns.data());
    }

    const Table& m_table;
    const TableSql& m_sql;
    std::vector<std::string> m_conditions;
    std::vector<sqlite::Value> m_values;
    std::vector<Criterion> m_order;  ///< Ends with the key.
};

Result<> Builder::addFilters(const Query& query) {
    for (const Filter& filter : query.filters) {
        const auto column = findColumn(m_table, filter.column);
        if (!column)
            return fail(column.error());
        const bool isList = filter.op == Op::In;
        if (filter.values.empty() || (!isList && filter.values.size() != 1))
            return fail(Error::InvalidArgument, "the filter on {} takes {}, got {}", filter.column,
                        isList ? "at least one value" : "one value", filter.values.size())
                .hint("Several values go with :in.");
        Result<std::string> condition;
        if (isList) {
            condition = listCondition(filter, *column);
        } else if (comparison(filter.op).empty()) {
            condition = textCondition(filter, *column);
        } else {
            auto value = valueFromText(m_table.columns[*column], filter.values[0]);
            if (!value)
                return fail(std::move(value.error()));
            condition = fmt::format("{} {} {}", m_sql.columns[*column], comparison(filter.op),
                                    parameter(std::move(*value)));
        }
        if (!condition)
            return fail(std::move(condition.error()));
        m_conditions.push_back(std::move(*condition));
    }
    return {};
}

Result<std::string> Builder::textCondition(const Filter& filter, std::size_t column) {
    if (m_table.columns[column].type != ColumnType::Text)
        return fail(Error::InvalidArgument, "{} works on text, but column {} is {}", textOpName(filter.op),
                    filter.column, typeName(m_table.columns[column].type))
            .hint("Use eq, ne, lt, lte, gt, gte or in.");
    const std::string& name = m_sql.columns[column];
    const std::string& value = filter.values[0];
    if (filter.op == Op::Contains)
        return fmt::format("instr({}, {}) > 0", name, parameter(value));
    if (filter.op == Op::StartsWith) {
        m_values.insert(m_values.end(), 2, value);
        return fmt::format("substr({}, 1, length(?)) = ?", name);
    }
    // A negative start counts from the end; the empty text ends every text.
    m_values.insert(m_values.end(), 3, value);
    return fmt::format("({0} IS NOT NULL AND (length(?) = 0 OR substr({0}, -length(?)) = ?))", name);
}

Result<std::string> Builder::listCondition(const Filter& filter, std::size_t column) {
    if (filter.values.size() > kMaxInValues)
        return fail(Error::InvalidArgument, "the filter on {} has {} values, at most {} are allowed",
                    filter.column, filter.values.size(), kMaxInValues);
    std::string list;
    for (const std::string& text : filter.values) {
        auto value = valueFromText(m_table.columns[column], text);
        if (!value)
            return fail(std::move(value.error()));
        list += list.empty() ? "" : ", ";
        list += parameter(std::move(*value));
    }
    return fmt::format("{} IN ({})", m_sql.columns[column], list);
}

Result<> Builder::addSearch(const std::string& search) {
    if (search.empty())
        return {};
    if (search.size() > kMaxSearchBytes)
        return fail(Error::InvalidArgument, "the search text has {} bytes, at most {} are allowed",
                    search.size(), kMaxSearchBytes);
    std::string pattern = "%";
    for (const char c : search) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    pattern += '%';
    std::vector<std::string> any;
    for (std::size_t i = 0; i < m_table.columns.size(); ++i)
        if (m_table.columns[i].type == ColumnType::Text)
            any.push_back(fmt::format("{} LIKE {} ESCAPE '\\'", m_sql.columns[i], parameter(pattern)));
    m_conditions.push_back(any.empty() ? "0" : fmt::format("({})", fmt::join(any, " OR ")));
    return {};
}

Result<> Builder::order(const Query& query) {
    const std::size_t key = keyColumn();
    for (const Sort& sort : query.sorts) {
        const auto column = findColumn(m_table, sort.column);
        if (!column)
            return fail(column.error());
        if (std::ranges::find(m_order, *column, &Criterion::column) ==
            m_order.end())  // The first mention decides.
            m_order.push_back({*column, sort.descending});
    }
    if (std::ranges::find(m_order, key, &Criterion::column) == m_order.end())
        m_order.push_back({key, false});
    return {};
}

std::string Builder::orderBy() const {
    std::vector<std::string> parts;
    parts.reserve(m_order.size());
    for (const Criterion& criterion : m_order)
        parts.push_back(m_sql.columns[criterion.column] + (criterion.descending ? " DESC" : ""));
    return fmt::format(" ORDER BY {}", fmt::join(parts, ", "));
}

Result<sqlite::Value> Builder::keysetValue(std::size_t column, const std::string& text) const {
    const bool isText = m_table.columns[column].type == ColumnType::Text;
    if (text == keysetNull() || (text.empty() && !isText))
        return std::monostate{};
    const bool escaped = text.starts_with('\0');
    return valueFromText(m_table.columns[column], std::string_view(text).substr(escaped ? 1 : 0));
}

/// "Strictly after the value" for one column; empty when nothing can be.
std::string Builder::afterCriterion(const Criterion& criterion, const sqlite::Value& value) {
    const std::string& name = m_sql.columns[criterion.column];
    const bool isNull = std::holds_alternative<std::monostate>(value);
    if (!criterion.descending)
        return isNull ? name + " IS NOT NULL" : fmt::format("{} > {}", name, parameter(value));
    if (isNull)
        return "";  // Descending, NULL is last.
    const std::string below = fmt::format("{} < {}", name, parameter(value));
    return m_table.columns[criterion.column].nullable ? fmt::format("({} OR {} IS NULL)", below, name)
                                                      : below;
}

/// (a > ?) OR (a IS ? AND b > ?) OR …: row values cannot mix directions or hold NULL.
Result<> Builder::addAfter(const std::vector<Sort>& sorts, const std::vector<std::string>& after) {
    if (after.empty())
        return {};
    const bool keySorted = std::ranges::find(sorts, m_table.key, &Sort::column) != sorts.end();
    if (after.size() != sorts.size() + 1 && !(keySorted && after.size() == sorts.size()))
        return fail(Error::InvalidArgument,
                    "a position of {} values does not fit {} sort columns and the key", after.size(),
                    sorts.size())
            .hint("Use the position that came with the previous page and the same sort.");
    std::vector<sqlite::Value> position;
    for (const Criterion& criterion : m_order) {
        const std::string& name = m_table.columns[criterion.column].name;
        const auto at = std::ranges::find(sorts, name, &Sort::column) - sorts.begin();  // The end: the key.
        auto value = keysetValue(criterion.column, after[static_cast<std::size_t>(at)]);
        if (!value)
            return fail(std::move(value.error()));
        position.push_back(std::move(*value));
    }
    const bool bounded = m_order.size() > 1 && !std::holds_alternative<std::monostate>(position[0]) &&
                         (!m_order[0].descending || !m_table.columns[m_order[0].column].nullable);
    if (bounded)  // Implied by the rest, but a range an index can use.
        m_conditions.push_back(fmt::format("{} {} {}", m_sql.columns[m_order[0].column],
                                           m_order[0].descending ? "<=" : ">=", parameter(position[0])));
    std::vector<std::string> any;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const auto mark = m_values.size();
        std::string all;
        for (std::size_t j = 0; j < i; ++j)
            all += fmt::format("{} IS {} AND ", m_sql.columns[m_order[j].column], parameter(position[j]));
        const std::string last = afterCriterion(m_order[i], position[i]);
        if (last.empty())
            m_values.resize(mark);
        else
            any.push_back(fmt::format("({}{})", all, last));
    }
    m_conditions.push_back(any.empty() ? "0" : fmt::format("({})", fmt::join(any, " OR ")));
    return {};
}

}  // namespace

Result<BoundSql> selectSql(const Table& table, const TableSql& sql, const Query& query) {
    BoundSql out;
    std::string fields;
    for (const std::string& field : query.fields) {
        const auto column = findColumn(table, field);
        if (!column)
            return fail(column.error());
        if (std::ranges::find(out.columns, field, &Column::name) != out.columns.end())
            continue;  // A JSON object cannot hold it twice.
        fields += fields.empty() ? "" : ", ";
        fields += sql.columns[*column];
        out.columns.push_back(table.columns[*column]);
    }
    if (out.columns.empty()) {
        fields = sql.columnList;
        out.columns = table.columns;
    }
    if (query.limit.value_or(0) < 0 || query.offset < 0)
        return fail(Error::InvalidArgument, "limit and offset must not be negative, got {} and {}",
                    query.limit.value_or(0), query.offset);
    Builder builder(table, sql);
    for (const auto& step :
         {builder.addFilters(query), builder.addSearch(query.search), builder.order(query)})
        if (!step)
            return fail(step.error());
    if (const auto added = builder.addAfter(query.sorts, query.after); !added)
        return fail(added.error());
    out.text = fmt::format("SELECT {} FROM {}{}{}", fields, sql.name, builder.where(), builder.orderBy());
    if (query.limit || query.offset > 0)
        out.text += " LIMIT " + builder.parameter(query.limit.value_or(-1));
    if (query.offset > 0)
        out.text += " OFFSET " + builder.parameter(query.offset);
    out.values = builder.takeValues();
    return out;
}

Result<BoundSql> countSql(const Table& table, const TableSql& sql, const Query& query) {
    Builder builder(table, sql);
    for (const auto& step : {builder.addFilters(query), builder.addSearch(query.search)})
        if (!step)
            return fail(step.error());
    return BoundSql{
        fmt::format("SELECT count(*) FROM {}{}", sql.name, builder.where()), builder.takeValues(), {}};
}

}  // namespace hone::data

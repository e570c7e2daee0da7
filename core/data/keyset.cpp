#include "core/data/keyset.h"

#include "core/data/values.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace hone::data {
namespace {

bool isNull(const sqlite::Value& value) { return std::holds_alternative<std::monostate>(value); }

}  // namespace

Result<Keyset> Keyset::orderOf(const Table& table, const TableSql& sql, const Query& query) {
    Keyset keyset(table, sql);
    auto& criteria = keyset.m_criteria;
    const auto has = [&](std::size_t column) {
        return std::ranges::find(criteria, column, &Criterion::column) != criteria.end();
    };
    for (const Sort& sort : query.sorts) {
        const auto column = findColumn(table, sort.column);
        if (!column)
            return fail(column.error());
        if (!has(*column))  // The first mention decides.
            criteria.push_back({*column, sort.descending != query.backwards, sort.ignoreCase});
    }
    const auto key = static_cast<std::size_t>(table.column(table.key) - table.columns.data());
    if (!has(key))
        criteria.push_back({key, criteria.empty() ? query.backwards : criteria.back().descending});
    return keyset;
}

std::string Keyset::orderBy() const {
    std::vector<std::string> parts;
    parts.reserve(m_criteria.size());
    for (std::size_t i = 0; i < m_criteria.size(); ++i)
        parts.push_back(fmt::format("{}{}{}", name(i), m_criteria[i].ignoreCase ? " COLLATE NOCASE" : "",
                                    m_criteria[i].descending ? " DESC" : ""));
    return fmt::format(" ORDER BY {}", fmt::join(parts, ", "));
}

Result<sqlite::Value> Keyset::valueOf(std::size_t column, const std::string& text) const {
    const bool isText = m_table->columns[column].type == ColumnType::Text;
    if (text == keysetNull() || (text.empty() && !isText))
        return std::monostate{};
    const bool escaped = text.starts_with('\0');
    return valueFromText(m_table->columns[column], std::string_view(text).substr(escaped ? 1 : 0));
}

Result<std::vector<sqlite::Value>> Keyset::positionOf(const Query& query) const {
    const auto& [sorts, after] = std::tie(query.sorts, query.after);
    const bool keySorted = std::ranges::find(sorts, m_table->key, &Sort::column) != sorts.end();
    if (after.size() != sorts.size() + 1 && !(keySorted && after.size() == sorts.size()))
        return fail(Error::InvalidArgument,
                    "a position of {} values does not fit {} sort columns and the key", after.size(),
                    sorts.size())
            .hint("Use the position that came with the previous page and the same sort.");
    std::vector<sqlite::Value> position;
    for (const Criterion& criterion : m_criteria) {
        if (criterion.ignoreCase)
            return fail(Error::InvalidArgument, "an order that ignores case has no positions")
                .hint("Use offsets.");
        const std::string& column = m_table->columns[criterion.column].name;
        const auto at = std::ranges::find(sorts, column, &Sort::column) - sorts.begin();  // The end: the key.
        auto value = valueOf(criterion.column, after[static_cast<std::size_t>(at)]);
        if (!value)
            return fail(std::move(value.error()));
        position.push_back(std::move(*value));
    }
    return position;
}

Result<std::vector<Keyset::Segment>> Keyset::segmentsAfter(const Query& query) const {
    std::vector<Segment> segments;
    if (query.after.empty())
        return std::vector<Segment>(1);
    const auto position = positionOf(query);
    if (!position)
        return fail(position.error());
    const bool fromNull = isNull(position->front());
    Segment& here = segments.emplace_back();
    if (fromNull) {
        here.conditions.push_back(name(0) + " IS NULL");
        restAfter(1, *position, here);
    } else {
        if (mayBeNull(0))
            here.conditions.push_back(name(0) + " IS NOT NULL");
        restAfter(0, *position, here);
    }
    // NULL comes first ascending and last descending: the other stretch follows only then.
    if (mayBeNull(0) && fromNull != m_criteria[0].descending)
        segments.push_back({{name(0) + (fromNull ? " IS NOT NULL" : " IS NULL")}, {}});
    return segments;
}

/// One row value comparison says it, which an index on the criteria answers as one range
/// (sqlite.org/rowvalue.html, section 3.1): all in one direction and no NULL that the comparison would drop.
bool Keyset::isOneRange(std::size_t from, const std::vector<sqlite::Value>& position) const {
    for (std::size_t i = from; i < m_criteria.size(); ++i) {
        const bool dropsNull = m_criteria[i].descending && mayBeNull(i) && i > 0;
        if (m_criteria[i].descending != m_criteria[from].descending || isNull(position[i]) || dropsNull)
            return false;
    }
    return true;
}

/// (a, b) > (?, ?) where one range says it, else a > ? OR (a IS ? AND b > ?) …
void Keyset::restAfter(std::size_t from, const std::vector<sqlite::Value>& position, Segment& segment) const {
    if (from == m_criteria.size()) {
        segment.conditions.emplace_back("0");  // The key itself is NULL: nothing is after it.
        return;
    }
    const bool descending = m_criteria[from].descending;
    if (isOneRange(from, position)) {
        std::vector<std::string> names;
        for (std::size_t i = from; i < m_criteria.size(); ++i) {
            names.push_back(name(i));
            segment.values.push_back(position[i]);
        }
        const std::vector<std::string_view> marks(names.size(), "?");
        segment.conditions.push_back(names.size() == 1
                                         ? fmt::format("{} {} ?", names[0], descending ? "<" : ">")
                                         : fmt::format("({}) {} ({})", fmt::join(names, ", "),
                                                       descending ? "<" : ">", fmt::join(marks, ", ")));
        return;
    }
    if (from == 0) {  // Implied by the rest, but a range an index can use; the segment has no NULL here.
        segment.conditions.push_back(fmt::format("{} {} ?", name(0), descending ? "<=" : ">="));
        segment.values.push_back(position[0]);
    }
    std::vector<std::string> any;
    for (std::size_t i = from; i < m_criteria.size(); ++i) {
        const bool down = m_criteria[i].descending;
        if (isNull(position[i]) && down)
            continue;  // Descending, NULL is last.
        std::string all;
        for (std::size_t j = from; j < i; ++j) {
            all += fmt::format("{} IS ? AND ", name(j));
            segment.values.push_back(position[j]);
        }
        if (isNull(position[i])) {
            all += name(i) + " IS NOT NULL";
        } else {
            all += down && mayBeNull(i) ? fmt::format("({0} < ? OR {0} IS NULL)", name(i))
                                        : fmt::format("{} {} ?", name(i), down ? "<" : ">");
            segment.values.push_back(position[i]);
        }
        any.push_back(fmt::format("({})", all));
    }
    segment.conditions.push_back(any.empty() ? "0" : fmt::format("({})", fmt::join(any, " OR ")));
}

}  // namespace hone::data

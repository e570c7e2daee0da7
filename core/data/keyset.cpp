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

/// After (a, b, key): first a = ? AND b = ? AND key > ?, then a = ? AND b > ?, then a > ?. NULL is before
/// every value ascending and behind all descending, where it is a stretch of its own.
Result<std::vector<Keyset::Segment>> Keyset::segmentsAfter(const Query& query) const {
    if (query.after.empty())
        return std::vector<Segment>(1);
    const auto position = positionOf(query);
    if (!position)
        return fail(position.error());
    std::vector<Segment> segments;
    for (std::size_t i = m_criteria.size(); i-- > 0;) {
        Segment next;
        for (std::size_t j = 0; j < i; ++j)
            add(next, j, (*position)[j], "=");
        Segment nulls = next;
        const bool down = m_criteria[i].descending;
        if (isNull((*position)[i])) {
            if (down)
                continue;  // Nothing is behind it.
            next.conditions.push_back(name(i) + " IS NOT NULL");
        } else {
            add(next, i, (*position)[i], down ? "<" : ">");
        }
        segments.push_back(std::move(next));
        if (!down || !mayBeNull(i))
            continue;
        nulls.conditions.push_back(name(i) + " IS NULL");
        segments.push_back(std::move(nulls));
    }
    if (segments.empty())
        segments.push_back({{"0"}, {}});
    return segments;
}

void Keyset::add(Segment& segment, std::size_t criterion, const sqlite::Value& value,
                 std::string_view comparison) const {
    if (isNull(value)) {
        segment.conditions.push_back(name(criterion) + " IS NULL");
        return;
    }
    segment.conditions.push_back(fmt::format("{} {} ?", name(criterion), comparison));
    segment.values.push_back(value);
}

}  // namespace hone::data

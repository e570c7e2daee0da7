#include "core/data/query.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hone::data {
namespace {

template <class Number>
std::string numberText(Number value) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string keysetText(const RowSet& rows, const Cell& cell) {
    switch (cell.kind) {
        case Cell::Null: return keysetNull();
        case Cell::Integer:
        case Cell::Boolean: return numberText(cell.integer);
        case Cell::Real: return numberText(cell.real);
        case Cell::Text: break;
    }
    const std::string_view text = rows.text(cell);
    return text.starts_with('\0') ? keysetNull().append(text) : std::string(text);
}

}  // namespace

std::optional<Op> opFrom(std::string_view suffix) {
    static constexpr std::pair<std::string_view, Op> kOps[] = {
        {"eq", Op::Eq},
        {"ne", Op::Ne},
        {"lt", Op::Lt},
        {"lte", Op::Le},
        {"gt", Op::Gt},
        {"gte", Op::Ge},
        {"in", Op::In},
        {"contains", Op::Contains},
        {"startsWith", Op::StartsWith},
        {"endsWith", Op::EndsWith},
        {"isNull", Op::IsNull},
    };
    const auto* const found = std::ranges::find(kOps, suffix, &std::pair<std::string_view, Op>::first);
    return found == std::end(kOps) ? std::nullopt : std::optional(found->second);
}

std::string keysetNull() { return std::string(1, '\0'); }

std::optional<std::vector<std::string>> keysetAfter(const RowSet& rows, std::size_t row,
                                                    const std::vector<Sort>& sorts, std::string_view key) {
    std::vector<std::string_view> names;
    names.reserve(sorts.size() + 1);
    for (const Sort& sort : sorts)
        names.push_back(sort.column);
    if (std::ranges::find(names, key) == names.end())
        names.push_back(key);
    std::vector<std::string> after;
    for (const std::string_view name : names) {
        const auto column = std::ranges::find(rows.columns, name, &Column::name);
        if (column == rows.columns.end())
            return std::nullopt;
        after.push_back(
            keysetText(rows, rows.cell(row, static_cast<std::size_t>(column - rows.columns.begin()))));
    }
    return after;
}

}  // namespace hone::data

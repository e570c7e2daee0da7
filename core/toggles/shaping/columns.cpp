#include "core/toggles/shaping/columns.h"

#include "core/params/param_set.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hone::toggles::shaping {
namespace {

constexpr std::string_view kOperators = "eq, ne, lt, lte, gt, gte, in, contains, startsWith, endsWith";

/// Whether the database will be able to compare it; said here, because 400 is cheaper before a connection is
/// opened.
bool fitsType(const data::Column& column, std::string_view text) {
    const char* const end = text.data() + text.size();
    switch (column.type) {
        case data::ColumnType::Integer: {
            std::int64_t value = 0;
            const auto parsed = std::from_chars(text.data(), end, value);
            return parsed.ec == std::errc{} && parsed.ptr == end;
        }
        case data::ColumnType::Real: {
            double value = 0;
            const auto parsed = std::from_chars(text.data(), end, value);
            return parsed.ec == std::errc{} && parsed.ptr == end && std::isfinite(value);
        }
        case data::ColumnType::Boolean:
            return text == "true" || text == "false" || text == "1" || text == "0";
        case data::ColumnType::Text: return true;
    }
    return false;
}

bool comparesText(data::Op op) {
    return op == data::Op::Contains || op == data::Op::StartsWith || op == data::Op::EndsWith;
}

Result<> checkValues(const data::Filter& filter, const data::Column& column) {
    if (comparesText(filter.op))
        return {};
    for (const std::string& value : filter.values)
        if (!fitsType(column, value))
            return fail(Error::InvalidArgument, "filter {}: \"{}\" is no {}", column.name,
                        value.substr(0, 60), typeName(column.type))
                .hint("Column {} holds {} values.", column.name, typeName(column.type));
    return {};
}

}  // namespace

std::vector<std::string_view> splitList(std::string_view text) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto comma = text.find(',');
        out.push_back(text.substr(0, comma));
        if (comma == text.npos)
            return out;
        text.remove_prefix(comma + 1);
    }
}

std::string columnList(const data::Table& table) {
    std::string out;
    for (const data::Column& column : table.columns)
        out += (out.empty() ? "" : ", ") + column.name;
    return out;
}

Failure unknownColumn(const data::Table& table, std::string_view where, std::string_view name) {
    std::vector<std::string_view> known;
    for (const data::Column& column : table.columns)
        known.push_back(column.name);
    auto failure = fail(Error::InvalidArgument, "{}: table {} has no column \"{}\"", where, table.name,
                        name.substr(0, 60));
    if (const auto near = closest(name, known))
        return std::move(failure).hint("Did you mean {}? Columns: {}.", *near, columnList(table));
    return std::move(failure).hint("Columns: {}.", columnList(table));
}

Result<std::optional<data::Filter>> parseFilter(std::string_view name, std::string_view value,
                                                const data::Table& table) {
    const auto colon = name.rfind(':');
    // A column may contain a colon itself; the whole name goes first.
    const bool isPlain = colon == name.npos || table.column(name);
    const data::Column* column = table.column(isPlain ? name : name.substr(0, colon));
    if (!column)
        return std::nullopt;
    const auto op = isPlain ? std::optional(data::Op::Eq) : data::opFrom(name.substr(colon + 1));
    if (!op)
        return fail(Error::InvalidArgument, "filter {}: unknown operator \"{}\"", column->name,
                    name.substr(colon + 1).substr(0, 60))
            .hint("Operators: {}.", kOperators);
    data::Filter filter{.column = column->name, .op = *op};
    if (*op == data::Op::In)
        for (const std::string_view one : splitList(value))
            filter.values.emplace_back(one);
    else
        filter.values.emplace_back(value);
    if (auto checked = checkValues(filter, *column); !checked)
        return fail(std::move(checked.error()));
    return filter;
}

}  // namespace hone::toggles::shaping

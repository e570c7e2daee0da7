#include "core/toggles/shaping/columns.h"

#include "core/params/param_set.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hone::toggles::shaping {
namespace {

constexpr std::string_view kOperators =
    "eq, ne, lt, lte, gt, gte, between, in, contains, startsWith, endsWith, isNull";

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
    return op == data::Op::Contains || op == data::Op::StartsWith || op == data::Op::EndsWith ||
           op == data::Op::Like;
}

std::vector<std::string> textsOf(std::string_view list) {
    std::vector<std::string> out;
    for (const std::string_view one : splitList(list))
        out.emplace_back(one);
    return out;
}

Result<std::vector<data::Filter>> between(const Paths::Place& place, std::string_view value) {
    const auto ends = textsOf(value);
    if (ends.size() != 2)
        return fail(Error::InvalidArgument, "filter {}: between takes two values, got {}", place.column->name,
                    ends.size())
            .hint("For example {}:between=10,20; both ends belong to it.", place.column->name);
    std::vector<data::Filter> out;
    for (const auto& [op, end] : {std::pair{data::Op::Ge, ends[0]}, {data::Op::Le, ends[1]}}) {
        auto filter = makeFilter(place, op, {end});
        if (!filter)
            return fail(std::move(filter.error()));
        out.push_back(std::move(*filter));
    }
    return out;
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

Result<data::Filter> makeFilter(const Paths::Place& place, data::Op op, std::vector<std::string> values) {
    const data::Column& column = *place.column;
    for (const std::string& value : values) {
        if (op == data::Op::IsNull && value != "true" && value != "false")
            return fail(Error::InvalidArgument, "filter {}: isNull takes true or false, got \"{}\"",
                        column.name, value.substr(0, 60));
        if (op == data::Op::IsNull || comparesText(op) || fitsType(column, value))
            continue;
        return fail(Error::InvalidArgument, "filter {}: \"{}\" is no {}", column.name, value.substr(0, 60),
                    typeName(column.type))
            .hint("Column {} holds {} values.", column.name, typeName(column.type));
    }
    return data::Filter{.column = column.name, .op = op, .values = std::move(values), .via = place.via};
}

Result<std::vector<data::Filter>> parseFilter(std::string_view name, std::string_view value,
                                              const data::Table& table, const Paths& paths) {
    const auto colon = name.rfind(':');
    // A column may contain a colon itself; the whole name goes first.
    const bool isPlain = colon == name.npos || table.column(name);
    const auto place = paths.find(table, isPlain ? name : name.substr(0, colon));
    if (!place)
        return fail(place.error());
    if (!*place)
        return std::vector<data::Filter>();
    const std::string_view opName = isPlain ? "eq" : name.substr(colon + 1);
    if (opName == "between")
        return between(**place, value);
    const auto op = data::opFrom(opName);
    if (!op)
        return fail(Error::InvalidArgument, "filter {}: unknown operator \"{}\"", (*place)->column->name,
                    opName.substr(0, 60))
            .hint("Operators: {}.", kOperators);
    auto filter = makeFilter(
        **place, *op, *op == data::Op::In ? textsOf(value) : std::vector<std::string>{std::string(value)});
    if (!filter)
        return fail(std::move(filter.error()));
    return std::vector<data::Filter>{std::move(*filter)};
}

}  // namespace hone::toggles::shaping

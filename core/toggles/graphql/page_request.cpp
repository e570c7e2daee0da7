#include "core/toggles/graphql/page_request.h"

#include "core/toggles/graphql/base64url.h"
#include "core/toggles/graphql/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::graphql {
namespace {

using nlohmann::json;

std::string textOf(const json& value) {
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_boolean())
        return value.get<bool>() ? "true" : "false";
    return value.dump();
}

Result<std::optional<std::int64_t>> sizeOf(const json& arguments, const char* name, std::int64_t most) {
    const auto found = arguments.find(name);
    if (found == arguments.end() || found->is_null())
        return std::nullopt;
    const auto size = found->get<std::int64_t>();
    if (size < 0 || size > most)
        return fail(Error::InvalidArgument, "{} must be from 0 to {}, got {}", name, most, size)
            .hint("Walk through further pages with after; graphql.maxPageSize sets the limit.");
    return size;
}

Result<std::vector<std::string>> positionOf(const json& arguments, const char* name,
                                            const std::string& order) {
    const auto found = arguments.find(name);
    if (found == arguments.end() || found->is_null())
        return std::vector<std::string>();
    auto position = decodeCursor(found->get_ref<const std::string&>(), order);
    if (!position)
        return fail(Error::InvalidArgument, "{} is no cursor of this table and order, got \"{}\"", name,
                    found->get<std::string>())
            .hint("Use a cursor from a page with the same orderBy.");
    return std::move(*position);
}

/// The parts of sorts and key that make a position.
std::vector<std::pair<std::string, bool>> criteria(const std::vector<data::Sort>& sorts,
                                                   const std::string& key) {
    std::vector<std::pair<std::string, bool>> out;
    bool hasKey = false;
    for (const data::Sort& sort : sorts) {
        out.emplace_back(sort.column, sort.descending);
        hasKey = hasKey || sort.column == key;
    }
    if (!hasKey)
        out.emplace_back(key, !sorts.empty() && sorts.back().descending);
    return out;
}

template <class T>
int order(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

int compareCell(const data::RowSet& rows, const data::Cell& cell, std::string_view wanted) {
    const bool isNull = wanted == data::keysetNull();
    if (isNull || cell.kind == data::Cell::Null)
        return (cell.kind == data::Cell::Null ? 0 : 1) - (isNull ? 0 : 1);
    switch (cell.kind) {
        case data::Cell::Integer: return order(cell.integer, int64From(wanted).value_or(0));
        case data::Cell::Real: return order(cell.real, doubleFrom(wanted).value_or(0));
        case data::Cell::Boolean:
            return order<std::int64_t>(cell.integer, wanted == "true" || wanted == "1" ? 1 : 0);
        default:
            if (wanted.starts_with('\0'))
                wanted.remove_prefix(1);
            return order(rows.text(cell), wanted);
    }
}

}  // namespace

Result<PageRequest> PageRequest::from(const json& arguments, const TableBinding& table, Sizes sizes) {
    PageRequest out;
    out.pageSize = sizes.usual;
    out.sorts = sortsFrom(arguments, table);
    out.order = table.type->name;
    for (const data::Sort& sort : out.sorts)
        out.order += fmt::format(" {}{}", sort.column, sort.descending ? " desc" : "");
    auto filters = filtersFrom(arguments, table);
    if (!filters)
        return fail(std::move(filters.error()));
    out.filters = std::move(*filters);
    for (const auto& [name, into] : {std::pair{"first", &out.first}, {"last", &out.last}}) {
        auto size = sizeOf(arguments, name, sizes.most);
        if (!size)
            return fail(std::move(size.error()));
        *into = *size;
    }
    for (const auto& [name, into] : {std::pair{"after", &out.after}, {"before", &out.before}}) {
        auto position = positionOf(arguments, name, out.order);
        if (!position)
            return fail(std::move(position.error()));
        if (!position->empty() && position->size() != criteria(out.sorts, table.table->key).size())
            return fail(Error::InvalidArgument, "{} is no cursor of this order", name);
        *into = std::move(*position);
    }
    return out;
}

Result<std::vector<data::Filter>> filtersFrom(const json& arguments, const TableBinding& table) {
    std::vector<data::Filter> out;
    const auto filter = arguments.find("filter");
    if (filter == arguments.end() || filter->is_null())
        return out;
    for (const auto& [field, conditions] : filter->items()) {
        const std::string& column = table.table->columns[*table.columnOf(field)].name;
        if (conditions.is_null())
            continue;
        for (const auto& [name, value] : conditions.items()) {
            if (value.is_null())
                return fail(Error::InvalidArgument, "{}.{} takes a value, got null", field, name)
                    .hint("Leave the condition out, or ask with isNull.");
            data::Filter made{.column = column, .op = *data::opFrom(name), .values = {}};
            if (value.is_array())
                for (const json& item : value)
                    made.values.push_back(textOf(item));
            else
                made.values.push_back(textOf(value));
            if (made.values.empty())
                return fail(Error::InvalidArgument, "{}.in takes at least one value", field);
            out.push_back(std::move(made));
        }
    }
    return out;
}

std::vector<data::Sort> sortsFrom(const json& arguments, const TableBinding& table) {
    std::vector<data::Sort> out;
    const auto order = arguments.find("orderBy");
    if (order == arguments.end() || order->is_null())
        return out;
    for (const json& each : *order) {
        const auto& name = each.get_ref<const std::string&>();
        const bool descending = name.ends_with("_DESC");
        const auto field = std::string_view(name).substr(0, name.size() - (descending ? 5 : 4));
        const std::string& column = table.table->columns[*table.columnOf(field)].name;
        if (std::ranges::find(out, column, &data::Sort::column) == out.end())
            out.push_back({column, descending});
    }
    return out;
}

std::string encodeCursor(const std::string& order, const std::vector<std::string>& position) {
    json list = json::array({order});
    for (const std::string& value : position)
        list.push_back(value);
    return base64url(list.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::optional<std::vector<std::string>> decodeCursor(std::string_view text, const std::string& order) {
    const auto bytes = fromBase64url(text);
    const json list = bytes ? json::parse(*bytes, nullptr, false) : json();
    if (!list.is_array() || list.size() < 2)
        return std::nullopt;
    std::vector<std::string> position;
    for (const json& value : list) {
        if (!value.is_string())
            return std::nullopt;
        position.push_back(value.get<std::string>());
    }
    if (position.front() != order)
        return std::nullopt;
    position.erase(position.begin());
    return position;
}

std::string encodeNodeId(const std::string& type, const std::string& key) {
    return base64url(json::array({type, key}).dump(-1, ' ', false, json::error_handler_t::replace));
}

std::optional<std::pair<std::string, std::string>> decodeNodeId(std::string_view text) {
    const auto bytes = fromBase64url(text);
    const json list = bytes ? json::parse(*bytes, nullptr, false) : json();
    if (!list.is_array() || list.size() != 2 || !list[0].is_string() || !list[1].is_string())
        return std::nullopt;
    return std::pair{list[0].get<std::string>(), list[1].get<std::string>()};
}

int comparePosition(const data::RowSet& rows, std::size_t row, const std::vector<data::Sort>& sorts,
                    const std::string& key, const std::vector<std::string>& position) {
    std::size_t i = 0;
    for (const auto& [name, descending] : criteria(sorts, key)) {
        const auto column = std::ranges::find(rows.columns, name, &data::Column::name);
        const auto at = static_cast<std::size_t>(column - rows.columns.begin());
        if (const int ordered = compareCell(rows, rows.cell(row, at), position[i++]); ordered != 0)
            return descending ? -ordered : ordered;
    }
    return 0;
}

std::string cellText(const data::RowSet& rows, const data::Cell& cell) {
    char buffer[40];
    switch (cell.kind) {
        case data::Cell::Null: return "";
        case data::Cell::Integer:
            return {buffer, std::to_chars(buffer, buffer + sizeof buffer, cell.integer).ptr};
        case data::Cell::Real: return {buffer, std::to_chars(buffer, buffer + sizeof buffer, cell.real).ptr};
        case data::Cell::Boolean: return cell.integer != 0 ? "true" : "false";
        case data::Cell::Text: return std::string(rows.text(cell));
    }
    return "";
}

}  // namespace hone::toggles::graphql

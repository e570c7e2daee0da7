#include "core/toggles/shaping/list_request.h"

#include "core/params/param_set.h"
#include "core/toggles/shaping/columns.h"
#include "core/toggles/shaping/syntaxes.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace hone::toggles::shaping {
namespace {

// Far beyond any table; keeps page × size inside 64 bits.
constexpr std::int64_t kFarthest = 1'000'000'000'000;

}  // namespace

RequestReader::RequestReader(const data::Schema& s, const data::Table& t, const PageLimits& l)
    : schema(s), table(t), limits(l), paths(s, l.embedDepth) {
    request.query.table = t.name;
    request.selection.table = &t;
}

Result<std::int64_t> RequestReader::number(std::string_view name, std::string_view text, std::int64_t least,
                                           std::int64_t most) const {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return fail(Error::InvalidArgument, "{} must be an integer {} … {}, got \"{}\"", name, least, most,
                    text.substr(0, 60))
            .hint("For example {}={}.", name, std::clamp<std::int64_t>(limits.pageSize, least, most));
    return value;
}

Result<std::int64_t> RequestReader::pageSize(std::string_view name, std::string_view text) const {
    auto size = number(name, text, 1, limits.maxPageSize);
    if (!size)
        size.error().hint =
            fmt::format("The largest page is {}; ask for the next page for more.", limits.maxPageSize);
    return size;
}

Result<> RequestReader::addSort(std::string_view column, bool descending) {
    if (!table.column(column)) {
        const auto place = paths.find(table, column);
        if (place && *place)
            return fail(Error::InvalidArgument, "sort: {} belongs to {}, not to {}", column,
                        (*place)->table->name, table.name)
                .hint("A list is sorted by its own columns: {}.", columnList(table));
        return unknownColumn(table, "sort", column);
    }
    if (std::ranges::find(request.query.sorts, column, &data::Sort::column) != request.query.sorts.end())
        return fail(Error::InvalidArgument, "sort names column {} twice", column);
    request.query.sorts.push_back({std::string(column), descending});
    return {};
}

Result<> RequestReader::addEmbeds(std::string_view name, std::string_view list) {
    if (list.empty())
        return {};
    for (const std::string_view path : splitList(list))
        if (auto added = paths.addEmbed(request.selection, name, path); !added)
            return added;
    return {};
}

Result<> RequestReader::turnTo(std::int64_t page, std::int64_t size) {
    if (!request.query.limit)
        request.query.limit = size;
    if (page - 1 > kFarthest / *request.query.limit)
        return fail(Error::InvalidArgument, "page {} is beyond every list", page).hint("Pages begin at 1.");
    request.byPage = true;
    request.query.offset = (page - 1) * *request.query.limit;
    return {};
}

Result<> RequestReader::once(const std::string& name) {
    if (!seen.insert(name).second)
        return fail(Error::InvalidArgument, "parameter {} is given twice", name)
            .hint("Several members of a list are separated by commas.");
    return {};
}

Failure RequestReader::unknownParameter(std::string_view name, std::span<const std::string_view> own) const {
    std::vector<std::string_view> known(own.begin(), own.end());
    for (const data::Column& column : table.columns)
        known.push_back(column.name);
    const auto near = closest(name, known);
    return fail(Error::InvalidArgument, "unknown parameter \"{}\"", name.substr(0, 60))
        .hint("{}Known: {}, and as filters the columns {}.",
              near ? fmt::format("Did you mean {}? ", *near) : std::string(), fmt::join(own, ", "),
              columnList(table));
}

Result<ListRequest> parseListRequest(QueryPairs pairs, const data::Schema& schema, const data::Table& table,
                                     const PageLimits& limits) {
    RequestReader reader(schema, table, limits);
    switch (limits.syntax) {
        case Syntax::Hone: break;
        case Syntax::JsonServer: return parseJsonServer(pairs, std::move(reader));
        case Syntax::JsonServer0: return parseJsonServer0(pairs, std::move(reader));
        case Syntax::Mockoon: return parseMockoon(pairs, std::move(reader));
    }
    return parseHone(pairs, std::move(reader));
}

Result<ListRequest> parseListRequest(QueryPairs pairs, const data::Table& table, const PageLimits& limits) {
    static const data::Schema kAlone;
    return parseListRequest(pairs, kAlone, table, limits);
}

Result<Selection> parseItemRequest(QueryPairs pairs, const data::Schema& schema, const data::Table& table,
                                   const PageLimits& limits) {
    RequestReader reader(schema, table, limits);
    for (const auto& [name, value] : pairs) {
        Result<> done;
        const bool isHone = limits.syntax == Syntax::Hone;
        if (isHone && name == "fields" && !value.empty())
            for (const std::string_view path : splitList(value)) {
                if (done = reader.paths.addField(reader.request.selection, path); !done)
                    break;
            }
        else if (name == (isHone ? "embed" : "_embed") ||
                 (limits.syntax == Syntax::JsonServer0 && name == "_expand"))
            done = reader.addEmbeds(name, value);
        if (!done)
            return fail(std::move(done.error()));
    }
    return std::move(reader.request.selection);
}

}  // namespace hone::toggles::shaping

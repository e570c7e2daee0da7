// json-server 0.17 (src/server/router/plural.js of typicode/json-server).
#include "core/toggles/shaping/columns.h"
#include "core/toggles/shaping/patterns.h"
#include "core/toggles/shaping/syntaxes.h"

#include <algorithm>
#include <map>

namespace hone::toggles::shaping {
namespace {

constexpr std::string_view kOwn[] = {"_page",  "_limit", "_start",  "_end", "_sort",
                                     "_order", "_embed", "_expand", "q"};
constexpr std::string_view kPosition[] = {"_page", "_limit", "_start", "_end"};
constexpr LinkNames kLinks{.limit = "_limit", .page = "_page", .position = kPosition};
constexpr std::int64_t kLimit = 10, kFarthest = 1'000'000'000'000;

constexpr std::pair<std::string_view, data::Op> kSuffixes[] = {
    {"_gte", data::Op::Ge}, {"_lte", data::Op::Le}, {"_ne", data::Op::Ne}, {"_like", data::Op::Like}};

class Parser {
public:
    explicit Parser(RequestReader reader) : m_reader(std::move(reader)) {}

    Result<> take(const std::string& name, const std::string& value) {
        if (name == "_embed" || name == "_expand")
            return m_reader.addEmbeds(name, value);
        if (std::ranges::find(kOwn, name) == std::end(kOwn))
            return takeFilter(name, value);
        if (auto first = m_reader.once(name); !first)
            return first;
        m_given[name] = value;
        return {};
    }

    Result<ListRequest> finish() {
        ListRequest& request = m_reader.request;
        request.query.search = m_given["q"];
        request.links = nullptr;
        for (const auto& part : {sortList(), slice()})
            if (!part)
                return fail(part.error());
        for (auto& [name, filters] : m_filters) {
            // A repeated filter means any of its values; _ne, all of them.
            const bool any = filters.size() > 1 && filters[0].op != data::Op::Ne;
            if (any)
                request.query.conditions.push_back({.any = true, .filters = std::move(filters)});
            else
                std::ranges::move(filters, std::back_inserter(request.query.filters));
        }
        return std::move(request);
    }

private:
    [[nodiscard]] bool isGiven(const char* name) const { return m_given.contains(name); }

    Result<> sortList() {
        if (m_given["_sort"].empty())
            return {};
        const auto orders = splitList(m_given["_order"]);
        const auto columns = splitList(m_given["_sort"]);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::string_view order = i < orders.size() ? orders[i] : "asc";
            if (order != "asc" && order != "desc" && order != "ASC" && order != "DESC" && !order.empty())
                return fail(Error::InvalidArgument, "_order is asc or desc, got \"{}\"", order.substr(0, 60))
                    .hint("One for each column of _sort: _sort=user,views&_order=desc,asc.");
            if (auto added = m_reader.addSort(columns[i], order == "desc" || order == "DESC"); !added)
                return added;
        }
        return {};
    }

    /// Without any of _page, _end and _limit the list is whole.
    Result<> slice() {
        ListRequest& request = m_reader.request;
        if (isGiven("_limit")) {
            const auto limit = m_reader.pageSize("_limit", m_given["_limit"]);
            if (!limit)
                return fail(limit.error());
            request.query.limit = *limit;
        }
        if (isGiven("_page")) {
            const auto page = m_reader.number("_page", m_given["_page"], 0, kFarthest);
            if (!page)
                return fail(page.error());
            request.links = &kLinks;
            return m_reader.turnTo(std::max<std::int64_t>(1, *page), kLimit);
        }
        if (!isGiven("_start") && !isGiven("_end"))
            return {};
        const auto start =
            m_reader.number("_start", isGiven("_start") ? m_given["_start"] : "0", 0, kFarthest);
        if (!start)
            return fail(start.error());
        if (!isGiven("_end") && !request.query.limit)
            return fail(Error::InvalidArgument, "_start needs _end or _limit")
                .hint("For example _start=20&_limit=10.");
        request.query.offset = *start;
        if (!isGiven("_end"))
            return {};
        const auto end = m_reader.number("_end", m_given["_end"], 0, kFarthest);
        if (!end)
            return fail(end.error());
        const std::int64_t size = *end - *start;
        if (size < 1 || size > m_reader.limits.maxPageSize)
            return fail(Error::InvalidArgument, "_end must be 1 … {} beyond _start ({}), got {}",
                        m_reader.limits.maxPageSize, *start, *end);
        request.query.limit = size;
        return {};
    }

    Result<> takeFilter(const std::string& name, const std::string& value) {
        std::string_view path = name;
        data::Op op = data::Op::Eq;
        if (!m_reader.table.column(name))
            for (const auto& [suffix, named] : kSuffixes)
                if (name.ends_with(suffix)) {
                    path.remove_suffix(suffix.size());
                    op = named;
                }
        const auto place = m_reader.paths.find(m_reader.table, path);
        if (!place)
            return fail(place.error());
        if (!*place)
            return m_reader.unknownParameter(path, kOwn);
        std::vector<std::string> values{value};
        if (op == data::Op::Like) {
            auto patterns = likePatterns(name, value);
            if (!patterns)
                return fail(std::move(patterns.error()));
            values = std::move(*patterns);
        }
        auto& filters = m_filters[name];
        for (std::string& each : values) {
            auto filter = makeFilter(**place, op, {std::move(each)});
            if (!filter)
                return fail(std::move(filter.error()));
            filters.push_back(std::move(*filter));
        }
        if (op != data::Op::Ne)
            return {};
        auto present = makeFilter(**place, data::Op::IsNull, {"false"});  // Its _ne drops what has no value.
        if (!present)
            return fail(std::move(present.error()));
        m_reader.request.query.filters.push_back(std::move(*present));
        return {};
    }

    RequestReader m_reader;
    std::map<std::string, std::string, std::less<>> m_given;
    std::map<std::string, std::vector<data::Filter>> m_filters;  ///< By parameter.
};

}  // namespace

Result<ListRequest> parseJsonServer0(QueryPairs pairs, RequestReader reader) {
    Parser parser(std::move(reader));
    for (const auto& [name, value] : pairs)
        if (auto taken = parser.take(name, value); !taken)
            return fail(std::move(taken.error()));
    return parser.finish();
}

}  // namespace hone::toggles::shaping

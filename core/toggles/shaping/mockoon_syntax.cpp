// Mockoon's CRUD routes (packages/commons-server/src/libs/server/crud.ts and filters.ts of mockoon/mockoon).
#include "core/toggles/shaping/columns.h"
#include "core/toggles/shaping/patterns.h"
#include "core/toggles/shaping/syntaxes.h"

#include <algorithm>
#include <charconv>

namespace hone::toggles::shaping {
namespace {

constexpr std::string_view kOwn[] = {"search", "sort", "order", "page", "limit"};
constexpr std::string_view kPosition[] = {"page", "limit"};
constexpr LinkNames kLinks{.position = kPosition};
constexpr std::int64_t kLimit = 10;

enum class Match : std::uint8_t { Compare, Like, Start, End };
struct Suffix {
    std::string_view text;
    Match match;
    data::Op op;
};
constexpr Suffix kSuffixes[] = {
    {"_eq", Match::Compare, data::Op::Eq},  {"_ne", Match::Compare, data::Op::Ne},
    {"_gt", Match::Compare, data::Op::Gt},  {"_gte", Match::Compare, data::Op::Ge},
    {"_lt", Match::Compare, data::Op::Lt},  {"_lte", Match::Compare, data::Op::Le},
    {"_like", Match::Like, data::Op::Like}, {"_start", Match::Start, data::Op::Like},
    {"_end", Match::End, data::Op::Like},
};

/// parseInt(text) || otherwise
std::int64_t numberOr(std::string_view text, std::int64_t otherwise) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && value != 0 ? value : otherwise;
}

class Parser {
public:
    explicit Parser(RequestReader reader) : m_reader(std::move(reader)) {}

    Result<> take(const std::string& name, const std::string& value) {
        if (std::ranges::find(kOwn, name) == std::end(kOwn))
            return takeFilter(name, value);
        if (auto first = m_reader.once(name); !first)
            return first;
        if (name == "search")
            m_reader.request.query.search = value;
        else
            (name == "sort" ? m_sort : name == "order" ? m_order : name == "page" ? m_page : m_limit) = value;
        return {};
    }

    Result<ListRequest> finish() {
        ListRequest& request = m_reader.request;
        request.links = nullptr;
        request.countsTwice = true;
        if (!m_sort.empty()) {
            if (auto added = m_reader.addSort(m_sort, m_order == "desc"); !added)
                return fail(std::move(added.error()));
            request.query.sorts.back().ignoreCase =
                m_reader.table.column(m_sort)->type == data::ColumnType::Text;
        }
        if (!m_reader.seen.contains("page") && !m_reader.seen.contains("limit"))
            return std::move(request);
        const auto size = m_reader.pageSize("limit", std::to_string(numberOr(m_limit, kLimit)));
        if (!size)
            return fail(size.error());
        const std::int64_t page = std::max<std::int64_t>(1, numberOr(m_page, 1));
        if (auto turned = m_reader.turnTo(page, *size); !turned)
            return fail(std::move(turned.error()));
        request.links = &kLinks;
        return std::move(request);
    }

private:
    Result<> takeFilter(const std::string& name, const std::string& value) {
        Suffix used{"", Match::Compare, data::Op::Eq};
        if (!m_reader.table.column(name))
            for (const Suffix& suffix : kSuffixes)
                if (name.ends_with(suffix.text))
                    used = suffix;
        const std::string_view path = std::string_view(name).substr(0, name.size() - used.text.size());
        const auto place = m_reader.paths.find(m_reader.table, path);
        if (!place)
            return fail(place.error());
        if (!*place)
            return m_reader.unknownParameter(path, kOwn);
        if (used.match != Match::Compare)
            return addPatterns(**place, name,
                               used.match == Match::Start ? "^" + value
                               : used.match == Match::End ? value + "$"
                                                          : value);
        auto filter = makeFilter(**place, used.op, {value});
        if (!filter)
            return fail(std::move(filter.error()));
        m_reader.request.query.filters.push_back(std::move(*filter));
        return {};
    }

    Result<> addPatterns(const Paths::Place& place, const std::string& name, const std::string& expression) {
        const auto patterns = likePatterns(name, expression);
        if (!patterns)
            return fail(patterns.error());
        data::Condition any{.any = true};
        for (const std::string& pattern : *patterns) {
            auto filter = makeFilter(place, data::Op::Like, {pattern});
            if (!filter)
                return fail(std::move(filter.error()));
            any.filters.push_back(std::move(*filter));
        }
        m_reader.request.query.conditions.push_back(std::move(any));
        return {};
    }

    RequestReader m_reader;
    std::string m_sort, m_order, m_page, m_limit;
};

}  // namespace

Result<ListRequest> parseMockoon(QueryPairs pairs, RequestReader reader) {
    Parser parser(std::move(reader));
    for (const auto& [name, value] : pairs)
        if (auto taken = parser.take(name, value); !taken)
            return fail(std::move(taken.error()));
    return parser.finish();
}

}  // namespace hone::toggles::shaping

// json-server 1.0 (src/app.ts, src/parse-where.ts, src/matches-where.ts, src/paginate.ts of
// typicode/json-server).
#include "core/toggles/shaping/columns.h"
#include "core/toggles/shaping/patterns.h"
#include "core/toggles/shaping/syntaxes.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace hone::toggles::shaping {
namespace {

using nlohmann::json;

constexpr std::string_view kOwn[] = {"_page", "_per_page", "_sort", "_embed", "_where"};
constexpr std::string_view kOperators =
    "eq, ne, lt, lte, gt, gte, in, contains, startsWith, endsWith (field:op=value)";
constexpr std::int64_t kPerPage = 10;

struct Key {
    std::string_view path, op;
};

/// "views:gt", "views_gt" (as 0.17 wrote it) or "views".
Key splitKey(std::string_view key, const data::Table& table) {
    if (table.column(key))
        return {key, "eq"};
    const auto isOp = [](std::string_view op) { return op != "isNull" && data::opFrom(op).has_value(); };
    if (const auto colon = key.rfind(':'); colon != key.npos)
        return colon + 1 == key.size() ? Key{key.substr(0, colon), "eq"}
                                       : Key{key.substr(0, colon), key.substr(colon + 1)};
    if (const auto line = key.rfind('_'); line != key.npos && line > 0 && isOp(key.substr(line + 1)))
        return {key.substr(0, line), key.substr(line + 1)};
    return {key, "eq"};
}

/// One comparison. The text "null" is the value null; text is found without case.
Result<data::Filter> filterOf(const Paths::Place& place, std::string_view op,
                              std::vector<std::string> values) {
    const auto known = data::opFrom(op);
    if (!known || *known == data::Op::IsNull)
        return fail(Error::InvalidArgument, "filter {}: unknown operator \"{}\"", place.column->name,
                    op.substr(0, 60))
            .hint("Operators: {}.", kOperators);
    const bool isNull = values.size() == 1 && values[0] == "null";
    switch (*known) {
        case data::Op::Eq:
        case data::Op::Ne:
            if (isNull)
                return makeFilter(place, data::Op::IsNull, {*known == data::Op::Eq ? "true" : "false"});
            break;
        case data::Op::Contains:
            return makeFilter(place, data::Op::Like, {"%" + likeLiteral(values[0]) + "%"});
        case data::Op::StartsWith: return makeFilter(place, data::Op::Like, {likeLiteral(values[0]) + "%"});
        case data::Op::EndsWith: return makeFilter(place, data::Op::Like, {"%" + likeLiteral(values[0])});
        default: break;
    }
    return makeFilter(place, *known, std::move(values));
}

std::string textOf(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Reads `_where`: {"views": {"gt": 100}, "author": {"name": {"eq": "x"}}, "or": [{…}, {…}]}.
class Where {
public:
    explicit Where(const RequestReader& reader) : m_reader(reader) {}

    Result<data::Condition> read(const json& object, const std::string& prefix, int depth) const {
        constexpr int kDeepest = 8;
        data::Condition all;
        if (depth > kDeepest)
            return fail(Error::InvalidArgument, "_where is nested more than {} deep", kDeepest);
        for (const auto& [name, value] : object.items()) {
            Result<> added;
            if (name == "or" || name == "and")
                added = addParts(all, name == "or", value, prefix, depth);
            else if (!value.is_object())
                return fail(Error::InvalidArgument, "_where: \"{}\" holds {}, not an object of operators",
                            name, value.type_name())
                    .hint("For example {{\"{}\": {{\"eq\": …}}}}. Operators: {}.", name, kOperators);
            else
                added = addColumn(all, prefix + name, value, depth);
            if (!added)
                return fail(std::move(added.error()));
        }
        return all;
    }

private:
    Result<> addParts(data::Condition& all, bool any, const json& list, const std::string& prefix,
                      int depth) const {
        if (!list.is_array())
            return fail(Error::InvalidArgument, "_where: or and and take an array, got {}", list.type_name());
        data::Condition group{.any = any};
        for (const json& part : list) {
            if (!part.is_object())
                return fail(Error::InvalidArgument, "_where: or and and hold objects, got {}",
                            part.type_name());
            auto condition = read(part, prefix, depth + 1);
            if (!condition)
                return fail(std::move(condition.error()));
            group.parts.push_back(std::move(*condition));
        }
        all.parts.push_back(std::move(group));
        return {};
    }

    /// {"gt": 1, "lt": 5} of a column, or the members of a relation.
    Result<> addColumn(data::Condition& all, const std::string& path, const json& value, int depth) const {
        const auto place = m_reader.paths.find(m_reader.table, path);
        if (!place)
            return fail(place.error());
        if (!*place) {
            if (std::ranges::any_of(value, [](const json& member) { return !member.is_object(); }))
                return m_reader.paths.unknown(m_reader.table, "_where", path);
            auto inner = read(value, path + ".", depth + 1);
            if (!inner)
                return fail(std::move(inner.error()));
            if (inner->filters.empty() && inner->parts.empty())
                return m_reader.paths.unknown(m_reader.table, "_where", path);
            all.parts.push_back(std::move(*inner));
            return {};
        }
        for (const auto& [op, operand] : value.items()) {
            std::vector<std::string> values;
            if (operand.is_array())
                for (const json& one : operand)
                    values.push_back(textOf(one));
            else
                values.push_back(textOf(operand));
            if (values.empty() || (op != "in" && values.size() != 1))
                return fail(Error::InvalidArgument, "_where: {} of {} takes {}, got {}", op, path,
                            op == "in" ? "values" : "one value", values.size());
            auto filter = filterOf(**place, op, std::move(values));
            if (!filter)
                return fail(std::move(filter.error()));
            all.filters.push_back(std::move(*filter));
        }
        return {};
    }

    const RequestReader& m_reader;
};

/// parseInt of what is there: digits, else nothing.
std::optional<std::int64_t> leadingNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end != text.data() ? std::optional(value) : std::nullopt;
}

class Parser {
public:
    explicit Parser(RequestReader reader) : m_reader(std::move(reader)) {}

    Result<> take(const std::string& name, const std::string& value) {
        if (name == "_embed")
            return m_reader.addEmbeds(name, value);
        if (std::ranges::find(kOwn, name) == std::end(kOwn))
            return takeFilter(name, value);
        if (auto first = m_reader.once(name); !first)
            return first;
        if (name == "_sort")
            return takeSort(value);
        (name == "_page" ? m_page : name == "_per_page" ? m_perPage : m_where) = value;
        return {};
    }

    Result<ListRequest> finish() {
        ListRequest& request = m_reader.request;
        request.links = nullptr;
        if (m_where)
            if (auto taken = takeWhere(*m_where); !taken)
                return fail(std::move(taken.error()));
        if (!m_page)
            return std::move(request);
        const std::int64_t size =
            m_perPage ? std::max<std::int64_t>(1, leadingNumber(*m_perPage).value_or(kPerPage)) : kPerPage;
        const auto checked = m_reader.pageSize("_per_page", std::to_string(size));
        if (!checked)
            return fail(checked.error());
        constexpr std::int64_t kFarthest = 1'000'000'000;
        const std::int64_t page = std::clamp<std::int64_t>(leadingNumber(*m_page).value_or(1), 1, kFarthest);
        if (auto turned = m_reader.turnTo(page, size); !turned)
            return fail(std::move(turned.error()));
        request.countsAlways = request.isEnveloped = request.clampsPage = true;
        return std::move(request);
    }

private:
    Result<> takeSort(std::string_view text) {
        if (text.empty())
            return {};
        for (std::string_view name : splitList(text)) {
            const bool isDescending = name.starts_with('-');
            name.remove_prefix(isDescending ? 1 : 0);
            if (auto added = m_reader.addSort(name, isDescending); !added)
                return added;
        }
        return {};
    }

    Result<> takeFilter(std::string_view name, std::string_view value) {
        const auto [path, op] = splitKey(name, m_reader.table);
        const auto place = m_reader.paths.find(m_reader.table, path);
        if (!place)
            return fail(place.error());
        if (!*place)
            return m_reader.unknownParameter(path, kOwn);
        std::vector<std::string> values;
        if (op == "in")
            for (const std::string_view one : splitList(value))
                values.emplace_back(one);
        else
            values.emplace_back(value);
        auto filter = filterOf(**place, op, std::move(values));
        if (!filter)
            return fail(std::move(filter.error()));
        m_reader.request.query.filters.push_back(std::move(*filter));
        return {};
    }

    /// It takes the place of every other filter.
    Result<> takeWhere(const std::string& text) {
        const json where = json::parse(text, nullptr, /*allow_exceptions=*/false);
        if (!where.is_object())
            return fail(Error::InvalidArgument, "_where is not a JSON object: \"{}\"", text.substr(0, 60))
                .hint("For example _where={{\"or\":[{{\"id\":{{\"eq\":1}}}},{{\"id\":{{\"gt\":9}}}}]}}.");
        auto condition = Where(m_reader).read(where, "", 1);
        if (!condition)
            return fail(std::move(condition.error()));
        m_reader.request.query.filters.clear();
        m_reader.request.query.conditions.push_back(std::move(*condition));
        return {};
    }

    RequestReader m_reader;
    std::optional<std::string> m_page, m_perPage, m_where;
};

}  // namespace

Result<ListRequest> parseJsonServer(QueryPairs pairs, RequestReader reader) {
    Parser parser(std::move(reader));
    for (const auto& [name, value] : pairs)
        if (auto taken = parser.take(name, value); !taken)
            return fail(std::move(taken.error()));
    return parser.finish();
}

}  // namespace hone::toggles::shaping

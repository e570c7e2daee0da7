#include "core/toggles/shaping/list_request.h"

#include "core/toggles/shaping/columns.h"
#include "core/toggles/shaping/cursor.h"

#include "core/params/param_set.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace hone::toggles::shaping {
namespace {

constexpr std::string_view kOwn[] = {"limit", "perPage", "offset", "page", "cursor", "sort", "fields", "q"};
// Far beyond any table; keeps page × size inside 64 bits.
constexpr std::int64_t kFarthest = 1'000'000'000'000;

Result<std::vector<std::string>> parseFields(std::string_view text, const data::Table& table) {
    std::vector<std::string> fields;
    for (const std::string_view name : splitList(text)) {
        if (!table.column(name))
            return unknownColumn(table, "fields", name);
        if (std::ranges::find(fields, name) == fields.end())
            fields.emplace_back(name);
    }
    return fields;
}

/// Reads the pairs one by one into a ListRequest.
class Parser {
public:
    Parser(const data::Table& table, const PageLimits& limits) : m_table(table), m_limits(limits) {
        m_request.query.table = table.name;
    }

    Result<> take(const std::string& name, const std::string& value) {
        if (std::ranges::find(kOwn, name) == std::end(kOwn))
            return takeFilter(name, value);
        if (!m_seen.insert(name).second)
            return fail(Error::InvalidArgument, "parameter {} is given twice", name)
                .hint("Several sort columns or fields are separated by commas.");
        if (name == "limit" || name == "perPage")
            return takeSize(name, value);
        if (name == "offset")
            return takeNumber(name, value, 0, kFarthest, m_request.query.offset);
        if (name == "page") {
            m_request.byPage = true;
            return takeNumber(name, value, 1, kFarthest, m_page);
        }
        if (name == "sort")
            return takeSort(value);
        if (name == "fields")
            return takeFields(value);
        (name == "q" ? m_request.query.search : m_cursor) = value;
        return {};
    }

    Result<ListRequest> finish() {
        if (auto position = checkPosition(); !position)
            return fail(std::move(position.error()));
        if (!m_request.query.limit)
            m_request.query.limit = m_limits.pageSize;
        if (m_request.byPage && m_page - 1 > kFarthest / *m_request.query.limit)
            return fail(Error::InvalidArgument, "page {} is beyond every list", m_page)
                .hint("Pages begin at 1.");
        if (m_request.byPage)
            m_request.query.offset = (m_page - 1) * *m_request.query.limit;
        m_request.byCursor = m_limits.mode == Mode::Cursor || m_seen.contains("cursor");
        if (m_cursor.empty())
            return std::move(m_request);
        auto cursor = decodeCursor(m_cursor);
        if (!cursor)
            return fail(std::move(cursor.error()));
        if (cursor->table != m_table.name || cursor->sort != m_request.sort)
            return fail(Error::InvalidArgument, "cursor was made for /api/{} in the order \"{}\"",
                        cursor->table, cursor->sort)
                .hint("Send the sort it was made with, or start again with an empty cursor.");
        m_request.query.after = std::move(cursor->after);
        return std::move(m_request);
    }

private:
    Result<> takeNumber(std::string_view name, std::string_view text, std::int64_t least, std::int64_t most,
                        std::int64_t& into) const {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
            return fail(Error::InvalidArgument, "{} must be an integer {} … {}, got \"{}\"", name, least,
                        most, text.substr(0, 60))
                .hint("For example {}={}.", name, std::clamp<std::int64_t>(m_limits.pageSize, least, most));
        into = value;
        return {};
    }

    Result<> takeSize(std::string_view name, std::string_view text) {
        if (m_request.query.limit)
            return fail(Error::InvalidArgument, "limit and perPage mean the same").hint("Send one of them.");
        std::int64_t size = 0;
        if (auto taken = takeNumber(name, text, 1, m_limits.maxPageSize, size); !taken) {
            taken.error().hint = fmt::format("The largest page is {}; follow Link rel=\"next\" for more.",
                                             m_limits.maxPageSize);
            return taken;
        }
        m_request.query.limit = size;
        return {};
    }

    Result<> takeSort(std::string_view text) {
        if (text.empty())
            return {};
        for (std::string_view name : splitList(text)) {
            const bool isDescending = name.starts_with('-');
            name.remove_prefix(isDescending ? 1 : 0);
            if (!m_table.column(name))
                return unknownColumn(m_table, "sort", name);
            if (std::ranges::find(m_request.query.sorts, name, &data::Sort::column) !=
                m_request.query.sorts.end())
                return fail(Error::InvalidArgument, "sort names column {} twice", name);
            m_request.query.sorts.push_back({std::string(name), isDescending});
        }
        m_request.sort = text;
        return {};
    }

    Result<> takeFields(std::string_view text) {
        if (text.empty())
            return {};
        auto fields = parseFields(text, m_table);
        if (!fields)
            return fail(std::move(fields.error()));
        m_request.query.fields = std::move(*fields);
        return {};
    }

    Result<> takeFilter(std::string_view name, std::string_view value) {
        auto filter = parseFilter(name, value, m_table);
        if (!filter)
            return fail(std::move(filter.error()));
        if (!*filter)
            return unknownParameter(name.substr(0, name.rfind(':')));
        m_request.query.filters.push_back(std::move(**filter));
        return {};
    }

    [[nodiscard]] Failure unknownParameter(std::string_view name) const {
        std::vector<std::string_view> known(std::begin(kOwn), std::end(kOwn));
        for (const data::Column& column : m_table.columns)
            known.push_back(column.name);
        const auto near = closest(name, known);
        return fail(Error::InvalidArgument, "unknown parameter \"{}\"", name.substr(0, 60))
            .hint(
                "{}Known: limit, perPage, offset, page, cursor, sort, fields, q, and as filters the columns "
                "{}.",
                near ? fmt::format("Did you mean {}? ", *near) : std::string(), columnList(m_table));
    }

    [[nodiscard]] Result<> checkPosition() const {
        const bool byOffset = m_seen.contains("offset"), byPage = m_seen.contains("page"),
                   byCursor = m_seen.contains("cursor");
        if (byOffset + byPage + byCursor > 1)
            return fail(Error::InvalidArgument, "offset, page and cursor exclude each other")
                .hint("Send one of them.");
        if (byCursor && m_limits.mode == Mode::Offset)
            return fail(Error::InvalidArgument, "cursor is not served (shaping.mode is offset)")
                .hint("Use offset or page.");
        if ((byOffset || byPage) && m_limits.mode == Mode::Cursor)
            return fail(Error::InvalidArgument, "{} is not served (shaping.mode is cursor)",
                        byOffset ? "offset" : "page")
                .hint("Follow Link rel=\"next\".");
        return {};
    }

    const data::Table& m_table;
    const PageLimits& m_limits;
    ListRequest m_request;
    std::set<std::string, std::less<>> m_seen;
    std::string m_cursor;
    std::int64_t m_page = 1;
};

}  // namespace

Result<ListRequest> parseListRequest(QueryPairs pairs, const data::Table& table, const PageLimits& limits) {
    Parser parser(table, limits);
    for (const auto& [name, value] : pairs)
        if (auto taken = parser.take(name, value); !taken)
            return fail(std::move(taken.error()));
    return parser.finish();
}

Result<std::vector<std::string>> parseItemFields(QueryPairs pairs, const data::Table& table) {
    for (const auto& [name, value] : pairs)
        if (name == "fields" && !value.empty())
            return parseFields(value, table);
    return {};
}

}  // namespace hone::toggles::shaping

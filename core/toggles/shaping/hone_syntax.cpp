#include "core/toggles/shaping/columns.h"
#include "core/toggles/shaping/syntaxes.h"

#include <algorithm>

namespace hone::toggles::shaping {
namespace {

constexpr std::string_view kOwn[] = {"limit", "perPage", "offset", "page", "cursor",
                                     "sort",  "fields",  "embed",  "q"};
constexpr std::int64_t kFarthest = 1'000'000'000'000;

/// Reads the pairs one by one.
class Parser {
public:
    explicit Parser(RequestReader reader) : m_reader(std::move(reader)) {}

    Result<> take(const std::string& name, const std::string& value) {
        if (std::ranges::find(kOwn, name) == std::end(kOwn))
            return takeFilter(name, value);
        if (auto first = m_reader.once(name); !first)
            return first;
        if (name == "limit" || name == "perPage")
            return takeSize(name, value);
        if (name == "offset")
            return takeNumber(name, value, 0, m_reader.request.query.offset);
        if (name == "page")
            return takeNumber(name, value, 1, m_page);
        if (name == "sort")
            return takeSort(value);
        if (name == "fields")
            return takeFields(value);
        if (name == "embed")
            return m_reader.addEmbeds(name, value);
        (name == "q" ? m_reader.request.query.search : m_cursor) = value;
        return {};
    }

    Result<ListRequest> finish() {
        ListRequest& request = m_reader.request;
        const PageLimits& limits = m_reader.limits;
        if (auto position = checkPosition(); !position)
            return fail(std::move(position.error()));
        if (isGiven("page"))
            if (auto turned = m_reader.turnTo(m_page, limits.pageSize); !turned)
                return fail(std::move(turned.error()));
        if (!request.query.limit)
            request.query.limit = limits.pageSize;
        request.query.fields = request.selection.fields;
        request.byCursor = limits.mode == Mode::Cursor || isGiven("cursor");
        if (!m_cursor.empty())
            if (auto placed = placeCursor(request); !placed)
                return fail(std::move(placed.error()));
        return std::move(request);
    }

private:
    [[nodiscard]] bool isGiven(std::string_view name) const { return m_reader.seen.contains(name); }

    Result<> takeNumber(std::string_view name, std::string_view text, std::int64_t least,
                        std::int64_t& into) {
        const auto value = m_reader.number(name, text, least, kFarthest);
        if (!value)
            return fail(value.error());
        into = *value;
        return {};
    }

    Result<> takeSize(std::string_view name, std::string_view text) {
        auto& limit = m_reader.request.query.limit;
        if (limit)
            return fail(Error::InvalidArgument, "limit and perPage mean the same").hint("Send one of them.");
        const auto size = m_reader.pageSize(name, text);
        if (!size)
            return fail(size.error());
        limit = *size;
        return {};
    }

    Result<> takeSort(std::string_view text) {
        if (text.empty())
            return {};
        for (std::string_view name : splitList(text)) {
            const bool isDescending = name.starts_with('-');
            name.remove_prefix(isDescending ? 1 : 0);
            if (auto added = m_reader.addSort(name, isDescending); !added)
                return added;
        }
        m_reader.request.sort = text;
        return {};
    }

    Result<> takeFields(std::string_view text) {
        if (text.empty())
            return {};
        for (const std::string_view path : splitList(text))
            if (auto added = m_reader.paths.addField(m_reader.request.selection, path); !added)
                return added;
        return {};
    }

    Result<> takeFilter(std::string_view name, std::string_view value) {
        auto filters = parseFilter(name, value, m_reader.table, m_reader.paths);
        if (!filters)
            return fail(std::move(filters.error()));
        if (filters->empty())
            return m_reader.unknownParameter(name.substr(0, name.rfind(':')), kOwn);
        for (data::Filter& filter : *filters)
            m_reader.request.query.filters.push_back(std::move(filter));
        return {};
    }

    [[nodiscard]] Result<> checkPosition() const {
        const bool byOffset = isGiven("offset"), byPage = isGiven("page"), byCursor = isGiven("cursor");
        const Mode mode = m_reader.limits.mode;
        if (byOffset + byPage + byCursor > 1)
            return fail(Error::InvalidArgument, "offset, page and cursor exclude each other")
                .hint("Send one of them.");
        if (byCursor && mode == Mode::Offset)
            return fail(Error::InvalidArgument, "cursor is not served (shaping.mode is offset)")
                .hint("Use offset or page.");
        if ((byOffset || byPage) && mode == Mode::Cursor)
            return fail(Error::InvalidArgument, "{} is not served (shaping.mode is cursor)",
                        byOffset ? "offset" : "page")
                .hint("Follow Link rel=\"next\".");
        return {};
    }

    Result<> placeCursor(ListRequest& request) const {
        auto cursor = decodeCursor(m_cursor, m_reader.limits.cursorKey);
        if (!cursor)
            return fail(std::move(cursor.error()));
        if (cursor->table != m_reader.table.name || cursor->sort != request.sort)
            return fail(Error::InvalidArgument, "cursor was made for /api/{} in the order \"{}\"",
                        cursor->table, cursor->sort)
                .hint("Send the sort it was made with, or start again with an empty cursor.");
        request.query.after = std::move(cursor->after);
        request.query.backwards = cursor->backwards;
        return {};
    }

    RequestReader m_reader;
    std::string m_cursor;
    std::int64_t m_page = 1;
};

}  // namespace

Result<ListRequest> parseHone(QueryPairs pairs, RequestReader reader) {
    Parser parser(std::move(reader));
    for (const auto& [name, value] : pairs)
        if (auto taken = parser.take(name, value); !taken)
            return fail(std::move(taken.error()));
    return parser.finish();
}

}  // namespace hone::toggles::shaping

#include "core/toggles/shaping/page_links.h"

#include "core/http/semantics.h"

#include <fmt/format.h>

#include <algorithm>

namespace hone::toggles::shaping {
namespace {

using By = PagePosition::By;

/// Nothing from the request may end the URI-Reference or the field.
void appendSafe(std::string& out, std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '<' || c == '>' || c == '"' || byte <= 0x20 || byte >= 0x7f)
            fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
        else
            out += c;
    }
}

bool isPosition(std::string_view pair, const LinkNames& names) {
    const auto name = http::percentDecode(pair.substr(0, pair.find('=')), /*plusIsSpace=*/true);
    return name && std::ranges::find(names.position, *name) != names.position.end();
}

/// "/api/cities?q=new%20york&" or "/api/cities?": ready for a position.
std::string baseOf(std::string_view path, std::string_view query, const LinkNames& names) {
    std::string base;
    appendSafe(base, path);
    base += '?';
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        query.remove_prefix(end == query.npos ? query.size() : end + 1);
        if (pair.empty() || isPosition(pair, names))
            continue;
        appendSafe(base, pair);
        base += '&';
    }
    return base;
}

class LinkWriter {
public:
    LinkWriter(std::string base, const PagePosition& position)
        : m_base(std::move(base)), m_position(position) {}

    void add(std::string_view rel, std::int64_t offset) {
        if (m_position.by == By::Page)
            append(rel, fmt::format("{}={}", m_position.names->page, offset / m_position.limit + 1));
        else
            append(rel, fmt::format("{}={}", m_position.names->offset, offset));
    }
    void addCursor(std::string_view rel, std::string_view cursor) {
        append(rel, fmt::format("{}={}", m_position.names->cursor, cursor));
    }
    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    void append(std::string_view rel, std::string_view where) {
        fmt::format_to(std::back_inserter(m_out), "{}<{}{}={}&{}>; rel=\"{}\"", m_out.empty() ? "" : ", ",
                       m_base, m_position.names->limit, m_position.limit, where, rel);
    }

    std::string m_base;
    const PagePosition& m_position;
    std::string m_out;
};

/// The last page in steps of `limit` from this one, so that walking with next or prev ends there exactly.
std::int64_t lastOffset(const PagePosition& position) {
    const std::int64_t first = position.offset % position.limit;
    const std::int64_t total = *position.total;
    return total <= first ? 0 : first + (total - 1 - first) / position.limit * position.limit;
}

}  // namespace

const LinkNames& honeLinkNames() {
    static constexpr std::string_view kPosition[] = {"limit", "perPage", "offset", "page", "cursor"};
    static constexpr LinkNames kNames{.position = kPosition};
    return kNames;
}

std::string linkField(std::string_view path, std::string_view query, const PagePosition& position) {
    LinkWriter links(baseOf(path, query, *position.names), position);
    if (position.by == By::Cursor) {
        links.addCursor("first", "");
        if (!position.prevCursor.empty())
            links.addCursor("prev", position.prevCursor);
        if (!position.nextCursor.empty())
            links.addCursor("next", position.nextCursor);
        if (!position.lastCursor.empty())
            links.addCursor("last", position.lastCursor);
        return links.take();
    }
    links.add("first", 0);
    if (position.offset > 0)
        links.add("prev", std::max<std::int64_t>(0, position.offset - position.limit));
    if (position.hasMore)
        links.add("next", position.offset + position.limit);
    if (position.total)
        links.add("last", lastOffset(position));
    return links.take();
}

}  // namespace hone::toggles::shaping

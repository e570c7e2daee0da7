#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hone::toggles::shaping {

/// What the parameters of a position are called in a query syntax, and which of a request belong to it.
struct LinkNames {
    std::string_view limit = "limit", offset = "offset", page = "page", cursor = "cursor";
    std::span<const std::string_view> position;  ///< Replaced in links; everything else is kept.
};
[[nodiscard]] const LinkNames& honeLinkNames();

/// Where in its list a page is, and how its links say so.
struct PagePosition {
    enum class By : std::uint8_t { Offset, Page, Cursor };
    By by = By::Offset;
    std::int64_t limit = 1;
    std::int64_t offset = 0;  ///< Of its first row; not for cursors.
    bool hasMore = false;
    std::optional<std::int64_t> total;  ///< Rows of the whole list, when counted.
    std::string nextCursor;             ///< With By::Cursor: empty when nothing follows.
    std::string prevCursor;             ///< With By::Cursor: empty on the first page.
    std::string lastCursor;             ///< With By::Cursor.
    const LinkNames* names = &honeLinkNames();
};

/// A Link field (RFC 8288) with first, prev, next and last as far as they exist and are known; absolute
/// paths, so that a proxy's host and scheme do not matter. The request's other parameters are kept as they
/// were written.
[[nodiscard]] std::string linkField(std::string_view path, std::string_view query,
                                    const PagePosition& position);

}  // namespace hone::toggles::shaping

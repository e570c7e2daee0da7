#pragma once

#include "core/base/error.h"
#include "core/data/query.h"
#include "core/data/schema.h"
#include "core/toggles/shaping/cursor.h"
#include "core/toggles/shaping/page_links.h"
#include "core/toggles/shaping/selection.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hone::toggles::shaping {

enum class Mode : std::uint8_t { Both, Offset, Cursor };
/// Whose query parameters a list takes.
enum class Syntax : std::uint8_t { Hone, JsonServer, JsonServer0, Mockoon };

struct PageLimits {
    Mode mode = Mode::Both;      ///< Of Syntax::Hone.
    std::int64_t pageSize = 50;  ///< When the request names none.
    std::int64_t maxPageSize =
        500;  ///< More is refused: a client that asks for 10 000 must not take 500 for all.
    Syntax syntax = Syntax::Hone;
    int embedDepth = 2;  ///< Relations one path may follow.
    CursorKey cursorKey = CursorKey::ofProcess();
};

/// What a list request asks for, checked against the schema.
struct ListRequest {
    data::Query query;  ///< limit is the page size (no look-ahead yet), none for the whole list.
    Selection selection;
    bool byCursor = false;
    bool byPage = false;  ///< `page=` was used: links use it too.
    std::string sort;     ///< The order in one canonical spelling, for cursors.

    // What the compatible syntaxes do besides.
    const LinkNames* links = &honeLinkNames();  ///< Null: no Link field.
    bool countsAlways = false;                  ///< The answer cannot be made without its total.
    bool isEnveloped = false;  ///< json-server v1: {first, prev, next, last, pages, items, data}.
    bool clampsPage = false;   ///< A page beyond the last becomes the last.
    bool countsTwice = false;  ///< Mockoon: X-Total-Count is the table, X-Filtered-Count the list.
};

using QueryPairs = std::span<const std::pair<std::string, std::string>>;

/// Reads the parameters of a list in the syntax of `limits`. Hone's: limit, perPage, offset, page, cursor,
/// sort, fields, embed, q and filters `column=value`, `column:op=value`; a column that is named like one of
/// these is reached as `column:eq=value`. The others: see syntaxes.h. All errors are InvalidArgument, name
/// the parameter and the value, and list what is known.
[[nodiscard]] Result<ListRequest> parseListRequest(QueryPairs pairs, const data::Schema& schema,
                                                   const data::Table& table, const PageLimits& limits);
/// The same for a table that stands alone.
[[nodiscard]] Result<ListRequest> parseListRequest(QueryPairs pairs, const data::Table& table,
                                                   const PageLimits& limits);

/// The `fields=` and `embed=` of a single item (or what the syntax calls them); other parameters are not ours
/// there.
[[nodiscard]] Result<Selection> parseItemRequest(QueryPairs pairs, const data::Schema& schema,
                                                 const data::Table& table, const PageLimits& limits);

}  // namespace hone::toggles::shaping

#pragma once

#include "core/base/error.h"
#include "core/data/query.h"
#include "core/data/schema.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hone::toggles::shaping {

enum class Mode : std::uint8_t { Both, Offset, Cursor };

struct PageLimits {
    Mode mode = Mode::Both;
    std::int64_t pageSize = 50;  ///< When the request names none.
    std::int64_t maxPageSize =
        500;  ///< More is refused: a client that asks for 10 000 must not take 500 for all.
};

/// What a list request asks for, checked against the table.
struct ListRequest {
    data::Query query;  ///< limit is the page size (no look-ahead yet).
    bool byCursor = false;
    bool byPage = false;  ///< `page=` was used: links use it too.
    std::string sort;     ///< The order in one canonical spelling, for cursors.
};

using QueryPairs = std::span<const std::pair<std::string, std::string>>;

/// Reads limit, perPage, offset, page, cursor, sort, fields, q and filters `column=value`, `column:op=value`;
/// a column that is named like one of these is reached as `column:eq=value`. All errors are InvalidArgument,
/// name the parameter and the value, and list what is known.
[[nodiscard]] Result<ListRequest> parseListRequest(QueryPairs pairs, const data::Table& table,
                                                   const PageLimits& limits);

/// The `fields=` of a single item; other parameters are not ours there. Empty: all.
[[nodiscard]] Result<std::vector<std::string>> parseItemFields(QueryPairs pairs, const data::Table& table);

}  // namespace hone::toggles::shaping

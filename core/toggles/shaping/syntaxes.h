#pragma once

#include "core/toggles/shaping/list_request.h"

#include <set>

namespace hone::toggles::shaping {

/// What every syntax reads a list request with. Owner: the parser of one request; thread: its.
class RequestReader {
public:
    RequestReader(const data::Schema& schema, const data::Table& table, const PageLimits& limits);

    /// `text` as an integer of [least, most], or InvalidArgument naming the parameter.
    Result<std::int64_t> number(std::string_view name, std::string_view text, std::int64_t least,
                                std::int64_t most) const;
    Result<std::int64_t> pageSize(std::string_view name, std::string_view text) const;
    Result<> addSort(std::string_view column, bool descending);
    /// A comma-separated list of relations.
    Result<> addEmbeds(std::string_view name, std::string_view list);
    /// Goes to a page from 1 of the size that is asked for, or else `size`.
    Result<> turnTo(std::int64_t page, std::int64_t size);
    /// True the first time a parameter is seen; a second time is InvalidArgument.
    Result<> once(const std::string& name);
    /// The refusal of a parameter nobody knows, with what is known.
    [[nodiscard]] Failure unknownParameter(std::string_view name,
                                           std::span<const std::string_view> own) const;

    const data::Schema& schema;
    const data::Table& table;
    const PageLimits& limits;
    Paths paths;
    ListRequest request;
    std::set<std::string, std::less<>> seen;
};

// The parsers, one per Syntax; each reads all pairs.
[[nodiscard]] Result<ListRequest> parseHone(QueryPairs pairs, RequestReader reader);
/// json-server 1.0: `_page _per_page _sort _embed _where`, `field=v`, `field:op=v`, `field_op=v`, dotted
/// paths, text compared without case; a page comes in an envelope, its number is brought into range.
[[nodiscard]] Result<ListRequest> parseJsonServer(QueryPairs pairs, RequestReader reader);
/// json-server 0.17: `_page _limit _start _end _sort _order _embed _expand q`, `field_gte _lte _ne _like`; a
/// repeated filter means any of its values.
[[nodiscard]] Result<ListRequest> parseJsonServer0(QueryPairs pairs, RequestReader reader);
/// Mockoon's CRUD routes: `search sort order page limit`, `field_eq _ne _gt _gte _lt _lte _like _start _end`.
[[nodiscard]] Result<ListRequest> parseMockoon(QueryPairs pairs, RequestReader reader);

}  // namespace hone::toggles::shaping

#pragma once

#include "core/toggles/graphql/binding.h"

#include <nlohmann/json.hpp>

namespace hone::toggles::graphql {

/// What a connection's arguments ask for, after the Relay specification.
struct PageRequest {
    std::optional<std::int64_t> first, last;
    std::vector<std::string> after, before;  ///< Positions as data::Query::after; empty: none.
    std::vector<data::Filter> filters;
    std::vector<data::Sort> sorts;
    std::string order;          ///< "population desc": of the table and sorts; what a cursor is good for.
    std::int64_t pageSize = 0;  ///< When neither first nor last is given.

    [[nodiscard]] bool isBackward() const { return last && !first; }
    [[nodiscard]] std::int64_t size() const { return first ? *first : last ? *last : pageSize; }

    struct Sizes {
        std::int64_t usual = 50, most = 500;
    };
    /// Arguments that do not fit are InvalidArgument: negative or too large sizes, cursors of another order.
    static Result<PageRequest> from(const nlohmann::json& arguments, const TableBinding& table, Sizes sizes);
};

/// `filter` of connections and lists.
Result<std::vector<data::Filter>> filtersFrom(const nlohmann::json& arguments, const TableBinding& table);
/// `orderBy`, which the schema has made sure names columns.
[[nodiscard]] std::vector<data::Sort> sortsFrom(const nlohmann::json& arguments, const TableBinding& table);

/// Opaque text of a position; another order's or a damaged one reads as none.
[[nodiscard]] std::string encodeCursor(const std::string& order, const std::vector<std::string>& position);
[[nodiscard]] std::optional<std::vector<std::string>> decodeCursor(std::string_view text,
                                                                   const std::string& order);
[[nodiscard]] std::string encodeNodeId(const std::string& type, const std::string& key);
[[nodiscard]] std::optional<std::pair<std::string, std::string>> decodeNodeId(std::string_view text);

/// Where a row lies to a position: negative before, 0 at, positive behind it. The rows have the columns of
/// the sorts and the key.
[[nodiscard]] int comparePosition(const data::RowSet& rows, std::size_t row,
                                  const std::vector<data::Sort>& sorts, const std::string& key,
                                  const std::vector<std::string>& position);

/// A value as data::Filter takes it, and as a key to find rows by.
[[nodiscard]] std::string cellText(const data::RowSet& rows, const data::Cell& cell);

}  // namespace hone::toggles::graphql

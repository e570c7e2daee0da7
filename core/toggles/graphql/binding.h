#pragma once

#include "core/toggles/graphql/schema.h"

#include "core/data/dataset.h"

#include <span>

namespace hone::toggles::graphql {

/// What a field of the datasets' schema comes from; in Source::kind. `table` is an index of Api::tables.
enum class From : int {
    Nothing,
    // Of a row.
    Column,  ///< index: of the column.
    NodeId,
    ToOne,   ///< index: of TableBinding::relations.
    ToMany,  ///< likewise
    // Of a page of rows.
    Edges,
    Nodes,
    TotalCount,
    PageInfo,
    Cursor,
    EdgeNode,
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
    // Roots.
    Tables,
    Node,
    Row,
    List,
    Connection,
    Create,
    Update,
    Delete,
};

/// From a row to rows of another table (or the same), where `toColumn` equals our `fromColumn`.
struct Relation {
    std::size_t fromColumn = 0, toTable = 0, toColumn = 0;
    bool many = false;
};

struct TableBinding {
    data::Dataset* dataset = nullptr;
    const data::Table* table = nullptr;
    const Type* type = nullptr;
    std::vector<std::string> fields;  ///< Name of each column's field.
    std::size_t key = 0;              ///< Its column.
    std::vector<Relation> relations;

    [[nodiscard]] std::optional<std::size_t> columnOf(std::string_view field) const;
};

/// A schema and the tables behind it. Immutable; thread: any. The datasets outlive it.
struct Api {
    std::shared_ptr<Schema> schema;
    std::vector<TableBinding> tables;
};

struct ApiOptions {
    std::int64_t pageSize = 50;
};

/// The schema of all tables: one object type each with its relations along foreign keys both ways, rows by
/// key, lists, relay-style connections with filter and order, and mutations. Integers are BigInt, since a
/// column's range is not known and may grow.
[[nodiscard]] Result<Api> apiOf(std::span<const std::shared_ptr<data::Dataset>> datasets,
                                const ApiOptions& options);

}  // namespace hone::toggles::graphql

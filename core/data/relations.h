#pragma once

#include "core/data/query.h"
#include "core/data/schema.h"

namespace hone::data {

/// A way from the rows of a table to those of another, along a foreign key in either direction.
struct Relation {
    std::string name;   ///< What it is called from this side: "customer", "orders".
    Hop hop;            ///< Our column, the other table, its column.
    bool many = false;  ///< Leads to any number of rows; otherwise to one or none.
};

/// The relations of a table: one per foreign key (`customer_id` is followed as `customer`, a column that does
/// not end like a reference as the table it points at), and one per foreign key of any table that points
/// here, called like that table. A name that a column or an earlier relation has gets `_by_<column>` behind
/// it. Invariant: names are unique among columns and relations. The same for the same schema.
[[nodiscard]] std::vector<Relation> relationsOf(const Schema& schema, const Table& table);

}  // namespace hone::data

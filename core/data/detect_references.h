#pragma once

#include "core/data/importer.h"

namespace hone::data {

/// Written as SQLite's application_id into a database whose references were guessed: they can be followed,
/// but nobody asked for writes to be refused because of them. ("HoRf")
inline constexpr std::int64_t kGuessedReferences = 0x486f5266;

/// The table a column's name points at: `customer_id`, `customerId` and `CustomerID` name `customer`,
/// `customers` or `Customer`, `billing_address_id` also `addresses`, `parent_id` the column's own table.
/// Names are compared without case and underscores, the longest match wins. Position in `tables`, or none.
[[nodiscard]] std::optional<std::size_t> tableNamedBy(std::string_view column,
                                                      std::span<const std::string> tables, std::size_t own);

/// "customer" of `customer_id`, `customerId`; empty when the name does not end so. Also the name a relation
/// has when it is followed from this side.
[[nodiscard]] std::string referenceStem(std::string_view column);

/// Declares references between tables of a source that cannot say them (CSV, JSON): where a column's name
/// points at another table, its type is that of the table's key, and every value of it is a key there. The
/// data decides: one value that is no key, or no value at all, and there is no reference.
///
/// Thread: the importer's. Invariant: rows and columns stay as they are; only the declaration of a table
/// grows.
Result<> declareReferences(Importer& importer);

}  // namespace hone::data

#pragma once

#include "core/data/schema.h"
#include "core/sqlite/sqlite.h"

namespace hone::data {

/// How a key gets its value when a row is inserted without one.
enum class KeyKind : std::uint8_t {
    Rowid,    ///< SQLite assigns it.
    Integer,  ///< The largest plus one.
    Text,     ///< A new sortable id.
    MustBeGiven,
};

/// A table as SQL sees it, beside what the schema shows of it. Immutable.
struct TableSql {
    std::string name;                  ///< Quoted.
    std::vector<std::string> columns;  ///< Quoted, in the order of Table::columns; a shown rowid is `rowid`.
    std::vector<bool> writable;        ///< False for generated columns.
    std::vector<bool> hasDefault;
    std::string key;         ///< Quoted.
    std::string columnList;  ///< All columns, for SELECT and RETURNING.
    std::string byKey;       ///< SELECT … WHERE key = ?1.
    KeyKind keyKind = KeyKind::Rowid;
    std::int64_t largestKey = 0;  ///< Of a Rowid key, when the dataset was opened.
};

/// What a dataset holds: the schema for everybody and its SQL for sessions. Immutable once loaded.
struct Catalog {
    Schema schema;
    std::vector<TableSql> sql;        ///< Same order as schema.tables.
    bool enforceForeignKeys = false;  ///< Every reference is the user's own and valid: SQLite checks them.

    /// Position of a table; InvalidArgument lists the known ones.
    [[nodiscard]] Result<std::size_t> find(std::string_view table) const;
};

/// Reads tables, columns, keys, references and row counts. A file without a usable table: Malformed.
Result<Catalog> loadCatalog(const sqlite::Connection& connection);

/// Position of a column; InvalidArgument lists the known ones and guesses what was meant.
[[nodiscard]] Result<std::size_t> findColumn(const Table& table, std::string_view column);

}  // namespace hone::data

#pragma once

#include "core/data/importer.h"
#include "core/data/type_detection.h"

namespace hone::data {

/// How the columns of a source become a table: safe names, detected types, and a key.
///
/// A value. The source's `id` (in any case) is the key when it holds integers or text; otherwise, or once it
/// proved not to be unique, a numbered key column comes first: `id`, or `row_id` when the source has an id of
/// its own.
class TablePlan {
public:
    /// `names` and `types` in the source's order; `idIsComplete`: no row lacks its id.
    TablePlan(std::string table, std::span<const std::string> names, std::vector<ColumnType> types,
              bool idIsComplete);

    [[nodiscard]] const std::string& table() const { return m_table; }
    [[nodiscard]] const std::vector<Column>& columns() const { return m_columns; }  ///< The source's.
    [[nodiscard]] bool usesSourceKey() const { return m_key.has_value(); }
    void giveUpSourceKey();
    [[nodiscard]] std::string createSql() const;
    [[nodiscard]] std::string insertSql() const;

private:
    std::string m_table, m_addedKey;
    std::vector<Column> m_columns;
    std::optional<std::size_t> m_key;
};

/// True for the column that may become the key: "id", "ID", "Id".
[[nodiscard]] bool isIdName(std::string_view name);

/// Inserts rows into the planned table. Thread: the importer's.
class TableWriter {
public:
    /// Creates the table. SQLite takes at most 2000 columns: Unsupported.
    static Result<TableWriter> create(const Importer& importer, const TablePlan& plan);

    /// Binds a value of the source's column; text must live until insert().
    void set(std::size_t column, const Scalar& scalar, std::string_view text);
    /// Columns that were not set are NULL. AlreadyExists: the key is not unique.
    Result<> insert();

private:
    TableWriter(sqlite::Statement statement, const TablePlan& plan)
        : m_statement(std::move(statement)), m_plan(&plan) {}

    sqlite::Statement m_statement;
    const TablePlan* m_plan;
};

/// Creates the table and calls `writeRows`; when the source's key proves not to be unique, once more with a
/// numbered key.
Result<> writeTable(Importer& importer, TablePlan plan,
                    const std::function<Result<>(TableWriter&)>& writeRows);

}  // namespace hone::data

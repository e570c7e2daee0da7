#pragma once

#include "core/data/catalog.h"
#include "core/data/dataset.h"
#include "core/data/sql_builder.h"

namespace hone::data {

/// What sessions of one dataset share. Thread: any. Owner: the dataset and its sessions together.
struct DatasetCore {
    std::filesystem::path file;
    bool isWorkingCopy = false;  ///< Removed with the dataset.
    Catalog catalog;
    std::atomic<std::uint64_t> writeGeneration{0};
};

/// A connection set up for serving: memory-mapped reads of up to 64 MiB, references checked when all of them
/// are valid.
Result<std::unique_ptr<sqlite::Connection>> openForSession(const DatasetCore& core);

/// Session over one SQLite connection. Reads are in sqlite_session.cpp, writes in session_writes.cpp.
///
/// Thread: one at a time. Invariant: no statement is left mid-way between two calls.
class SqliteSession final : public Session {
public:
    SqliteSession(std::shared_ptr<DatasetCore> core, std::unique_ptr<sqlite::Connection> connection,
                  const Access& access)
        : m_core(std::move(core)), m_connection(std::move(connection)), m_access(access) {}

    Result<RowSet> select(const Query& query) override;
    Result<std::int64_t> count(const Query& query) override;
    Result<std::int64_t> estimateCount(const Query& query) override;
    Result<std::vector<std::string>> explain(const Query& query) override;
    Result<std::optional<RowSet>> byKey(const Table& table, std::string_view key) override;
    Result<RowSet> columnStats(const Table& table) override;
    Result<RowSet> groupCounts(const Table& table, std::string_view column, int limit) override;
    Result<RowSet> insert(const Table& table, const nlohmann::json& object) override;
    Result<std::optional<RowSet>> update(const Table& table, std::string_view key,
                                         const nlohmann::json& object, bool replace) override;
    Result<bool> remove(const Table& table, std::string_view key) override;
    [[nodiscard]] SqlStats stats() const override { return m_stats; }

    [[nodiscard]] const Access& access() const { return m_access; }
    [[nodiscard]] std::unique_ptr<sqlite::Connection> takeConnection() { return std::move(m_connection); }

private:
    struct TableRef {
        const Table& table;
        const TableSql& sql;
    };
    Result<TableRef> tableNamed(std::string_view name) const;
    /// Runs to the end and keeps every row; empty `sql.columns` keeps none.
    Result<RowSet> run(const BoundSql& sql);
    Result<RowSet> run(const std::string& text, std::span<const sqlite::Value> values,
                       const std::vector<Column>& columns);
    /// Appends to `rows`, whose columns say how values are read.
    Result<> runInto(const std::string& text, std::span<const sqlite::Value> values, RowSet& rows);
    /// A new value for a key that SQLite does not assign; monostate when it does.
    Result<sqlite::Value> newKey(const TableRef& ref);
    Result<RowSet> write(const TableRef& ref, const BoundSql& sql);

    std::shared_ptr<DatasetCore> m_core;
    std::unique_ptr<sqlite::Connection> m_connection;
    Access m_access;
    SqlStats m_stats;
};

}  // namespace hone::data

#pragma once

#include "core/base/error.h"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace hone::sqlite {

/// A value on its way into a statement.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

class Connection;

/// A prepared statement, finalised with its owner. Thread: its connection's. Owner: whoever prepared it; must
/// not outlive the connection.
class Statement {
public:
    /// Binds parameter `index`, from 1. Text must live until the statement is reset or destroyed.
    void bind(int index, std::int64_t value) { sqlite3_bind_int64(get(), index, value); }
    void bind(int index, double value) { sqlite3_bind_double(get(), index, value); }
    void bind(int index, std::string_view value) {
        // A null pointer would bind NULL, not ''.
        sqlite3_bind_text64(get(), index, value.data() ? value.data() : "", value.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    void bindNull(int index) { sqlite3_bind_null(get(), index); }
    void bind(int index, const Value& value);

    /// True: a row is there to be read; false: done. Errors as Connection::failure.
    Result<bool> step();
    /// Runs to the end, dropping rows.
    Result<> run();
    void reset() { sqlite3_reset(get()); }

    [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(get(), column); }
    [[nodiscard]] std::string_view text(int column) const;  ///< Valid until the next step.
    [[nodiscard]] bool isNull(int column) const { return sqlite3_column_type(get(), column) == SQLITE_NULL; }
    [[nodiscard]] sqlite3_stmt* get() const { return m_statement.get(); }

private:
    friend class Connection;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    Statement(const Connection& connection, sqlite3_stmt* statement)
        : m_connection(&connection), m_statement(statement) {}

    const Connection* m_connection;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

enum class Mode { ReadOnly, ReadWrite, Create };

/// One open SQLite file. Thread: one at a time (opened without SQLite's own mutex). Not movable: statements
/// point here.
class Connection {
public:
    /// Waits up to five seconds for another writer. Not a database: Malformed; missing: NotFound.
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Mode mode);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] Result<Statement> prepare(std::string_view sql, unsigned flags = 0) const;
    Result<> exec(const std::string& sql) const;
    /// The first column of the first row; 0 when there is none.
    [[nodiscard]] Result<std::int64_t> scalar(std::string_view sql) const;

    /// A statement that stays prepared for the next call with the same text.
    [[nodiscard]] Result<Statement*> cached(const std::string& sql);

    /// The connection's last error as ours: disk full → ResourceExhausted, no rights → PermissionDenied,
    /// locked → Unavailable, taken unique value → AlreadyExists, broken constraint → InvalidArgument, damaged
    /// → Malformed.
    [[nodiscard]] Failure failure(std::string_view doing) const;
    [[nodiscard]] sqlite3* get() const { return m_db.get(); }
    [[nodiscard]] const std::filesystem::path& file() const { return m_file; }

private:
    struct Close {
        void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    };
    explicit Connection(const std::filesystem::path& file) : m_file(file) {}

    std::filesystem::path m_file;
    std::unique_ptr<sqlite3, Close> m_db;
    std::unordered_map<std::string, Statement> m_statements;  ///< Destroyed before m_db.
};

/// "name" with quotes doubled, safe inside SQL.
[[nodiscard]] std::string quoted(std::string_view identifier);

}  // namespace hone::sqlite

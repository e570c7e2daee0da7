#include "core/sqlite/sqlite.h"

#include <cerrno>
#include <cstring>

namespace hone::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr std::size_t kMaxCachedStatements = 128;  // Searches and IN lists of every length must not pile up.

Error::Code codeOf(int extended, int systemError) {
    switch (extended) {
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
        case SQLITE_CONSTRAINT_UNIQUE: return Error::AlreadyExists;
        default: break;
    }
    switch (extended & 0xff) {
        case SQLITE_FULL:
        case SQLITE_NOMEM:
        case SQLITE_TOOBIG: return Error::ResourceExhausted;
        case SQLITE_PERM:
        case SQLITE_READONLY:
        case SQLITE_AUTH: return Error::PermissionDenied;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return Error::Unavailable;
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE: return Error::InvalidArgument;
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT: return Error::Malformed;
        case SQLITE_INTERRUPT: return Error::Cancelled;
        case SQLITE_CANTOPEN:
        case SQLITE_IOERR:
            if (systemError == ENOENT || systemError == ENOTDIR)
                return Error::NotFound;
            if (systemError == EACCES || systemError == EPERM || systemError == EROFS)
                return Error::PermissionDenied;
            if (systemError == ENOSPC || systemError == EDQUOT || systemError == EFBIG ||
                systemError == EMFILE)
                return Error::ResourceExhausted;
            return Error::Io;
        default: return Error::Internal;
    }
}

}  // namespace

void Statement::bind(int index, const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        bind(index, *integer);
    else if (const auto* real = std::get_if<double>(&value))
        bind(index, *real);
    else if (const auto* text = std::get_if<std::string>(&value))
        bind(index, std::string_view(*text));
    else
        bindNull(index);
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    auto failure = m_connection->failure("run a statement on");
    reset();
    return failure;
}

Result<> Statement::run() {
    for (;;) {
        const auto row = step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return {};
    }
}

std::string_view Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(get(), column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(get(), column))};
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Mode mode) {
    std::unique_ptr<Connection> connection(new Connection(file));
    const int flags = mode == Mode::ReadOnly    ? SQLITE_OPEN_READONLY
                      : mode == Mode::ReadWrite ? SQLITE_OPEN_READWRITE
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* db = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    connection->m_db.reset(db);
    if (code != SQLITE_OK)
        return connection->failure("open");
    sqlite3_busy_timeout(db, kBusyTimeoutMs);
    // A served file may come from anyone: its schema must not call functions with side effects.
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return connection;
}

Result<Statement> Connection::prepare(std::string_view sql, unsigned flags) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(get(), sql.data(), static_cast<int>(sql.size()), flags, &statement, nullptr) !=
        SQLITE_OK)
        return failure("prepare a statement for");
    return Statement(*this, statement);
}

Result<> Connection::exec(const std::string& sql) const {
    if (sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure("run a statement on");
    return {};
}

Result<std::int64_t> Connection::scalar(std::string_view sql) const {
    auto statement = prepare(sql);
    if (!statement)
        return fail(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return fail(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<Statement*> Connection::cached(const std::string& sql) {
    if (const auto found = m_statements.find(sql); found != m_statements.end())
        return &found->second;
    auto statement = prepare(sql, SQLITE_PREPARE_PERSISTENT);
    if (!statement)
        return fail(std::move(statement.error()));
    if (m_statements.size() >= kMaxCachedStatements)
        m_statements.erase(m_statements.begin());
    return &m_statements.emplace(sql, std::move(*statement)).first->second;
}

Failure Connection::failure(std::string_view doing) const {
    if (!m_db)
        return fail(Error::ResourceExhausted, "cannot {} {}: out of memory", doing, m_file.string());
    const int systemError = sqlite3_system_errno(get());
    const Error::Code code = codeOf(sqlite3_extended_errcode(get()), systemError);
    std::string why = sqlite3_errmsg(get());
    if ((code == Error::NotFound || code == Error::PermissionDenied || code == Error::Io) && systemError != 0)
        why += fmt::format(" ({})", std::strerror(systemError));
    auto failure = fail(code, "cannot {} {}: {}", doing, m_file.string(), why);
    switch (code) {
        case Error::ResourceExhausted:
            return std::move(failure).hint("Free some space or choose another folder.");
        case Error::PermissionDenied:
            return std::move(failure).hint("Choose a file and folder you may write to.");
        case Error::Unavailable:
            return std::move(failure).hint("Another program is writing to this file; try again.");
        case Error::NotFound: return std::move(failure).hint("Check the path.");
        default: return failure;
    }
}

std::string quoted(std::string_view identifier) {
    std::string out = "\"";
    for (const char c : identifier) {
        if (c == '"')
            out += '"';
        out += c;
    }
    return out + '"';
}

}  // namespace hone::sqlite

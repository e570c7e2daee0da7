#include "core/data/sqlite_session.h"

#include "core/data/row_reader.h"
#include "core/data/values.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace hone::data {
namespace {

/// A statement for one use: taken from the connection's cache or prepared here, always left reset.
class StatementUse {
public:
    static Result<StatementUse> of(sqlite::Connection& connection, const std::string& text, bool cached) {
        StatementUse use;
        if (cached) {
            const auto statement = connection.cached(text);
            if (!statement)
                return fail(statement.error());
            use.m_cached = *statement;
            return use;
        }
        auto statement = connection.prepare(text);
        if (!statement)
            return fail(std::move(statement.error()));
        use.m_own.emplace(std::move(*statement));
        return use;
    }
    StatementUse(StatementUse&& other) noexcept
        : m_own(std::move(other.m_own)), m_cached(std::exchange(other.m_cached, nullptr)) {}
    StatementUse& operator=(StatementUse&&) = delete;
    ~StatementUse() {
        if (m_cached) {
            m_cached->reset();
            sqlite3_clear_bindings(m_cached->get());
        }
    }
    sqlite::Statement& operator*() { return m_cached ? *m_cached : *m_own; }

private:
    StatementUse() = default;
    std::optional<sqlite::Statement> m_own;
    sqlite::Statement* m_cached = nullptr;
};

Cell textCell(std::string_view text, RowSet& rows) {
    Cell cell;
    cell.kind = Cell::Text;
    cell.length = static_cast<std::uint32_t>(text.size());
    cell.offset = rows.arena.size();
    rows.arena.append(text);
    return cell;
}

}  // namespace

Result<std::unique_ptr<sqlite::Connection>> openForSession(const DatasetCore& core) {
    auto connection = sqlite::Connection::open(core.file, sqlite::Mode::ReadWrite);
    if (!connection)
        return connection;
    // The page cache keeps its default (2 MB): mapped pages do not go through it.
    if (const auto done = (*connection)->exec("PRAGMA mmap_size = 67108864"); !done)
        return fail(done.error());
    // A working copy is thrown away with the program; waiting for the disk after every write would only
    // measure the disk.
    if (core.isWorkingCopy)
        if (const auto done = (*connection)->exec("PRAGMA synchronous = NORMAL"); !done)
            return fail(done.error());
    sqlite3_db_config((*connection)->get(), SQLITE_DBCONFIG_ENABLE_FKEY,
                      core.catalog.enforceForeignKeys ? 1 : 0, nullptr);
    return connection;
}

Result<SqliteSession::TableRef> SqliteSession::tableNamed(std::string_view name) const {
    const auto at = m_core->catalog.find(name);
    if (!at)
        return fail(at.error());
    return TableRef{m_core->catalog.schema.tables[*at], m_core->catalog.sql[*at]};
}

Result<RowSet> SqliteSession::run(const BoundSql& sql) { return run(sql.text, sql.values, sql.columns); }

Result<RowSet> SqliteSession::run(const std::string& text, std::span<const sqlite::Value> values,
                                  const std::vector<Column>& columns) {
    RowSet rows{.columns = columns};
    rows.cells.reserve(columns.size());  // One row is the most common answer.
    rows.arena.reserve(columns.size() * 16);
    if (auto done = runInto(text, values, rows); !done)
        return fail(std::move(done.error()));
    return rows;
}

Result<> SqliteSession::runInto(const std::string& text, std::span<const sqlite::Value> values,
                                RowSet& rows) {
    auto use = StatementUse::of(*m_connection, text, m_access.cachedStatements);
    if (!use)
        return fail(std::move(use.error()));
    sqlite::Statement& statement = **use;
    for (std::size_t i = 0; i < values.size(); ++i)
        statement.bind(static_cast<int>(i) + 1, values[i]);
    ++m_stats.statements;
    const std::size_t before = rows.rowCount();
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        appendRow(statement, rows);
    }
    m_stats.rowsRead += static_cast<std::int64_t>(rows.rowCount() - before);
    return {};
}

Result<RowSet> SqliteSession::select(const Query& query) {
    const auto table = m_core->catalog.find(query.table);
    if (!table)
        return fail(table.error());
    auto statements = selectSql(m_core->catalog, *table, query);
    if (!statements)
        return fail(std::move(statements.error()));
    auto rows = run(statements->front());
    for (std::size_t i = 1; rows && i < statements->size(); ++i) {
        BoundSql& next = (*statements)[i];
        const auto have = static_cast<std::int64_t>(rows->rowCount());
        if (query.limit && have >= *query.limit)
            break;
        if (query.limit)
            next.values.back() =
                *query.limit - have;  // LIMIT is the last parameter: a position has no offset.
        if (auto done = runInto(next.text, next.values, *rows); !done)
            return fail(std::move(done.error()));
    }
    return rows;
}

Result<std::int64_t> SqliteSession::count(const Query& query) {
    const auto table = m_core->catalog.find(query.table);
    if (!table)
        return fail(table.error());
    const auto sql = countSql(m_core->catalog, *table, query);
    const auto rows = sql ? run(*sql) : Result<RowSet>(fail(sql.error()));
    if (!rows)
        return fail(rows.error());
    return rows->cell(0, 0).integer;
}

/// The rows there were at opening and how far the keys have grown since; of them the share that a sample
/// meets.
Result<std::int64_t> SqliteSession::estimateCount(const Query& query) {
    constexpr std::int64_t kSampled = 1'000;
    const auto table = m_core->catalog.find(query.table);
    if (!table)
        return fail(table.error());
    const TableSql& names = m_core->catalog.sql[*table];
    const std::int64_t opened = m_core->catalog.schema.tables[*table].rowCount;
    if (names.keyKind != KeyKind::Rowid || opened < 10 * kSampled)
        return count(query);
    const auto largest = run({fmt::format("SELECT max({}) FROM {}", names.key, names.name),
                              {},
                              {{"largest", ColumnType::Integer}}});
    if (!largest)
        return fail(largest.error());
    const std::int64_t total =
        opened + std::max<std::int64_t>(0, largest->cell(0, 0).integer - names.largestKey);
    if (query.filters.empty() && query.conditions.empty() && query.search.empty())
        return total;
    const auto sql = sampleSql(m_core->catalog, *table, query, kSampled);
    const auto sample = sql ? run(**sql) : Result<RowSet>(fail(sql.error()));
    if (!sample)
        return fail(sample.error());
    const std::int64_t sampled = sample->cell(0, 0).integer, matching = sample->cell(0, 1).integer;
    return sampled == 0 ? 0
                        : std::llround(static_cast<double>(total) * static_cast<double>(matching) /
                                       static_cast<double>(sampled));
}

Result<std::vector<std::string>> SqliteSession::explain(const Query& query) {
    const auto table = m_core->catalog.find(query.table);
    if (!table)
        return fail(table.error());
    const auto statements = selectSql(m_core->catalog, *table, query);
    if (!statements)
        return fail(statements.error());
    std::vector<std::string> lines;
    for (const BoundSql& sql : *statements) {
        const auto plan = run("EXPLAIN QUERY PLAN " + sql.text, sql.values,
                              {{"id", ColumnType::Integer},
                               {"parent", ColumnType::Integer},
                               {"unused", ColumnType::Integer},
                               {"detail"}});
        if (!plan)
            return fail(plan.error());
        for (std::size_t row = 0; row < plan->rowCount(); ++row)
            lines.emplace_back(plan->text(plan->cell(row, 3)));
    }
    return lines;
}

Result<std::optional<RowSet>> SqliteSession::byKey(const Table& table, std::string_view key) {
    const auto ref = tableNamed(table.name);
    if (!ref)
        return fail(ref.error());
    const auto value = valueFromText(*ref->table.column(ref->table.key), key);
    if (!value)
        return std::nullopt;  // No row has a key that is not even of its type.
    auto rows = run(ref->sql.byKey, {&*value, 1}, ref->table.columns);
    if (!rows)
        return fail(std::move(rows.error()));
    return rows->rowCount() == 0 ? std::nullopt : std::optional(std::move(*rows));
}

Result<RowSet> SqliteSession::columnStats(const Table& table) {
    const auto ref = tableNamed(table.name);
    if (!ref)
        return fail(ref.error());
    RowSet out{.columns = {{"column", ColumnType::Text, false},
                           {"type", ColumnType::Text, false},
                           {"count", ColumnType::Integer, false},
                           {"nulls", ColumnType::Integer, false},
                           {"distinct", ColumnType::Integer, false},
                           {"min"},
                           {"max"},
                           {"mean", ColumnType::Real}}};
    for (std::size_t i = 0; i < ref->table.columns.size(); ++i) {
        const Column& column = ref->table.columns[i];
        const bool isText = column.type == ColumnType::Text;
        const auto rows =
            run({fmt::format("SELECT count({0}), count(*) - count({0}), count(DISTINCT {0}), min({0}), "
                             "max({0}), {1} FROM {2}",
                             ref->sql.columns[i],
                             isText ? "NULL" : fmt::format("avg({})", ref->sql.columns[i]), ref->sql.name),
                 {},
                 {{"count", ColumnType::Integer},
                  {"nulls", ColumnType::Integer},
                  {"distinct", ColumnType::Integer},
                  {"min", column.type},
                  {"max", column.type},
                  {"mean", ColumnType::Real}}});
        if (!rows)
            return fail(rows.error());
        out.cells.push_back(textCell(column.name, out));
        out.cells.push_back(textCell(typeName(column.type), out));
        for (std::size_t c = 0; c < rows->columns.size(); ++c) {
            const Cell& cell = rows->cell(0, c);
            out.cells.push_back(cell.kind == Cell::Text ? textCell(rows->text(cell), out) : cell);
        }
    }
    return out;
}

Result<RowSet> SqliteSession::groupCounts(const Table& table, std::string_view column, int limit) {
    const auto ref = tableNamed(table.name);
    if (!ref)
        return fail(ref.error());
    const auto at = findColumn(ref->table, column);
    if (!at)
        return fail(at.error());
    if (limit <= 0)
        return fail(Error::InvalidArgument, "the number of groups must be above 0, got {}", limit);
    std::vector<sqlite::Value> values{std::int64_t{limit}};
    return run({fmt::format("SELECT {0}, count(*) AS n FROM {1} GROUP BY {0} ORDER BY n DESC, {0} LIMIT ?",
                            ref->sql.columns[*at], ref->sql.name),
                std::move(values),
                {{"value", ref->table.columns[*at].type}, {"count", ColumnType::Integer, false}}});
}

}  // namespace hone::data

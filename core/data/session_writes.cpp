#include "core/base/ids.h"
#include "core/data/sqlite_session.h"
#include "core/data/values.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace hone::data {
namespace {

/// Columns and values of a written object, in the object's order.
struct Assignments {
    std::vector<std::size_t> columns;
    std::vector<sqlite::Value> values;

    [[nodiscard]] bool has(std::size_t column) const {
        return std::ranges::find(columns, column) != columns.end();
    }
};

std::size_t keyIndex(const Table& table) {
    return static_cast<std::size_t>(table.column(table.key) - table.columns.data());
}

Result<Assignments> readObject(const Table& table, const TableSql& sql, const nlohmann::json& object) {
    if (!object.is_object())
        return fail(Error::InvalidArgument, "a row of {} is written as a JSON object, got {}", table.name,
                    object.type_name())
            .hint("Send {{\"column\": value, …}}.");
    Assignments out;
    for (const auto& [name, json] : object.items()) {
        const auto column = findColumn(table, name);
        if (!column)
            return fail(column.error());
        if (!sql.writable[*column])
            return fail(Error::InvalidArgument, "column {} of {} is computed by the database", name,
                        table.name)
                .hint("Leave it out.");
        if (table.columns[*column].name == table.key && json.is_null())
            continue;  // As if absent.
        auto value = valueFromJson(table.columns[*column], json);
        if (!value)
            return fail(std::move(value.error()));
        out.columns.push_back(*column);
        out.values.push_back(std::move(*value));
    }
    return out;
}

Failure missing(const Table& table, const Column& column) {
    return fail(Error::InvalidArgument, "column {} of {} must have a value", column.name, table.name)
        .hint("Add \"{}\" ({}).", column.name, typeName(column.type));
}

/// What SQLite says about a broken constraint, in words of the API.
Error explained(Error error, const Table& table, const BoundSql& sql) {
    if (error.what.ends_with("FOREIGN KEY constraint failed")) {
        const bool deletes = sql.text.starts_with("DELETE");
        return {Error::InvalidArgument,
                deletes ? fmt::format("the row of {} is still referenced by another table", table.name)
                        : fmt::format("a reference of {} points at a row that does not exist", table.name),
                deletes ? "Delete the rows that refer to it first." : "Send the key of an existing row."};
    }
    if (const auto at = error.what.find("UNIQUE constraint failed: "); at != std::string::npos)
        return {Error::AlreadyExists,
                fmt::format("another row of {} has the same {}", table.name, error.what.substr(at + 26)),
                "Send another value, or update that row."};
    return error;
}

}  // namespace

/// A single statement is its own transaction, committed when it has run to its end; only then do caches hear
/// of it.
Result<RowSet> SqliteSession::write(const TableRef& ref, const BoundSql& sql) {
    auto rows = run(sql);
    if (!rows)
        return fail(explained(std::move(rows.error()), ref.table, sql));
    if (sqlite3_changes64(m_connection->get()) > 0)
        m_core->writeGeneration.fetch_add(1, std::memory_order_release);
    return rows;
}

Result<sqlite::Value> SqliteSession::newKey(const TableRef& ref) {
    switch (ref.sql.keyKind) {
        case KeyKind::Rowid: return std::monostate{};
        case KeyKind::Text: return newId();
        case KeyKind::MustBeGiven: return fail(missing(ref.table, *ref.table.column(ref.table.key)).error());
        case KeyKind::Integer: break;
    }
    const auto largest = run({fmt::format("SELECT coalesce(max({}), 0) FROM {}", ref.sql.key, ref.sql.name),
                              {},
                              {{"key", ColumnType::Integer, false}}});
    if (!largest)
        return fail(largest.error());
    return largest->cell(0, 0).integer + 1;
}

Result<RowSet> SqliteSession::insert(const Table& table, const nlohmann::json& object) {
    const auto ref = tableNamed(table.name);
    if (!ref)
        return fail(ref.error());
    auto row = readObject(ref->table, ref->sql, object);
    if (!row)
        return fail(std::move(row.error()));
    const std::size_t key = keyIndex(ref->table);
    if (!row->has(key)) {
        auto assigned = newKey(*ref);
        if (!assigned)
            return fail(std::move(assigned.error()));
        if (!std::holds_alternative<std::monostate>(*assigned)) {
            row->columns.push_back(key);
            row->values.push_back(std::move(*assigned));
        }
    }
    for (std::size_t i = 0; i < ref->table.columns.size(); ++i)
        if (!ref->table.columns[i].nullable && i != key && ref->sql.writable[i] && !ref->sql.hasDefault[i] &&
            !row->has(i))
            return missing(ref->table, ref->table.columns[i]);
    std::string names, parameters;
    for (const std::size_t column : row->columns) {
        names += (names.empty() ? "" : ", ") + ref->sql.columns[column];
        parameters += parameters.empty() ? "?" : ", ?";
    }
    BoundSql sql{.values = std::move(row->values), .columns = ref->table.columns};
    sql.text = names.empty() ? fmt::format("INSERT INTO {} DEFAULT VALUES RETURNING {}", ref->sql.name,
                                           ref->sql.columnList)
                             : fmt::format("INSERT INTO {} ({}) VALUES ({}) RETURNING {}", ref->sql.name,
                                           names, parameters, ref->sql.columnList);
    return write(*ref, sql);
}

Result<std::optional<RowSet>> SqliteSession::update(const Table& table, std::string_view key,
                                                    const nlohmann::json& object, bool replace) {
    const auto ref = tableNamed(table.name);
    if (!ref)
        return fail(ref.error());
    auto keyValue = valueFromText(*ref->table.column(ref->table.key), key);
    if (!keyValue)
        return std::nullopt;
    const auto row = readObject(ref->table, ref->sql, object);
    if (!row)
        return fail(row.error());
    const std::size_t keyColumn = keyIndex(ref->table);
    BoundSql sql{.columns = ref->table.columns};
    std::string assignments;
    const auto assign = [&](std::size_t column, const sqlite::Value& value) {
        assignments += fmt::format("{}{} = ?", assignments.empty() ? "" : ", ", ref->sql.columns[column]);
        sql.values.push_back(value);
    };
    for (std::size_t i = 0; i < row->columns.size(); ++i) {
        if (row->columns[i] != keyColumn)
            assign(row->columns[i], row->values[i]);
        else if (row->values[i] != *keyValue)
            return fail(Error::InvalidArgument, "the key {} of {} '{}' cannot be changed", ref->table.key,
                        ref->table.name, shown(key))
                .hint("Leave it out, or insert a new row and delete this one.");
    }
    for (std::size_t i = 0; replace && i < ref->table.columns.size(); ++i) {
        if (i == keyColumn || row->has(i) || !ref->sql.writable[i])
            continue;
        if (!ref->table.columns[i].nullable)
            return missing(ref->table, ref->table.columns[i]);
        assign(i, std::monostate{});
    }
    if (assignments.empty())
        return byKey(ref->table, key);
    sql.values.push_back(std::move(*keyValue));
    sql.text = fmt::format("UPDATE {} SET {} WHERE {} = ? RETURNING {}", ref->sql.name, assignments,
                           ref->sql.key, ref->sql.columnList);
    auto rows = write(*ref, sql);
    if (!rows)
        return fail(std::move(rows.error()));
    return rows->rowCount() == 0 ? std::nullopt : std::optional(std::move(*rows));
}

Result<bool> SqliteSession::remove(const Table& table, std::string_view key) {
    const auto ref = tableNamed(table.name);
    if (!ref)
        return fail(ref.error());
    auto value = valueFromText(*ref->table.column(ref->table.key), key);
    if (!value)
        return false;
    std::vector<sqlite::Value> values;
    values.push_back(std::move(*value));
    const auto rows =
        write(*ref, {fmt::format("DELETE FROM {0} WHERE {1} = ? RETURNING {1}", ref->sql.name, ref->sql.key),
                     std::move(values),
                     {*ref->table.column(ref->table.key)}});
    if (!rows)
        return fail(rows.error());
    return rows->rowCount() > 0;
}

}  // namespace hone::data

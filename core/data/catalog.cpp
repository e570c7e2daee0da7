#include "core/data/catalog.h"

#include "core/data/detect_references.h"
#include "core/params/param_set.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace hone::data {
namespace {

bool equalNoCase(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
        return lower(x) == lower(y);
    });
}

bool containsNoCase(std::string_view text, std::string_view part) {
    return std::ranges::search(text, part, [](char a, char b) { return (a | 0x20) == (b | 0x20); }).begin() !=
           text.end();
}

/// SQLite's affinity rules (Datatypes In SQLite, 3.1), with the names other databases use for booleans and
/// dates.
std::optional<ColumnType> declaredType(std::string_view declared) {
    for (const auto& [part, type] :
         std::initializer_list<std::pair<std::string_view, ColumnType>>{{"bool", ColumnType::Boolean},
                                                                        {"int", ColumnType::Integer},
                                                                        {"char", ColumnType::Text},
                                                                        {"clob", ColumnType::Text},
                                                                        {"text", ColumnType::Text},
                                                                        {"date", ColumnType::Text},
                                                                        {"time", ColumnType::Text},
                                                                        {"real", ColumnType::Real},
                                                                        {"floa", ColumnType::Real},
                                                                        {"doub", ColumnType::Real},
                                                                        {"deci", ColumnType::Real}})
        if (containsNoCase(declared, part))
            return type;
    return std::nullopt;
}

/// For columns declared without a type SQLite knows: what the first thousand values are.
Result<ColumnType> storedType(const sqlite::Connection& db, const std::string& table,
                              const std::string& column, ColumnType whenEmpty) {
    auto statement = db.prepare(
        fmt::format("SELECT DISTINCT typeof(c) FROM (SELECT {} AS c FROM {} LIMIT 1000) WHERE c IS NOT NULL",
                    column, table));
    if (!statement)
        return fail(std::move(statement.error()));
    bool integers = false, reals = false;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        integers |= statement->text(0) == "integer";
        reals |= statement->text(0) == "real";
        if (statement->text(0) == "text" || statement->text(0) == "blob")
            return ColumnType::Text;
    }
    return reals ? ColumnType::Real : integers ? ColumnType::Integer : whenEmpty;
}

/// One row of PRAGMA table_xinfo.
struct ColumnFacts {
    std::string name, declared;
    bool notNull = false, hasDefault = false, generated = false;
    std::int64_t keyPart = 0;
};

Result<std::vector<ColumnFacts>> readColumns(const sqlite::Connection& db, const std::string& table) {
    auto statement =
        db.prepare("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1)");
    if (!statement)
        return fail(std::move(statement.error()));
    statement->bind(1, std::string_view(table));
    std::vector<ColumnFacts> columns;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return columns;
        if (statement->integer(5) == 1)
            continue;  // A hidden column of a virtual table.
        columns.push_back({.name = std::string(statement->text(0)),
                           .declared = std::string(statement->text(1)),
                           .notNull = statement->integer(2) != 0,
                           .hasDefault = !statement->isNull(3),
                           .generated = statement->integer(5) >= 2,
                           .keyPart = statement->integer(4)});
    }
}

bool hasColumn(const std::vector<ColumnFacts>& columns, std::string_view name) {
    return std::ranges::any_of(columns, [&](const ColumnFacts& c) { return equalNoCase(c.name, name); });
}

/// Shows SQLite's rowid as the key of a table that has none of one column.
Result<> addRowid(const std::vector<ColumnFacts>& columns, Table& table, TableSql& sql) {
    const auto isFree = [&](std::string_view name) { return !hasColumn(columns, name); };
    const std::string_view internal = isFree("rowid")     ? "rowid"
                                      : isFree("_rowid_") ? "_rowid_"
                                      : isFree("oid")     ? "oid"
                                                          : "";
    const std::string_view visible = isFree("id") ? "id" : isFree("row_id") ? "row_id" : internal;
    if (internal.empty())
        return fail(Error::Unsupported,
                    "table {} has no primary key and columns named rowid, _rowid_ and oid", table.name)
            .hint("Give it a primary key of one column.");
    table.columns.insert(table.columns.begin(), {std::string(visible), ColumnType::Integer, false});
    sql.columns.insert(sql.columns.begin(), std::string(internal));
    sql.writable.insert(sql.writable.begin(), true);
    sql.hasDefault.insert(sql.hasDefault.begin(), false);
    table.key = visible;
    sql.key = internal;
    sql.keyKind = KeyKind::Rowid;
    return {};
}

Result<> chooseKey(const std::vector<ColumnFacts>& columns, bool withoutRowid, Table& table, TableSql& sql) {
    const auto parts = std::ranges::count_if(columns, [](const ColumnFacts& c) { return c.keyPart > 0; });
    if (parts != 1) {
        if (withoutRowid)
            return fail(Error::Unsupported, "table {} has a key of {} columns and no rowid", table.name,
                        parts)
                .hint("Give it a primary key of one column.");
        return addRowid(columns, table, sql);
    }
    const auto at = static_cast<std::size_t>(
        std::ranges::find_if(columns, [](const ColumnFacts& c) { return c.keyPart > 0; }) - columns.begin());
    table.key = columns[at].name;
    table.columns[at].nullable = false;
    sql.key = sql.columns[at];
    const bool alias = !withoutRowid && equalNoCase(columns[at].declared, "INTEGER");
    sql.keyKind = alias                                           ? KeyKind::Rowid
                  : table.columns[at].type == ColumnType::Integer ? KeyKind::Integer
                  : table.columns[at].type == ColumnType::Text    ? KeyKind::Text
                                                                  : KeyKind::MustBeGiven;
    return {};
}

Result<> loadTable(const sqlite::Connection& db, bool withoutRowid, Table& table, TableSql& sql) {
    sql.name = sqlite::quoted(table.name);
    const auto columns = readColumns(db, table.name);
    if (!columns)
        return fail(columns.error());
    for (const ColumnFacts& facts : *columns) {
        auto type = declaredType(facts.declared);
        if (!type) {
            const auto stored =
                storedType(db, sql.name, sqlite::quoted(facts.name),
                           containsNoCase(facts.declared, "num") ? ColumnType::Real : ColumnType::Text);
            if (!stored)
                return fail(stored.error());
            type = *stored;
        }
        table.columns.push_back({facts.name, *type, !facts.notNull});
        sql.columns.push_back(sqlite::quoted(facts.name));
        sql.writable.push_back(!facts.generated);
        sql.hasDefault.push_back(facts.hasDefault);
    }
    if (const auto chosen = chooseKey(*columns, withoutRowid, table, sql); !chosen)
        return chosen;
    sql.columnList = fmt::format("{}", fmt::join(sql.columns, ", "));
    sql.byKey = fmt::format("SELECT {} FROM {} WHERE {} = ?1", sql.columnList, sql.name, sql.key);
    const auto rows = db.scalar(fmt::format("SELECT count(*) FROM {}", sql.name));
    if (!rows)
        return fail(rows.error());
    table.rowCount = *rows;
    if (sql.keyKind != KeyKind::Rowid)
        return {};
    const auto largest = db.scalar(fmt::format("SELECT max({}) FROM {}", sql.key, sql.name));
    if (!largest)
        return fail(largest.error());
    sql.largestKey = *largest;
    return {};
}

/// References of one column to another table's key; the others cannot be followed and are left out.
Result<> loadForeignKeys(const sqlite::Connection& db, Catalog& catalog) {
    bool allValid = true;
    for (Table& table : catalog.schema.tables) {
        auto statement = db.prepare(
            "SELECT \"table\", \"from\", \"to\", count(*) FROM pragma_foreign_key_list(?1) GROUP BY id ORDER "
            "BY id DESC");
        if (!statement)
            return fail(std::move(statement.error()));
        statement->bind(1, std::string_view(table.name));
        for (;;) {
            const auto row = statement->step();
            if (!row)
                return fail(row.error());
            if (!*row)
                break;
            const auto target = std::ranges::find_if(catalog.schema.tables, [&](const Table& t) {
                return equalNoCase(t.name, statement->text(0));
            });
            if (target == catalog.schema.tables.end() || statement->integer(3) != 1 ||
                (!statement->isNull(2) && !equalNoCase(statement->text(2), target->key))) {
                allValid = false;
                continue;
            }
            table.foreignKeys.push_back({std::string(statement->text(1)), target->name, target->key});
        }
    }
    const auto origin = db.scalar("PRAGMA application_id");
    if (!origin)
        return fail(origin.error());
    catalog.enforceForeignKeys = allValid && *origin != kGuessedReferences;
    return {};
}

}  // namespace

Result<std::size_t> Catalog::find(std::string_view table) const {
    const auto found = std::ranges::find(schema.tables, table, &Table::name);
    if (found != schema.tables.end())
        return static_cast<std::size_t>(found - schema.tables.begin());
    std::vector<std::string_view> known;
    known.reserve(schema.tables.size());
    for (const Table& each : schema.tables)
        known.push_back(each.name);
    return fail(Error::InvalidArgument, "there is no table '{}'", table)
        .hint("Known: {}.", fmt::join(known, ", "));
}

Result<std::size_t> findColumn(const Table& table, std::string_view column) {
    const auto found = std::ranges::find(table.columns, column, &Column::name);
    if (found != table.columns.end())
        return static_cast<std::size_t>(found - table.columns.begin());
    std::vector<std::string_view> known;
    known.reserve(table.columns.size());
    for (const Column& each : table.columns)
        known.push_back(each.name);
    auto failure = fail(Error::InvalidArgument, "table {} has no column '{}'", table.name, column);
    if (const auto near = closest(column, known))
        return std::move(failure).hint("Did you mean {}? Known: {}.", *near, fmt::join(known, ", "));
    return std::move(failure).hint("Known: {}.", fmt::join(known, ", "));
}

Result<Catalog> loadCatalog(const sqlite::Connection& connection) {
    auto statement = connection.prepare(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE "
        "'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY (SELECT min(rowid) FROM sqlite_master m WHERE m.type = 'table' AND m.name = "
        "pragma_table_list.name)");
    if (!statement)
        return fail(std::move(statement.error()));
    Catalog catalog;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            break;
        Table table{.name = std::string(statement->text(0))};
        TableSql sql;
        if (const auto loaded = loadTable(connection, statement->integer(1) != 0, table, sql); !loaded)
            return fail(loaded.error());
        catalog.schema.tables.push_back(std::move(table));
        catalog.sql.push_back(std::move(sql));
    }
    if (catalog.schema.tables.empty())
        return fail(Error::Malformed, "{} has no tables", connection.file().string())
            .hint("Choose a SQLite file with at least one table.");
    if (const auto loaded = loadForeignKeys(connection, catalog); !loaded)
        return fail(loaded.error());
    return catalog;
}

}  // namespace hone::data

#include "core/data/detect_references.h"

#include "core/data/catalog.h"

#include <algorithm>

namespace hone::data {
namespace {

bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }

/// Lower case without underscores: "OrderItems" and "order_items" are the same name.
std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != '_')
            out += isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// What a table of these things may be called; English, as column names mostly are.
std::vector<std::string> tableNamesFor(const std::string& thing) {
    static constexpr std::pair<std::string_view, std::string_view> kIrregular[] = {
        {"person", "people"}, {"child", "children"}, {"man", "men"}, {"woman", "women"}, {"mouse", "mice"}};
    std::vector<std::string> names{thing, thing + "s", thing + "es"};
    if (thing.ends_with('y'))
        names.push_back(thing.substr(0, thing.size() - 1) + "ies");
    for (const auto& [one, many] : kIrregular)
        if (thing.ends_with(one))
            names.push_back(thing.substr(0, thing.size() - one.size()) + std::string(many));
    return names;
}

/// "billing_address", "address": the stem and what is left of it after each word, longest first.
std::vector<std::string> readingsOf(std::string_view stem) {
    std::vector<std::string> readings{folded(stem)};
    for (std::size_t i = 1; i + 1 < stem.size(); ++i) {
        const bool startsWord = stem[i - 1] == '_' || (isUpper(stem[i]) && !isUpper(stem[i - 1]));
        if (startsWord)
            readings.push_back(folded(stem.substr(i)));
    }
    return readings;
}

/// Every value of the column is a key of the target, and there is at least one.
Result<bool> allAreKeys(const sqlite::Connection& db, const TableSql& from, const std::string& column,
                        const TableSql& to) {
    const auto orphan = db.scalar(fmt::format(
        "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM {0} WHERE {1} IS NOT NULL) THEN 1 ELSE EXISTS (SELECT 1 "
        "FROM {0} f WHERE f.{1} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {2} t WHERE t.{3} = f.{1})) END",
        from.name, column, to.name, to.key));
    if (!orphan)
        return fail(orphan.error());
    return *orphan == 0;
}

/// Adds the clause to the table's declaration. SQLite names this as a safe use of writable_schema (PRAGMA
/// writable_schema, "ALTER TABLE", 7): it changes nothing of how rows are stored.
Result<> declare(const sqlite::Connection& db, const std::string& table, const std::string& clauses) {
    // What this program creates ends with the parenthesis of the column list.
    auto update = db.prepare(
        "UPDATE sqlite_schema SET sql = substr(sql, 1, length(sql) - 1) || ?1 || ')' WHERE type = 'table' "
        "AND "
        "name = ?2");
    if (!update)
        return fail(std::move(update.error()));
    update->bind(1, std::string_view(clauses));
    update->bind(2, std::string_view(table));
    return update->run();
}

}  // namespace

std::string referenceStem(std::string_view column) {
    const bool snake = column.size() > 3 && (column.ends_with("_id") || column.ends_with("_ID"));
    // paidId → paid, but neither paid nor valid is a reference.
    const bool camel = column.size() > 2 && (column.ends_with("Id") || column.ends_with("ID")) &&
                       column[column.size() - 3] != '_' && !isUpper(column[column.size() - 3]);
    if (!snake && !camel)
        return {};
    return std::string(column.substr(0, column.size() - (snake ? 3 : 2)));
}

std::optional<std::size_t> tableNamedBy(std::string_view column, std::span<const std::string> tables,
                                        std::size_t own) {
    const std::string stem = referenceStem(column);
    if (stem.empty())
        return std::nullopt;
    for (const std::string& reading : readingsOf(stem))
        for (const std::string& name : tableNamesFor(reading))
            for (std::size_t i = 0; i < tables.size(); ++i)
                if (folded(tables[i]) == name)
                    return i;
    return folded(stem) == "parent" ? std::optional(own) : std::nullopt;
}

Result<> declareReferences(Importer& importer) {
    const sqlite::Connection& db = importer.db();
    const auto catalog = loadCatalog(db);
    if (!catalog)
        return fail(catalog.error());
    const auto& tables = catalog->schema.tables;
    std::vector<std::string> names;
    for (const Table& table : tables)
        names.push_back(table.name);
    if (const auto open = db.exec("PRAGMA writable_schema = ON"); !open)
        return open;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        std::string clauses;
        for (std::size_t c = 0; c < tables[i].columns.size(); ++c) {
            const Column& column = tables[i].columns[c];
            const auto target = tableNamedBy(column.name, names, i);
            if (!target || column.name == tables[i].key ||
                column.type != tables[*target].column(tables[*target].key)->type)
                continue;
            const auto valid =
                allAreKeys(db, catalog->sql[i], catalog->sql[i].columns[c], catalog->sql[*target]);
            if (!valid)
                return fail(valid.error());
            if (*valid)
                clauses += fmt::format(", FOREIGN KEY({}) REFERENCES {}({})", catalog->sql[i].columns[c],
                                       catalog->sql[*target].name, catalog->sql[*target].key);
            if (const auto go = importer.tick(0, 0); !go)
                return go;
        }
        if (clauses.empty())
            continue;
        if (const auto declared = declare(db, tables[i].name, clauses); !declared)
            return declared;
    }
    return db.exec(
        fmt::format("PRAGMA writable_schema = RESET; PRAGMA application_id = {}", kGuessedReferences));
}

}  // namespace hone::data

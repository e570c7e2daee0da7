#include "core/data/catalog.h"
#include "core/data/importer.h"
#include "core/data/utf8.h"

namespace hone::data {
namespace {

constexpr int kPagesAStep = 4096;

Result<> backUp(Importer& importer, const sqlite::Connection& source) {
    sqlite3_backup* const backup = sqlite3_backup_init(importer.db().get(), "main", source.get(), "main");
    if (!backup)
        return importer.db().failure("copy into");
    for (int code = SQLITE_OK; code == SQLITE_OK;) {
        code = sqlite3_backup_step(backup, kPagesAStep);
        const std::int64_t total = sqlite3_backup_pagecount(backup);
        const auto go = importer.tick(total - sqlite3_backup_remaining(backup), total);
        if (!go || code != SQLITE_OK) {
            const int finished = sqlite3_backup_finish(backup);
            if (!go)
                return go;
            if (code != SQLITE_DONE && finished == SQLITE_OK)
                return source.failure("read");
            return finished == SQLITE_OK ? Result<>{} : Result<>(importer.db().failure("copy into"));
        }
    }
    return {};
}

/// First column of every row, as texts.
Result<std::vector<std::string>> texts(const sqlite::Connection& db, std::string_view sql) {
    auto statement = db.prepare(sql);
    if (!statement)
        return fail(std::move(statement.error()));
    std::vector<std::string> out;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return fail(row.error());
        if (!*row)
            return out;
        out.emplace_back(statement->text(0));
    }
}

Result<> check(const Importer& importer) {
    const auto verdict = texts(importer.db(), "PRAGMA quick_check(1)");
    if (!verdict || *verdict != std::vector<std::string>{"ok"})
        return fail(Error::Malformed, "{} is damaged: {}", importer.source(),
                    verdict ? verdict->at(0) : verdict.error().what)
            .hint("Try `sqlite3 FILE .recover`.");
    return {};
}

Result<> dropIndexes(const sqlite::Connection& db) {
    const auto names =
        texts(db,
              "SELECT i.name FROM pragma_table_list t, pragma_index_list(t.name) i WHERE t.schema = 'main' "
              "AND t.type = 'table' AND i.origin = 'c' AND NOT i.\"unique\"");
    if (!names)
        return fail(names.error());
    for (const std::string& name : *names)
        if (const auto dropped = db.exec("DROP INDEX " + sqlite::quoted(name)); !dropped)
            return dropped;
    return {};
}

/// Gives tables and columns names that fit a URL and every format.
Result<> renameUnsafe(Importer& importer, const Schema& schema) {
    UniqueNames tables;
    for (const Table& table :
         schema.tables)  // Names that are fine keep themselves, whatever comes before them.
        if (safeName(table.name, "") == table.name)
            static_cast<void>(tables.take(table.name));
    for (const Table& table : schema.tables) {
        std::string name = table.name;
        if (safeName(name, "") != name) {
            name = tables.take(safeName(name, "table"));
            if (const auto done = importer.db().exec(fmt::format(
                    "ALTER TABLE {} RENAME TO {}", sqlite::quoted(table.name), sqlite::quoted(name)));
                !done)
                return done;
        }
        UniqueNames columns;
        for (const Column& column : table.columns)
            if (safeName(column.name, "") == column.name)
                static_cast<void>(columns.take(column.name));
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const std::string& old = table.columns[i].name;
            if (safeName(old, "") == old)
                continue;
            const std::string safe = columns.take(safeName(old, fmt::format("column_{}", i + 1)));
            if (const auto done = importer.db().exec(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}",
                                                                 sqlite::quoted(name), sqlite::quoted(old),
                                                                 sqlite::quoted(safe)));
                !done)
                return done;
        }
    }
    return {};
}

std::string_view argumentText(sqlite3_value* value) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void isUtf8Sql(sqlite3_context* context, int, sqlite3_value** arguments) {
    sqlite3_result_int(context, isUtf8(argumentText(arguments[0])) ? 1 : 0);
}

void repairedUtf8Sql(sqlite3_context* context, int, sqlite3_value** arguments) {
    const std::string text = repairedUtf8(argumentText(arguments[0]));
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// SQLite stores whatever bytes it was given as text; JSON must be UTF-8.
Result<> repairTexts(Importer& importer, const Catalog& catalog) {
    sqlite3* const db = importer.db().get();
    sqlite3_create_function(db, "hone_is_utf8", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, isUtf8Sql,
                            nullptr, nullptr);
    sqlite3_create_function(db, "hone_repaired", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                            repairedUtf8Sql, nullptr, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    for (const TableSql& table : catalog.sql)
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (!table.writable[i])
                continue;
            const auto repaired =
                importer.db().exec(fmt::format("UPDATE {0} SET {1} = hone_repaired({1}) WHERE typeof({1}) = "
                                               "'text' AND NOT hone_is_utf8({1})",
                                               table.name, table.columns[i]));
            if (!repaired)
                return repaired;
            if (const auto go = importer.tick(0, 0); !go)
                return go;
        }
    return {};
}

}  // namespace

Result<> importSqlite(Importer& importer, const std::filesystem::path& file) {
    {
        const auto source = sqlite::Connection::open(file, sqlite::Mode::ReadOnly);
        if (!source)
            return fail(source.error());
        if (const auto copied = backUp(importer, **source); !copied)
            return copied;
    }
    // The copy inherited the source's journal mode; a write-ahead log is of no use here.
    if (const auto done = importer.db().exec("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF");
        !done)
        return done;
    if (const auto sound = check(importer); !sound)
        return sound;
    if (const auto dropped = dropIndexes(importer.db()); !dropped)
        return dropped;
    auto catalog = loadCatalog(importer.db());
    if (!catalog) {
        Error error = std::move(catalog.error());
        if (error.code == Error::Malformed)
            error.what = fmt::format("{} has no tables", importer.source());
        return fail(std::move(error));
    }
    if (const auto renamed = renameUnsafe(importer, catalog->schema); !renamed)
        return renamed;
    catalog = loadCatalog(importer.db());
    if (!catalog)
        return fail(std::move(catalog.error()));
    return repairTexts(importer, *catalog);
}

}  // namespace hone::data

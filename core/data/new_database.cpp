#include "core/data/new_database.h"

#include "core/data/files.h"

namespace hone::data {
namespace {

Result<> fillFile(const std::filesystem::path& file, bool inTransaction,
                  const std::function<Result<>(const sqlite::Connection&)>& fill) {
    if (const auto created = createFile(file); !created)
        return created;
    const auto db = sqlite::Connection::open(file, sqlite::Mode::Create);
    if (!db)
        return fail(db.error());
    sqlite3_db_config((*db)->get(), SQLITE_DBCONFIG_DEFENSIVE, 0,
                      nullptr);  // It forbids working without a journal.
    if (const auto done = (*db)->exec(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
            "PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF");
        !done)
        return done;
    if (inTransaction)
        if (const auto done = (*db)->exec("BEGIN"); !done)
            return done;
    if (const auto filled = fill(**db); !filled || !inTransaction)
        return filled;
    return (*db)->exec("COMMIT");
}

}  // namespace

Result<> makeDatabase(const std::filesystem::path& into, bool inTransaction,
                      const std::function<Result<>(const sqlite::Connection&)>& fill) {
    std::error_code ignored;
    if (std::filesystem::exists(into, ignored))
        return fail(Error::AlreadyExists, "{} exists", into.string())
            .hint("Choose another name or remove it first.");
    TemporaryFile temporary(temporaryBeside(into));
    auto made = fillFile(temporary.path(), inTransaction, fill);
    if (made)
        made = temporary.moveTo(into);
    if (!made)
        return failureOf(std::move(made.error()), temporary, into);
    return made;
}

}  // namespace hone::data

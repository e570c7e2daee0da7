#include "core/store/migrate.h"

#include <store/migration_list.h>

#include <iterator>

namespace hone::store {
namespace {

constexpr std::int64_t kApplicationId = 0x484F4E45;  // "HONE", so that `file` and we recognise it

}  // namespace

int newestVersion() { return static_cast<int>(std::size(kMigrations)); }

Result<> migrate(sqlite::Connection& db) {
    const auto version = db.scalar("PRAGMA user_version");
    const auto application = db.scalar("PRAGMA application_id");
    const auto tables = db.scalar("SELECT count(*) FROM sqlite_schema");
    for (const auto* value : {&version, &application, &tables})
        if (!*value)
            return fail(Error(value->error()));
    if (*application != kApplicationId && *tables > 0)
        return fail(Error::Malformed, "{} is a SQLite file of another program", db.file().string())
            .hint("Choose another workspace folder with --workspace.");
    if (*version > newestVersion())
        return fail(Error::Unsupported,
                    "{} was written by a newer version of Hone (format {}, this one knows {})",
                    db.file().string(), *version, newestVersion())
            .hint("Update Hone, or choose another workspace folder with --workspace.");
    for (auto step = *version; step < newestVersion(); ++step) {
        const auto sql = fmt::format(
            "BEGIN IMMEDIATE;\n{}\nPRAGMA application_id = {};\nPRAGMA user_version = {};\nCOMMIT;",
            kMigrations[step], kApplicationId, step + 1);
        if (auto done = db.exec(sql); !done) {
            static_cast<void>(db.exec("ROLLBACK"));  // fails harmlessly when BEGIN itself failed
            return done;
        }
    }
    return {};
}

}  // namespace hone::store

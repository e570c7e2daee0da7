#pragma once

#include "core/data/dataset.h"
#include "core/data/names.h"
#include "core/sqlite/sqlite.h"

namespace hone::data {

/// What every importer works with: where the bytes come from, the new database, who may stop it and who
/// watches. Thread: one. Owner: importFile.
class Importer {
public:
    Importer(const std::filesystem::path& shownSource, const sqlite::Connection& db, std::stop_token stop,
             const OnProgress& onProgress)
        : m_source(shownSource.string()), m_db(db), m_stop(std::move(stop)), m_onProgress(onProgress) {}

    [[nodiscard]] const sqlite::Connection& db() const { return m_db; }
    [[nodiscard]] const std::string& source() const {
        return m_source;
    }  ///< As the user named it, for errors.
    [[nodiscard]] const std::stop_token& stop() const { return m_stop; }
    /// Call for every row: now and then reports progress, and fails with Cancelled once asked to stop.
    Result<> tick(std::int64_t done, std::int64_t total);

    UniqueNames tableNames;

private:
    std::string m_source;
    const sqlite::Connection& m_db;
    std::stop_token m_stop;
    const OnProgress& m_onProgress;
    unsigned m_calls = 0;
};

/// One table of delimited text; its name comes from `table`.
Result<> importCsv(Importer& importer, std::string_view text, char delimiter, std::string_view table);
/// An array of objects becomes `table`; an object of arrays one table per member.
Result<> importJson(Importer& importer, std::string_view paddedText, std::string_view table);
/// One object a line.
Result<> importJsonLines(Importer& importer, std::string_view paddedText, std::string_view table);
/// Copies a SQLite file and makes it servable: checked, names safe, text UTF-8, no plain indexes (which would
/// hide what an index is worth; unique ones are rules and stay).
Result<> importSqlite(Importer& importer, const std::filesystem::path& file);

}  // namespace hone::data

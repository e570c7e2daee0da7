#pragma once

#include "core/data/query.h"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>

namespace hone::data {

/// How a request reaches the database. The defaults are the naive way; toggles in the Plan phase change them.
struct Access {
    bool pooledConnection = false;  ///< Off: a connection is opened for this request and closed after it.
    bool cachedStatements = false;  ///< Off: every statement is prepared again.
};

struct SqlStats {
    int statements = 0;
    std::int64_t rowsRead = 0;
};

/// A connection to a dataset. Thread: one at a time.
class Session {
public:
    virtual ~Session() = default;

    /// Unknown columns and operators: InvalidArgument that names the known ones.
    virtual Result<RowSet> select(const Query& query) = 0;
    /// Ignores limit, offset, after, sorts, fields.
    virtual Result<std::int64_t> count(const Query& query) = 0;
    /// About as many, without reading them all: from the range of keys and, for filters, a sample of rows.
    /// What cannot be estimated is counted.
    virtual Result<std::int64_t> estimateCount(const Query& query) { return count(query); }
    /// How the database will run select(): the lines of EXPLAIN QUERY PLAN, one statement after another.
    virtual Result<std::vector<std::string>> explain(const Query& query) {
        return fail(Error::Unsupported, "this dataset does not explain how it reads {}", query.table);
    }
    /// The row with that key, or none.
    virtual Result<std::optional<RowSet>> byKey(const Table& table, std::string_view key) = 0;
    /// count, nulls, distinct, min, max, mean per column; computed by scanning.
    virtual Result<RowSet> columnStats(const Table& table) = 0;
    /// Rows per value of a column, largest first.
    virtual Result<RowSet> groupCounts(const Table& table, std::string_view column, int limit) = 0;

    /// Writes take a JSON object; unknown members and wrong types are InvalidArgument naming column and type.
    /// The written row comes back. insert assigns the key when absent; a taken key is AlreadyExists.
    virtual Result<RowSet> insert(const Table& table, const nlohmann::json& object) = 0;
    virtual Result<std::optional<RowSet>> update(const Table& table, std::string_view key,
                                                 const nlohmann::json& object, bool replace) = 0;
    virtual Result<bool> remove(const Table& table, std::string_view key) = 0;

    [[nodiscard]] virtual SqlStats stats() const = 0;
};

/// A dataset opened for serving: a SQLite file in WAL mode, its schema, and sessions on it.
///
/// Thread: any. Owner: the engine (shared). Invariant: the schema does not change while it is open.
class Dataset {
public:
    /// Opens an existing SQLite file read-write. Tables without a primary key are given their rowid as `id`.
    static Result<std::shared_ptr<Dataset>> open(const std::filesystem::path& file);
    virtual ~Dataset() = default;

    [[nodiscard]] virtual const std::string& name() const = 0;
    [[nodiscard]] virtual const Schema& schema() const = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<Session>> session(const Access& access) = 0;
    /// Gives a pooled session back for the next request (no-op for others).
    virtual void release(std::unique_ptr<Session> session) = 0;
    /// Grows with every write through any session; caches compare it.
    [[nodiscard]] virtual std::uint64_t writeGeneration() const = 0;
};

struct Progress {
    std::int64_t done = 0, total = 0;  ///< total 0: unknown.
};
using OnProgress = std::function<void(Progress)>;

/// Imports a CSV (.csv, .tsv), JSON array (.json: an array of objects, or an object of arrays as
/// json-server's db.json), JSON Lines (.jsonl, .ndjson) or SQLite file, each also as .zst, into the new
/// SQLite file `into`; column types are detected from all rows, references between tables from names and
/// values. Errors name file, line, column and value; nothing is left behind on failure.
Result<> importFile(const std::filesystem::path& source, const std::filesystem::path& into,
                    std::stop_token stop = {}, const OnProgress& onProgress = {});

/// The seeded `shop`: customers, products, orders, order_items, reviews; `rows` in all (1 000 … 40 000 000),
/// the same bytes for the same seed.
Result<> generateShop(const std::filesystem::path& into, std::int64_t rows, std::uint64_t seed,
                      std::stop_token stop = {}, const OnProgress& onProgress = {});

/// What `--dataset` accepts: a file, or a built-in NAME[:ROWS] ("cities", "shop", "shop:100k").
struct BuiltIn {
    std::string_view name, title, attribution;
};
[[nodiscard]] std::span<const BuiltIn> builtIns();

/// Resolves FILE or NAME[:ROWS] to an opened working copy in `cacheDir` (imported or generated once, then
/// reused; each call copies, so that writes never touch the source). Progress tells what is being waited for.
Result<std::shared_ptr<Dataset>> openForServing(std::string_view spec, const std::filesystem::path& cacheDir,
                                                std::stop_token stop = {}, const OnProgress& onProgress = {});
/// $XDG_CACHE_HOME/hone or ~/.cache/hone.
[[nodiscard]] std::filesystem::path defaultCacheDir();

}  // namespace hone::data

#include "core/base/units.h"
#include "core/data/cache_folder.h"
#include "core/data/files.h"
#include "core/data/names.h"
#include "core/data/new_database.h"
#include "core/data/shop_words.h"
#include "core/data/sqlite_dataset.h"
#include "core/params/param_set.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace hone::data {
namespace fs = std::filesystem;
namespace {

constexpr int kImportVersion = 2;  ///< Raise when an import of the same file gives another database.
constexpr std::int64_t kShopRows = 100'000;
constexpr std::uint64_t kShopSeed = 1;

constexpr BuiltIn kBuiltIns[] = {
    {"cities", "171 075 cities of the world", "GeoNames (geonames.org), CC BY 4.0"},
    {"shop", "A generated shop: customers, products, orders, order items, reviews", ""},
};

/// FNV-1a, 64 bits: the same everywhere, unlike std::hash.
std::uint64_t fnv(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

/// "size.mtime" of a file, "-" when it is missing.
std::string stampOf(const fs::path& file) {
    struct stat facts{};
    if (::stat(file.c_str(), &facts) != 0)
        return "-";
    return fmt::format("{}.{}.{}", facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
}

/// What openForServing was given, with tools to answer it.
struct Request {
    const CacheFolder& cache;
    std::stop_token stop;
    const OnProgress& onProgress;

    Result<fs::path> importOnce(const fs::path& source, const std::string& label) const {
        std::error_code error;
        const fs::path full = fs::canonical(source, error);
        if (error)
            return fileFailure("open", source, error.value());
        const std::string prefix = fmt::format("{}-{:016x}-", label, fnv(full.string()));
        // A SQLite file may have its newest rows in its log.
        const std::string content = stampOf(full) + "/" + stampOf(full.string() + "-wal");
        return cache.kept(fmt::format("{}{:016x}-v{}.db", prefix, fnv(content), kImportVersion), prefix, stop,
                          [&](const fs::path& into) { return importFile(source, into, stop, onProgress); });
    }
    Result<fs::path> shop(std::optional<std::int64_t> wanted) const {
        const std::int64_t rows = wanted.value_or(kShopRows);
        return cache.kept(
            fmt::format("shop-{}-s{}-v{}.db", rows, kShopSeed, shop::kShopVersion), "", stop,
            [&](const fs::path& into) { return generateShop(into, rows, kShopSeed, stop, onProgress); });
    }
    Result<fs::path> cities(std::optional<std::int64_t> wanted) const;
};

/// Folders that may hold the data sets that come with the program, best first.
std::vector<fs::path> dataFolders() {
    std::vector<fs::path> folders;
    if (const char* own = std::getenv("HONE_DATA_DIR"); own && *own)
        folders.emplace_back(own);
    std::error_code ignored;
    if (const fs::path program = fs::read_symlink("/proc/self/exe", ignored); !program.empty())
        folders.push_back(program.parent_path().parent_path() / "share" / "hone" / "datasets");
#ifdef HONE_SOURCE_DIR
    folders.push_back(fs::path(HONE_SOURCE_DIR) / "resources" / "datasets");
#endif
    return folders;
}

Result<fs::path> findData(std::string_view name) {
    std::string looked;
    for (const fs::path& folder : dataFolders()) {
        std::error_code ignored;
        if (fs::exists(folder / name, ignored))
            return folder / name;
        looked += (looked.empty() ? "" : ", ") + folder.string();
    }
    return fail(Error::NotFound, "{} is not installed (looked in {})", name, looked)
        .hint("Set HONE_DATA_DIR to the folder that holds it.");
}

/// Copies `rows` of the `total` cities, evenly spread, so that a small sample still covers every country: of
/// row i (from 0) the share i * rows / total grows by one exactly `rows` times.
Result<> sampleCities(const fs::path& all, const sqlite::Connection& into, std::int64_t rows,
                      std::int64_t total) {
    auto attach = into.prepare("ATTACH ?1 AS everything");
    if (!attach)
        return fail(std::move(attach.error()));
    const std::string path = all.string();
    attach->bind(1, std::string_view(path));
    if (const auto done = attach->run(); !done)
        return done;
    auto schema = into.prepare("SELECT sql FROM everything.sqlite_master WHERE name = 'cities'");
    const auto found = schema ? schema->step() : Result<bool>(fail(schema.error()));
    if (!found)
        return fail(found.error());
    const std::string create(schema->text(0));
    schema->reset();
    return into.exec(fmt::format(
        "BEGIN; {}; INSERT INTO cities SELECT * FROM everything.cities WHERE id * {} / {} > (id - 1) * "
        "{} / {}; COMMIT",
        create, rows, total, rows, total));
}

Result<fs::path> Request::cities(std::optional<std::int64_t> wanted) const {
    const auto source = findData("cities.csv.zst");
    if (!source)
        return fail(source.error());
    const auto all = importOnce(*source, "cities");
    if (!all || !wanted)
        return all;
    const auto db = sqlite::Connection::open(*all, sqlite::Mode::ReadOnly);
    const auto total =
        db ? (*db)->scalar("SELECT count(*) FROM cities") : Result<std::int64_t>(fail(db.error()));
    if (!total)
        return fail(total.error());
    if (*wanted < 1 || *wanted > *total)
        return fail(Error::InvalidArgument, "cities has between 1 and {} rows, got {}", *total, *wanted)
            .hint("Leave the number out for all of them.");
    return cache.kept(fmt::format("{}-{}.db", all->stem().string(), *wanted), "", stop,
                      [&](const fs::path& into) {
                          return makeDatabase(into, false, [&](const sqlite::Connection& copy) {
                              return sampleCities(*all, copy, *wanted, *total);
                          });
                      });
}

Failure unknownSpec(std::string_view spec) {
    auto failure = fail(Error::NotFound, "there is no file or data set '{}'", spec);
    std::vector<std::string_view> names;
    for (const BuiltIn& builtIn : kBuiltIns)
        names.push_back(builtIn.name);
    if (const auto near = closest(spec.substr(0, spec.find(':')), names))
        return std::move(failure).hint("Did you mean {}?", *near);
    return std::move(failure).hint(
        "Give a file (CSV, JSON, JSON Lines, SQLite), cities[:ROWS] or shop[:ROWS].");
}

/// "cities.csv.zst" → "cities".
std::string datasetName(const fs::path& file) {
    const fs::path plain = file.extension() == ".zst" ? file.stem() : file.filename();
    return safeName(plain.stem().string(), "data");
}

}  // namespace

std::span<const BuiltIn> builtIns() { return kBuiltIns; }

Result<std::shared_ptr<Dataset>> openForServing(std::string_view spec, const fs::path& cacheDir,
                                                std::stop_token stop, const OnProgress& onProgress) {
    const auto cache = CacheFolder::open(cacheDir);
    if (!cache)
        return fail(cache.error());
    const Request request{*cache, std::move(stop), onProgress};
    const std::string_view name = spec.substr(0, spec.find(':'));
    const bool builtIn = std::ranges::find(kBuiltIns, name, &BuiltIn::name) != std::end(kBuiltIns);
    std::optional<std::int64_t> rows;
    if (builtIn && name != spec) {
        const auto parsed = parseCount(spec.substr(name.size() + 1));
        if (!parsed)
            return fail(parsed.error());
        rows = *parsed;
    }
    std::error_code ignored;
    if (!builtIn && !fs::exists(spec, ignored))
        return unknownSpec(spec);
    const std::string label = builtIn ? std::string(name) : datasetName(spec);
    const auto source = name == "shop" ? request.shop(rows)
                        : builtIn      ? request.cities(rows)
                                       : request.importOnce(spec, label);
    if (!source)
        return fail(source.error());
    const auto copy = cache->workingCopy(*source);
    if (!copy)
        return fail(copy.error());
    auto dataset = SqliteDataset::open(*copy, label, true);
    if (!dataset)
        removeDatabase(*copy);
    return dataset;
}

}  // namespace hone::data

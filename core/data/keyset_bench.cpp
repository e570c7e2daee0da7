// A page of 50 rows at growing depth, by position and by OFFSET, over the order items of a shop:
//   ./dev bench keyset [ROWS]        20 000 000 rows in all give 10 000 000 order items; the file is made
//   once
// CPU time of this thread, the median of many reads; each depth relative to the first page of its kind.
#include "core/base/units.h"
#include "core/data/dataset.h"
#include "core/sqlite/sqlite.h"

#include <fmt/format.h>

#include <time.h>

#include <algorithm>
#include <cstdio>

using namespace hone;
using namespace hone::data;

namespace {

constexpr std::int64_t kPage = 50;

double cpuMicros() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Value>
Value need(Result<Value> result) {
    if (result)
        return std::move(*result);
    std::fprintf(stderr, "%s\n", result.error().line().c_str());
    std::exit(3);
}

/// The shop with an index for the second order; kept between runs, because making it takes a minute.
std::filesystem::path shopOf(std::int64_t rows) {
    const auto folder = defaultCacheDir();
    std::filesystem::create_directories(folder);
    const auto file = folder / fmt::format("bench-keyset-{}.db", rows);
    if (std::filesystem::exists(file))
        return file;
    std::fprintf(stderr, "making a shop of %lld rows in %s\n", static_cast<long long>(rows), file.c_str());
    const auto partial = file.string() + ".part";
    std::filesystem::remove(partial);
    if (const auto made = generateShop(partial, rows, 1); !made)
        need<int>(fail(made.error()));
    const auto db = need(sqlite::Connection::open(partial, sqlite::Mode::ReadWrite));
    if (const auto indexed = db->exec("CREATE INDEX bench_price ON order_items(unit_price)"); !indexed)
        need<int>(fail(indexed.error()));
    std::filesystem::rename(partial, file);
    return file;
}

/// Median cost of the query, warm: the first reads fill the page cache.
double cost(Session& session, const Query& query, int reads) {
    std::vector<double> times;
    for (int i = 0; i < reads + reads / 4 + 1; ++i) {
        const double begin = cpuMicros();
        const auto rows = need(session.select(query));
        times.push_back(cpuMicros() - begin);
    }
    times.erase(times.begin(), times.begin() + reads / 4 + 1);
    std::ranges::nth_element(times, times.begin() + reads / 2);
    return times[static_cast<std::size_t>(reads / 2)];
}

void measure(Session& session, const std::vector<Sort>& sorts, std::span<const std::int64_t> depths) {
    double firstByCursor = 0, firstByOffset = 0;
    for (const std::int64_t depth : depths) {
        Query byOffset{.table = "order_items", .sorts = sorts, .limit = kPage, .offset = depth};
        Query byCursor{.table = "order_items", .sorts = sorts, .limit = kPage};
        if (depth > 0) {
            Query before = byOffset;
            before.limit = 1;
            before.offset = depth - 1;
            byCursor.after = *keysetAfter(need(session.select(before)), 0, sorts, "id");
        }
        const double cursor = cost(session, byCursor, 401);
        const double offset = cost(session, byOffset, depth >= 1'000'000 ? 5 : 101);
        firstByCursor = depth == 0 ? cursor : firstByCursor;
        firstByOffset = depth == 0 ? offset : firstByOffset;
        std::printf("%-12s %12lld %12.1f %9.2f %14.1f %10.2f\n",
                    sorts.empty() ? "id" : sorts[0].column.c_str(), static_cast<long long>(depth), cursor,
                    cursor / firstByCursor, offset, offset / firstByOffset);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::int64_t rows = argc > 1 && argv[1][0] != '-' ? need(parseCount(argv[1])) : 20'000'000;
    const auto dataset = need(Dataset::open(shopOf(rows)));
    const std::int64_t items = dataset->schema().table("order_items")->rowCount;
    const auto session = need(dataset->session({.pooledConnection = true, .cachedStatements = true}));
    std::printf("order_items: %lld rows; page of %lld; page cache 2 MB, 64 MiB of the file mapped\n",
                static_cast<long long>(items), static_cast<long long>(kPage));
    std::printf("%-12s %12s %12s %9s %14s %10s\n", "order", "depth", "cursor us", "ratio", "offset us",
                "ratio");
    std::vector<std::int64_t> depths;
    for (const std::int64_t depth : {0LL, 10'000LL, 1'000'000LL, 10'000'000LL})
        if (depth < items)
            depths.push_back(depth);
    depths.push_back(items - kPage);
    measure(*session, {}, depths);
    measure(*session, {{.column = "unit_price", .descending = true}}, depths);
    return 0;
}

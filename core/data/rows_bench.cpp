// Compares what the program uses with the plain way, in one process, as ratios:
//   cmake --preset release -DHONE_BENCHES=ON && ninja bench.rows && bench/bench.rows
#include "core/data/dataset.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdio>
#include <map>

using namespace hone;
using namespace hone::data;

namespace {

constexpr int kKeys = 1000;

/// The cities, opened once for all benchmarks; removed with the program.
struct Cities {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("hone-bench-{}", ::getpid());
    std::shared_ptr<Dataset> dataset = openForServing("cities", folder).value();
    const Table& table = *dataset->schema().table("cities");

    ~Cities() {
        dataset.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    RowSet rows(std::int64_t limit) const {
        return dataset->session({}).value()->select({.table = "cities", .limit = limit}).value();
    }
};

const Cities& cities() {
    static const Cities kCities;
    return kCities;
}

void ownWriter(benchmark::State& state, JsonStyle style) {
    const RowSet rows = cities().rows(100);
    std::string out;
    for (auto _ : state) {
        out.clear();
        writeJsonArray(rows, style, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

/// Builds the same document from the rows and dumps it, as an API on nlohmann/json would.
void nlohmannWriter(benchmark::State& state, int indent) {
    const RowSet rows = cities().rows(100);
    std::string out;
    for (auto _ : state) {
        nlohmann::ordered_json array = nlohmann::ordered_json::array();
        for (std::size_t row = 0; row < rows.rowCount(); ++row) {
            nlohmann::ordered_json object;
            for (std::size_t column = 0; column < rows.columns.size(); ++column) {
                const Cell& cell = rows.cell(row, column);
                auto& value = object[rows.columns[column].name];
                if (cell.kind == Cell::Text)
                    value = rows.text(cell);
                else if (cell.kind == Cell::Real)
                    value = cell.real;
                else if (cell.kind == Cell::Integer)
                    value = cell.integer;
            }
            array.push_back(std::move(object));
        }
        out = array.dump(indent);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

/// Only the dump of a document that is already there.
void nlohmannDump(benchmark::State& state) {
    std::string text;
    writeJsonArray(cities().rows(100), JsonStyle::Minified, text);
    const auto document = nlohmann::ordered_json::parse(text);
    for (auto _ : state)
        benchmark::DoNotOptimize(document.dump());
}

void readByKey(benchmark::State& state, Access access) {
    const Cities& data = cities();
    std::int64_t key = 0;
    for (auto _ : state) {
        auto session = data.dataset->session(access).value();
        key = (key + 7919) % kKeys;
        benchmark::DoNotOptimize(session->byKey(data.table, std::to_string(key + 1)).value());
        data.dataset->release(std::move(session));
    }
}

/// The same read inside one session: what the database itself costs.
void readInOneSession(benchmark::State& state) {
    const Cities& data = cities();
    auto session = data.dataset->session({.pooledConnection = true, .cachedStatements = true}).value();
    std::int64_t key = 0;
    for (auto _ : state) {
        key = (key + 7919) % kKeys;
        benchmark::DoNotOptimize(session->byKey(data.table, std::to_string(key + 1)).value());
    }
    data.dataset->release(std::move(session));
}

/// Keeps the times so that the ratios can be printed below the usual table.
class Collector : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs)
            m_cpuNs[run.benchmark_name()] = run.GetAdjustedCPUTime();
        ConsoleReporter::ReportRuns(runs);
    }
    void printRatio(const char* slow, const char* fast) const {
        const auto a = m_cpuNs.find(slow), b = m_cpuNs.find(fast);
        if (a != m_cpuNs.end() && b != m_cpuNs.end())
            std::printf("%s / %s = %.2f\n", slow, fast, a->second / b->second);
    }

private:
    std::map<std::string, double> m_cpuNs;
};

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("json/own/minified", ownWriter, JsonStyle::Minified);
    RegisterBenchmark("json/own/pretty", ownWriter, JsonStyle::Pretty);
    RegisterBenchmark("json/nlohmann/minified", nlohmannWriter, -1);
    RegisterBenchmark("json/nlohmann/pretty", nlohmannWriter, 2);
    RegisterBenchmark("json/nlohmann/dump_only", nlohmannDump);
    RegisterBenchmark("key/naive", readByKey, Access{});
    RegisterBenchmark("key/cached_only", readByKey, Access{.cachedStatements = true});
    RegisterBenchmark("key/pooled", readByKey, Access{.pooledConnection = true});
    RegisterBenchmark("key/pooled_cached", readByKey,
                      Access{.pooledConnection = true, .cachedStatements = true});
    RegisterBenchmark("key/one_session", readInOneSession);
    Collector collector;
    benchmark::RunSpecifiedBenchmarks(&collector);
    collector.printRatio("json/nlohmann/minified", "json/own/minified");
    collector.printRatio("json/nlohmann/dump_only", "json/own/minified");
    collector.printRatio("json/nlohmann/pretty", "json/own/pretty");
    collector.printRatio("key/naive", "key/pooled");
    collector.printRatio("key/naive", "key/pooled_cached");
    collector.printRatio("key/pooled", "key/pooled_cached");
}

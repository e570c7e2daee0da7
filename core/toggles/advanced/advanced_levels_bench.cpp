// CPU against bytes: a page and a row of a table at each level, coded with a dictionary of the table, with
// the page before it, and without either. `./dev bench advanced_levels`. Bytes are the counter "share" of the
// JSON.

#include "core/coding/dictionary_codec.h"
#include "core/coding/dictionary_training.h"
#include "core/toggles/advanced/answer_samples.h"
#include "core/toggles/advanced/dictionary_fields.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

using namespace hone;
using namespace hone::toggles::advanced;

namespace {

struct Answers {
    std::string row, page, changedPage;
    coding::Dictionary trained;

    Answers() {
        const auto file = std::filesystem::temp_directory_path() /
                          ("hone-advanced-bench-" + std::to_string(::getpid()) + ".db");
        data::generateShop(file, 20'000, 1).value();
        {
            const auto dataset = data::Dataset::open(file).value();
            const auto& table = *dataset->schema().table("products");
            const auto session = dataset->session({}).value();
            const auto rows = session->select({.table = table.name, .limit = 100, .offset = 200}).value();
            data::writeJsonObject(rows, 3, data::JsonStyle::Minified, row);
            data::writeJsonArray(rows, data::JsonStyle::Minified, page);
            const auto later = session->select({.table = table.name, .limit = 100, .offset = 201}).value();
            data::writeJsonArray(later, data::JsonStyle::Minified, changedPage);
            const auto samples = sampleAnswers(*dataset, table, Style::Minified, 4'000'000, {}).value();
            auto bytes = coding::trainDictionary(samples, {}).value();
            trained = {.hash = sha256(bytes), .bytes = std::move(bytes)};
        }
        std::filesystem::remove(file);
    }
};

const Answers& answers() {
    static const Answers made;
    return made;
}

void report(benchmark::State& loop, std::size_t bytes, std::size_t coded) {
    loop.SetBytesProcessed(static_cast<std::int64_t>(loop.iterations() * bytes));
    loop.counters["bytes"] = static_cast<double>(coded);
    loop.counters["share"] = static_cast<double>(coded) / static_cast<double>(bytes);
}

void plain(benchmark::State& loop, const std::string& text) {
    coding::Compressor compressor({.zstd = static_cast<int>(loop.range(0))});
    std::string out;
    bool isFewer = false;
    for (auto _ : loop)
        benchmark::DoNotOptimize(isFewer = compressor.compress(coding::Coding::Zstd, text, out));
    report(loop, text.size(), isFewer ? out.size() : text.size());
}

void withTrained(benchmark::State& loop, const std::string& text) {
    const auto level = static_cast<int>(loop.range(0));
    const auto prepared = coding::PreparedDictionary::create(answers().trained, level).value();
    coding::DictionaryCompressor compressor(level);
    std::string out;
    bool isFewer = false;
    for (auto _ : loop)
        benchmark::DoNotOptimize(isFewer = compressor.compress(*prepared, text, out));
    report(loop, text.size(), isFewer ? out.size() : text.size());
}

void rowPlain(benchmark::State& loop) { plain(loop, answers().row); }
void rowWithDictionary(benchmark::State& loop) { withTrained(loop, answers().row); }
void pagePlain(benchmark::State& loop) { plain(loop, answers().page); }
void pageWithDictionary(benchmark::State& loop) { withTrained(loop, answers().page); }

void pageAfterPage(benchmark::State& loop) {
    const auto& before = answers().page;
    const auto& text = answers().changedPage;
    const coding::Dictionary dictionary{.hash = sha256(before), .bytes = before};
    coding::DictionaryCompressor compressor(static_cast<int>(loop.range(0)));
    std::string out;
    bool isFewer = false;
    for (auto _ : loop)
        benchmark::DoNotOptimize(isFewer = compressor.compressOnce(dictionary, text, out));
    report(loop, text.size(), isFewer ? out.size() : text.size());
}

/// What remembering an answer adds to each of them.
void hashOfAPage(benchmark::State& loop) {
    for (auto _ : loop)
        benchmark::DoNotOptimize(sha256(answers().page));
    loop.SetBytesProcessed(static_cast<std::int64_t>(loop.iterations() * answers().page.size()));
}

void levels(benchmark::internal::Benchmark* bench) {
    for (const int level : {1, 3, 6, 9, 12, 15, 19})
        bench->Arg(level);
}

BENCHMARK(rowPlain)->Apply(levels);
BENCHMARK(rowWithDictionary)->Apply(levels);
BENCHMARK(pagePlain)->Apply(levels);
BENCHMARK(pageWithDictionary)->Apply(levels);
BENCHMARK(pageAfterPage)->Apply(levels);
BENCHMARK(hashOfAPage);

}  // namespace

BENCHMARK_MAIN();

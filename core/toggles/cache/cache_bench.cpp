// What a hit costs: the Lookup hook of a warm cache, as the gate calls it. `./dev bench cache`.

#include "core/toggles/catalogue.h"
#include "core/toggles/test_rig.h"

#include <benchmark/benchmark.h>

using namespace hone;
using namespace hone::engine;
using namespace hone::toggles::test;

namespace {

/// A browser's request, all of whose fields are looked through.
std::vector<http::FieldView> browserFields() {
    return {{"Host", "localhost:8437"},
            {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
            {"Accept", "application/json"},
            {"Accept-Language", "en-US,en;q=0.5"},
            {"Accept-Encoding", "gzip, deflate, br, zstd"},
            {"Connection", "keep-alive"}};
}

void hit(benchmark::State& loop) {
    const Rig rig(*toggles::find("cache"));
    const auto stage = rig.stage();
    Resume none = [](auto) {};
    Ask first("/api/cities?limit=20&offset=40&sort=-population", browserFields());
    (void)stage->lookup(first.exchange, none);
    first.compute(std::string(1024, 'x'));
    stage->store(first.exchange);
    stage->finish(first.exchange);
    Ask ask("/api/cities?limit=20&offset=40&sort=-population", browserFields());
    for (auto _ : loop) {
        (void)stage->lookup(ask.exchange, none);
        stage->finish(ask.exchange);
        benchmark::DoNotOptimize(ask.exchange.response.prepared);
        ask.exchange.answered = false;
        ask.exchange.timingCount = 0;
    }
}
BENCHMARK(hit);

}  // namespace

BENCHMARK_MAIN();

// What the engine adds to a request between the connection's two calls: the shortest ways through the
// pipeline.

#include "core/engine/test_support.h"

#include <benchmark/benchmark.h>

using namespace hone;
using namespace hone::engine;
using namespace hone::engine::test;

namespace {

/// Answers from memory, as a cache does; no log, unlike the fakes.
class HitStage final : public Stage {
public:
    Lookup lookup(Exchange& exchange, Resume&) override {
        static const auto kKept = http::prepare(200, {}, std::string(1024, 'x'));
        http::Response response;
        response.prepared = kKept;
        exchange.answer(std::move(response));
        exchange.note("hit", Nanos(0), "hit");
        return Lookup::Continue;
    }
};
class HitState final : public State {
public:
    std::unique_ptr<Stage> makeStage() override { return std::make_unique<HitStage>(); }
    void readCounters(std::span<double>) const override {}
};
const ToggleDef kHit{
    .id = "hit", .number = 1, .phases = phaseBits({Phase::Lookup}), .make = [](const ToggleContext&) {
        return Result<std::shared_ptr<State>>(std::make_shared<HitState>());
    }};
const ToggleDef* const kHitList[] = {&kHit};

void run(benchmark::State& state, Bench& bench, std::string target) {
    Asked asked(std::move(target), {{"Host", "127.0.0.1:8437"}, {"User-Agent", "bench"}, {"Accept", "*/*"}});
    for (auto _ : state) {
        bench.ask(asked);
        benchmark::DoNotOptimize(asked.got);
    }
}

void answeredByLookup(benchmark::State& state) {
    Bench bench(0, kHitList);
    model::Profile profile;
    profile.toggles["hit"].on = true;
    if (!bench.core->arms.apply(Arm::A, profile))
        return state.SkipWithError("the profile was refused");
    run(state, bench, "/api/things/1");
}
BENCHMARK(answeredByLookup);

void rowWithEverythingOff(benchmark::State& state) {
    Bench bench;
    run(state, bench, "/api/things/1");
}
BENCHMARK(rowWithEverythingOff);

void unknownPath(benchmark::State& state) {
    Bench bench;
    run(state, bench, "/nowhere");
}
BENCHMARK(unknownPath);

}  // namespace

BENCHMARK_MAIN();

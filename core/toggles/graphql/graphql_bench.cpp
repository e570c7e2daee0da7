// A list query with related rows: our execution, SQL included, against graphql-js, whose resolvers select,
// sort and cut the same rows in memory. `./dev bench graphql`. The last lines are the ratios of CPU times per
// execution.

#include "core/toggles/graphql/execution.h"
#include "core/toggles/graphql/parser.h"
#include "core/toggles/graphql/testdata/reference.h"
#include "core/toggles/graphql/validation.h"

#include <benchmark/benchmark.h>

#include <ctime>

using namespace hone;
using namespace hone::toggles::graphql;
using nlohmann::json;

namespace {

constexpr std::string_view kList = "{ productsList(limit: 100) { id name price } }";
constexpr std::string_view kNested =
    "{ customers(first: 20) { nodes { id name orders(first: 5) { nodes { id } } } } }";

const test::Shop& shop() {
    static const test::Shop kShop;
    return kShop;
}

ExecutionResult run(const Document& document, bool batching = true) {
    return execute(shop().api, document, document.operations.front(), json::object(),
                   {.batching = batching, .access = {.pooledConnection = true, .cachedStatements = true}});
}

void execution(benchmark::State& loop, std::string_view query, bool batching) {
    const auto document = *parse(std::string(query));
    for (auto _ : loop)
        benchmark::DoNotOptimize(run(*document, batching).data);
}
BENCHMARK_CAPTURE(execution, list, kList, true);
BENCHMARK_CAPTURE(execution, nested, kNested, true);
BENCHMARK_CAPTURE(execution, nested one by one, kNested, false);

void parsing(benchmark::State& loop) {
    for (auto _ : loop)
        benchmark::DoNotOptimize(parse(std::string(kNested)));
}
BENCHMARK(parsing);

void validation(benchmark::State& loop) {
    const auto document = *parse(std::string(kNested));
    for (auto _ : loop)
        benchmark::DoNotOptimize(validate(*shop().api.schema, *document));
}
BENCHMARK(validation);

double cpuMicroseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void compare(const char* name, std::string_view query) {
    constexpr int kTimes = 2'000;
    const auto document = *parse(std::string(query));
    const json theirs =
        test::askGraphqlJs({{"do", "execute"},
                            {"sdl", printSchema(*shop().api.schema)},
                            {"api", test::describe(shop().api)},
                            {"repeat", kTimes},
                            {"queries", {{{"query", query}, {"variables", json::object()}}}}});
    const double begin = cpuMicroseconds();
    for (int i = 0; i < kTimes; ++i)
        benchmark::DoNotOptimize(run(*document).data);
    const double ours = (cpuMicroseconds() - begin) / kTimes, reference = theirs.at("microseconds");
    fmt::print("{}: graphql-js {:.1f} us, ours {:.1f} us per execution: {:.1f} times\n", name, reference,
               ours, reference / ours);
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    if (!test::hasGraphqlJs()) {
        fmt::print("graphql-js is not there to compare with: apt install nodejs node-graphql\n");
        return 0;
    }
    compare("list", kList);
    compare("nested", kNested);
    return 0;
}

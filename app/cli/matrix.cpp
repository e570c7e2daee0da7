#include "core/experiment/matrix.h"

#include "app/cli/inputs.h"
#include "app/cli/network_options.h"
#include "app/cli/progress.h"
#include "app/cli/results.h"
#include "app/cli/workload_options.h"
#include "core/base/units.h"
#include "core/store/store.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hone::cli {
namespace {

struct Options {
    EngineOptionsCli engine;
    WorkloadOptions workload;
    std::string profiles, name, metric = "p95", block;
    int rounds = 10;
    double deltaPercent = 2;
    bool noSave = false;
};

Result<experiment::MatrixPlan> planFrom(const Session& session, const Options& options) {
    experiment::MatrixPlan plan;
    for (const std::string& name : CLI::detail::split(options.profiles, ',')) {
        EngineOptionsCli arm;
        arm.profile = name;
        auto profile = profileFrom(session, arm);
        if (!profile)
            return fail(std::move(profile.error()));
        plan.profiles.push_back(std::move(*profile));
    }
    auto workload = workloadFrom(session, options.workload);
    if (!workload)
        return fail(std::move(workload.error()));
    plan.workload = std::move(*workload);
    if (!options.block.empty()) {
        const auto block = parseDuration(options.block);
        if (!block)
            return fail(block.error().code, "--block: {}", block.error().what).hint("{}", block.error().hint);
        plan.block = std::chrono::duration_cast<std::chrono::milliseconds>(*block);
    }
    plan.name = options.name.empty() ? plan.workload.name : options.name;
    plan.rounds = options.rounds;
    plan.delta = options.deltaPercent / 100;
    plan.metric = options.metric;
    plan.seed = plan.workload.seed;
    return plan;
}

std::string cell(std::string_view metric, double value) {
    return metric == "rps" ? formatRate(value) : metric == "bytes" ? formatBytes(value) : formatMicros(value);
}

void printTable(const model::Matrix& matrix) {
    fmt::print("{}\n\n{:<20}", matrix.sentence, "");
    for (const auto& metric : matrix.metrics)
        fmt::print(" {:>12}", metric.metric);
    fmt::print("\n");
    for (std::size_t i = 0; i < matrix.arms.size(); ++i) {
        fmt::print("{:<20}", matrix.arms[i].profile.name);
        for (const auto& metric : matrix.metrics) {
            const bool isBest = std::ranges::find(metric.best, static_cast<int>(i)) != metric.best.end();
            fmt::print(" {:>12}", cell(metric.metric, metric.values[i]) + (isBest ? "*" : " "));
        }
        fmt::print("\n");
    }
    fmt::print("* best, or not told apart from it\n\n");
    const auto* chosen = matrix.of(matrix.metric);
    for (const auto& pair : chosen ? chosen->pairs : std::vector<model::MatrixPair>{})
        fmt::print("{:<20} {} ({} … {}), Holm p {:.2g}: {}\n",
                   matrix.arms[static_cast<std::size_t>(pair.b)].profile.name + " / " +
                       matrix.arms[static_cast<std::size_t>(pair.a)].profile.name,
                   formatChange(pair.paired.ratio), formatChange(pair.paired.lo),
                   formatChange(pair.paired.hi), pair.pHolm, model::verdictWords(pair.verdict));
    for (const std::string& warning : matrix.warnings)
        fmt::print(stderr, "warning: {}\n", warning);
}

Result<> keep(const Session& session, const model::Matrix& matrix) {
    std::error_code ignored;  // Opening says what is wrong.
    std::filesystem::create_directories(session.workspace, ignored);
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return fail(std::move(store.error()));
    for (const auto& comparison : experiment::comparisonsOf(matrix))
        if (auto saved = (*store)->saveComparison(comparison); !saved)
            return saved;
    return {};
}

int measure(const Session& session, const Options& options) {
    auto plan = planFrom(session, options);
    if (!plan)
        return printError(plan.error());
    auto engine = startEngine(session, options.engine);
    if (!engine)
        return printError(engine.error());
    plan->engine = engine->get();
    auto matrix = [&] {
        ProgressLine line;
        return experiment::runMatrix(*plan, session.stop, [&](const experiment::MatrixProgress& progress) {
            line.show(fmt::format("{}, {:.0f} s left", progress.phase, progress.leftS));
        });
    }();
    if (!matrix)
        return printError(matrix.error());
    if (session.json)
        print(matrix->toJson());
    else
        printTable(*matrix);
    if (!options.noSave)
        if (auto kept = keep(session, *matrix); !kept)
            return printError(kept.error());
    return kOk;
}

}  // namespace

void addMatrix(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub =
        verb(app, session, "matrix", "Measure several profiles in interleaved rounds, every pair judged");
    addWorkloadOptions(*sub, options->workload);
    sub->add_option("--profiles", options->profiles,
                    "Profile files or names, comma-separated; the first is the reference")
        ->type_name("PROFILE,…")
        ->required();
    addDatasetOption(*sub, options->engine);
    addLinkOption(*sub, options->engine);
    sub->add_option("--metric", options->metric, "What the sentence is about")
        ->check(CLI::IsMember({"p50", "p90", "p95", "p99", "mean", "rps", "bytes", "cpu"}))
        ->capture_default_str();
    sub->add_option("--rounds", options->rounds, "Rounds; each measures every profile once")
        ->check(CLI::Range(6, 1000))
        ->capture_default_str();
    sub->add_option("--block", options->block, "Measured part of a block, e.g. 1s");
    sub->add_option("--delta", options->deltaPercent,
                    "Half width of the band of no practical difference, in percent")
        ->check(CLI::Range(0.1, 50.0))
        ->capture_default_str();
    sub->add_option("--name", options->name, "Name of the matrix");
    sub->add_flag("--no-save", options->noSave, "Do not keep the comparisons in the workspace");
    sub->callback(
        [&session, options] { session.run = [&session, options] { return measure(session, *options); }; });
}

}  // namespace hone::cli

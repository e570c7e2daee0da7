#include "app/cli/inputs.h"
#include "app/cli/progress.h"
#include "app/cli/workload_options.h"
#include "core/base/units.h"
#include "core/experiment/power_estimate.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace hone::cli {
namespace {

struct Options {
    EngineOptionsCli engine;
    WorkloadOptions workload;
    std::string metric = "p95", block;
    double effectPercent = 5, powerPercent = 90;
    int pilotPairs = 8, pairs = 10;
};

Result<experiment::PowerPlan> planFrom(const Session& session, const Options& options) {
    experiment::PowerPlan plan;
    auto profile = profileFrom(session, options.engine);
    if (!profile)
        return fail(std::move(profile.error()));
    auto workload = workloadFrom(session, options.workload);
    if (!workload)
        return fail(std::move(workload.error()));
    plan.compare.a = std::move(*profile);
    plan.compare.workload = std::move(*workload);
    plan.compare.metric = options.metric;
    plan.compare.pairs = options.pairs;
    plan.compare.seed = plan.compare.workload.seed;
    if (!options.block.empty()) {
        const auto block = parseDuration(options.block);
        if (!block)
            return fail(block.error().code, "--block: {}", block.error().what).hint("{}", block.error().hint);
        plan.compare.block = std::chrono::duration_cast<std::chrono::milliseconds>(*block);
    }
    plan.effect = options.effectPercent / 100;
    plan.power = options.powerPercent / 100;
    plan.pilotPairs = options.pilotPairs;
    return plan;
}

void show(const Session& session, const experiment::PowerEstimate& estimate) {
    if (session.json) {
        print({{"metric", estimate.metric},
               {"effect", estimate.effect},
               {"power", estimate.power},
               {"pilotPairs", estimate.pilotPairs},
               {"sdLog", estimate.sdLog},
               {"noiseFloor", estimate.noiseFloor},
               {"pairs", estimate.pairs},
               {"seconds", estimate.seconds},
               {"smallestEffect", estimate.smallest},
               {"sentence", estimate.sentence},
               {"warnings", estimate.warnings}});
        return;
    }
    fmt::print("{}\nIdentical profiles differed by up to {} in the pilot of {} pairs.\n", estimate.sentence,
               formatPercent(std::expm1(estimate.noiseFloor)), estimate.pilotPairs);
    for (const auto& warning : estimate.warnings)
        fmt::print("  ! {}\n", warning);
}

int run(const Session& session, const Options& options) {
    auto plan = planFrom(session, options);
    if (!plan)
        return printError(plan.error());
    auto engine = startEngine(session, options.engine);
    if (!engine)
        return printError(engine.error());
    plan->compare.engine = engine->get();
    auto estimate = [&] {
        ProgressLine line;
        return experiment::estimatePower(*plan, session.stop,
                                         [&](const experiment::CompareProgress& progress) {
                                             line.show("pilot, " + progressText(progress, options.metric));
                                         });
    }();
    if (!estimate)
        return printError(estimate.error());
    show(session, *estimate);
    return kOk;
}

}  // namespace

void addEstimate(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub = verb(app, session, "estimate", "Say how long a comparison must run to see a change");
    addWorkloadOptions(*sub, options->workload);
    addDatasetOption(*sub, options->engine);
    addProfileOptions(*sub, options->engine);
    sub->add_option("--metric", options->metric, "What shall be seen to change")
        ->check(CLI::IsMember({"p50", "p90", "p95", "p99", "mean", "rps", "bytes", "cpu"}))
        ->capture_default_str();
    sub->add_option("--effect", options->effectPercent, "The change to be seen, in percent")
        ->check(CLI::Range(0.1, 500.0))
        ->capture_default_str();
    sub->add_option("--power", options->powerPercent, "In this share of runs, in percent")
        ->check(CLI::Range(50.0, 99.9))
        ->capture_default_str();
    sub->add_option("--pairs", options->pairs, "Block pairs whose smallest visible change is told")
        ->check(CLI::Range(6, 1000))
        ->capture_default_str();
    sub->add_option("--pilot-pairs", options->pilotPairs, "Block pairs of the pilot, A against A")
        ->check(CLI::Range(6, 1000))
        ->capture_default_str();
    sub->add_option("--block", options->block, "Measured part of a block, e.g. 1s");
    sub->callback(
        [&session, options] { session.run = [&session, options] { return run(session, *options); }; });
}

}  // namespace hone::cli

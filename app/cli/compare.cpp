#include "app/cli/inputs.h"
#include "app/cli/network_options.h"
#include "app/cli/progress.h"
#include "app/cli/results.h"
#include "app/cli/workload_options.h"
#include "core/base/units.h"
#include "core/experiment/experiment.h"

namespace hone::cli {
namespace {

struct Options {
    EngineOptionsCli engine;
    WorkloadOptions workload;
    ResultOptions results;
    std::string a = "baseline", b, name, metric = "p95", block;
    int pairs = 10;
    int noisePairs = 0;
    double deltaPercent = 2;
    bool full = false;
};

Result<experiment::ComparePlan> planFrom(const Session& session, const Options& options) {
    experiment::ComparePlan plan;
    for (auto [into, name] : {std::pair{&plan.a, &options.a}, std::pair{&plan.b, &options.b}}) {
        EngineOptionsCli arm;
        arm.profile = *name;
        auto profile = profileFrom(session, arm);
        if (!profile)
            return fail(std::move(profile.error()));
        *into = std::move(*profile);
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
    plan.name = options.name;
    plan.pairs = options.pairs;
    plan.noisePairs = options.noisePairs;
    plan.delta = options.deltaPercent / 100;
    plan.metric = options.metric;
    plan.stopEarly = !options.full;
    plan.seed = plan.workload.seed;
    return plan;
}

int compare(const Session& session, const Options& options) {
    if (auto checked = checkReports(options.results); !checked)
        return printError(checked.error());
    auto plan = planFrom(session, options);
    if (!plan)
        return printError(plan.error());
    auto engine = startEngine(session, options.engine);
    if (!engine)
        return printError(engine.error());
    plan->engine = engine->get();
    auto comparison = [&] {
        ProgressLine line;
        return experiment::runComparison(*plan, session.stop,
                                         [&](const experiment::CompareProgress& progress) {
                                             line.show(progressText(progress, plan->metric));
                                         });
    }();
    if (!comparison)
        return printError(comparison.error());
    if (auto delivered = deliver(session, options.results, *comparison); !delivered)
        return printError(delivered.error());
    return kOk;
}

}  // namespace

void addCompare(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub =
        verb(app, session, "compare", "Measure two profiles in interleaved blocks and say which is better");
    addWorkloadOptions(*sub, options->workload);
    sub->add_option("--a", options->a, "Profile file or name of arm A")
        ->type_name("PROFILE")
        ->capture_default_str();
    sub->add_option("--b", options->b, "Profile file or name of arm B")->type_name("PROFILE")->required();
    addDatasetOption(*sub, options->engine);
    addLinkOption(*sub, options->engine);
    sub->add_option("--metric", options->metric, "What the verdict is about")
        ->check(CLI::IsMember({"p50", "p90", "p95", "p99", "mean", "rps", "bytes", "cpu"}))
        ->capture_default_str();
    sub->add_option("--pairs", options->pairs, "Block pairs at most")
        ->check(CLI::Range(6, 1000))
        ->capture_default_str();
    sub->add_option("--block", options->block, "Measured part of a block, e.g. 1s");
    sub->add_option("--delta", options->deltaPercent,
                    "Half width of the band of no practical difference, in percent")
        ->check(CLI::Range(0.1, 50.0))
        ->capture_default_str();
    sub->add_option("--noise-pairs", options->noisePairs, "A/A pairs before the run, for the noise floor")
        ->check(CLI::Range(0, 100));
    sub->add_flag("--full", options->full, "Do not stop early");
    sub->add_option("--name", options->name, "Name of the comparison");
    addResultOptions(*sub, options->results);
    sub->callback(
        [&session, options] { session.run = [&session, options] { return compare(session, *options); }; });
}

}  // namespace hone::cli

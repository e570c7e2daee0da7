#include "app/cli/inputs.h"
#include "app/cli/network_options.h"
#include "app/cli/progress.h"
#include "app/cli/results.h"
#include "app/cli/workload_options.h"
#include "core/experiment/experiment.h"

namespace hone::cli {
namespace {

struct Options {
    EngineOptionsCli engine;
    WorkloadOptions workload;
    ResultOptions results;
    std::string name;
    bool allowRemote = false;
};

/// A workload of absolute URLs aims at somebody's server; anything relative needs our engine.
bool needsEngine(const model::Workload& workload) {
    return std::ranges::any_of(workload.requests,
                               [](const auto& request) { return request.url.starts_with("/"); });
}

int bench(const Session& session, const Options& options) {
    if (auto checked = checkReports(options.results); !checked)
        return printError(checked.error());
    auto profile = profileFrom(session, options.engine);
    if (!profile)
        return printError(profile.error());
    auto workload = workloadFrom(session, options.workload);
    if (!workload)
        return printError(workload.error());

    std::unique_ptr<engine::Engine> engine;
    if (needsEngine(*workload)) {
        auto started = startEngine(session, options.engine);
        if (!started)
            return printError(started.error());
        engine = std::move(*started);
    }
    experiment::BenchPlan plan{
        .workload = std::move(*workload), .profile = std::move(*profile), .engine = engine.get()};
    plan.name = options.name;
    plan.allowRemote = options.allowRemote;
    auto run = [&] {
        ProgressLine line;
        return experiment::runBench(plan, session.stop, [&](const load::LoadProgress& progress) {
            line.show(progressText(progress));
        });
    }();
    if (!run)
        return printError(run.error());
    if (auto delivered = deliver(session, options.results, *run); !delivered)
        return printError(delivered.error());
    return kOk;
}

}  // namespace

void addBench(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub = verb(app, session, "bench", "Run a workload and show latency, throughput and errors");
    addWorkloadOptions(*sub, options->workload);
    addDatasetOption(*sub, options->engine);
    addLinkOption(*sub, options->engine);
    addProfileOptions(*sub, options->engine);
    sub->add_option("--threads", options->engine.threads, "Event loops of the engine")
        ->check(CLI::Range(1, 256));
    sub->add_option("--name", options->name, "Name of the run");
    sub->add_flag("--allow-remote", options->allowRemote,
                  "I may load-test the target although it is not this machine");
    addResultOptions(*sub, options->results);
    sub->callback(
        [&session, options] { session.run = [&session, options] { return bench(session, *options); }; });
}

}  // namespace hone::cli

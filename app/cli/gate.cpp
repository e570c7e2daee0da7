#include "app/cli/gate_options.h"
#include "app/cli/network_options.h"
#include "app/cli/progress.h"
#include "core/experiment/blocks.h"
#include "core/experiment/experiment.h"
#include "core/report/gate_report.h"
#include "core/report/report.h"
#include "core/store/store.h"

#include <algorithm>
#include <cstdio>

namespace hone::cli {
namespace {

bool needsEngine(const model::Workload& workload) {
    return std::ranges::any_of(workload.requests,
                               [](const auto& request) { return request.url.starts_with("/"); });
}

/// Every round starts from the state the profile implies: caches are emptied, connections opened anew.
Result<std::vector<model::RunResult>> measure(const Session& session, const GateOptions& options,
                                              const GatePlan& plan) {
    std::unique_ptr<engine::Engine> engine;
    if (needsEngine(plan.workload)) {
        auto started = startEngine(session, options.engine);
        if (!started)
            return fail(std::move(started.error()));
        engine = std::move(*started);
    }
    experiment::BenchPlan bench{
        .workload = plan.workload, .profile = plan.profile, .engine = engine.get(), .url = {}};
    bench.workload.duration = plan.workload.duration / plan.rounds;
    bench.name = options.name.empty() ? plan.workload.name : options.name;
    bench.allowRemote = options.allowRemote;
    std::vector<model::RunResult> runs;
    ProgressLine line;
    for (int round = 1; round <= plan.rounds; ++round) {
        auto run = experiment::runBench(bench, session.stop, [&](const load::LoadProgress& progress) {
            line.show(plan.rounds > 1
                          ? fmt::format("round {} of {}: {}", round, plan.rounds, progressText(progress))
                          : progressText(progress));
        });
        if (!run)
            return fail(std::move(run.error()));
        if (run->partial)
            return fail(Error::Cancelled, "the gate was cancelled in round {} of {}", round, plan.rounds);
        runs.push_back(std::move(*run));
    }
    return runs;
}

/// Warnings of several rounds differ in their figures: one of a kind is enough.
bool sayTheSame(std::string_view a, std::string_view b) {
    constexpr std::string_view kDigits = "0123456789";
    return a.substr(0, a.find_first_of(kDigits)) == b.substr(0, b.find_first_of(kDigits));
}

model::RunResult merged(const std::vector<model::RunResult>& runs, const GatePlan& plan) {
    model::RunResult whole = runs.front();
    for (std::size_t i = 1; i < runs.size(); ++i) {
        experiment::mergeInto(whole, runs[i]);
        for (const auto& warning : runs[i].warnings)
            if (std::ranges::none_of(whole.warnings,
                                     [&](const auto& known) { return sayTheSame(known, warning); }))
                whole.warnings.push_back(warning);
    }
    whole.workload.duration = plan.workload.duration;
    whole.tags.emplace_back("gate");
    return whole;
}

void judge(model::GateResult& gate, const GatePlan& plan, const GateOptions& options) {
    if (auto answers = model::checkAnswers(gate.run))
        gate.checks.push_back(std::move(*answers));
    for (const auto& threshold : plan.thresholds)
        gate.checks.push_back(model::checkThreshold(threshold, gate.run));
    if (!plan.baseline)
        return;
    for (auto& check : model::checkBaseline(*plan.baseline, gate.run, gate.rounds,
                                            {.tolerance = plan.tolerance, .anyMachine = options.anyMachine}))
        gate.checks.push_back(std::move(check));
    for (const auto& difference : model::machineDifferences(plan.baseline->environment, gate.run.environment))
        gate.warnings.push_back("not the machine of the baseline: " + difference);
    if (!plan.baseline->profile.sameSettings(gate.run.profile))
        gate.warnings.push_back(fmt::format("another profile than the baseline's: \"{}\", now \"{}\"",
                                            plan.baseline->profile.name, gate.run.profile.name));
}

Result<> writeOutputs(const GateOptions& options, const model::GateResult& gate) {
    const std::pair<const std::string*, std::string (*)(const model::GateResult&)> outputs[] = {
        {&options.junit, report::junit},
        {&options.markdown, report::gateMarkdown},
        {&options.benchmarkJson, report::githubBenchmark},
        {&options.bencher, report::bencherMetrics}};
    Result<> outcome;  // the first problem is told, but every file is tried
    for (const auto& [file, render] : outputs) {
        if (file->empty())
            continue;
        if (auto written = report::writeFile(*file, render(gate)); !written && outcome)
            outcome = std::move(written);
    }
    return outcome;
}

/// A state that failed must not become what later states are measured by.
Result<> writeBaseline(const GateOptions& options, const model::GateResult& gate,
                       const std::vector<model::RunResult>& runs) {
    if (options.writeBaseline.empty())
        return {};
    if (!gate.passed()) {
        std::fprintf(stderr, "baseline not written: the gate failed\n");
        return {};
    }
    auto written = model::Baseline::of(runs).save(options.writeBaseline);
    if (written)
        std::fprintf(stderr, "baseline: %s\n", options.writeBaseline.c_str());
    return written;
}

Result<> keep(const Session& session, const GateOptions& options, const model::RunResult& run) {
    if (options.noSave)
        return {};
    std::error_code ignored;
    std::filesystem::create_directories(session.workspace, ignored);
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return fail(std::move(store.error()));
    return (*store)->saveRun(run);
}

int gateVerb(const Session& session, const GateOptions& options) {
    const auto plan = gatePlanFrom(session, options);
    if (!plan)
        return printError(plan.error());
    if (options.history)
        return gateHistory(session, options, plan->workload, plan->profile, plan->tolerance);
    const auto runs = measure(session, options, *plan);
    if (!runs)
        return printError(runs.error());
    model::GateResult gate{
        .run = merged(*runs, *plan), .baseline = options.baseline, .strict = options.strict};
    for (const auto& run : *runs)
        gate.rounds.push_back(model::roundOf(run));
    if (plan->baseline)
        if (auto comparable = model::checkComparable(*plan->baseline, gate.run); !comparable)
            return printError(comparable.error());
    judge(gate, *plan, options);

    if (session.json)
        print(gate.toJson());
    else
        std::fputs(report::gateTable(gate, stdoutIsTerminal()).c_str(), stdout);
    std::fflush(stdout);
    const Result<> written = writeOutputs(options, gate);
    const Result<> baseline = writeBaseline(options, gate, *runs);
    const Result<> kept = keep(session, options, gate.run);
    for (const auto* result : {&written, &baseline, &kept})
        if (!*result) {
            printError(result->error());
            return kRuntime;
        }
    return gate.passed() ? kOk : kFailed;
}

void addOutputs(CLI::App& sub, GateOptions& options) {
    sub.add_option("--junit", options.junit, "Write JUnit XML")->type_name("FILE");
    sub.add_option("--markdown", options.markdown, "Write a summary, e.g. to \"$GITHUB_STEP_SUMMARY\"")
        ->type_name("FILE");
    sub.add_option("--benchmark-json", options.benchmarkJson,
                   "Write figures for github-action-benchmark (customSmallerIsBetter)")
        ->type_name("FILE");
    sub.add_option("--bencher", options.bencher, "Write figures in Bencher Metric Format")->type_name("FILE");
    sub.add_flag("--no-save", options.noSave, "Do not keep the run in the workspace");
}

}  // namespace

void addGate(CLI::App& app, Session& session) {
    auto options = std::make_shared<GateOptions>();
    auto* sub = verb(app, session, "gate", "Check thresholds and a baseline; exit 1 when one fails");
    addWorkloadOptions(*sub, options->workload);
    sub->add_option("--threshold", options->thresholds,
                    "Condition, e.g. 'p95<20ms', 'errors<0.1%', 'bytes<30KiB', 'rps>5000', "
                    "'apdex(50ms)>0.9', 'p95{list}<30ms'; may be repeated")
        ->type_name("CONDITION");
    sub->add_option("--baseline", options->baseline, "Fail when worse than this")->type_name("FILE");
    sub->add_option("--write-baseline", options->writeBaseline, "Keep this measurement as a baseline")
        ->type_name("FILE");
    sub->add_option("--tolerance", options->tolerance, "A smaller change never fails")
        ->type_name("SHARE")
        ->capture_default_str();
    sub->add_option("--rounds", options->rounds,
                    "Fresh rounds that share the duration; 6 with a baseline, else 1")
        ->check(CLI::Range(1, 100));
    sub->add_flag("--strict", options->strict, "Fail also when a regression is neither shown nor excluded");
    sub->add_flag("--any-machine", options->anyMachine,
                  "Compare times with a baseline of another machine as if it were this one");
    sub->add_flag("--history", options->history,
                  "Do not measure: look for a change of level in the kept runs of this workload");
    sub->add_option("--metric", options->metric, "Of --history: p50, p90, p95, p99, mean, rps, bytes, cpu")
        ->capture_default_str();
    addDatasetOption(*sub, options->engine);
    addLinkOption(*sub, options->engine);
    addProfileOptions(*sub, options->engine);
    sub->add_option("--threads", options->engine.threads, "Event loops of the engine")
        ->check(CLI::Range(1, 256));
    sub->add_option("--name", options->name, "Name of the run");
    sub->add_flag("--allow-remote", options->allowRemote,
                  "I may load-test the target although it is not this machine");
    addOutputs(*sub, *options);
    sub->callback(
        [&session, options] { session.run = [&session, options] { return gateVerb(session, *options); }; });
}

}  // namespace hone::cli

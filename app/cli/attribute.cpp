#include "app/cli/inputs.h"
#include "app/cli/network_options.h"
#include "app/cli/progress.h"
#include "app/cli/report_document.h"
#include "app/cli/results.h"
#include "app/cli/workload_options.h"
#include "core/base/units.h"
#include "core/experiment/attribution.h"
#include "core/experiment/sweep.h"
#include "core/report/report.h"
#include "core/store/store.h"

#include <cstdio>

namespace hone::cli {
namespace {

using std::chrono::milliseconds;

struct Options {
    EngineOptionsCli engine;
    WorkloadOptions workload;
    ResultOptions results;
    std::vector<std::string> toggles;
    std::string sweep, design = "auto", metric = "p95", block, guard, name, saveProfile;
    int replicates = 0, screenReplicates = 2, confirmPairs = 10;
    double deltaPercent = 2;
    bool noConfirm = false;
};

constexpr std::pair<const char*, experiment::DesignChoice> kDesigns[] = {
    {"auto", experiment::DesignChoice::Auto},
    {"screen", experiment::DesignChoice::Screen},
    {"full", experiment::DesignChoice::Full},
    {"fractional", experiment::DesignChoice::Fractional},
};

Result<> setDuration(milliseconds& into, const std::string& text, const char* option) {
    if (text.empty())
        return {};
    const auto parsed = parseDuration(text);
    if (!parsed)
        return fail(parsed.error().code, "{}: {}", option, parsed.error().what)
            .hint("{}", parsed.error().hint);
    into = std::chrono::duration_cast<milliseconds>(*parsed);
    return {};
}

/// What an attribution and a sweep share.
template <class Plan>
Result<> fill(Plan& plan, const Session& session, const Options& options) {
    auto base = profileFrom(session, options.engine);
    if (!base)
        return fail(std::move(base.error()));
    plan.base = std::move(*base);
    auto workload = workloadFrom(session, options.workload);
    if (!workload)
        return fail(std::move(workload.error()));
    plan.workload = std::move(*workload);
    plan.name = options.name;
    plan.metric = options.metric;
    plan.delta = options.deltaPercent / 100;
    plan.seed = plan.workload.seed;
    if (options.replicates > 0)
        plan.replicates = options.replicates;
    if (auto set = setDuration(plan.block, options.block, "--block"); !set)
        return set;
    return setDuration(plan.guard, options.guard, "--guard");
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

/// "encoding.minSize=0,1KiB,16KiB"
Result<experiment::SweepPlan> sweepFrom(const Session& session, const Options& options) {
    experiment::SweepPlan plan;
    const auto equals = options.sweep.find('='), dot = options.sweep.find('.');
    if (equals == std::string::npos || dot == std::string::npos || dot > equals)
        return fail(Error::InvalidArgument, "--sweep \"{}\" names no parameter and values", options.sweep)
            .hint("Write --sweep ID.PARAM=VALUE,VALUE,… such as --sweep cache.ttl=1s,10s,60s.");
    plan.toggle = options.sweep.substr(0, dot);
    plan.param = options.sweep.substr(dot + 1, equals - dot - 1);
    plan.values = split(std::string_view(options.sweep).substr(equals + 1), ',');
    if (auto done = fill(plan, session, options); !done)
        return fail(std::move(done.error()));
    return plan;
}

Result<experiment::AttributionPlan> attributionFrom(const Session& session, const Options& options) {
    experiment::AttributionPlan plan;
    if (auto done = fill(plan, session, options); !done)
        return fail(std::move(done.error()));
    plan.toggles = options.toggles;
    for (const auto& [name, choice] : kDesigns)
        if (options.design == name)
            plan.design = choice;
    plan.screenReplicates = options.screenReplicates;
    plan.confirm = !options.noConfirm;
    plan.confirmPairs = options.confirmPairs;
    return plan;
}

template <class T>
Result<> writeReports(const Options& options, const T& result) {
    Result<> outcome;
    for (const auto& path : options.results.reports) {
        auto document = documentOf(path, result);
        auto written =
            document ? report::writeFile(path, *document) : Result<>(fail(std::move(document.error())));
        if (written)
            std::fprintf(stderr, "report: %s\n", path.c_str());
        else
            outcome = std::move(written);
    }
    return outcome;
}

/// The attribution is kept, and its confirmation once more as the comparison it is.
Result<> keep(const Session& session, const model::Attribution& attribution) {
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return fail(std::move(store.error()));
    if (auto saved = (*store)->saveAttribution(attribution); !saved)
        return saved;
    if (attribution.confirmation)
        if (auto saved = (*store)->saveComparison(*attribution.confirmation); !saved)
            return saved;
    if (!session.json)
        std::fprintf(stderr, "kept as %s (hone report %.10s --to html)\n", attribution.id.c_str(),
                     attribution.id.c_str());
    return {};
}

/// Prints, writes reports and the recommended profile. All are tried; the first error wins.
template <class T>
int deliverAll(const Session& session, const Options& options, const T& result) {
    if (session.json)
        print(result.toJson());
    else
        std::fputs(report::terminalTable(result, stdoutIsTerminal()).c_str(), stdout);
    std::fflush(stdout);
    Result<> outcome = writeReports(options, result);
    if (!options.saveProfile.empty()) {
        if (auto saved = result.recommended.save(options.saveProfile); saved)
            std::fprintf(stderr, "profile: %s\n", options.saveProfile.c_str());
        else if (outcome)
            outcome = std::move(saved);
    }
    if constexpr (std::is_same_v<T, model::Attribution>)
        if (!options.results.noSave)
            if (auto kept = keep(session, result); !kept && outcome)
                outcome = std::move(kept);
    return outcome ? kOk : printError(outcome.error());
}

std::string leftText(double seconds) { return fmt::format("about {:.0f} s left", std::max(0.0, seconds)); }

/// Runs `plan` on a fresh engine with a progress line.
template <class Plan, class Run>
int runOn(const Session& session, const Options& options, Plan plan, Run run) {
    auto engine = startEngine(session, options.engine);
    if (!engine)
        return printError(engine.error());
    plan.engine = engine->get();
    auto result = [&] {
        ProgressLine line;
        return run(plan, session.stop, [&](const auto& progress) {
            line.show(fmt::format("{} · {} · {}", progress.phase, formatRate(progress.load.rps),
                                  leftText(progress.leftS)));
        });
    }();
    return result ? deliverAll(session, options, *result) : printError(result.error());
}

int attribute(const Session& session, const Options& options) {
    if (auto checked = checkReports(options.results); !checked)
        return printError(checked.error());
    for (const auto& path : options.results.reports)
        if (path.ends_with(".hgrm"))
            return printError(Error{Error::InvalidArgument,
                                    "an attribution has no histogram to write to " + path,
                                    "Use .html, .pdf, .md, .csv or .json."});
    if (options.toggles.empty() == options.sweep.empty())
        return printError(Error{Error::InvalidArgument, "give either --toggles or --sweep",
                                "For example --toggles cache,encoding or --sweep cache.ttl=1s,10s,60s."});
    if (!options.sweep.empty()) {
        auto plan = sweepFrom(session, options);
        return plan ? runOn(session, options, std::move(*plan), experiment::runSweep)
                    : printError(plan.error());
    }
    auto plan = attributionFrom(session, options);
    if (!plan)
        return printError(plan.error());
    if (stderrIsTerminal())
        std::fprintf(stderr, "this takes about %.0f s; Ctrl+C keeps what was measured\n",
                     experiment::estimatedSeconds(*plan));
    return runOn(session, options, std::move(*plan), experiment::runAttribution);
}

}  // namespace

void addAttribute(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    auto* sub = verb(app, session, "attribute",
                     "Measure what each toggle earns, alone and together, and recommend a profile");
    addWorkloadOptions(*sub, options->workload);
    sub->add_option("--toggles", options->toggles, "Toggles to attribute, comma-separated: cache,encoding")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("ID,ID,…");
    sub->add_option("--sweep", options->sweep, "One parameter over values instead, cheapest first")
        ->type_name("ID.PARAM=V,V,…");
    sub->add_option("--design", options->design, "How settings are chosen")
        ->check(CLI::IsMember({"auto", "screen", "full", "fractional"}))
        ->capture_default_str();
    addDatasetOption(*sub, options->engine);
    addLinkOption(*sub, options->engine);
    addProfileOptions(*sub, options->engine);
    sub->add_option("--metric", options->metric, "What the recommendation is about")
        ->check(CLI::IsMember({"p50", "p90", "p95", "p99", "mean", "rps", "bytes", "cpu"}))
        ->capture_default_str();
    sub->add_option("--block", options->block, "Measured part of a run, e.g. 1s");
    sub->add_option("--guard", options->guard, "Before it, from a cold start, e.g. 500ms");
    sub->add_option("--replicates", options->replicates, "Of the design (3) or sweep (5)")
        ->check(CLI::Range(1, 100));
    sub->add_option("--screen-replicates", options->screenReplicates, "Of a screen")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    sub->add_option("--confirm-pairs", options->confirmPairs, "Block pairs of the confirmation")
        ->check(CLI::Range(6, 1000))
        ->capture_default_str();
    sub->add_flag("--no-confirm", options->noConfirm, "Do not compare the recommended profile with the base");
    sub->add_option("--delta", options->deltaPercent,
                    "Half width of the band of no practical difference, in percent")
        ->check(CLI::Range(0.1, 50.0))
        ->capture_default_str();
    sub->add_option("--save-profile", options->saveProfile, "Write the recommended profile")
        ->type_name("FILE");
    sub->add_option("--name", options->name, "Name of the attribution");
    addResultOptions(*sub, options->results);
    sub->callback(
        [&session, options] { session.run = [&session, options] { return attribute(session, *options); }; });
}

}  // namespace hone::cli

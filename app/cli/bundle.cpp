#include "app/cli/bundle.h"

#include "app/cli/bundle_answers.h"
#include "app/cli/progress.h"
#include "core/experiment/experiment.h"
#include "core/report/reproduction.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>

namespace hone::cli {
namespace {

struct Options {
    std::string file;
    std::vector<std::string> datasets;
    double tolerancePercent = 25;
    int pairs = 0;
    bool allowRemote = false, noSave = false;
};

/// Blocks hold what was measured, effects what follows from it: a bundle whose verdict does not follow from
/// its own blocks is not believed.
Result<> followsFromItsBlocks(const model::Comparison& kept) {
    auto again = kept;
    experiment::conclude(again);
    for (const auto& effect : kept.effects) {
        const auto* computed = again.effect(effect.metric);
        const bool same =
            computed != nullptr && computed->verdict == effect.verdict &&
            std::abs(computed->paired.ratio - effect.paired.ratio) <= 1e-6 * effect.paired.ratio;
        if (!same)
            return fail(Error::Malformed, "the {} of the bundle does not follow from its blocks",
                        effect.title)
                .hint("The file was changed, or another version's statistics made it.");
    }
    return {};
}

int verify(const Session& session, const Options& options) {
    const auto bundle = report::readBundleFile(options.file);
    if (!bundle)
        return printError(bundle.error());
    if (const auto* comparison = std::get_if<model::Comparison>(&bundle->result))
        if (auto follows = followsFromItsBlocks(*comparison); !follows) {
            printError(follows.error());
            return kFailed;
        }
    if (session.json)
        print({{"intact", true},
               {"kind", report::kindOf(bundle->result)},
               {"id", report::idOf(bundle->result)},
               {"name", report::nameOf(bundle->result)},
               {"datasets", bundle->datasets},
               {"answers", bundle->answers.size()}});
    else
        fmt::print("intact: {} \"{}\", data {}, {} answers of the API\n", report::kindOf(bundle->result),
                   report::terminalSafe(report::nameOf(bundle->result)),
                   bundle->datasets.empty()
                       ? "not named"
                       : report::terminalSafe(fmt::format("{}", fmt::join(bundle->datasets, ", "))),
                   bundle->answers.size());
    return kOk;
}

Result<> keep(const Session& session, const auto& result) {
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return fail(std::move(store.error()));
    auto id = keepBundle(**store, result);
    if (!id)
        return fail(std::move(id.error()));
    if (!session.json)
        std::fprintf(stderr, "kept as %s\n", id->c_str());
    return {};
}

Result<model::RunResult> measured(const Session& session, const Options& options,
                                  const model::RunResult& kept, engine::Engine* engine) {
    experiment::BenchPlan plan{.workload = kept.workload, .profile = kept.profile, .engine = engine};
    if (engine == nullptr)
        plan.url = kept.target;
    plan.name = kept.name;
    plan.allowRemote = options.allowRemote;
    ProgressLine line;
    return experiment::runBench(
        plan, session.stop, [&](const load::LoadProgress& progress) { line.show(progressText(progress)); });
}

Result<model::Comparison> measured(const Session& session, const Options& options,
                                   const model::Comparison& kept, engine::Engine* engine) {
    if (engine == nullptr)
        return fail(Error::Unsupported, "the comparison \"{}\" was not measured on Hone's own data",
                    kept.name)
            .hint("Compare again: hone compare --upstream URL.");
    experiment::ComparePlan plan;
    plan.workload = kept.a.workload;
    plan.a = kept.a.profile;
    plan.b = kept.b.profile;
    plan.engine = engine;
    plan.name = kept.name;
    plan.pairs = options.pairs > 0 ? options.pairs : std::max(6, kept.plannedPairs);
    plan.delta = kept.delta;
    plan.metric = kept.metric;
    plan.seed = kept.seed;
    if (!kept.blocks.empty() && kept.blocks.front().seconds > 0)
        plan.block =
            std::chrono::milliseconds(std::max(50L, std::lround(kept.blocks.front().seconds * 1000)));
    ProgressLine line;
    return experiment::runComparison(plan, session.stop, [&](const experiment::CompareProgress& progress) {
        line.show(progressText(progress, plan.metric));
    });
}

/// Answers first: other answers make the numbers meaningless.
void addAnswers(report::Reproduction& outcome, const report::Bundle& bundle,
                const std::vector<report::KeptAnswer>& now) {
    const auto check = compareKept(bundle, now);
    int unexplained = 0;
    for (const auto& difference : check.differences)
        if (!difference.expected) {
            ++unexplained;
            outcome.notes.push_back(fmt::format("{}: {}", difference.request, difference.explanation));
        }
    if (unexplained > 0) {
        outcome.reproduces = false;
        outcome.sentence = fmt::format("Not reproduced: {} of {} answers of the API are others now.",
                                       unexplained, check.compared);
    } else {
        outcome.notes.push_back(fmt::format("{} answers of the API mean what they meant.", check.compared));
    }
}

int tell(const Session& session, const report::Reproduction& outcome) {
    if (session.json) {
        print({{"reproduces", outcome.reproduces},
               {"sentence", outcome.sentence},
               {"notes", outcome.notes},
               {"rows", outcome.table.rows}});
    } else {
        const bool colour = stdoutIsTerminal();
        std::string text = report::terminalTable(outcome.table, colour);
        for (const auto& note : outcome.notes)
            text += "  " + report::terminalSafe(note) + "\n";
        text += "\n" +
                report::coloured(report::terminalSafe(outcome.sentence), outcome.reproduces ? "good" : "bad",
                                 colour) +
                "\n";
        std::fputs(text.c_str(), stdout);
    }
    return outcome.reproduces ? kOk : kFailed;
}

template <class T>
int again(const Session& session, const Options& options, report::Bundle& bundle, const T& kept,
          const std::string& description) {
    std::unique_ptr<engine::Engine> engine;
    if (!description.empty()) {
        if (!options.datasets.empty())
            bundle.datasets = options.datasets;
        auto started = engineFor(session, bundle.datasets, description);
        if (!started)
            return printError(started.error());
        engine = std::move(*started);
    }
    std::vector<report::KeptAnswer> answers;
    if (engine && !bundle.answers.empty()) {
        auto fresh = freshAnswers(session, bundle.result, *engine);
        if (!fresh)
            return printError(fresh.error());
        answers = std::move(*fresh);
    }
    auto now = measured(session, options, kept, engine.get());
    if (!now)
        return printError(now.error());
    if (now->partial)
        return printError(
            Error{Error::Cancelled, "stopped before the end, so nothing can be said", "Run it again."});
    report::Reproduction outcome;
    if constexpr (std::is_same_v<T, model::RunResult>)
        outcome = report::reproductionOf(kept, *now, options.tolerancePercent / 100);
    else
        outcome = report::reproductionOf(kept, *now);
    if (!answers.empty())
        addAnswers(outcome, bundle, answers);
    if (!options.noSave)
        if (auto done = keep(session, report::BundledResult(*now)); !done)
            return printError(done.error());
    return tell(session, outcome);
}

int run(const Session& session, const Options& options) {
    auto bundle = report::readBundleFile(options.file);
    if (!bundle)
        return printError(bundle.error());
    if (const auto* run = std::get_if<model::RunResult>(&bundle->result))
        return again(session, options, *bundle, *run, run->dataset);
    if (const auto* comparison = std::get_if<model::Comparison>(&bundle->result))
        return again(session, options, *bundle, *comparison, comparison->a.dataset);
    return printError(Error{Error::Unsupported, "an attribution is not run again from its bundle",
                            "Use hone attribute with the workload and the profiles inside it."});
}

}  // namespace

void addBundle(CLI::App& app, Session& session) {
    auto* sub = app.add_subcommand("bundle", "Check a .hone bundle, or measure it again");
    sub->require_subcommand(1);
    const auto part = [&](const char* name, const char* help, int (*act)(const Session&, const Options&)) {
        auto options = std::make_shared<Options>();
        auto* verb = sub->add_subcommand(name, help);
        verb->add_flag("--json", session.json, "Print the result as JSON");
        verb->add_option("--workspace", session.workspace, "Folder of profiles, workloads and results")
            ->type_name("DIR");
        verb->add_option("file", options->file, "Made by: hone report RUN --to hone -o FILE.hone")
            ->type_name("FILE")
            ->required();
        verb->callback([&session, options, act] {
            session.run = [&session, options, act] { return act(session, *options); };
        });
        return std::pair(verb, options);
    };
    part("verify", "Is it intact, and does its verdict follow from its own numbers?", verify);
    auto [again, options] =
        part("run", "Measure it again; exit 0 when it reproduces, 1 when it does not", run);
    again->add_option("--dataset", options->datasets,
                      "FILE or NAME[:ROWS], instead of what the bundle names");
    again->add_option("--tolerance", options->tolerancePercent, "Of single runs, in percent")
        ->check(CLI::Range(1.0, 1000.0))
        ->capture_default_str();
    again->add_option("--pairs", options->pairs, "Block pairs of a comparison, else as it was planned")
        ->check(CLI::Range(6, 1000));
    again->add_flag("--allow-remote", options->allowRemote,
                    "I may load-test the target although it is not this machine");
    again->add_flag("--no-save", options->noSave, "Do not keep the new result in the workspace");
}

}  // namespace hone::cli

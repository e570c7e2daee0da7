// What a gate refuses before it measures: typos, missing folders, a baseline of another workload.

#include "app/cli/gate_options.h"
#include "core/base/units.h"

namespace hone::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortestRound{500};

Result<> checkFolder(const std::string& file, std::string_view option) {
    if (file.empty() || std::filesystem::is_directory(std::filesystem::absolute(file).parent_path()))
        return {};
    return fail(Error::NotFound, "{}: the folder of {} does not exist", option, file)
        .hint("Create it first: mkdir -p {}", std::filesystem::absolute(file).parent_path().string());
}

Result<> checkOutputs(const GateOptions& options) {
    const std::pair<const std::string*, std::string_view> files[] = {
        {&options.junit, "--junit"},
        {&options.markdown, "--markdown"},
        {&options.benchmarkJson, "--benchmark-json"},
        {&options.bencher, "--bencher"},
        {&options.writeBaseline, "--write-baseline"}};
    for (const auto& [file, option] : files)
        if (auto checked = checkFolder(*file, option); !checked)
            return checked;
    if (options.thresholds.empty() && options.baseline.empty() && options.writeBaseline.empty() &&
        !options.history)
        return fail(Error::InvalidArgument, "the gate has nothing to check")
            .hint("Give --threshold 'p95<20ms', --baseline FILE, --write-baseline FILE or --history.");
    return {};
}

Result<> checkBaselineOf(const model::Baseline& baseline, const model::Workload& workload) {
    model::RunResult now;
    now.workload = workload;
    now.dataset = baseline.dataset;  // checked again once the target says what it serves
    return model::checkComparable(baseline, now);
}

Result<> shareDuration(GatePlan& plan, const GateOptions& options) {
    const bool usesBaseline = plan.baseline || !options.writeBaseline.empty();
    plan.rounds = options.rounds > 0 ? options.rounds : usesBaseline ? kBaselineRounds : 1;
    if (usesBaseline && plan.rounds < 3)
        return fail(Error::InvalidArgument, "--rounds must be at least 3 with a baseline, got {}",
                    plan.rounds)
            .hint("Rounds are what tells noise from change; {} is the default.", kBaselineRounds);
    const auto each = plan.workload.duration / plan.rounds;
    if (each < kShortestRound)
        return fail(Error::InvalidArgument,
                    "{} shared by {} rounds leaves {} for each, at least {} are needed",
                    durationText(plan.workload.duration), plan.rounds, durationText(each),
                    durationText(kShortestRound))
            .hint("Use --duration {} or more.", durationText(kShortestRound * plan.rounds));
    return {};
}

}  // namespace

Result<std::vector<model::Threshold>> thresholdsFrom(const std::vector<std::string>& texts) {
    std::vector<model::Threshold> thresholds;
    for (const auto& text : texts) {
        auto threshold = model::parseThreshold(text);
        if (!threshold)
            return fail(std::move(threshold.error()));
        thresholds.push_back(std::move(*threshold));
    }
    return thresholds;
}

Result<double> toleranceFrom(const std::string& text) {
    // The parser of thresholds knows what a share looks like.
    const auto share = model::parseThreshold("errors<" + text);
    if (!share || share->limit >= 1)
        return fail(Error::InvalidArgument, "--tolerance must be between 0 and 100 %, got \"{}\"", text)
            .hint("For example --tolerance 5%.");
    return share->limit;
}

Result<GatePlan> gatePlanFrom(const Session& session, const GateOptions& options) {
    GatePlan plan;
    if (auto checked = checkOutputs(options); !checked)
        return fail(std::move(checked.error()));
    auto thresholds = thresholdsFrom(options.thresholds);
    if (!thresholds)
        return fail(std::move(thresholds.error()));
    auto tolerance = toleranceFrom(options.tolerance);
    if (!tolerance)
        return fail(std::move(tolerance.error()));
    auto profile = profileFrom(session, options.engine);
    if (!profile)
        return fail(std::move(profile.error()));
    auto workload = workloadFrom(session, options.workload);
    if (!workload)
        return fail(std::move(workload.error()));
    for (const auto& threshold : *thresholds)
        if (auto checked = model::checkAgainst(threshold, *workload); !checked)
            return fail(std::move(checked.error()));
    if (!options.baseline.empty()) {
        auto baseline = model::Baseline::load(options.baseline);
        if (!baseline)
            return fail(std::move(baseline.error()));
        if (auto checked = checkBaselineOf(*baseline, *workload); !checked)
            return fail(std::move(checked.error()));
        plan.baseline = std::move(*baseline);
    }
    plan.thresholds = std::move(*thresholds);
    plan.workload = std::move(*workload);
    plan.profile = std::move(*profile);
    plan.tolerance = *tolerance;
    if (auto shared = shareDuration(plan, options); !shared)
        return fail(std::move(shared.error()));
    return plan;
}

}  // namespace hone::cli

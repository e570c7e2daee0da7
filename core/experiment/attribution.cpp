#include "core/experiment/attribution.h"

#include "core/base/ids.h"
#include "core/experiment/attribution_check.h"
#include "core/experiment/attribution_stage.h"
#include "core/experiment/blocks.h"
#include "core/experiment/diagnostics.h"
#include "core/experiment/engine_arm.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace hone::experiment {

namespace {

using engine::Arm;
using std::chrono::milliseconds;

constexpr std::uint64_t kFewInRun = 200;

double seconds(milliseconds value) { return static_cast<double>(value.count()) / 1000; }

Result<> checkToggleIds(const AttributionPlan& plan) {
    std::vector<std::string_view> known;
    for (const auto* def : plan.engine->catalogue())
        known.push_back(def->id);
    for (std::size_t i = 0; i < plan.toggles.size(); ++i) {
        const auto& id = plan.toggles[i];
        if (!known.empty() && std::ranges::find(known, id) == known.end())
            return fail(Error::InvalidArgument, "toggle \"{}\" is not known", id)
                .hint("Known are: {}.", fmt::join(known, ", "));
        if (std::find(plan.toggles.begin(), plan.toggles.begin() + static_cast<std::ptrdiff_t>(i), id) !=
            plan.toggles.begin() + static_cast<std::ptrdiff_t>(i))
            return fail(Error::InvalidArgument, "toggle \"{}\" is named twice", id);
    }
    return {};
}

Result<> check(const AttributionPlan& plan) {
    if (!plan.engine)
        return fail(Error::InvalidArgument, "an attribution needs a running engine");
    if (auto design = chooseDesign(plan.design, static_cast<int>(plan.toggles.size())); !design)
        return fail(std::move(design.error()));
    if (plan.replicates < 1 || plan.screenReplicates < 1)
        return fail(Error::InvalidArgument, "{} and {} replicates are too few", plan.replicates,
                    plan.screenReplicates)
            .hint("Use at least 1; from 2 on the replicates themselves tell the error.");
    if (plan.block.count() <= 0 || plan.guard.count() < 0)
        return fail(Error::InvalidArgument, "block {} ms, guard {} ms", plan.block.count(),
                    plan.guard.count())
            .hint("A block must be longer than 0 ms; one second or more is usual.");
    if (!(plan.delta > 0 && plan.delta < 1))
        return fail(Error::InvalidArgument, "the band of no practical difference is {}", plan.delta)
            .hint("Use a share between 0 and 1, such as 0.02 for ±2 %.");
    if (!metric(plan.metric))
        return fail(Error::InvalidArgument, "metric \"{}\" is not known", plan.metric)
            .hint("For example p50, p95, mean, rps, bytes or cpu.");
    return checkToggleIds(plan);
}

/// One attribution from start to end. Thread: the caller's. Lives for one runAttribution().
class Study {
public:
    Study(const AttributionPlan& plan, std::stop_token stop, const OnAttributionProgress& onProgress)
        : m_plan(plan), m_stop(std::move(stop)), m_onProgress(onProgress), m_engine(*plan.engine) {
        m_result.id = newId();
        m_result.name =
            plan.name.empty() ? fmt::format("What {} earn", fmt::join(plan.toggles, ", ")) : plan.name;
        m_result.startedAt = std::chrono::system_clock::now();
        m_result.seed = plan.seed;
        m_result.delta = plan.delta;
        m_result.metric = plan.metric;
        m_result.target = m_engine.url();
        m_result.dataset = datasetText(m_engine);
        m_result.workload = plan.workload;
        m_result.base = profileOf(plan.base, plan.toggles, 0);
        m_result.recommended = m_result.base;
        m_result.environment = model::currentEnvironment();
        m_result.toggles = plan.toggles;
    }

    Result<model::Attribution> run() {
        const MachineWatch watch;
        // Restore both arms however this ends.
        auto a = AppliedProfile::apply(m_engine, Arm::A, m_result.base);
        if (!a)
            return fail(std::move(a.error()));
        auto b = AppliedProfile::apply(m_engine, Arm::B, m_result.base);
        if (!b)
            return fail(std::move(b.error()));
        if (auto done = measure(); !done) {
            if (!m_result.decisive())
                return fail(std::move(done.error()));
            m_result.partial = true;
            m_result.warnings.push_back(fmt::format("The experiment ended early: {}", done.error().line()));
        }
        m_result.partial = m_result.partial || m_stop.stop_requested();
        for (const auto& warnings :
             {networkWords(&m_engine), diagnose(m_result.environment), watch.warnings()})
            m_result.warnings.insert(m_result.warnings.end(), warnings.begin(), warnings.end());
        m_result.sentence = model::describe(m_result);
        return std::move(m_result);
    }

private:
    Result<> measure() {
        auto toggles = eligible();
        if (!toggles)
            return fail(std::move(toggles.error()));
        if (m_stop.stop_requested() || toggles->empty())
            return {};
        auto design = chooseDesign(m_plan.design, static_cast<int>(toggles->size()));
        // Fewer toggles than asked for may not have such a fraction: then the default.
        if (!design)
            design = chooseDesign(DesignChoice::Auto, static_cast<int>(toggles->size()));
        const bool screens = design->title.starts_with("Plackett");
        if (auto done = stage(screens ? "screen" : "resolve", *design, *toggles);
            !done || m_stop.stop_requested())
            return done;
        if (screens && m_plan.design != DesignChoice::Screen)
            if (auto done = resolveStrongest(); !done || m_stop.stop_requested())
                return done;
        return confirm();
    }

    /// Toggles that can take a place in a design; the others get their reason.
    Result<std::vector<std::string>> eligible() {
        const auto load = std::max(m_plan.guard, milliseconds(200));
        auto workload = m_plan.workload;
        workload.seed = m_plan.seed;
        auto checks = checkToggles(m_engine, workload, m_result.base, m_plan.toggles, load, m_stop,
                                   [&](const std::string& phase) { tell(phase); });
        if (!checks)
            return fail(std::move(checks.error()));
        std::vector<std::string> toggles;
        for (const auto& one : *checks) {
            if (one.leftOut.empty())
                toggles.push_back(one.toggle);
            else
                m_result.decisions.push_back({.toggle = one.toggle, .reason = one.leftOut});
            if (one.leftOut.empty() && !one.note.empty())
                m_result.warnings.push_back(
                    fmt::format("{} changes what is sent, as it declares ({}): that is part of its effect.",
                                one.toggle, one.note));
        }
        return toggles;
    }

    Result<> stage(const std::string& kind, const stats::Design& design,
                   const std::vector<std::string>& toggles) {
        auto& stage = m_result.stages.emplace_back();
        stage.kind = kind;
        stage.toggles = toggles;
        stage.plannedReplicates = kind == "screen" ? m_plan.screenReplicates : m_plan.replicates;
        m_progress.runs = stage.plannedReplicates * static_cast<int>(design.runs.size());
        m_progress.metrics.clear();
        int analysed = 0;
        auto done = measureStage(
            stage, design, m_result.base,
            [&](const model::Profile& profile, std::uint64_t seed) { return measureOnce(profile, seed); },
            m_plan.seed + m_result.stages.size(),
            [&](const model::AttributionStage& soFar, std::uint32_t setting) {
                if (soFar.replicates > analysed) {
                    analysed = soFar.replicates;
                    model::AttributionStage copy = soFar;
                    analyse(copy, design, m_plan.delta);
                    m_progress.metrics = std::move(copy.metrics);
                }
                m_progress.done = static_cast<int>(soFar.runs.size());
                tell(fmt::format("{}, run {} of {}: {}", kind, m_progress.done + 1, m_progress.runs,
                                 profileOf(m_result.base, toggles, setting).name));
            });
        analyse(stage, design, m_plan.delta);
        warnOfSmallRuns(stage);
        take(advise(stage, design, m_plan.metric, m_plan.delta), stage);
        return done;
    }

    void warnOfSmallRuns(const model::AttributionStage& stage) {
        const auto least = std::ranges::min_element(stage.runs, {}, &model::DesignRun::requests);
        if (least != stage.runs.end() && least->requests < kFewInRun)
            m_result.warnings.push_back(fmt::format(
                "A run holds as few as {} requests ({}); longer blocks make {} steadier.", least->requests,
                profileOf(m_result.base, stage.toggles, least->setting).name, m_plan.metric));
    }

    /// Cold start, guard, measured block: every run of a design begins alike.
    Result<std::optional<model::DesignRun>> measureOnce(const model::Profile& profile, std::uint64_t seed) {
        if (auto done = m_engine.apply(Arm::A, profile); !done)
            return fail(std::move(done.error()));
        m_engine.resetState(Arm::A);
        auto plan = planFor(m_engine, Arm::A, m_plan.workload);
        plan.workload.warmup = m_plan.guard;
        plan.workload.duration = m_plan.block;
        plan.workload.seed = seed;
        const double startS = elapsed() + seconds(m_plan.guard);
        auto result =
            runOnArm(m_engine, Arm::A, std::move(plan), m_stop, [&](const load::LoadProgress& load) {
                m_progress.load = load;
                tell(m_progress.phase);
            });
        if (!result)
            return fail(std::move(result.error()));
        if (result->run.partial)
            return std::optional<model::DesignRun>{};
        if (result->run.requests == 0)
            return fail(Error::Timeout, "no request was answered within the {} ms of a run with {}",
                        m_plan.block.count(), profile.name)
                .hint("Use longer blocks (--block 5s) or lighter requests.");
        auto block = blockOf(result->run, 0, 0, 0, startS);
        return model::DesignRun{.startS = startS,
                                .seconds = block.seconds,
                                .requests = block.requests,
                                .errors = block.errors,
                                .metrics = std::move(block.metrics)};
    }

    /// A later stage knows better about its own toggles.
    void take(Advice advice, const model::AttributionStage& stage) {
        for (auto& decision : advice.decisions) {
            std::erase_if(m_result.decisions, [&](const auto& old) { return old.toggle == decision.toggle; });
            m_result.decisions.push_back(std::move(decision));
        }
        std::ranges::sort(m_result.decisions, {}, [&](const model::ToggleDecision& decision) {
            return std::ranges::find(m_plan.toggles, decision.toggle) - m_plan.toggles.begin();
        });
        m_result.waterfall = std::move(advice.waterfall);
        m_result.predicted = std::move(advice.predicted);
        m_result.recommended = profileOf(m_result.base, stage.toggles, advice.setting);
        if (advice.setting != 0)
            m_result.recommended.note =
                fmt::format("Recommended for {} by attribution {}.", m_plan.metric, m_result.id);
    }

    Result<> resolveStrongest() {
        const auto found = strongest(m_result.stages.back(), m_plan.metric, m_plan.delta);
        for (auto& decision : m_result.decisions)
            if (decision.recommended && std::ranges::find(found, decision.toggle) == found.end())
                decision.recommended = false;
        if (found.empty())
            return {};
        return stage("resolve", resolvingDesign(static_cast<int>(found.size())), found);
    }

    Result<> confirm() {
        if (!m_plan.confirm || m_result.recommendedToggles().empty())
            return {};
        ComparePlan plan;
        plan.workload = m_plan.workload;
        plan.a = m_result.base;
        plan.b = m_result.recommended;
        plan.engine = &m_engine;
        plan.name = m_result.name + ": confirmation";
        plan.pairs = m_plan.confirmPairs;
        plan.block = m_plan.block;
        plan.guard = m_plan.guard;
        plan.delta = m_plan.delta;
        plan.metric = m_plan.metric;
        plan.seed = m_plan.seed;
        m_progress.metrics.clear();
        auto comparison = runComparison(plan, m_stop, [&](const CompareProgress& progress) {
            m_progress.load = progress.load;
            m_progress.done = progress.pair;
            m_progress.runs = progress.pairs;
            tell("confirm: " + progress.phase);
        });
        if (!comparison)
            return fail(std::move(comparison.error()));
        m_result.confirmation = std::move(*comparison);
        return {};
    }

    [[nodiscard]] double elapsed() const {
        return static_cast<double>((monotonicNow() - m_start).count()) * 1e-9;
    }

    void tell(const std::string& phase) {
        if (!m_onProgress)
            return;
        m_progress.phase = phase;
        m_progress.elapsedS = elapsed();
        m_progress.leftS = std::max(0.0, estimatedSeconds(m_plan) - m_progress.elapsedS);
        m_onProgress(m_progress);
    }

    const AttributionPlan& m_plan;
    std::stop_token m_stop;
    const OnAttributionProgress& m_onProgress;
    engine::Engine& m_engine;
    model::Attribution m_result;
    AttributionProgress m_progress;
    Nanos m_start = monotonicNow();
};

}  // namespace

double estimatedSeconds(const AttributionPlan& plan) {
    const auto design = chooseDesign(plan.design, static_cast<int>(plan.toggles.size()));
    if (!design)
        return 0;
    const bool screens = design->title.starts_with("Plackett");
    const auto runs = static_cast<double>(design->runs.size());
    double count = runs * (screens ? plan.screenReplicates : plan.replicates);
    if (screens && plan.design != DesignChoice::Screen)
        count += 16.0 * plan.replicates;
    count += plan.confirm ? 2.0 * plan.confirmPairs : 0;
    const double checks = static_cast<double>(plan.toggles.size() + 1) * seconds(plan.guard);
    return checks + count * seconds(plan.block + plan.guard) +
           (plan.confirm ? 2 * seconds(plan.workload.warmup) : 0);
}

Result<model::Attribution> runAttribution(const AttributionPlan& plan, std::stop_token stop,
                                          const OnAttributionProgress& onProgress) {
    if (auto done = check(plan); !done)
        return fail(std::move(done.error()));
    return Study(plan, std::move(stop), onProgress).run();
}

}  // namespace hone::experiment

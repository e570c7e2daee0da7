#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/experiment/answer_check_schemas.h"
#include "core/experiment/blocks.h"
#include "core/experiment/diagnostics.h"
#include "core/experiment/engine_arm.h"
#include "core/experiment/experiment.h"
#include "core/load/run_warnings.h"

#include <algorithm>
#include <cmath>

namespace hone::experiment {

namespace {

using engine::Arm;

constexpr int kFewestPairs = 6;        ///< Below, no sign-flip test can reach 5 % (METHOD section 2).
constexpr int kFirstLook = 5;          ///< Pairs before the anytime interval may stop the run.
constexpr int kSamplesPerRequest = 5;  ///< Of the answer check.

double seconds(std::chrono::milliseconds value) { return static_cast<double>(value.count()) / 1000; }
const char* armName(Arm arm) { return arm == Arm::A ? "A" : "B"; }

Result<> check(const ComparePlan& plan) {
    if (!plan.engine)
        return fail(Error::InvalidArgument, "a comparison needs a running engine");
    if (plan.pairs < kFewestPairs)
        return fail(Error::InvalidArgument, "{} block pairs are too few", plan.pairs)
            .hint("Use at least {}; with fewer, no result can be told from chance.", kFewestPairs);
    if (plan.block.count() <= 0 || plan.guard.count() < 0 || plan.noisePairs < 0)
        return fail(Error::InvalidArgument, "block {} ms, guard {} ms, noise pairs {}", plan.block.count(),
                    plan.guard.count(), plan.noisePairs)
            .hint("A block must be longer than 0 ms; one second or more is usual.");
    if (!(plan.delta > 0 && plan.delta < 1))
        return fail(Error::InvalidArgument, "the band of no practical difference is {}", plan.delta)
            .hint("Use a share between 0 and 1, such as 0.02 for ±2 %.");
    if (!metric(plan.metric)) {
        std::string known;
        for (const auto& one : kMetrics)
            known += (known.empty() ? "" : ", ") + std::string(one.id);
        return fail(Error::InvalidArgument, "metric \"{}\" is not known", plan.metric)
            .hint("Known are: {}.", known);
    }
    for (const auto& request : plan.workload.requests)
        if (request.url.contains("://") && !request.url.starts_with(plan.engine->url() + "/"))
            return fail(Error::InvalidArgument, "\"{}\" is not served by the engine that is compared",
                        request.url)
                .hint("Use targets such as /api/cities.");
    return {};
}

/// One comparison from start to end. Thread: the caller's. Lives for one runComparison().
class Run {
public:
    Run(const ComparePlan& plan, std::stop_token stop, const OnCompareProgress& onProgress)
        : m_plan(plan), m_stop(std::move(stop)), m_onProgress(onProgress), m_engine(*plan.engine) {
        m_result.id = newId();
        m_result.name =
            plan.name.empty() ? fmt::format("{} against {}", plan.b.name, plan.a.name) : plan.name;
        m_result.startedAt = std::chrono::system_clock::now();
        m_result.seed = plan.seed;
        m_result.delta = plan.delta;
        m_result.metric = plan.metric;
        m_result.plannedPairs = plan.pairs;
        m_progress.pairs = plan.pairs;
    }

    Result<model::Comparison> run() {
        const auto environment = model::currentEnvironment();
        const MachineWatch watch;
        auto a = AppliedProfile::apply(m_engine, Arm::A, m_plan.a);
        if (!a)
            return fail(std::move(a.error()));
        auto b = AppliedProfile::apply(m_engine, Arm::B, m_plan.b);
        if (!b)
            return fail(std::move(b.error()));
        m_engine.resetState(Arm::A);
        m_engine.resetState(Arm::B);
        if (auto done = measure(); !done)
            return fail(std::move(done.error()));
        finish(environment);
        for (const auto& warnings : {networkWords(&m_engine), diagnose(environment), watch.warnings()})
            m_result.warnings.insert(m_result.warnings.end(), warnings.begin(), warnings.end());
        conclude(m_result);
        return std::move(m_result);
    }

private:
    Result<> measure() {
        if (auto done = checkAnswers(); !done)
            return done;
        for (const Arm arm : {Arm::A, Arm::B})
            if (auto done = warmUp(arm); !done)
                return done;
        if (auto done = measureNoise(); !done)
            return done;
        SplitMix64 coin(m_plan.seed);
        m_pairsBegin = elapsed();
        for (int pair = 0; pair < m_plan.pairs && !m_stop.stop_requested(); ++pair) {
            const bool aFirst = (coin.next() >> 63) == 0;
            auto first = block(pair, aFirst ? Arm::A : Arm::B, 2 * pair);
            auto second = first && *first ? block(pair, aFirst ? Arm::B : Arm::A, 2 * pair + 1)
                                          : Result<std::optional<Measured>>{};
            if (!first || !second)
                return giveUp(std::move(first ? second.error() : first.error()));
            if (!*first || !*second)
                break;  // Stopped in the middle: half a pair says nothing.
            keep(std::move(**first));
            keep(std::move(**second));
            if (m_plan.stopEarly && pair + 1 >= kFirstLook && pair + 1 < m_plan.pairs && decided()) {
                m_result.stoppedEarly = true;
                return {};
            }
        }
        m_result.partial = m_stop.stop_requested();
        return {};
    }

    /// What was measured until then is kept, if it is anything.
    Result<> giveUp(Error error) {
        if (m_result.blocks.empty())
            return fail(std::move(error));
        m_result.partial = true;
        m_result.warnings.push_back(fmt::format("The comparison ended early: {}", error.line()));
        return {};
    }

    Result<> checkAnswers() {
        tell("checking answers", 0);
        auto workload = m_plan.workload;
        workload.seed = m_plan.seed;
        const auto planA = planFor(m_engine, Arm::A, workload), planB = planFor(m_engine, Arm::B, workload);
        auto a = load::sampleAnswers(planA, kSamplesPerRequest, m_stop);
        if (!a)
            return fail(std::move(a.error()));
        auto b = load::sampleAnswers(planB, kSamplesPerRequest, m_stop);
        if (!b)
            return fail(std::move(b.error()));
        auto check =
            compareAnswers(*a, *b, m_plan.workload, m_plan.a, m_plan.b, schemasFrom({planA, planB}, m_stop));
        m_result.answersCompared = check.compared;
        m_result.answerDifferences = std::move(check.differences);
        return {};
    }

    /// Brings caches and connections of the arm into the state its profile implies.
    Result<> warmUp(Arm arm) {
        auto plan = planFor(m_engine, arm, m_plan.workload);
        plan.record = false;
        plan.workload.duration = std::max(m_plan.workload.warmup, m_plan.guard);
        plan.workload.warmup = std::chrono::milliseconds(0);
        plan.workload.seed = m_plan.seed;
        if (plan.workload.duration.count() == 0)
            return {};
        m_progress.arm = static_cast<int>(arm);
        m_progress.phase = fmt::format("warm-up {}", armName(arm));
        auto done = load::runLoad(plan, m_stop, loadProgress());
        return done ? Result<>{} : fail(std::move(done.error()));
    }

    struct Measured {
        model::Block block;
        model::RunResult run;
    };
    /// Empty when it was stopped before its end.
    Result<std::optional<Measured>> block(int pair, Arm arm, int order) {
        m_progress.pair = pair + 1;
        m_progress.arm = static_cast<int>(arm);
        if (pair >= 0)
            m_progress.phase = fmt::format("pair {} of {}: {}", pair + 1, m_plan.pairs, armName(arm));
        auto plan = planFor(m_engine, arm, m_plan.workload);
        plan.workload.warmup = m_plan.guard;
        plan.workload.duration = m_plan.block;
        plan.workload.seed =
            SplitMix64(m_plan.seed + static_cast<std::uint64_t>(order / 2)).next();  // One per pair.
        const double startS = elapsed() + seconds(m_plan.guard);
        auto result = runOnArm(m_engine, arm, std::move(plan), m_stop, loadProgress());
        if (!result)
            return fail(std::move(result.error()));
        if (result->run.partial)
            return std::optional<Measured>{};
        return Measured{blockOf(result->run, pair, static_cast<int>(arm), order, startS),
                        std::move(result->run)};
    }

    void keep(Measured measured) {
        auto& whole = measured.block.arm == 0 ? m_result.a : m_result.b;
        addBlock(whole, measured.run, m_engine.catalogue());
        m_result.blocks.push_back(std::move(measured.block));
        m_progress.blocks = m_result.blocks;
        if (m_result.blocks.size() >= 4 && m_result.blocks.size() % 2 == 0)
            m_progress.effects = effectsOf(m_result);
        tell(m_progress.phase, m_progress.arm);
    }

    [[nodiscard]] bool decided() const {
        const auto effect = std::ranges::find(m_progress.effects, m_plan.metric, &model::Effect::metric);
        if (effect == m_progress.effects.end())
            return false;
        const auto verdict = effect->paired.exact ? effect->verdict
                                                  : stats::judge(effect->anytime.lo, effect->anytime.hi,
                                                                 m_plan.delta, effect->lowerIsBetter);
        const bool overNoise = std::abs(effect->paired.meanLog) > m_result.noiseFloor;
        return verdict == stats::Verdict::NoDifference ||
               (overNoise && (verdict == stats::Verdict::Better || verdict == stats::Verdict::Worse));
    }

    /// A against A: how far identical profiles lie apart here (the far end of their interval).
    Result<> measureNoise() {
        std::vector<model::Block> blocks;
        for (int pair = 0; pair < m_plan.noisePairs && !m_stop.stop_requested(); ++pair)
            for (int side = 0; side < 2; ++side) {
                m_progress.phase = fmt::format("noise floor {} of {}", pair + 1, m_plan.noisePairs);
                auto one = block(-1 - pair, Arm::A, 2 * (m_plan.pairs + pair) + side);
                if (!one)
                    return fail(std::move(one.error()));
                if (!*one)
                    return {};
                (*one)->block.arm = side;
                blocks.push_back((*one)->block);
            }
        const auto values = pairedValues(blocks, m_plan.metric);
        const auto noise = stats::pairedBlocks(values.a, values.b);
        if (noise.pairs >= 2 && noise.lo > 0 && std::isfinite(noise.hi))
            m_result.noiseFloor = std::max(std::abs(std::log(noise.lo)), std::abs(std::log(noise.hi)));
        return {};
    }

    void finish(const model::Environment& environment) {
        for (const Arm arm : {Arm::A, Arm::B}) {
            auto& run = arm == Arm::A ? m_result.a : m_result.b;
            run.startedAt = m_result.startedAt;
            run.partial = m_result.partial;
            labelArm(run, armName(arm), m_engine, m_plan.workload, arm == Arm::A ? m_plan.a : m_plan.b,
                     environment);
        }
        const auto found = diagnose(m_result);
        m_result.warnings.insert(m_result.warnings.end(), found.begin(), found.end());
    }

    [[nodiscard]] double elapsed() const {
        return static_cast<double>((monotonicNow() - m_start).count()) * 1e-9;
    }

    load::OnProgress loadProgress() {
        return [this](const load::LoadProgress& progress) {
            m_progress.load = progress;
            tell(m_progress.phase, m_progress.arm);
        };
    }
    void tell(const std::string& phase, int arm) {
        if (!m_onProgress)
            return;
        m_progress.phase = phase;
        m_progress.arm = arm;
        m_progress.elapsedS = elapsed();
        const auto done = static_cast<double>(m_result.blocks.size());
        const double perBlock =
            done > 0 ? (m_progress.elapsedS - m_pairsBegin) / done : seconds(m_plan.block + m_plan.guard);
        m_progress.leftS = perBlock * (2.0 * m_plan.pairs - done);
        m_onProgress(m_progress);
    }

    const ComparePlan& m_plan;
    std::stop_token m_stop;
    const OnCompareProgress& m_onProgress;
    engine::Engine& m_engine;
    model::Comparison m_result;
    CompareProgress m_progress;
    Nanos m_start = monotonicNow();
    double m_pairsBegin = 0;
};

}  // namespace

Result<model::Comparison> runComparison(const ComparePlan& plan, std::stop_token stop,
                                        const OnCompareProgress& onProgress) {
    if (auto done = check(plan); !done)
        return fail(std::move(done.error()));
    return Run(plan, std::move(stop), onProgress).run();
}

}  // namespace hone::experiment

#include "core/experiment/matrix.h"

#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/experiment/answer_check_schemas.h"
#include "core/experiment/blocks.h"
#include "core/experiment/diagnostics.h"
#include "core/experiment/engine_arm.h"
#include "core/load/run_warnings.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace hone::experiment {

namespace {

using engine::Arm;

constexpr int kFewestRounds = 6;  ///< As in comparisons: below, no test reaches 5 %.
constexpr std::size_t kMostProfiles = 12;
constexpr int kSamplesPerRequest = 3;

double seconds(std::chrono::milliseconds value) { return static_cast<double>(value.count()) / 1000; }

Result<> check(const MatrixPlan& plan) {
    if (!plan.engine)
        return fail(Error::InvalidArgument, "a matrix needs a running engine");
    if (plan.profiles.size() < 2 || plan.profiles.size() > kMostProfiles)
        return fail(Error::InvalidArgument, "{} profiles make no matrix", plan.profiles.size())
            .hint("Choose 2 … {}.", kMostProfiles);
    std::set<std::string> names;
    for (const auto& profile : plan.profiles)
        if (!names.insert(profile.name).second)
            return fail(Error::InvalidArgument, "profile \"{}\" is chosen twice", profile.name);
    if (plan.rounds < kFewestRounds)
        return fail(Error::InvalidArgument, "{} rounds are too few", plan.rounds)
            .hint("Use at least {}; with fewer, no result can be told from chance.", kFewestRounds);
    if (plan.block.count() <= 0 || plan.guard.count() < 0)
        return fail(Error::InvalidArgument, "block {} ms, guard {} ms", plan.block.count(),
                    plan.guard.count())
            .hint("A block must be longer than 0 ms; one second or more is usual.");
    if (!(plan.delta > 0 && plan.delta < 1))
        return fail(Error::InvalidArgument, "the band of no practical difference is {}", plan.delta)
            .hint("Use a share between 0 and 1, such as 0.02 for ±2 %.");
    if (!metric(plan.metric))
        return fail(Error::InvalidArgument, "metric \"{}\" is not known", plan.metric)
            .hint("Try p50, p95, p99 or rps.");
    for (const auto& request : plan.workload.requests)
        if (request.url.contains("://") && !request.url.starts_with(plan.engine->url() + "/"))
            return fail(Error::InvalidArgument, "\"{}\" is not served by the engine that is compared",
                        request.url)
                .hint("Use targets such as /api/cities.");
    return {};
}

/// One matrix from start to end. Thread: the caller's. Lives for one runMatrix().
class Run {
public:
    Run(const MatrixPlan& plan, std::stop_token stop, const OnMatrixProgress& onProgress)
        : m_plan(plan), m_stop(std::move(stop)), m_onProgress(onProgress), m_engine(*plan.engine) {
        m_result.id = newId();
        m_result.name = plan.name.empty() ? fmt::format("{} profiles", plan.profiles.size()) : plan.name;
        m_result.startedAt = std::chrono::system_clock::now();
        m_result.seed = plan.seed;
        m_result.delta = plan.delta;
        m_result.metric = plan.metric;
        m_result.plannedRounds = plan.rounds;
        m_result.arms.resize(plan.profiles.size());
        m_result.invalid.resize(plan.profiles.size());
        m_progress.blocks = plan.rounds * static_cast<int>(plan.profiles.size());
    }

    Result<model::Matrix> run() {
        const auto environment = model::currentEnvironment();
        const MachineWatch watch;
        // Both arms get back what they ran before.
        auto a = AppliedProfile::apply(m_engine, Arm::A, m_plan.profiles.front());
        if (!a)
            return fail(std::move(a.error()));
        auto b = AppliedProfile::apply(m_engine, Arm::B, m_plan.profiles.front());
        if (!b)
            return fail(std::move(b.error()));
        if (auto done = checkAnswers(); !done)
            return fail(std::move(done.error()));
        if (auto done = measure(); !done)
            return fail(std::move(done.error()));
        if (m_result.rounds == 0)
            return fail(Error::Cancelled, "stopped before the first round was whole");
        finish(environment);
        for (const auto& warnings : {networkWords(&m_engine), diagnose(environment), watch.warnings()})
            m_result.warnings.insert(m_result.warnings.end(), warnings.begin(), warnings.end());
        conclude(m_result);
        return std::move(m_result);
    }

private:
    /// Every profile must answer what the first answers.
    Result<> checkAnswers() {
        auto workload = m_plan.workload;
        workload.seed = m_plan.seed;
        const auto planA = planFor(m_engine, Arm::A, workload);
        auto first = load::sampleAnswers(planA, kSamplesPerRequest, m_stop);
        if (!first)
            return fail(std::move(first.error()));
        for (std::size_t i = 1; i < m_plan.profiles.size() && !m_stop.stop_requested(); ++i) {
            tell(fmt::format("checking answers of {}", m_plan.profiles[i].name));
            if (auto done = m_engine.apply(Arm::B, m_plan.profiles[i]); !done)
                return fail(std::move(done.error()));
            m_engine.resetState(Arm::B);
            const auto planB = planFor(m_engine, Arm::B, workload);
            auto answers = load::sampleAnswers(planB, kSamplesPerRequest, m_stop);
            if (!answers)
                return fail(std::move(answers.error()));
            const auto found = compareAnswers(*first, *answers, workload, m_plan.profiles.front(),
                                              m_plan.profiles[i], schemasFrom({planA, planB}, m_stop));
            const auto odd =
                std::ranges::count_if(found.differences, [](const auto& d) { return !d.expected; });
            if (odd > 0)
                m_result.invalid[i] = fmt::format("{} of {} compared answers are not those of {}", odd,
                                                  found.compared, m_plan.profiles.front().name);
        }
        return {};
    }

    Result<> measure() {
        SplitMix64 random(m_plan.seed);
        m_begin = elapsed();
        std::vector<int> order(m_plan.profiles.size());
        std::iota(order.begin(), order.end(), 0);
        for (int round = 0; round < m_plan.rounds && !m_stop.stop_requested(); ++round) {
            for (std::size_t i = order.size(); i-- > 1;)  // Fisher–Yates.
                std::swap(order[i], order[random.next() % (i + 1)]);
            std::vector<Measured> whole;
            for (const int arm : order) {
                auto block = measureBlock(round, arm);
                if (!block)
                    return giveUp(std::move(block.error()));
                if (!*block)
                    break;  // Stopped: part of a round says nothing.
                whole.push_back(std::move(**block));
            }
            if (whole.size() < order.size())
                break;
            for (Measured& one : whole)
                keep(std::move(one));
            ++m_result.rounds;
        }
        m_result.partial = m_result.rounds < m_plan.rounds;
        return {};
    }

    Result<> giveUp(Error error) {
        if (m_result.rounds == 0)
            return fail(std::move(error));
        m_result.partial = true;
        m_result.warnings.push_back(fmt::format("The matrix ended early: {}", error.line()));
        return {};
    }

    struct Measured {
        model::Block block;
        model::RunResult run;
    };
    /// Cold start, guard, measured block; empty when it was stopped before its end.
    Result<std::optional<Measured>> measureBlock(int round, int arm) {
        const auto& profile = m_plan.profiles[static_cast<std::size_t>(arm)];
        tell(fmt::format("round {} of {}: {}", round + 1, m_plan.rounds, profile.name));
        if (auto done = m_engine.apply(Arm::A, profile); !done)
            return fail(std::move(done.error()));
        m_engine.resetState(Arm::A);
        auto plan = planFor(m_engine, Arm::A, m_plan.workload);
        plan.workload.warmup = m_plan.guard;
        plan.workload.duration = m_plan.block;
        plan.workload.seed = SplitMix64(m_plan.seed + static_cast<std::uint64_t>(round)).next();
        const double startS = elapsed() + seconds(m_plan.guard);
        auto result = runOnArm(m_engine, Arm::A, std::move(plan), m_stop,
                               [this](const load::LoadProgress&) { tell(m_progress.phase); });
        if (!result)
            return fail(std::move(result.error()));
        if (result->run.partial)
            return std::optional<Measured>{};
        ++m_progress.done;
        return Measured{blockOf(result->run, round, arm, m_progress.done - 1, startS),
                        std::move(result->run)};
    }

    void keep(Measured measured) {
        auto& whole = m_result.arms[static_cast<std::size_t>(measured.block.arm)];
        addBlock(whole, measured.run, m_engine.catalogue());
        m_result.blocks.push_back(std::move(measured.block));
    }

    void finish(const model::Environment& environment) {
        for (std::size_t i = 0; i < m_result.arms.size(); ++i) {
            auto& run = m_result.arms[i];
            run.startedAt = m_result.startedAt;
            run.partial = m_result.partial;
            labelArm(run, m_result.name, m_engine, m_plan.workload, m_plan.profiles[i], environment);
        }
        for (std::size_t i = 0; i < m_result.invalid.size(); ++i)
            if (!m_result.invalid[i].empty())
                m_result.warnings.push_back(
                    fmt::format("{}: {}.", m_plan.profiles[i].name, m_result.invalid[i]));
    }

    [[nodiscard]] double elapsed() const {
        return static_cast<double>((monotonicNow() - m_start).count()) * 1e-9;
    }
    void tell(const std::string& phase) {
        m_progress.phase = phase;
        if (!m_onProgress)
            return;
        m_progress.elapsedS = elapsed();
        const double perBlock = m_progress.done > 0 ? (m_progress.elapsedS - m_begin) / m_progress.done
                                                    : seconds(m_plan.block + m_plan.guard);
        m_progress.leftS = perBlock * (m_progress.blocks - m_progress.done);
        m_onProgress(m_progress);
    }

    const MatrixPlan& m_plan;
    std::stop_token m_stop;
    const OnMatrixProgress& m_onProgress;
    engine::Engine& m_engine;
    model::Matrix m_result;
    MatrixProgress m_progress;
    Nanos m_start = monotonicNow();
    double m_begin = 0;
};

}  // namespace

Result<model::Matrix> runMatrix(const MatrixPlan& plan, std::stop_token stop,
                                const OnMatrixProgress& onProgress) {
    if (auto done = check(plan); !done)
        return fail(std::move(done.error()));
    return Run(plan, std::move(stop), onProgress).run();
}

double estimatedSeconds(const MatrixPlan& plan) {
    return static_cast<double>(plan.profiles.size()) * plan.rounds * seconds(plan.block + plan.guard);
}

}  // namespace hone::experiment

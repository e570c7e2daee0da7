#include "core/experiment/sweep.h"

#include "core/base/ids.h"
#include "core/base/random.h"
#include "core/experiment/blocks.h"
#include "core/experiment/diagnostics.h"
#include "core/experiment/engine_arm.h"
#include "core/stats/curve.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone::experiment {

namespace {

using engine::Arm;

constexpr std::size_t kMostValues = 50;

Result<const Param*> parameterOf(const SweepPlan& plan) {
    std::string known;
    for (const auto* def : plan.engine->catalogue()) {
        known += (known.empty() ? "" : ", ") + std::string(def->id);
        if (def->id != plan.toggle)
            continue;
        const auto found = std::ranges::find(def->params, plan.param, &Param::id);
        if (found == def->params.end())
            return fail(Error::InvalidArgument, "{} has no parameter \"{}\"", plan.toggle, plan.param)
                .hint("It has: {}.", idList(def->params));
        return &*found;
    }
    return fail(Error::InvalidArgument, "toggle \"{}\" is not known", plan.toggle)
        .hint("Known are: {}.", known);
}

Result<> check(const SweepPlan& plan) {
    if (!plan.engine)
        return fail(Error::InvalidArgument, "a sweep needs a running engine");
    if (plan.values.size() < 2 || plan.values.size() > kMostValues)
        return fail(Error::InvalidArgument, "a sweep of {} values", plan.values.size())
            .hint("Give 2 to {} values, such as --sweep encoding.minSize=0,1KiB,16KiB.", kMostValues);
    if (plan.replicates < 1 || plan.block.count() <= 0 || plan.guard.count() < 0)
        return fail(Error::InvalidArgument, "{} replicates of {} ms after {} ms", plan.replicates,
                    plan.block.count(), plan.guard.count())
            .hint("Use at least one replicate and a block longer than 0 ms.");
    if (!metric(plan.metric))
        return fail(Error::InvalidArgument, "metric \"{}\" is not known", plan.metric)
            .hint("For example p50, p95, mean, rps, bytes or cpu.");
    return {};
}

/// Where a value lies on the axis; nothing for a choice or a text.
std::optional<double> positionOf(const ParamValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    return std::nullopt;
}

Result<> addValues(model::Sweep& sweep, const SweepPlan& plan, const Param& param) {
    sweep.label = param.label;
    sweep.numeric = true;
    for (const auto& text : plan.values) {
        auto value = parseValue(param, text);
        if (!value)
            return fail(std::move(value.error()));
        sweep.values.push_back(valueText(param, *value));
        const auto position = positionOf(*value);
        sweep.numeric = sweep.numeric && position.has_value();
        sweep.positions.push_back(position.value_or(0));
    }
    if (!sweep.numeric)
        std::iota(sweep.positions.begin(), sweep.positions.end(), 0.0);
    return {};
}

/// Values of one metric by whole replicate and point, as logarithms; empty when a run lacks it.
std::vector<std::vector<double>> table(const model::Sweep& sweep, std::string_view metricId) {
    std::vector<std::vector<double>> y(static_cast<std::size_t>(sweep.replicates),
                                       std::vector<double>(sweep.values.size()));
    for (const auto& run : sweep.runs) {
        const auto found = run.metrics.find(std::string(metricId));
        if (found == run.metrics.end() || found->second <= 0)
            return {};
        if (run.replicate < sweep.replicates)
            y[static_cast<std::size_t>(run.replicate)][static_cast<std::size_t>(run.point)] =
                std::log(found->second);
    }
    return y;
}

model::SweepCurve curveOf(const Metric& metric, const stats::LevelMeans& means, const model::Sweep& sweep) {
    model::SweepCurve curve{.metric = std::string(metric.id),
                            .title = std::string(metric.title),
                            .lowerIsBetter = metric.lowerIsBetter,
                            .points = {}};
    const auto best =
        metric.lowerIsBetter ? std::ranges::min_element(means.means) : std::ranges::max_element(means.means);
    curve.best = static_cast<int>(best - means.means.begin());
    std::vector<double> values;
    for (const double one : means.means) {
        const double behind = metric.lowerIsBetter ? one - *best : *best - one;
        curve.points.push_back({.value = std::exp(one),
                                .lo = std::exp(one - means.reach()),
                                .hi = std::exp(one + means.reach()),
                                .toBest = std::exp(behind),
                                .toBestHi = std::exp(behind + (behind > 0 ? means.differenceReach() : 0))});
        values.push_back(std::exp(one));
    }
    // Enough: within the band for certain, or not told from the best and within it by the mean.
    const auto isEnough = [&](const model::SweepFigure& point) { return point.toBest <= 1 + sweep.delta; };
    curve.enough = static_cast<int>(std::ranges::find_if(curve.points, isEnough) - curve.points.begin());
    if (const auto knee = stats::knee(sweep.positions, values, metric.lowerIsBetter);
        knee && sweep.numeric && std::ranges::is_sorted(sweep.positions))
        curve.knee = static_cast<int>(*knee);
    return curve;
}

class Sweeper {
public:
    Sweeper(const SweepPlan& plan, std::stop_token stop, const OnSweepProgress& onProgress)
        : m_plan(plan), m_stop(std::move(stop)), m_onProgress(onProgress), m_engine(*plan.engine) {}

    Result<model::Sweep> run(const Param& param) {
        if (auto done = prepare(param); !done)
            return fail(std::move(done.error()));
        const MachineWatch watch;
        auto applied = AppliedProfile::apply(m_engine, Arm::A, m_result.base);
        if (!applied)
            return fail(std::move(applied.error()));
        if (auto done = measure(); !done) {
            if (m_result.replicates == 0)
                return fail(std::move(done.error()));
            m_result.partial = true;
            m_result.warnings.push_back(fmt::format("The sweep ended early: {}", done.error().line()));
        }
        m_result.partial = m_result.partial || m_stop.stop_requested();
        for (const auto& warnings :
             {networkWords(&m_engine), diagnose(m_result.environment), watch.warnings()})
            m_result.warnings.insert(m_result.warnings.end(), warnings.begin(), warnings.end());
        conclude(m_result);
        return std::move(m_result);
    }

private:
    Result<> prepare(const Param& param) {
        m_result.id = newId();
        m_result.toggle = m_plan.toggle;
        m_result.param = m_plan.param;
        m_result.name = m_plan.name.empty() ? m_result.what() + " over its values" : m_plan.name;
        m_result.startedAt = std::chrono::system_clock::now();
        m_result.seed = m_plan.seed;
        m_result.delta = m_plan.delta;
        m_result.metric = m_plan.metric;
        m_result.target = m_engine.url();
        m_result.dataset = datasetText(m_engine);
        m_result.workload = m_plan.workload;
        m_result.environment = model::currentEnvironment();
        m_result.plannedReplicates = m_plan.replicates;
        m_result.base = m_plan.base;
        m_result.base.toggles[m_plan.toggle].on = true;
        return addValues(m_result, m_plan, param);
    }

    Result<> measure() {
        SplitMix64 random(m_plan.seed);
        const std::size_t points = m_result.values.size();
        for (int replicate = 0; replicate < m_plan.replicates; ++replicate) {
            const std::uint64_t seed = random.next();
            std::vector<std::size_t> order(points);
            std::iota(order.begin(), order.end(), std::size_t{0});
            for (std::size_t i = points; i > 1; --i)
                std::swap(order[i - 1], order[random.index(i)]);
            for (const std::size_t point : order) {
                auto done = measureOnce(replicate, point, seed);
                if (!done)
                    return fail(std::move(done.error()));
                if (!*done)
                    return {};
            }
            m_result.replicates = replicate + 1;
        }
        return {};
    }

    /// False when it was stopped before its end.
    Result<bool> measureOnce(int replicate, std::size_t point, std::uint64_t seed) {
        auto profile = m_result.base;
        if (auto set = profile.setText(m_result.what() + "=" + m_result.values[point]); !set)
            return fail(std::move(set.error()));
        if (auto done = m_engine.apply(Arm::A, profile); !done)
            return fail(std::move(done.error()));
        m_engine.resetState(Arm::A);
        m_progress.runs = m_plan.replicates * static_cast<int>(m_result.values.size());
        m_progress.done = static_cast<int>(m_result.runs.size());
        m_progress.phase = fmt::format("run {} of {}: {} = {}", m_progress.done + 1, m_progress.runs,
                                       m_result.what(), m_result.values[point]);
        auto plan = planFor(m_engine, Arm::A, m_plan.workload);
        plan.workload.warmup = m_plan.guard;
        plan.workload.duration = m_plan.block;
        plan.workload.seed = seed;
        const double startS = elapsed();
        auto result = runOnArm(m_engine, Arm::A, std::move(plan), m_stop,
                               [&](const load::LoadProgress& progress) { tell(progress); });
        if (!result)
            return fail(std::move(result.error()));
        if (result->run.partial)
            return false;
        if (result->run.requests == 0)
            return fail(Error::Timeout, "no request was answered within the {} ms of a run with {} = {}",
                        m_plan.block.count(), m_result.what(), m_result.values[point])
                .hint("Use longer blocks (--block 5s) or lighter requests.");
        auto block = blockOf(result->run, 0, 0, 0, startS);
        m_result.runs.push_back({.replicate = replicate,
                                 .order = m_progress.done,
                                 .point = static_cast<int>(point),
                                 .startS = startS,
                                 .seconds = block.seconds,
                                 .requests = block.requests,
                                 .errors = block.errors,
                                 .metrics = std::move(block.metrics)});
        return true;
    }

    [[nodiscard]] double elapsed() const {
        return static_cast<double>((monotonicNow() - m_start).count()) * 1e-9;
    }

    void tell(const load::LoadProgress& load) {
        if (!m_onProgress)
            return;
        m_progress.load = load;
        m_progress.elapsedS = elapsed();
        m_progress.leftS = static_cast<double>(m_progress.runs - m_progress.done) *
                           static_cast<double>((m_plan.block + m_plan.guard).count()) / 1000;
        m_onProgress(m_progress);
    }

    const SweepPlan& m_plan;
    std::stop_token m_stop;
    const OnSweepProgress& m_onProgress;
    engine::Engine& m_engine;
    model::Sweep m_result;
    SweepProgress m_progress;
    Nanos m_start = monotonicNow();
};

}  // namespace

void conclude(model::Sweep& sweep) {
    sweep.curves.clear();
    for (const auto& one : kMetrics) {
        const auto y = table(sweep, one.id);
        if (!y.empty())
            sweep.curves.push_back(curveOf(one, stats::levelMeans(y), sweep));
    }
    sweep.recommended = sweep.base;
    if (const auto* curve = sweep.curve(sweep.metric); curve && curve->enough >= 0) {
        const auto& value = sweep.values[static_cast<std::size_t>(curve->enough)];
        // It was accepted when it was measured.
        static_cast<void>(sweep.recommended.setText(sweep.what() + "=" + value));
        sweep.recommended.name = sweep.what() + "=" + value;
    }
    sweep.sentence = model::describe(sweep);
}

Result<model::Sweep> runSweep(const SweepPlan& plan, std::stop_token stop,
                              const OnSweepProgress& onProgress) {
    if (auto done = check(plan); !done)
        return fail(std::move(done.error()));
    auto param = parameterOf(plan);
    if (!param)
        return fail(std::move(param.error()));
    return Sweeper(plan, std::move(stop), onProgress).run(**param);
}

}  // namespace hone::experiment

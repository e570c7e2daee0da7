// The regression test of a run against its baseline. Why Welch and not pairs: decisions/0004.

#include "core/model/baseline.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>

namespace hone::model {
namespace {

struct Metric {
    std::string_view id, title;
    bool lowerIsBetter = true;
};
constexpr Metric kMetrics[] = {{"p50", "Median latency"},      {"p95", "p95 latency"},
                               {"p99", "p99 latency"},         {"rps", "Throughput", false},
                               {"bytes", "Bytes per request"}, {"cpu", "Engine CPU per request"}};
constexpr double kAlpha = 0.05;

std::vector<double> valuesOf(std::span<const Round> rounds, std::string_view metric) {
    std::vector<double> values;
    for (const Round& round : rounds)
        if (const auto it = round.metrics.find(std::string(metric));
            it != round.metrics.end() && it->second > 0)
            values.push_back(it->second);
    return values;
}

double geometricMean(std::span<const double> values) {
    double sum = 0;
    for (const double value : values)
        sum += std::log(value);
    return std::exp(sum / static_cast<double>(values.size()));
}

std::string join(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? "" : "; ") + part;
    return out;
}

void judgeAll(std::vector<Drift>& drifts, double tolerance) {
    std::vector<double> p;
    for (const Drift& drift : drifts)
        p.push_back(drift.ratio.p);
    const auto adjusted = stats::holm(p);
    for (std::size_t i = 0; i < drifts.size(); ++i) {
        Drift& drift = drifts[i];
        drift.pHolm = adjusted[i];
        drift.band = std::max(tolerance, drift.ratio.noiseFloor);
        // A band so wide that nothing could lie outside it is no band: it cannot be told.
        drift.verdict = std::isfinite(drift.band) && drift.band < 1
                            ? stats::judge(drift.ratio.lo, drift.ratio.hi, drift.band, drift.lowerIsBetter)
                            : stats::Verdict::CannotTell;
        if (drift.verdict == stats::Verdict::Worse && drift.pHolm >= kAlpha)
            drift.verdict = stats::Verdict::WorseMaybeTrivial;
        if (drift.verdict == stats::Verdict::Better && drift.pHolm >= kAlpha)
            drift.verdict = stats::Verdict::BetterMaybeTrivial;
    }
}

struct Failures {
    double errors = 0, requests = 0;
    [[nodiscard]] double share() const { return requests > 0 ? errors / requests : 0; }
};

Failures failuresOf(std::span<const Round> rounds) {
    Failures failures;
    for (const Round& round : rounds) {
        failures.errors += static_cast<double>(round.errors);
        failures.requests += static_cast<double>(round.requests);
    }
    return failures;
}

}  // namespace

std::vector<Drift> driftsFrom(const Baseline& baseline, std::span<const Round> now, double tolerance) {
    std::vector<Drift> drifts;
    for (const Metric& metric : kMetrics) {
        if (metric.id == "rps" && baseline.workload.model == LoadModel::Open)
            continue;
        const auto before = valuesOf(baseline.rounds, metric.id), after = valuesOf(now, metric.id);
        if (before.size() < 2 || after.size() < 2)
            continue;
        drifts.push_back({.metric = std::string(metric.id),
                          .title = std::string(metric.title),
                          .lowerIsBetter = metric.lowerIsBetter,
                          .before = geometricMean(before),
                          .now = geometricMean(after),
                          .ratio = stats::unpairedRatio(before, after, kAlpha)});
    }
    judgeAll(drifts, tolerance);
    return drifts;
}

ErrorDrift errorDrift(const Baseline& baseline, std::span<const Round> now) {
    const Failures before = failuresOf(baseline.rounds), after = failuresOf(now);
    ErrorDrift drift{.before = before.share(), .now = after.share()};
    if (before.requests > 0 && after.requests > 0)
        drift.isWorse = stats::wilson(after.errors, after.requests).first >
                        stats::wilson(before.errors, before.requests).second;
    return drift;
}

Result<> checkComparable(const Baseline& baseline, const RunResult& now) {
    if (const auto differences = workloadDifferences(baseline.workload, now.workload); !differences.empty())
        return fail(Error::InvalidArgument, "the baseline \"{}\" is of another workload: {}", baseline.name,
                    join(differences))
            .hint("Measure the workload it was made with, or renew it with --write-baseline.");
    if (baseline.dataset != now.dataset)
        return fail(Error::InvalidArgument, "the baseline \"{}\" is of other data: \"{}\", now \"{}\"",
                    baseline.name, baseline.dataset, now.dataset)
            .hint("Use the dataset it was made with, or renew it with --write-baseline.");
    return {};
}

std::vector<std::string> machineDifferences(const Environment& baseline, const Environment& now) {
    std::vector<std::string> differences;
    const auto compare = [&](std::string_view what, const auto& before, const auto& after) {
        if (before != after)
            differences.push_back(fmt::format("{} was {}, is {}", what, before, after));
    };
    compare("processor", baseline.cpu, now.cpu);
    compare("cores", baseline.cores, now.cores);
    compare("frequency governor", baseline.governor.empty() ? "unknown" : baseline.governor,
            now.governor.empty() ? "unknown" : now.governor);
    compare("build", baseline.optimised ? "optimised" : "debug", now.optimised ? "optimised" : "debug");
    return differences;
}

}  // namespace hone::model

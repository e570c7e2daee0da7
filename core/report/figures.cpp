#include "core/report/figures.h"

#include "core/base/units.h"

#include <cmath>

namespace hone::report {
namespace {

double quantile(const stats::Histogram& histogram, double q) {
    return static_cast<double>(histogram.quantile(q));
}

std::string loadText(const model::Workload& workload) {
    if (workload.model == model::LoadModel::Open)
        return fmt::format("open loop, {} due per second ({} arrivals)", formatRate(workload.ratePerSecond),
                           workload.arrival == model::Arrival::Poisson ? "Poisson" : "constant");
    return fmt::format(
        "closed loop, {} clients{}", workload.clients,
        workload.thinkTime.count() > 0 ? ", think time " + durationText(workload.thinkTime) : std::string());
}

std::string environmentText(const model::Environment& environment) {
    return fmt::format("{} · {} cores · {} · {} · load {:.2f}{}", environment.cpu, environment.cores,
                       environment.os, environment.kernel, environment.loadAverage,
                       environment.optimised ? "" : " · debug build");
}

void addCommon(std::vector<Fact>& facts, const model::RunResult& run) {
    facts.push_back({"Workload", fmt::format("{}: {} requests, {}", run.workload.name,
                                             run.workload.requests.size(), loadText(run.workload))});
    facts.push_back({"Seed", std::to_string(run.workload.seed)});
    if (!run.dataset.empty())
        facts.push_back({"Dataset", run.dataset});
    facts.push_back({"Target", run.target});
    facts.push_back({"Machine", environmentText(run.environment)});
    facts.push_back({"Build", run.environment.build});
}

}  // namespace

std::vector<Fact> headline(const model::RunResult& run) {
    std::vector<Fact> facts{{"p50", formatMicros(quantile(run.latency, 0.5))},
                            {"p95", formatMicros(quantile(run.latency, 0.95))},
                            {"p99", formatMicros(quantile(run.latency, 0.99))},
                            {"Maximum", formatMicros(static_cast<double>(run.latency.max()))},
                            {"Throughput", formatRate(run.rps())},
                            {"Errors", fmt::format("{} ({})", run.errors, formatPercent(run.errorRate()))},
                            {"Bytes/request", formatBytes(run.bytesPerRequest())}};
    if (run.engineCpuUsPerRequest > 0)
        facts.push_back({"CPU/request", formatMicros(run.engineCpuUsPerRequest)});
    return facts;
}

std::vector<Fact> method(const model::RunResult& run) {
    std::vector<Fact> facts{
        {"Started", formatTimestamp(run.startedAt)},
        {"Measured", fmt::format("{:.1f} s after {:.1f} s of warm-up ({} requests excluded)", run.measuredS,
                                 run.warmupS, run.warmupRequests)},
        {"Profile", profileText(run.profile)}};
    addCommon(facts, run);
    facts.push_back({"Latency counts from", run.workload.model == model::LoadModel::Open
                                                ? "the moment a request was due (no coordinated omission)"
                                                : "the send: in a closed loop a stalled server also stalls "
                                                  "the clients, so queueing is not seen"});
    if (run.unfinished > 0)
        facts.push_back({"Unfinished at the end", std::to_string(run.unfinished)});
    return facts;
}

std::vector<Fact> method(const model::Comparison& comparison) {
    std::vector<Fact> facts{
        {"Started", formatTimestamp(comparison.startedAt)},
        {"Design", fmt::format("{} block pairs in random order (seed {}), same keys in both arms{}",
                               comparison.blocks.size() / 2, comparison.seed,
                               comparison.stoppedEarly
                                   ? "; stopped early by the interval that is valid whenever one looks"
                                   : "")},
        {"No practical difference", fmt::format("within ±{:.1f} %", comparison.delta * 100)},
        {"A", profileText(comparison.a.profile)},
        {"B", profileText(comparison.b.profile)}};
    addCommon(facts, comparison.a);
    if (comparison.noiseFloor > 0)
        facts.push_back({"Noise floor", fmt::format("±{:.1f} % (A against A)",
                                                    (std::exp(comparison.noiseFloor) - 1) * 100)});
    facts.push_back({"Answers compared", std::to_string(comparison.answersCompared)});
    return facts;
}

std::string metricValue(std::string_view metric, double value) {
    if (metric == "rps")
        return formatRate(value);
    if (metric == "bytes")
        return formatBytes(value);
    if (metric == "errors")
        return formatPercent(value);
    return formatMicros(value);
}

std::string changeText(double ratio) {
    // Beyond a factor of five percentages stop telling: −99.8 % and −99.9 % are a factor of two apart.
    constexpr double kFactor = 5;
    if (ratio > 0 && ratio < 1 / kFactor)
        return fmt::format("÷{}", formatNumber(1 / ratio));
    if (ratio > kFactor)
        return fmt::format("×{}", formatNumber(ratio));
    return formatChange(ratio);
}

std::string effectText(const model::Effect& effect) {
    const auto& paired = effect.paired;
    if (paired.exact)
        return paired.ratio == 1 ? std::string("equal") : "exactly " + changeText(paired.ratio);
    if (paired.pairs < 2 || !std::isfinite(paired.hi))
        return "–";
    return fmt::format("{} ({} … {})", changeText(paired.ratio), changeText(paired.lo),
                       changeText(paired.hi));
}

std::string profileText(const model::Profile& profile) {
    std::string text = profile.name;
    std::string toggles;
    for (const auto& [id, setting] : profile.toggles) {
        if (!setting.on)
            continue;
        toggles += toggles.empty() ? "" : "; ";
        toggles += id;
        const char* separator = " (";
        for (const auto& [param, value] : setting.params) {
            toggles += separator + param + " ";
            std::visit(
                [&](const auto& v) {
                    if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>)
                        toggles += v;
                    else
                        toggles += fmt::format("{}", v);
                },
                value);
            separator = ", ";
        }
        if (*separator == ',')
            toggles += ")";
    }
    return text + ": " + (toggles.empty() ? "every toggle off" : toggles);
}

/// The arrow is the direction the number went, the word says what that means.
std::string verdictText(const model::Effect& effect) {
    using enum stats::Verdict;
    const auto words = model::verdictWords(effect.verdict);
    switch (effect.verdict) {
        case Better:
        case BetterMaybeTrivial:
        case Worse:
        case WorseMaybeTrivial: return (effect.paired.ratio < 1 ? "▼ " : "▲ ") + words;
        case NoDifference: return "= " + words;
        case CannotTell: return "? " + words;
        case Invalid: return "! " + words;
    }
    return words;
}

std::string summarySentence(const model::RunResult& run) {
    return fmt::format("{}{} at p50 {}, p95 {}, p99 {} over {:.1f} s; {} errors.",
                       run.partial ? "Partial: " : "", formatRate(run.rps()),
                       formatMicros(quantile(run.latency, 0.5)), formatMicros(quantile(run.latency, 0.95)),
                       formatMicros(quantile(run.latency, 0.99)), run.measuredS, run.errors);
}

}  // namespace hone::report

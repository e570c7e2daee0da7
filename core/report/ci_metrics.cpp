// Numbers of a gate for services that keep their own history: github-action-benchmark and Bencher.

#include "core/report/gate_report.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace hone::report {
namespace {

using nlohmann::ordered_json;

constexpr std::pair<const char*, double> kQuantiles[] = {{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}};

double us(const stats::Histogram& latency, double q) { return static_cast<double>(latency.quantile(q)); }

/// Digits beyond six say nothing and make files differ for nothing.
double rounded(double value) {
    if (value == 0 || !std::isfinite(value))
        return 0;
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 5);
    return std::round(value / unit) * unit;
}

/// Smallest and largest value of a metric among the rounds; nothing for fewer than two.
std::optional<std::pair<double, double>> spread(const model::GateResult& gate, const std::string& metric) {
    std::optional<std::pair<double, double>> range;
    for (const auto& round : gate.rounds)
        if (const auto it = round.metrics.find(metric); it != round.metrics.end())
            range = range ? std::pair(std::min(range->first, it->second), std::max(range->second, it->second))
                          : std::pair(it->second, it->second);
    return gate.rounds.size() > 1 ? range : std::nullopt;
}

std::string extraOf(const model::GateResult& gate) {
    return fmt::format("{} requests in {:.1f} s, {} rounds\nseed {}\n{}\n{}", gate.run.requests,
                       gate.run.measuredS, std::max<std::size_t>(gate.rounds.size(), 1),
                       gate.run.workload.seed, gate.run.environment.cpu, gate.run.environment.build);
}

ordered_json entry(const model::GateResult& gate, const std::string& name, const char* unit, double value,
                   double scale, const std::string& metric) {
    ordered_json one = {{"name", name}, {"unit", unit}, {"value", rounded(value * scale)}};
    if (const auto range = spread(gate, metric); range && !metric.empty())
        one["range"] = fmt::format("{:.4g} … {:.4g}", range->first * scale, range->second * scale);
    one["extra"] = extraOf(gate);
    return one;
}

ordered_json measure(double value, const std::optional<std::pair<double, double>>& range, double scale) {
    ordered_json one = {{"value", rounded(value * scale)}};
    if (range) {
        one["lower_value"] = rounded(range->first * scale);
        one["upper_value"] = rounded(range->second * scale);
    }
    return one;
}

}  // namespace

std::string githubBenchmark(const model::GateResult& gate) {
    const model::RunResult& run = gate.run;
    const std::string& name = run.workload.name;
    ordered_json all = ordered_json::array();
    for (const auto& [metric, q] : kQuantiles)
        all.push_back(
            entry(gate, fmt::format("{} {}", name, metric), "ms", us(run.latency, q), 1e-3, metric));
    all.push_back(entry(gate, name + " bytes/request", "B", run.bytesPerRequest(), 1, "bytes"));
    all.push_back(entry(gate, name + " errors", "%", run.errorRate(), 100, ""));
    if (run.rps() > 0)
        all.push_back(entry(gate, name + " time per request (1/throughput)", "µs", 1e6 / run.rps(), 1, ""));
    if (run.engineCpuUsPerRequest > 0)
        all.push_back(entry(gate, name + " CPU/request", "µs", run.engineCpuUsPerRequest, 1, "cpu"));
    if (run.byRequest.size() > 1)
        for (const auto& request : run.byRequest)
            all.push_back(entry(gate, fmt::format("{} · {} p95", name, request.name), "ms",
                                us(request.latency, 0.95), 1e-3, ""));
    return all.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string bencherMetrics(const model::GateResult& gate) {
    const model::RunResult& run = gate.run;
    ordered_json all = ordered_json::object();
    ordered_json& whole = all[run.workload.name];
    whole["latency"] = measure(us(run.latency, 0.5), spread(gate, "p50"), 1e3);
    for (const auto& [metric, q] : kQuantiles)
        whole[fmt::format("latency-{}", metric)] = measure(us(run.latency, q), spread(gate, metric), 1e3);
    whole["throughput"] = measure(run.rps(), spread(gate, "rps"), 1);
    whole["bytes"] = measure(run.bytesPerRequest(), spread(gate, "bytes"), 1);
    whole["error-rate"] = measure(run.errorRate(), std::nullopt, 1);
    if (run.engineCpuUsPerRequest > 0)
        whole["cpu"] = measure(run.engineCpuUsPerRequest, spread(gate, "cpu"), 1e3);
    if (run.byRequest.size() > 1)
        for (const auto& request : run.byRequest)
            all[fmt::format("{} / {}", run.workload.name, request.name)] = {
                {"latency", measure(us(request.latency, 0.5), std::nullopt, 1e3)},
                {"latency-p95", measure(us(request.latency, 0.95), std::nullopt, 1e3)}};
    return all.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace hone::report

#pragma once

#include "core/model/comparison.h"

#include <array>
#include <string_view>

namespace hone::experiment {

/// What a block is measured by, in the order of tables. `headline`: in the Holm family of METHOD section 2.
struct Metric {
    std::string_view id, title;
    bool lowerIsBetter = true, headline = false;
    double quantile = 0;  ///< Of latency; 0: not a quantile.
};
inline constexpr std::array<Metric, 8> kMetrics{{
    {"p50", "Median latency", true, true, 0.50},
    {"p90", "p90 latency", true, false, 0.90},
    {"p95", "p95 latency", true, true, 0.95},
    {"p99", "p99 latency", true, true, 0.99},
    {"mean", "Mean latency", true, false},
    {"rps", "Throughput", false, true},
    {"bytes", "Bytes per request", true, false},
    {"cpu", "Engine CPU per request", true, false},
}};
[[nodiscard]] const Metric* metric(std::string_view id);

/// One block's row from the run that measured it.
[[nodiscard]] model::Block blockOf(const model::RunResult& run, int pair, int arm, int order, double startS);

/// Adds a block to the run of its arm: counts and histograms add up, shares are weighted, time goes on.
void mergeInto(model::RunResult& whole, const model::RunResult& block);

/// The values of one metric, pair by pair; only pairs that have both arms.
struct PairedValues {
    std::vector<double> a, b;
    [[nodiscard]] std::vector<double> logRatios() const;  ///< Of pairs where both are above 0.
};
[[nodiscard]] PairedValues pairedValues(const std::vector<model::Block>& blocks, std::string_view metricId);

/// Effects of all metrics measured so far, with both kinds of interval and verdicts.
[[nodiscard]] std::vector<model::Effect> effectsOf(const model::Comparison& comparison);

}  // namespace hone::experiment

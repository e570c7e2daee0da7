#pragma once

#include "core/model/comparison.h"
#include "core/report/svg_chart.h"

/// The charts of a result, from its numbers.
namespace hone::report {

[[nodiscard]] Chart percentilesOverTime(const model::RunResult& run);
[[nodiscard]] Chart throughputOverTime(const model::RunResult& run);
/// Latency against the share of requests that were at least that fast, on the log "nines" axis.
[[nodiscard]] Chart spectrum(const std::vector<std::pair<std::string, const stats::Histogram*>>& arms);
/// Share of requests answered within a latency (log).
[[nodiscard]] Chart distribution(const std::vector<std::pair<std::string, const stats::Histogram*>>& arms);
/// The chosen metric of every block in the order they ran.
[[nodiscard]] Chart blockStrip(const model::Comparison& comparison);

/// Smallest and largest ratio an effect table must show, a little wider than the band.
[[nodiscard]] std::pair<double, double> ratioRange(const model::Comparison& comparison);

}  // namespace hone::report

#pragma once

#include "core/experiment/attribution_stage.h"

namespace hone::experiment {

inline constexpr double kAttributionAlpha = 0.05;

/// The surface of one metric over the whole replicates of a stage, on logarithms: effects multiply. Nothing
/// for a metric that a run lacks. Pure.
[[nodiscard]] std::optional<stats::FactorialFit> fitOf(const model::AttributionStage& stage,
                                                       const stats::Design& design, std::string_view metric);
/// The share of failed requests, as it is.
[[nodiscard]] std::optional<stats::FactorialFit> fitOfErrors(const model::AttributionStage& stage,
                                                             const stats::Design& design);

/// Shares of the way from all off to `players` on: as ratios, and in the unit of the metric. Pure.
[[nodiscard]] std::vector<model::ToggleShare> sharesOf(const stats::FactorialFit& fit,
                                                       const std::vector<std::string>& toggles,
                                                       stats::FactorSet players);

}  // namespace hone::experiment

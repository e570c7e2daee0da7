#pragma once

#include "core/model/attribution.h"
#include "core/model/sweep.h"
#include "core/report/figures.h"
#include "core/report/table.h"

/// The tables of attributions and sweeps, the same in every document.
namespace hone::report {

/// What became of each toggle, why, and its effect on the chosen metric in the stage that decided.
[[nodiscard]] std::vector<Table> tablesOf(const model::Attribution& attribution);
[[nodiscard]] std::vector<Table> tablesOf(const model::Sweep& sweep);
/// How it was measured.
[[nodiscard]] std::vector<Fact> method(const model::Attribution& attribution);
[[nodiscard]] std::vector<Fact> method(const model::Sweep& sweep);

/// From the base to the recommended profile in the unit of the metric; empty when nothing is recommended.
[[nodiscard]] std::string svgWaterfall(const model::Attribution& attribution);
/// The chosen metric, bytes and CPU along the values of the parameter, with their intervals.
[[nodiscard]] std::vector<std::string> svgCurves(const model::Sweep& sweep);

}  // namespace hone::report

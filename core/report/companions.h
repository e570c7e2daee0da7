#pragma once

#include "core/model/comparison.h"
#include "core/report/svg_chart.h"
#include "core/report/table.h"

#include <utility>
#include <vector>

/// What stands beside the headline of a comparison or a run: other views of the same numbers. Thread: any.
namespace hone::report {

/// The chosen metric of every block, A and B. Blocks without it are left out.
[[nodiscard]] std::pair<std::vector<double>, std::vector<double>> blockValues(
    const model::Comparison& comparison);

/// Hodges–Lehmann shift, Cliff's delta, P(B better), rank and sign-flip tests, the anytime interval; empty
/// with fewer than two blocks an arm.
[[nodiscard]] Table companionTable(const model::Comparison& comparison);
/// Deciles of the blocks of A and B with the bootstrap band of their difference (Wilcox 1995); empty with
/// fewer than five blocks an arm, whose deciles would be invented.
[[nodiscard]] Table shiftTable(const model::Comparison& comparison);
/// Per metric: pairs measured, their scatter, the change those pairs can tell, pairs needed for the band.
[[nodiscard]] Table powerTable(const model::Comparison& comparison);

/// Quantiles of each phase that was recorded: lateness, connect, TLS, time to first byte, service, total.
[[nodiscard]] Table phaseTable(const model::RunResult& run);
/// How often each check of each request held.
[[nodiscard]] Table checkTable(const model::RunResult& run);
[[nodiscard]] Table requestTable(const model::RunResult& run);

}  // namespace hone::report

#pragma once

#include "ui/plots/row_bars.h"

namespace hone::ui::plots {

/// What the toggles of our own engine took of a request: the stacked bar of all first, then one row for each,
/// the costliest first, beginning where the one before it ends; beyond five, the rest in one row. Empty for
/// runs against other servers and where nothing was on. The times are those of `Server-Timing`, averaged.
[[nodiscard]] std::vector<BarRow> toggleRows(const model::RunResult& run);

}  // namespace hone::ui::plots

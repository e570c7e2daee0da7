#pragma once

#include "core/model/run_changes.h"
#include "core/stats/change_points.h"
#include "core/store/store.h"

#include <QString>

#include <map>
#include <string>
#include <vector>

namespace hone::ui::runs {

/// What a row of runs of one workload and profile says: where its level changed, and where the machine did.
struct TrendStory {
    std::vector<stats::ChangePoint> levels;
    std::vector<std::size_t> machines;  ///< The machine differs from that of the run before.
    QString words;
};

/// By id; what is not there (imported, not read yet) is not compared.
using Environments = std::map<std::string, model::Environment, std::less<>>;

/// `runs` oldest first. Runs in which nothing was answered are left out of the series by the caller. Pure.
/// Quadratic in their number: for a job.
[[nodiscard]] TrendStory tellTrend(const std::vector<store::RunSummary>& runs,
                                   const Environments& environments);

}  // namespace hone::ui::runs

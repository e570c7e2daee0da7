#pragma once

#include "app/cli/inputs.h"
#include "app/cli/workload_options.h"
#include "core/model/gate.h"

#include <optional>

namespace hone::cli {

/// What `hone gate` was asked for.
struct GateOptions {
    EngineOptionsCli engine;
    WorkloadOptions workload;
    std::vector<std::string> thresholds;
    std::string baseline, writeBaseline;
    std::string tolerance = "5%";
    int rounds = 0;  ///< 0: one, or kBaselineRounds where a baseline is read or written.
    bool strict = false, anyMachine = false, allowRemote = false, noSave = false, history = false;
    std::string metric = "p95";  ///< Of --history.
    std::string name, junit, markdown, benchmarkJson, bencher;
};
inline constexpr int kBaselineRounds = 6;

/// Everything that can be refused before anything is measured.
struct GatePlan {
    std::vector<model::Threshold> thresholds;
    std::optional<model::Baseline> baseline;
    model::Workload workload;
    model::Profile profile;
    double tolerance = 0;
    int rounds = 1;
};
[[nodiscard]] Result<GatePlan> gatePlanFrom(const Session& session, const GateOptions& options);

/// The values of --threshold, all checked; the first mistake is returned.
[[nodiscard]] Result<std::vector<model::Threshold>> thresholdsFrom(const std::vector<std::string>& texts);
/// "5%" or "0.05", between 0 and 1.
[[nodiscard]] Result<double> toleranceFrom(const std::string& text);

/// `--history`: judges the kept runs of the workload instead of measuring. Exit code.
int gateHistory(const Session& session, const GateOptions& options, const model::Workload& workload,
                const model::Profile& profile, double tolerance);

}  // namespace hone::cli

#pragma once

#include "core/experiment/experiment.h"

namespace hone::experiment {

/// How long a comparison must run to see a change, from a pilot of A against itself on this machine.
struct PowerPlan {
    ComparePlan compare;   ///< Profile a, workload, engine, blocks and metric count; b is not used.
    double effect = 0.05;  ///< The change to be seen, either way.
    double power = 0.9;    ///< In this share of runs.
    int pilotPairs = 8;    ///< At least 6.
};

struct PowerEstimate {
    std::string metric;
    double effect = 0.05, power = 0.9;
    int pilotPairs = 0;
    double sdLog = 0;       ///< Of ln(A'/A) between the pilot's pairs.
    double noiseFloor = 0;  ///< |ln ratio| that identical profiles reached (95 %).
    int pairs = 0;          ///< To see `effect` so often.
    double seconds = 0;     ///< That these pairs take.
    double smallest = 0;    ///< Change that `compare.pairs` pairs see so often.
    std::string sentence;   ///< "To see a change of 5 % in p95 in 9 of 10 runs takes 14 pairs, about 40 s."
    std::vector<std::string> warnings;
};

/// Blocks for the pilot. Errors as runComparison; Cancelled when stopped before it was over.
Result<PowerEstimate> estimatePower(const PowerPlan& plan, std::stop_token stop,
                                    const OnCompareProgress& onProgress = {});

/// The estimate from a comparison of a profile with itself. Pure.
[[nodiscard]] Result<PowerEstimate> powerFrom(const model::Comparison& pilot, const PowerPlan& plan);

}  // namespace hone::experiment

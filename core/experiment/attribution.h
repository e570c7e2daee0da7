#pragma once

#include "core/experiment/experiment.h"
#include "core/model/attribution.h"

namespace hone::experiment {

/// Auto: full for up to 4 toggles, 2^(5−1) for 5, beyond that a screen whose strongest are resolved.
enum class DesignChoice : std::uint8_t { Auto, Screen, Full, Fractional };

/// Which toggle earns what: a factorial experiment on one arm of the engine, confirmed by a comparison.
struct AttributionPlan {
    model::Workload workload;
    model::Profile base;  ///< Its other toggles stay as they are; its parameters are used for those studied.
    std::vector<std::string> toggles;  ///< 1 … 18.
    engine::Engine* engine = nullptr;
    std::string name;
    DesignChoice design = DesignChoice::Auto;
    int replicates = 3;        ///< Of the resolving design; 1 leaves the error to Lenth's method.
    int screenReplicates = 2;  ///< Of the screen.
    std::chrono::milliseconds block{1'000};  ///< Measured part of a run.
    std::chrono::milliseconds guard{500};    ///< Before it, from a cold start of the arm.
    double delta = 0.02;
    std::string metric = "p95";
    bool confirm = true;  ///< Compare the recommended profile with the base at the end.
    int confirmPairs = 10;
    std::uint64_t seed = 1;
};

struct AttributionProgress {
    std::string phase;       ///< "resolve, run 7 of 48: cache + encoding", "confirm: pair 3 of 10: B".
    int done = 0, runs = 0;  ///< Of this stage.
    double elapsedS = 0, leftS = 0;  ///< leftS: of the stages known so far, and the confirmation.
    std::vector<model::AttributionMetric> metrics;  ///< Of whole replicates of this stage.
    load::LoadProgress load;
};
using OnAttributionProgress = std::function<void(const AttributionProgress&)>;

/// Blocks until done or stopped. Toggles that refuse requests or change answers on their own are left out and
/// named. A stop request keeps whole replicates, marked partial. The arm's previous profiles are restored.
/// Errors: InvalidArgument for a plan without sense, and as runLoad while nothing was measured.
Result<model::Attribution> runAttribution(const AttributionPlan& plan, std::stop_token stop,
                                          const OnAttributionProgress& onProgress = {});

/// About how long a plan takes at most.
[[nodiscard]] double estimatedSeconds(const AttributionPlan& plan);

}  // namespace hone::experiment

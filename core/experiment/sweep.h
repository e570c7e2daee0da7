#pragma once

#include "core/experiment/experiment.h"
#include "core/model/sweep.h"

namespace hone::experiment {

/// One parameter of one toggle over several values, the toggle being on, all else as in the base.
struct SweepPlan {
    model::Workload workload;
    model::Profile base;
    std::string toggle, param;
    std::vector<std::string> values;  ///< 2 … 50, as --set reads them; cheapest first.
    engine::Engine* engine = nullptr;
    std::string name;
    int replicates = 5;
    std::chrono::milliseconds block{1'000}, guard{500};
    double delta = 0.02;
    std::string metric = "p95";
    std::uint64_t seed = 1;
};

struct SweepProgress {
    std::string phase;
    int done = 0, runs = 0;
    double elapsedS = 0, leftS = 0;
    load::LoadProgress load;
};
using OnSweepProgress = std::function<void(const SweepProgress&)>;

/// Every value once per replicate in random order, each from a cold start; whole replicates count. A stop
/// request keeps them, marked partial. Errors: InvalidArgument for unknown ids and bad values, and as
/// runLoad.
Result<model::Sweep> runSweep(const SweepPlan& plan, std::stop_token stop,
                              const OnSweepProgress& onProgress = {});

/// Curves, what is enough, and the sentence, from the runs. Pure.
void conclude(model::Sweep& sweep);

}  // namespace hone::experiment

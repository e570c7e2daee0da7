#pragma once

#include "core/engine/engine.h"
#include "core/load/load.h"
#include "core/model/comparison.h"

#include <functional>
#include <stop_token>

namespace hone::experiment {

/// A bench: one workload against one profile of our engine, or against any URL (engine null).
struct BenchPlan {
    model::Workload workload;
    model::Profile profile;
    engine::Engine* engine = nullptr;  ///< Arm A is used; its previous profile is restored afterwards.
    std::string url;                   ///< Target when engine is null; workload URLs may be absolute instead.
    std::string name;
    bool allowRemote = false;  ///< Targets outside loopback need this said aloud.
    bool keepProfile = false;  ///< Leave the profile applied (the GUI benches what is on).
};

/// Blocks until done or stopped. Debug builds and saturated generators are warned about in the result.
Result<model::RunResult> runBench(const BenchPlan& plan, std::stop_token stop,
                                  const load::OnProgress& onProgress = {});

/// A comparison: both profiles on the same engine, interleaved in randomised block pairs with the same seeds.
struct ComparePlan {
    model::Workload workload;
    model::Profile a, b;
    engine::Engine* engine = nullptr;
    std::string name;
    int pairs = 10;                          ///< At least 6.
    std::chrono::milliseconds block{1'000};  ///< Measured part of a block.
    std::chrono::milliseconds guard{
        200};  ///< Fired and discarded before each block (the arm's warm state returns).
    double delta = 0.02;
    std::string metric = "p95";
    bool stopEarly = true;  ///< By the anytime-valid interval, from pair 5 on.
    int noisePairs = 0;     ///< A/A pairs before the run for the noise floor.
    std::uint64_t seed = 1;
};

struct CompareProgress {
    int pair = 0, pairs = 0, arm = 0;
    double elapsedS = 0, leftS = 0;
    std::string phase;                   ///< "warm-up A", "pair 3 of 10: B".
    std::vector<model::Effect> effects;  ///< So far, with anytime intervals; empty before pair 2.
    std::vector<model::Block> blocks;    ///< So far.
    load::LoadProgress load;
};
using OnCompareProgress = std::function<void(const CompareProgress&)>;

Result<model::Comparison> runComparison(const ComparePlan& plan, std::stop_token stop,
                                        const OnCompareProgress& onProgress = {});

/// Effects, verdict and sentence from blocks: what runComparison does at its end and report tests do alone.
void conclude(model::Comparison& comparison);

}  // namespace hone::experiment

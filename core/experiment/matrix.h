#pragma once

#include "core/experiment/experiment.h"
#include "core/model/matrix.h"

namespace hone::experiment {

/// Several profiles on one engine: rounds of blocks, every round all profiles in a random order with the same
/// seed. Each block begins cold and warms up for the guard, since the engine keeps two arms at most.
struct MatrixPlan {
    model::Workload workload;
    std::vector<model::Profile> profiles;  ///< 2 … 12; the first is what stored comparisons are against.
    engine::Engine* engine = nullptr;
    std::string name;
    int rounds = 10;                         ///< At least 6.
    std::chrono::milliseconds block{1'000};  ///< Measured part of a block.
    std::chrono::milliseconds guard{500};    ///< Before it, from a cold start.
    double delta = 0.02;
    std::string metric = "p95";
    std::uint64_t seed = 1;
};

struct MatrixProgress {
    std::string phase;  ///< "round 3 of 10: tuned"
    int done = 0, blocks = 0;
    double elapsedS = 0, leftS = 0;
};
using OnMatrixProgress = std::function<void(const MatrixProgress&)>;

/// Blocks until done or stopped. It never stops early: pairwise intervals hold at the planned end. A stop
/// request keeps whole rounds, marked partial; arm A and B get their profiles back.
/// Errors: InvalidArgument for a plan without sense, and as runLoad while nothing was measured.
Result<model::Matrix> runMatrix(const MatrixPlan& plan, std::stop_token stop,
                                const OnMatrixProgress& onProgress = {});

/// Values, pairs, best and sentence from the blocks. Pure. Source: simultaneous intervals by Bonferroni,
/// tests by Holm (1979) over all pairs of all headline metrics.
void conclude(model::Matrix& matrix);

/// What the library keeps of it: every other profile against the first, tagged "matrix". Each says that it is
/// one of several.
[[nodiscard]] std::vector<model::Comparison> comparisonsOf(const model::Matrix& matrix);

[[nodiscard]] double estimatedSeconds(const MatrixPlan& plan);

}  // namespace hone::experiment

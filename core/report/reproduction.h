#pragma once

#include "core/model/comparison.h"
#include "core/report/table.h"

#include <string>
#include <vector>

/// Does a result come out again when its bundle is measured anew? Pure; thread: any.
namespace hone::report {

struct Reproduction {
    bool reproduces = false;
    std::string sentence;
    Table table;
    std::vector<std::string> notes;  ///< What differs around the numbers: machine, build, data.
};

/// p50, p95 and throughput within a factor of 1 ± tolerance, and no more failures than one request in a
/// hundred above before. A single run has no interval of its own, so the tolerance is the caller's.
[[nodiscard]] Reproduction reproductionOf(const model::RunResult& kept, const model::RunResult& now,
                                          double tolerance);

/// The finding, not the milliseconds, which belong to the machine: the verdict about the chosen metric points
/// the same way, or both intervals of its ratio have values in common and the verdicts do not contradict each
/// other.
[[nodiscard]] Reproduction reproductionOf(const model::Comparison& kept, const model::Comparison& now);

}  // namespace hone::report

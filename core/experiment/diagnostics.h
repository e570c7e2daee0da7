#pragma once

#include "core/model/comparison.h"

namespace hone::experiment {

/// What is doubtful about a comparison's blocks, in words: drift, outliers, autocorrelation, small blocks,
/// builds. Pure.
[[nodiscard]] std::vector<std::string> diagnose(const model::Comparison& comparison);
/// What is doubtful about machine and build alone.
[[nodiscard]] std::vector<std::string> diagnose(const model::Environment& environment);

/// Who else used the processors while we measured: stolen time and other processes, from /proc/stat.
/// Thread: one. Measures from its construction.
class MachineWatch {
public:
    MachineWatch();
    [[nodiscard]] std::vector<std::string> warnings() const;

private:
    struct Sample {
        double totalS = 0, busyS = 0, stolenS = 0;  ///< Of all processors together.
        double ownS = 0;                            ///< Of this process.
        double atS = 0;
    };
    static Sample now();
    Sample m_start;
};

}  // namespace hone::experiment

#pragma once

#include "core/model/run.h"

namespace hone::model {

/// One thing that was not the same in two runs, in words' parts.
struct RunChange {
    enum class Kind { Setting, Workload, Data, Machine };
    Kind kind = Kind::Setting;
    std::string what;  ///< "cache.ttl", "load.rate", "dataset", "governor"
    std::string before, after;
    bool operator==(const RunChange&) const = default;
};

/// What changed between two runs: toggles and their values, the workload's members, dataset and target,
/// machine and build. In that order; names, notes and seeds do not count. Load averages count when they lie
/// half a processor per core and half again apart. Pure; thread: any.
[[nodiscard]] std::vector<RunChange> changesBetween(const RunResult& earlier, const RunResult& later);

/// What of it concerns the machine: the reason to distrust a trend.
[[nodiscard]] std::vector<RunChange> changesOf(const Environment& earlier, const Environment& later);

/// "cache: off → on, load.rate: 500/s → 1000/s and 3 more"; "nothing" when there is none.
[[nodiscard]] std::string describe(const std::vector<RunChange>& changes, std::size_t most = 3);

}  // namespace hone::model

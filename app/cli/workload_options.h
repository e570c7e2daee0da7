#pragma once

#include "app/cli/cli.h"
#include "core/model/workload.h"

#include <string>

namespace hone::cli {

/// Options that override a workload's load: rate, concurrency, duration, warm-up, seed.
struct WorkloadOptions {
    std::string source;  ///< WORKLOAD|URL
    std::string rate, duration, warmup;
    int concurrency = 0;
    std::uint64_t seed = 0;
};
void addWorkloadOptions(CLI::App& verb, WorkloadOptions& options);
/// The workload with the overrides applied; errors name option, value and a valid example.
Result<model::Workload> workloadFrom(const Session& session, const WorkloadOptions& options);

}  // namespace hone::cli

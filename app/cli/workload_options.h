#pragma once

#include "app/cli/cli.h"
#include "core/model/workload.h"

#include <string>

namespace hone::cli {

/// Options that override a workload's load: rate, stages, replay, concurrency, duration, warm-up, seed, HTTP
/// version, and whom it trusts.
struct WorkloadOptions {
    std::string source;  ///< WORKLOAD|URL
    std::string rate, stages, replay, duration, warmup, caFile, maxBody;
    bool clientCache = false;
    bool insecure = false;
    std::string http;  ///< "1.1" or "2".
    int concurrency = 0, streams = 0;
    std::uint64_t seed = 0;
};
void addWorkloadOptions(CLI::App& verb, WorkloadOptions& options);
/// The workload with the overrides applied; errors name option, value and a valid example.
Result<model::Workload> workloadFrom(const Session& session, const WorkloadOptions& options);

}  // namespace hone::cli

#pragma once

#include "app/cli/inputs.h"

namespace hone::cli {

/// The flags of `hone serve` that put the engine in front of another API, as they were typed.
struct UpstreamFlags {
    std::string url, caFile, forwarded = "replace", record, replay, replaySpeed = "recorded";
    std::string connectTimeout = "5s", firstByteTimeout = "30s", idleTimeout = "30s", keptFor = "4s";
    bool insecure = false, keepHost = false;
    int connections = 64, kept = 32;
};

void addUpstreamFlags(CLI::App& verb, UpstreamFlags& flags);

/// Sets `options.upstream` when the flags ask for one. Errors: a duration that is none, flags that contradict
/// each other.
Result<> applyUpstreamFlags(const UpstreamFlags& flags, EngineOptionsCli& options);

}  // namespace hone::cli

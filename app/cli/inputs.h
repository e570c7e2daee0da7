#pragma once

#include "app/cli/cli.h"
#include "core/engine/engine.h"
#include "core/model/profile.h"
#include "core/model/workload.h"

#include <memory>
#include <string>
#include <vector>

namespace hone::cli {

/// The options that describe an engine and its profile, shared by serve, bench and compare.
struct EngineOptionsCli {
    std::vector<std::string> datasets;
    std::string profile;
    std::vector<std::string> assignments;  ///< --set id.param=value
    std::vector<std::string> on, off;
    std::string bind = "127.0.0.1";
    std::string token;
    std::vector<std::string> allowedHosts, cors;
    std::optional<engine::UpstreamOptions> upstream;  ///< Instead of datasets.
    int port = 0;
    int threads = 1;
    int poolThreads = -1;  ///< < 0: one a CPU.
    bool tls = false, http1Only = false, http3 = false;
    std::string certificate, key, clientCa, link;  ///< See network_options.h.
};

void addDatasetOption(CLI::App& verb, EngineOptionsCli& options);
void addProfileOptions(CLI::App& verb, EngineOptionsCli& options);

/// FILE, "baseline", or the name of a profile in the workspace; the error lists the names there are.
Result<model::Profile> findProfile(const Session& session, const std::string& fileOrName);
/// The profile of --profile, without one that with connections kept and nothing else on, with --set, --on and
/// --off applied, checked against the catalogue.
Result<model::Profile> profileFrom(const Session& session, const EngineOptionsCli& options);
/// FILE, the name of a workload in the workspace, or a URL.
Result<model::Workload> workloadFrom(const Session& session, const std::string& fileOrUrl);

/// Opens the datasets (default: cities), says on stderr what is being waited for, and starts the engine.
Result<std::unique_ptr<engine::Engine>> startEngine(const Session& session, const EngineOptionsCli& options);

}  // namespace hone::cli

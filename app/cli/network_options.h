#pragma once

#include "app/cli/inputs.h"
#include "core/net/server.h"

namespace hone::cli {

/// TLS, protocols and the simulated network of an engine, as they were typed.
void addLinkOption(CLI::App& verb, EngineOptionsCli& options);
void addTlsOptions(CLI::App& verb, EngineOptionsCli& options);

/// Puts them into the server's options; makes the local certificate on first use. Errors: a link that does
/// not read, a certificate without its key, a folder that cannot be written.
Result<> applyNetworkOptions(const EngineOptionsCli& options, net::ServerOptions& server);

/// What a client has to trust to reach an engine with `--tls`; empty when the certificate is the user's own.
[[nodiscard]] std::string authorityFile(const EngineOptionsCli& options);

}  // namespace hone::cli

#include "app/cli/network_options.h"

#include "core/net/certificate_authority.h"
#include "core/store/store.h"

namespace hone::cli {
namespace {

constexpr char kGroup[] = "Network";

/// Beside the workspace: one authority for all workspaces of a user.
std::filesystem::path authorityFolder() { return store::defaultWorkspace().parent_path() / "authority"; }

Result<> applyTls(const EngineOptionsCli& options, net::ServerOptions& server) {
    if (options.certificate.empty() != options.key.empty())
        return fail(Error::InvalidArgument, "--cert and --key belong together, only {} was given",
                    options.key.empty() ? "--cert" : "--key");
    if (!options.tls && options.certificate.empty()) {
        if (!options.clientCa.empty())
            return fail(Error::InvalidArgument, "--client-ca needs --tls");
        return {};
    }
    net::TlsOptions tls;
    tls.clientCaFile = options.clientCa;
    if (!options.certificate.empty()) {
        tls.certificateFile = options.certificate;
        tls.keyFile = options.key;
    } else {
        auto local = net::ensureLocalCertificate(authorityFolder());
        if (!local)
            return fail(std::move(local.error()));
        tls.certificateFile = local->certificate.string();
        tls.keyFile = local->key.string();
    }
    server.tls = std::move(tls);
    return {};
}

}  // namespace

void addLinkOption(CLI::App& verb, EngineOptionsCli& options) {
    verb.add_option(
            "--link", options.link,
            "Simulate a network in front of the engine: lan, fibre, cable, 4g, 3g, cross-continent, or "
            "e.g. rtt=80ms,jitter=5ms,down=10Mbit,up=2Mbit,loss=1%")
        ->type_name("PRESET|PARTS")
        ->group(kGroup);
}

void addTlsOptions(CLI::App& verb, EngineOptionsCli& options) {
    verb.add_flag("--tls", options.tls, "Serve HTTPS with a certificate of this machine's own authority")
        ->group(kGroup);
    verb.add_option("--cert", options.certificate, "PEM certificate to serve instead, leaf first")
        ->type_name("FILE")
        ->group(kGroup);
    verb.add_option("--key", options.key, "PEM key of --cert")->type_name("FILE")->group(kGroup);
    verb.add_option("--client-ca", options.clientCa,
                    "Ask clients for a certificate signed by these authorities")
        ->type_name("FILE")
        ->group(kGroup);
    verb.add_flag("--http3", options.http3,
                  "Experimental: answer over QUIC too, on the same port; needs --tls")
        ->group(kGroup);
    verb.add_flag("--http1-only", options.http1Only, "Do not offer HTTP/2")->group(kGroup);
}

Result<> applyNetworkOptions(const EngineOptionsCli& options, net::ServerOptions& server) {
    server.http2 = !options.http1Only;
    server.http3 = options.http3;
    if (options.http3 && !options.tls && options.certificate.empty())
        return fail(Error::InvalidArgument, "--http3 needs --tls: QUIC is always encrypted");
    if (!options.link.empty()) {
        auto link = net::parseLink(options.link);
        if (!link)
            return fail(std::move(link.error()));
        server.link = std::move(*link);
    }
    return applyTls(options, server);
}

std::string authorityFile(const EngineOptionsCli& options) {
    if (!options.tls || !options.certificate.empty())
        return {};
    const auto local = net::ensureLocalCertificate(authorityFolder());
    return local ? local->ca.string() : std::string();
}

}  // namespace hone::cli

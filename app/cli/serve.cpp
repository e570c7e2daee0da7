#include "app/cli/cli.h"
#include "app/cli/inputs.h"
#include "app/cli/network_options.h"
#include "app/cli/upstream_flags.h"
#include "core/base/thread.h"
#include "core/base/version.h"
#include "core/engine/host_policy.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace hone::cli {
namespace {

/// A file only its owner can read, so that other programs of the same user find the token of a running
/// engine.
std::filesystem::path tokenFile(std::uint16_t port) {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    const auto folder = runtime != nullptr
                            ? std::filesystem::path(runtime) / "hone"
                            : std::filesystem::temp_directory_path() / fmt::format("hone-{}", getuid());
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
    return folder / fmt::format("{}.token", port);
}

/// Lives as long as the server; the file goes with it.
class TokenFile {
public:
    TokenFile(std::uint16_t port, const std::string& token) : m_file(tokenFile(port)) {
        std::ofstream out(m_file, std::ios::trunc);
        std::error_code ignored;
        std::filesystem::permissions(
            m_file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
        out << token << '\n';
    }
    ~TokenFile() {
        std::error_code ignored;
        std::filesystem::remove(m_file, ignored);
    }
    TokenFile(const TokenFile&) = delete;
    TokenFile& operator=(const TokenFile&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_file; }

private:
    std::filesystem::path m_file;
};

/// Said in words where the data can be reached from outside this program's machine or by any page.
void warnOfReach(const EngineOptionsCli& options) {
    if (!engine::isLoopbackHost(options.bind))
        std::fprintf(
            stderr,
            "hone: warning: %s is reachable from other machines; anyone there can read and change the data\n",
            options.bind.c_str());
    if (std::ranges::find(options.cors, "*") != options.cors.end())
        std::fprintf(stderr,
                     "hone: warning: --cors '*' lets every page that is open in a browser here read and "
                     "change the data\n");
}

void waitForStop(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait(lock, stop, [] { return false; });
}

int serve(const Session& session, EngineOptionsCli& options, const UpstreamFlags& upstream) {
    if (auto applied = applyUpstreamFlags(upstream, options); !applied)
        return printError(applied.error());
    const auto profile = profileFrom(session, options);
    if (!profile)
        return printError(profile.error());
    auto engine = startEngine(session, options);
    if (!engine)
        return printError(engine.error());
    if (auto applied = (*engine)->apply(engine::Arm::A, *profile); !applied)
        return printError(applied.error());

    const TokenFile token((*engine)->port(), (*engine)->adminToken());
    warnOfReach(options);
    if (session.json) {
        nlohmann::json resources = nlohmann::json::array();
        for (const auto& dataset : (*engine)->datasets())
            for (const auto& table : dataset->schema().tables)
                resources.push_back({{"name", table.name},
                                     {"rows", table.rowCount},
                                     {"url", (*engine)->url() + "/api/" + table.name}});
        print({{"url", (*engine)->url()},
               {"port", (*engine)->port()},
               {"token", (*engine)->adminToken()},
               {"authority", authorityFile(options)},
               {"resources", resources}});
    } else {
        std::printf("listening on %s\n", (*engine)->url().c_str());
        std::fflush(stdout);
        if (const std::string authority = authorityFile(options); !authority.empty())
            std::fprintf(stderr, "certificate authority to trust: %s (curl --cacert …)\n", authority.c_str());
        if (!options.link.empty())
            std::fprintf(stderr, "simulated network: %s\n", options.link.c_str());
        if (stderrIsTerminal() && options.upstream)
            std::fprintf(stderr, "%s %s · admin token: %s · Ctrl+C stops\n",
                         options.upstream->url.empty() ? "replaying" : "in front of",
                         options.upstream->url.empty() ? options.upstream->replay.c_str()
                                                       : options.upstream->url.c_str(),
                         token.path().c_str());
        else if (stderrIsTerminal())
            std::fprintf(stderr, "resources: %s/api · admin token: %s · Ctrl+C stops\n",
                         (*engine)->url().c_str(), token.path().c_str());
    }
    waitForStop(session.stop);
    (*engine)->stop(std::chrono::seconds(5));
    return kOk;
}

}  // namespace

void addServe(CLI::App& app, Session& session) {
    auto options = std::make_shared<EngineOptionsCli>();
    auto upstream = std::make_shared<UpstreamFlags>();
    auto* sub = verb(app, session, "serve", "Serve a dataset, or another API, through the engine");
    addDatasetOption(*sub, *options);
    addProfileOptions(*sub, *options);
    sub->add_option("--port", options->port, "Port; 0 takes a free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    sub->add_option("--bind", options->bind, "Address to listen on")->capture_default_str();
    sub->add_option("--threads", options->threads, "Event loops")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    sub->add_option("--pool-threads", options->poolThreads,
                    "Threads for SQL and other work that waits (default: one a CPU); 0: on the event loops")
        ->check(CLI::Range(0, 1024));
    sub->add_option("--allow-host", options->allowedHosts,
                    "Host names to answer to besides loopback; may be repeated")
        ->type_name("HOST");
    sub->add_option("--cors", options->cors,
                    "Origin whose pages may use the API, e.g. http://localhost:3000, or '*'; may be repeated")
        ->type_name("ORIGIN");
    sub->add_option("--token", options->token,
                    "Token of the admin API (default: a random one; also HONE_TOKEN)");
    addTlsOptions(*sub, *options);
    addLinkOption(*sub, *options);
    addUpstreamFlags(*sub, *upstream);
    sub->callback([&session, options, upstream] {
        session.run = [&session, options, upstream] { return serve(session, *options, *upstream); };
    });
}

}  // namespace hone::cli

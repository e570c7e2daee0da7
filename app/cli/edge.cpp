// `hone edge varnish`: the settings of the edge as a real one.

#include "app/cli/inputs.h"
#include "core/base/ids.h"
#include "core/http/syntax.h"
#include "core/toggles/catalogue.h"
#include "core/toggles/edge/rules_export.h"
#include "core/toggles/edge/vcl.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <unistd.h>

namespace hone::cli {
namespace {

struct EdgeOptions {
    EngineOptionsCli engine;
    std::string origin, output, probe = "/api", zone = "api.example.com";
    int port = 0;
};

/// What the profile says of the edge, on or off: without a word the initial settings.
Result<ParamSet> settingsFrom(const Session& session, const EdgeOptions& options) {
    auto profile = profileFrom(session, options.engine);
    if (!profile)
        return fail(std::move(profile.error()));
    profile->toggles["edge"].on = true;
    auto resolved = engine::resolve(*profile, toggles::catalogue());
    if (!resolved)
        return fail(std::move(resolved.error()));
    for (auto& toggle : *resolved)
        if (toggle.def->id == "edge")
            return std::move(toggle.params);
    return fail(Error::Internal, "the catalogue has no edge");
}

Result<> write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
        return fail(Error::Io, "{} cannot be written ({})", path.string(), std::strerror(errno))
            .hint("Choose another file with -o.");
    return {};
}

int show(const std::string& text, const std::string& output) {
    if (output.empty()) {
        fmt::print("{}", text);
        return kOk;
    }
    if (auto written = write(output, text); !written)
        return printError(written.error());
    return kOk;
}

/// Becomes varnishd; returns only when that fails.
int runVarnish(const std::string& vcl, const ParamSet& settings, int port) {
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("hone-varnish-{}", newId());
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const auto file = folder / "edge.vcl";
    if (auto written = write(file, vcl); !written)
        return printError(written.error());
    const auto address = fmt::format("127.0.0.1:{}", port);
    const auto storage = fmt::format("malloc,{}k", settings.integer("size") / 1024);
    const auto work = (folder / "work").string(), program = file.string();
    fmt::print("varnish on http://{} with {}\n", address, program);
    std::fflush(stdout);
    ::execlp("varnishd", "varnishd", "-F", "-a", address.c_str(), "-n", work.c_str(), "-f", program.c_str(),
             "-s", storage.c_str(), static_cast<char*>(nullptr));
    return printError({.code = Error::Unavailable,
                       .what = fmt::format("varnishd cannot be started ({})", std::strerror(errno)),
                       .hint = "Install the package varnish, and have /usr/sbin in PATH."});
}

int varnish(const Session& session, const EdgeOptions& options) {
    const auto settings = settingsFrom(session, options);
    if (!settings)
        return printError(settings.error());
    auto origin = toggles::edge::OriginAddress::parse(options.origin);
    if (!origin)
        return printError(origin.error());
    // It goes into a program for another server.
    if (!options.probe.starts_with('/') || !std::ranges::all_of(options.probe, http::isTargetChar) ||
        options.probe.contains('"'))
        return printError({.code = Error::InvalidArgument,
                           .what = fmt::format("--probe must be a path, got \"{}\"", options.probe),
                           .hint = "For example --probe /api."});
    origin->probe = options.probe;
    const auto vcl = toggles::edge::writeVcl(*settings, *origin);
    return options.port > 0 ? runVarnish(vcl, *settings, options.port) : show(vcl, options.output);
}

int rules(const Session& session, const EdgeOptions& options,
          std::string (*make)(const ParamSet&, std::string_view)) {
    const auto settings = settingsFrom(session, options);
    return settings ? show(make(*settings, options.zone), options.output) : printError(settings.error());
}

}  // namespace

void addEdge(CLI::App& app, Session& session) {
    auto* sub = verb(app, session, "edge", "The settings of the edge toggle for a real one");
    sub->require_subcommand(1);
    const auto options = std::make_shared<EdgeOptions>();
    const auto add = [&](const char* name, const char* help) {
        auto* made = sub->add_subcommand(name, help);
        addProfileOptions(*made, options->engine);
        made->add_option("-o,--output", options->output, "Write a file instead of stdout")->type_name("FILE");
        return made;
    };
    auto* varnishVerb = add("varnish", "A program for Varnish (VCL), or Varnish itself");
    varnishVerb->add_option("origin", options->origin, "Where the API is, e.g. http://127.0.0.1:8080")
        ->type_name("URL")
        ->required();
    varnishVerb->add_option("--run", options->port, "Start varnishd on this port of 127.0.0.1")
        ->type_name("PORT")
        ->check(CLI::Range(1, 65535));
    varnishVerb->add_option("--probe", options->probe, "A path that answers 200 while the API is well")
        ->type_name("PATH");
    varnishVerb->callback(
        [&session, options] { session.run = [&session, options] { return varnish(session, *options); }; });
    const auto addRules = [&](const char* name, const char* help,
                              std::string (*make)(const ParamSet&, std::string_view)) {
        auto* made = add(name, help);
        made->add_option("--host", options->zone, "The name clients use")->type_name("HOST");
        made->callback([&session, options, make] {
            session.run = [&session, options, make] { return rules(session, *options, make); };
        });
    };
    addRules("cloudflare", "Cache rules for Cloudflare's API (JSON)", &toggles::edge::cloudflareRules);
    addRules("akamai", "A rule for Akamai's Property Manager (JSON)", &toggles::edge::akamaiRules);
}

}  // namespace hone::cli

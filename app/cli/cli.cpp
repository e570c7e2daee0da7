#include "app/cli/cli.h"

#include "core/base/version.h"
#include "core/store/store.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdio>

namespace hone::cli {

CLI::App* verb(CLI::App& app, Session& session, const std::string& name, const std::string& help) {
    auto* sub = app.add_subcommand(name, help);
    sub->add_flag("--json", session.json, "Print the result as JSON");
    sub->add_option("--workspace", session.workspace, "Folder of profiles, workloads and results")
        ->type_name("DIR");
    return sub;
}

int printError(const Error& error) {
    std::fprintf(stderr, "hone: %s\n", error.line().c_str());
    switch (error.code) {
        case Error::InvalidArgument:
        case Error::Malformed:
        case Error::NotFound:
        case Error::AlreadyExists:
        case Error::Unsupported: return kUsage;
        default: return kRuntime;
    }
}

void print(const nlohmann::json& json) {
    std::fputs((json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n").c_str(), stdout);
    std::fflush(stdout);
}

bool stdoutIsTerminal() { return isatty(STDOUT_FILENO) == 1; }

bool stderrIsTerminal() { return isatty(STDERR_FILENO) == 1; }

int run(int argc, char** argv, Session& session) {
    CLI::App app{"Hone: what will make my API faster, by how much, at what cost?", "hone"};
    app.set_version_flag("--version", std::string("hone ") + kVersion);
    app.require_subcommand(0, 1);
    app.footer("Without a verb the window opens. `hone VERB --help` has the details.");
    session.workspace = store::defaultWorkspace();

    addServe(app, session);
    addBench(app, session);
    addCompare(app, session);
    addMatrix(app, session);
    addAttribute(app, session);
    addEstimate(app, session);
    addToggles(app, session);
    addProfile(app, session);
    addReport(app, session);
    addBundle(app, session);
    addImport(app, session);
    addExport(app, session);
    addGate(app, session);
    addEdge(app, session);
    addGui(app, session);
    app.add_option("--workspace", session.workspace, "Folder of profiles, workloads and results")
        ->type_name("DIR");

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return app.exit(version);
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "hone: %s. See hone --help.\n", error.what());
        return kUsage;
    }
    if (!session.run || session.launchGui) {
        session.launchGui = true;
        return kOk;
    }
    return session.run();
}

}  // namespace hone::cli

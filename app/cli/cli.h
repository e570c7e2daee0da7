#pragma once

#include "core/base/error.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

/// The command line: one file per verb, each registers its options and a function that runs after parsing.
/// Exit codes: 0 ok, 1 a gate or assertion failed, 2 usage, 3 runtime. Errors are one line on stderr.
namespace hone::cli {

inline constexpr int kOk = 0, kFailed = 1, kUsage = 2, kRuntime = 3;

/// What the chosen verb left to do, and what every verb shares.
struct Session {
    std::function<int()> run;         ///< Set by the verb's callback.
    bool json = false;                ///< --json
    std::filesystem::path workspace;  ///< --workspace; where profiles are looked up and results are kept.
    std::stop_token stop;             ///< Ctrl+C and SIGTERM.
    bool launchGui = false;           ///< No verb, or `gui`.
    std::string guiDataset;
    std::filesystem::path shots;
    bool announce = false;
};

void addServe(CLI::App& app, Session& session);
void addBench(CLI::App& app, Session& session);
void addCompare(CLI::App& app, Session& session);
void addMatrix(CLI::App& app, Session& session);
void addAttribute(CLI::App& app, Session& session);
void addEstimate(CLI::App& app, Session& session);
void addToggles(CLI::App& app, Session& session);
void addProfile(CLI::App& app, Session& session);
void addReport(CLI::App& app, Session& session);
void addBundle(CLI::App& app, Session& session);
void addImport(CLI::App& app, Session& session);
void addExport(CLI::App& app, Session& session);
void addGate(CLI::App& app, Session& session);
void addEdge(CLI::App& app, Session& session);
void addGui(CLI::App& app, Session& session);

/// A subcommand with what every verb has: --json, --workspace.
CLI::App* verb(CLI::App& app, Session& session, const std::string& name, const std::string& help);

/// Prints "hone: what. hint" on stderr and gives the exit code that belongs to the error.
int printError(const Error& error);

/// Prints JSON on stdout, indented.
void print(const nlohmann::json& json);

[[nodiscard]] bool stdoutIsTerminal();
[[nodiscard]] bool stderrIsTerminal();

/// Parses argv, runs the verb. The GUI is started by main when `launchGui` is set on return.
int run(int argc, char** argv, Session& session);

}  // namespace hone::cli

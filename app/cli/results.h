#pragma once

#include "app/cli/cli.h"
#include "core/model/comparison.h"

#include <string>
#include <vector>

namespace hone::cli {

/// Options for what happens with a result: report files, keeping it in the workspace.
struct ResultOptions {
    std::vector<std::string> reports;
    bool noSave = false;
};
void addResultOptions(CLI::App& verb, ResultOptions& options);

/// Refuses report paths of unknown kind before anything is measured.
Result<> checkReports(const ResultOptions& options);

/// Prints (table or --json), keeps in the store, writes the reports. The first error wins, but all are tried.
Result<> deliver(const Session& session, const ResultOptions& options, const model::RunResult& run);
Result<> deliver(const Session& session, const ResultOptions& options, const model::Comparison& comparison);

}  // namespace hone::cli

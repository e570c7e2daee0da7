#include "app/cli/results.h"

#include "app/cli/report_document.h"
#include "core/report/report.h"
#include "core/store/store.h"

#include <cstdio>

namespace hone::cli {
namespace {

Result<> keep(const Session& session, const auto& save) {
    std::error_code error;
    std::filesystem::create_directories(session.workspace, error);
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return fail(std::move(store.error()));
    return save(**store);
}

template <class T>
Result<> writeReports(const ResultOptions& options, const T& result) {
    Result<> outcome;
    for (const auto& path : options.reports) {
        auto document = documentOf(path, result);
        auto written =
            document ? report::writeFile(path, *document) : Result<>(fail(std::move(document.error())));
        if (!written)
            outcome = std::move(written);
        else
            std::fprintf(stderr, "report: %s\n", path.c_str());
    }
    return outcome;
}

template <class T>
Result<> finish(const Session& session, const ResultOptions& options, const T& result,
                const std::string& table, auto save) {
    if (session.json)
        print(result.toJson());
    else
        std::fputs(table.c_str(), stdout);
    std::fflush(stdout);
    auto written = writeReports(options, result);
    if (!options.noSave) {
        if (auto kept = keep(session, save); !kept)
            return kept;
        if (!session.json)
            std::fprintf(stderr, "kept as %s (hone report %.10s --to html)\n", result.id.c_str(),
                         result.id.c_str());
    }
    return written;
}

}  // namespace

void addResultOptions(CLI::App& verb, ResultOptions& options) {
    verb.add_option("--report", options.reports,
                    "Write a report; the kind follows from the extension: .html .pdf .md .csv .json .hgrm")
        ->type_name("FILE");
    verb.add_flag("--no-save", options.noSave, "Do not keep the result in the workspace");
}

Result<> checkReports(const ResultOptions& options) {
    for (const auto& path : options.reports) {
        if (auto known = checkKind(path); !known)
            return known;
        const auto folder = std::filesystem::absolute(path).parent_path();
        if (!std::filesystem::is_directory(folder))
            return fail(Error::NotFound, "the folder of the report {} does not exist", path)
                .hint("Create it first: mkdir -p {}", folder.string());
    }
    return {};
}

Result<> deliver(const Session& session, const ResultOptions& options, const model::RunResult& run) {
    return finish(session, options, run, report::terminalSummary(run, stdoutIsTerminal()),
                  [&](store::Store& store) { return store.saveRun(run); });
}

Result<> deliver(const Session& session, const ResultOptions& options, const model::Comparison& comparison) {
    return finish(session, options, comparison, report::terminalTable(comparison, stdoutIsTerminal()),
                  [&](store::Store& store) { return store.saveComparison(comparison); });
}

}  // namespace hone::cli

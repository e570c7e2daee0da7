#pragma once

#include "core/model/attribution.h"
#include "core/model/comparison.h"
#include "core/model/survey.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace hone::store {

/// A line of the Runs list: enough to show and search without reading the result.
struct RunSummary {
    std::string id, kind;  ///< kind: "run", "comparison" or "attribution".
    std::string name, note, profile, profileB, workload, source, target, dataset;
    std::vector<std::string> tags;
    std::chrono::system_clock::time_point startedAt;
    double p50Us = 0, p95Us = 0, p99Us = 0, rps = 0, errorRate = 0, seconds = 0, bytesPerRequest = 0;
    std::uint64_t requests = 0;
    std::string verdict, sentence;  ///< Comparisons; an attribution has a sentence.
    bool partial = false;
    std::vector<double> sparkline;  ///< p95 per interval (run), block of B (comparison) or
                                    ///< run of the last stage (attribution), µs.
};

/// `hone.db` of a workspace: runs, comparisons, answers. Migrates on open; a file from a newer program is
/// refused and left alone. Writes are transactions with synchronous=FULL: what was said to be saved survives
/// a power cut.
///
/// Thread: any; every method locks. Errors: ResourceExhausted (disk full), PermissionDenied (read-only),
/// Malformed.
class Store {
public:
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
    virtual ~Store() = default;

    virtual Result<> saveRun(const model::RunResult& run) = 0;  ///< Insert or replace by id.
    virtual Result<> saveComparison(const model::Comparison& comparison) = 0;
    virtual Result<> saveAttribution(const model::Attribution& attribution) = 0;
    [[nodiscard]] virtual Result<std::vector<RunSummary>> list(
        std::string_view search = {}) = 0;  ///< Newest first.
    /// `id` may be a unique prefix or "last".
    [[nodiscard]] virtual Result<RunSummary> find(std::string_view id) = 0;
    [[nodiscard]] virtual Result<model::RunResult> run(std::string_view id) = 0;
    [[nodiscard]] virtual Result<model::Comparison> comparison(std::string_view id) = 0;
    [[nodiscard]] virtual Result<model::Attribution> attribution(std::string_view id) = 0;
    virtual Result<> annotate(std::string_view id, std::string_view name, std::string_view note,
                              const std::vector<std::string>& tags) = 0;
    virtual Result<> remove(std::string_view id) = 0;   ///< Can be undone until the store closes.
    virtual Result<> restore(std::string_view id) = 0;  ///< Undoes remove.

    virtual Result<> saveAnswer(const model::SurveyAnswer& answer) = 0;
    [[nodiscard]] virtual Result<std::vector<model::SurveyAnswer>> answers(
        std::string_view surveyId = {}) = 0;

    [[nodiscard]] virtual std::int64_t bytesUsed() = 0;
    [[nodiscard]] virtual const std::filesystem::path& file() const = 0;
};

/// $XDG_DATA_HOME/hone/workspace or ~/.local/share/hone/workspace: where the program works when no folder was
/// named.
[[nodiscard]] std::filesystem::path defaultWorkspace();

}  // namespace hone::store

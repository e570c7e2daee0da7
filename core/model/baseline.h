#pragma once

#include "core/model/run.h"
#include "core/stats/paired.h"
#include "core/stats/unpaired.h"

#include <span>

namespace hone::model {

/// One round of a gate: the whole workload once, on a freshly prepared target. The unit of the comparison:
/// what happens inside a round is not independent, rounds are.
struct Round {
    double seconds = 0;
    std::uint64_t requests = 0, errors = 0;
    /// "p50" "p90" "p95" "p99" "mean" (µs), "rps", "bytes", "cpu" (µs per request, our engine only).
    std::map<std::string, double> metrics;
};
[[nodiscard]] Round roundOf(const RunResult& run);

/// What a workload measured when all was well, kept beside the code (`*.baseline.json`). A value; unknown
/// members survive a round trip. Schema: resources/docs/schema/baseline.schema.json.
struct Baseline {
    std::string name;
    std::chrono::system_clock::time_point createdAt;
    Workload workload;
    Profile profile;
    std::string dataset;  ///< "cities (150 000 rows)"; empty for foreign targets.
    Environment environment;
    std::vector<Round> rounds;
    nlohmann::json extra = nlohmann::json::object();

    /// From the rounds of one gate; at least one.
    [[nodiscard]] static Baseline of(std::span<const RunResult> rounds);
    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] static Result<Baseline> fromJson(const nlohmann::json& json);
    [[nodiscard]] static Result<Baseline> load(const std::filesystem::path& file);
    Result<> save(const std::filesystem::path& file) const;
};

/// 16 hex digits of what a workload asks for and how fast; names, notes, duration and warm-up do not count.
[[nodiscard]] std::string workloadHash(const Workload& workload);
/// "load.rate is \"500/s\" in the baseline and \"600/s\" now", in words, at most `most` of them.
[[nodiscard]] std::vector<std::string> workloadDifferences(const Workload& baseline, const Workload& now,
                                                           std::size_t most = 3);
/// Refuses a baseline of another workload or other data, naming the difference.
[[nodiscard]] Result<> checkComparable(const Baseline& baseline, const RunResult& now);
/// What else differs and may explain a change: machine, build kind, profile. In words; empty: nothing.
[[nodiscard]] std::vector<std::string> machineDifferences(const Environment& baseline,
                                                          const Environment& now);

/// How one metric of now stands to the baseline.
struct Drift {
    std::string metric, title;
    bool lowerIsBetter = true;
    double before = 0, now = 0;  ///< Geometric means of the rounds.
    stats::UnpairedRatio ratio;
    double band = 0;   ///< The larger of tolerance and the baseline's own noise floor.
    double pHolm = 1;  ///< Over all metrics compared.
    stats::Verdict verdict = stats::Verdict::CannotTell;
};

/// Welch's t on the logarithms of round values (decision 0004): worse only when the whole interval lies
/// beyond the band and Holm's p over the metrics is below 5 %. Throughput of an open loop is the schedule's
/// and is left out.
[[nodiscard]] std::vector<Drift> driftsFrom(const Baseline& baseline, std::span<const Round> now,
                                            double tolerance);

/// Shares of failed requests: before, now, and whether now is higher beyond both Wilson intervals.
struct ErrorDrift {
    double before = 0, now = 0;
    bool isWorse = false;
};
[[nodiscard]] ErrorDrift errorDrift(const Baseline& baseline, std::span<const Round> now);

}  // namespace hone::model

#pragma once

#include "core/model/baseline.h"
#include "core/model/threshold.h"

#include <optional>
#include <span>

namespace hone::model {

/// One line of a gate's answer.
struct Check {
    enum class Outcome : std::uint8_t {
        Passed,
        Failed,
        Unclear,  ///< Neither shown nor excluded; a gate lets it pass unless it is strict.
    };
    enum class Kind : std::uint8_t { Threshold, Baseline, Answers };

    Kind kind = Kind::Threshold;
    std::string name;   ///< "p95 < 20ms", "p95 latency against the baseline".
    std::string group;  ///< Request name, else the workload's: the class of a JUnit case.
    Outcome outcome = Outcome::Passed;
    std::string observed;  ///< "18.2 ms", "+12 % (8 … 17)"
    std::string limit;     ///< "< 20.0 ms", "within ±5.0 %"
    std::string note;      ///< Why, when there is more to say.
    std::string metric;    ///< "p95", "errors", "apdex(50ms)"
    bool lowerIsBetter = true;
    std::optional<double> value;  ///< In µs, a share, bytes, requests/s.
    double lo = 0, hi = 0;        ///< Interval of the ratio to the baseline; both 0: none.
};

/// What a gate found; immutable once made.
struct GateResult {
    RunResult run;  ///< All rounds merged.
    std::vector<Round> rounds;
    std::vector<Check> checks;
    std::vector<std::string> warnings;
    std::string baseline;  ///< File; empty: none.
    bool strict = false;   ///< Unclear fails too.

    [[nodiscard]] bool passed() const;
    [[nodiscard]] int count(Check::Outcome outcome) const;
    [[nodiscard]] nlohmann::json toJson() const;
};

[[nodiscard]] std::string_view outcomeId(Check::Outcome outcome);  ///< "passed", "failed", "unclear"

/// Too few requests for a percentile, or no value at all, is a failure that says so: what was asked for is
/// not assured.
[[nodiscard]] Check checkThreshold(const Threshold& threshold, const RunResult& run);

struct BaselineRules {
    double tolerance = 0.05;
    bool anyMachine = false;  ///< Judge times although the machine is another one.
};
/// One check per metric and one for errors. On another machine times and CPU are unclear: the difference may
/// be the machine's.
[[nodiscard]] std::vector<Check> checkBaseline(const Baseline& baseline, const RunResult& run,
                                               std::span<const Round> rounds, const BaselineRules& rules);

/// Fails when nothing was answered or every answer was a failure: latencies of failures prove nothing.
[[nodiscard]] std::optional<Check> checkAnswers(const RunResult& run);

}  // namespace hone::model

#include "core/model/gate.h"

#include "core/base/units.h"
#include "core/model/result_json.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>

namespace hone::model {
namespace {

using nlohmann::json;
using Outcome = Check::Outcome;

/// "+12 % (+8.0 % … +17 %)"
std::string changeText(const Drift& drift) {
    if (!std::isfinite(drift.ratio.hi))
        return formatChange(drift.ratio.ratio);
    if (drift.ratio.exact)
        return "exactly " + formatChange(drift.ratio.ratio);
    return fmt::format("{} ({} … {})", formatChange(drift.ratio.ratio), formatChange(drift.ratio.lo),
                       formatChange(drift.ratio.hi));
}

std::string driftNote(const Drift& drift) {
    switch (drift.verdict) {
        case stats::Verdict::Worse: return "worse beyond chance, the tolerance and the noise of the baseline";
        case stats::Verdict::Better: return "better: renew the baseline to hold on to it";
        case stats::Verdict::WorseMaybeTrivial:
            return "worse, but perhaps by no more than the tolerance or noise";
        case stats::Verdict::CannotTell: return "cannot tell: too noisy or too few rounds";
        default: return {};
    }
}

Outcome outcomeOf(stats::Verdict verdict) {
    switch (verdict) {
        case stats::Verdict::Worse: return Outcome::Failed;
        case stats::Verdict::WorseMaybeTrivial:
        case stats::Verdict::CannotTell:
        case stats::Verdict::Invalid: return Outcome::Unclear;
        default: return Outcome::Passed;
    }
}

std::string valueText(std::string_view metric, double value) {
    if (metric == "rps")
        return formatRate(value);
    return metric == "bytes" ? formatBytes(value) : formatMicros(value);
}

Check checkOf(const Drift& drift, const std::string& group) {
    return {.kind = Check::Kind::Baseline,
            .name = drift.title + " against the baseline",
            .group = group,
            .outcome = outcomeOf(drift.verdict),
            .observed = fmt::format("{} → {}: {}", valueText(drift.metric, drift.before),
                                    valueText(drift.metric, drift.now), changeText(drift)),
            .limit = fmt::format("within ±{}", formatPercent(drift.band)),
            .note = driftNote(drift),
            .metric = drift.metric,
            .lowerIsBetter = drift.lowerIsBetter,
            .value = drift.now,
            .lo = drift.ratio.lo,
            .hi = drift.ratio.hi};
}

Check checkOf(const ErrorDrift& drift, const std::string& group) {
    return {.kind = Check::Kind::Baseline,
            .name = "Errors against the baseline",
            .group = group,
            .outcome = drift.isWorse ? Outcome::Failed : Outcome::Passed,
            .observed = fmt::format("{} → {}", formatPercent(drift.before), formatPercent(drift.now)),
            .limit = "no more than before, chance aside",
            .note = drift.isWorse ? "more failures than the baseline's interval explains" : "",
            .metric = "errors",
            .value = drift.now};
}

json checkJson(const Check& check) {
    constexpr std::string_view kKinds[] = {"threshold", "baseline", "answers"};
    json entry = {{"kind", kKinds[static_cast<std::size_t>(check.kind)]},
                  {"name", check.name},
                  {"group", check.group},
                  {"outcome", outcomeId(check.outcome)},
                  {"observed", check.observed},
                  {"limit", check.limit},
                  {"metric", check.metric}};
    entry["value"] = check.value ? json(*check.value) : json();
    if (!check.note.empty())
        entry["note"] = check.note;
    if (check.hi > 0 && std::isfinite(check.hi))
        entry["ratio"] = {{"lo", check.lo}, {"hi", check.hi}};
    return entry;
}

}  // namespace

bool GateResult::passed() const {
    return count(Outcome::Failed) == 0 && !(strict && count(Outcome::Unclear) > 0);
}

int GateResult::count(Outcome outcome) const {
    return static_cast<int>(std::ranges::count(checks, outcome, &Check::outcome));
}

json GateResult::toJson() const {
    json document = {{"hone", 1},        {"kind", "gate"},       {"passed", passed()},
                     {"strict", strict}, {"baseline", baseline}, {"warnings", warnings}};
    document["checks"] = json::array();
    for (const Check& check : checks)
        document["checks"].push_back(checkJson(check));
    document["rounds"] = json::array();
    for (const Round& round : rounds)
        document["rounds"].push_back({{"seconds", round.seconds},
                                      {"requests", round.requests},
                                      {"errors", round.errors},
                                      {"metrics", mapJson(round.metrics)}});
    document["run"] = run.toJson();
    return document;
}

std::string_view outcomeId(Outcome outcome) {
    switch (outcome) {
        case Outcome::Passed: return "passed";
        case Outcome::Failed: return "failed";
        case Outcome::Unclear: return "unclear";
    }
    return "unclear";
}

Check checkThreshold(const Threshold& threshold, const RunResult& run) {
    const bool lower = threshold.op == Threshold::Op::Less || threshold.op == Threshold::Op::LessEqual;
    Check check{.name = threshold.text,
                .group = threshold.request.empty() ? run.workload.name : threshold.request,
                .limit = fmt::format("{} {}", threshold.opText(), threshold.valueText(threshold.limit)),
                .metric = threshold.figureText(),
                .lowerIsBetter = lower,
                .value = observed(threshold, run)};
    if (!check.value || std::isnan(*check.value)) {
        check.value.reset();
        check.outcome = Outcome::Failed;
        check.observed = "–";
        check.note = threshold.figure == Threshold::Figure::Cpu ? "CPU is measured for Hone's own engine only"
                                                                : "no such request was measured";
        return check;
    }
    check.observed = threshold.valueText(*check.value);
    check.outcome = threshold.holds(*check.value) ? Outcome::Passed : Outcome::Failed;
    const bool isQuantile = threshold.figure == Threshold::Figure::Quantile;
    const auto needed =
        isQuantile ? static_cast<std::uint64_t>(stats::minSamplesForQuantile(threshold.quantile)) : 0;
    if (const auto samples = samplesOf(threshold, run); samples < needed) {
        check.outcome = Outcome::Failed;
        check.note = fmt::format("{} requests are too few for {}: it needs {}", samples,
                                 threshold.figureText(), needed);
    }
    return check;
}

std::vector<Check> checkBaseline(const Baseline& baseline, const RunResult& run,
                                 std::span<const Round> rounds, const BaselineRules& rules) {
    std::vector<Check> checks;
    const bool otherMachine =
        !rules.anyMachine && !machineDifferences(baseline.environment, run.environment).empty();
    for (const Drift& drift : driftsFrom(baseline, rounds, rules.tolerance)) {
        Check check = checkOf(drift, run.workload.name);
        if (otherMachine && drift.metric != "bytes") {
            check.outcome = Outcome::Unclear;
            check.note = "measured on another machine: the difference may be the machine's";
        }
        checks.push_back(std::move(check));
    }
    checks.push_back(checkOf(errorDrift(baseline, rounds), run.workload.name));
    return checks;
}

std::optional<Check> checkAnswers(const RunResult& run) {
    if (run.requests > 0 && run.errors < run.requests)
        return std::nullopt;
    return Check{.kind = Check::Kind::Answers,
                 .name = "Requests are answered",
                 .group = run.workload.name,
                 .outcome = Outcome::Failed,
                 .observed = fmt::format("{} of {} failed", run.errors, run.requests),
                 .limit = "at least one success",
                 .note = "latencies of failures prove nothing",
                 .metric = "errors",
                 .value = run.requests > 0 ? std::optional(run.errorRate()) : std::nullopt};
}

}  // namespace hone::model

#include "core/report/summary.h"

#include "core/base/units.h"
#include "core/report/companions.h"
#include "core/report/figures.h"
#include "core/stats/companions.h"

#include <cmath>

namespace hone::report {
namespace {

/// "and 3 things limit how far …": how careful to be, counted from the warnings.
void addCare(std::vector<std::string>& out, const std::vector<std::string>& warnings, bool partial) {
    if (partial)
        out.emplace_back("The measurement was stopped before its end; the numbers are of what was measured.");
    if (warnings.size() == 1)
        out.push_back("One thing limits how far this can be trusted: " + warnings.front());
    else if (warnings.size() > 1)
        out.push_back(
            fmt::format("{} things limit how far this can be trusted; they are listed under Take care.",
                        warnings.size()));
}

std::string errorsSentence(std::uint64_t errors, std::uint64_t requests, double rate) {
    if (errors == 0)
        return "No request failed.";
    return fmt::format("{} of {} requests failed ({}).", errors, requests, formatPercent(rate));
}

/// The failed checks of all requests together; empty when nothing was checked.
std::string checksSentence(const model::RunResult& run) {
    std::uint64_t passed = 0, failed = 0;
    for (const auto& request : run.byRequest)
        for (const auto& check : request.checks) {
            passed += check.passed;
            failed += check.failed;
        }
    if (passed + failed == 0)
        return {};
    return failed == 0 ? fmt::format("All {} checks of the answers held.", passed)
                       : fmt::format("{} of {} checks of the answers failed.", failed, passed + failed);
}

}  // namespace

std::vector<std::string> summaryOf(const model::RunResult& run) {
    if (run.requests == 0)
        return {"No request was measured, so there is nothing to say about latency."};
    const auto at = [&](double q) { return static_cast<double>(run.latency.quantile(q)); };
    std::vector<std::string> out{
        fmt::format("Half of all requests were answered within {}, 95 % within {} and 99 % within {}; the "
                    "slowest took {}.",
                    formatMicros(at(0.5)), formatMicros(at(0.95)), formatMicros(at(0.99)),
                    formatMicros(static_cast<double>(run.latency.max()))),
        fmt::format("The API answered {} over {:.1f} s, {} requests in all. {}", formatRate(run.rps()),
                    run.measuredS, run.requests, errorsSentence(run.errors, run.requests, run.errorRate()))};
    // A tail is worth a sentence from a factor of three: below it, p99 and median feel alike.
    if (at(0.5) > 0 && at(0.99) / at(0.5) >= 3)
        out.push_back(
            fmt::format("One request in a hundred takes at least {:.1f} times as long as a typical one.",
                        at(0.99) / at(0.5)));
    if (auto checks = checksSentence(run); !checks.empty())
        out.push_back(std::move(checks));
    addCare(out, run.warnings, run.partial);
    return out;
}

std::vector<std::string> summaryOf(const model::Comparison& comparison) {
    std::vector<std::string> out;
    if (!comparison.sentence.empty())
        out.push_back(comparison.sentence);
    const auto [a, b] = blockValues(comparison);
    const auto* effect = comparison.effect(comparison.metric);
    if (effect && a.size() > 1 && b.size() > 1) {
        const double wins = effect->lowerIsBetter ? stats::superiority(a, b) : stats::superiority(b, a);
        out.push_back(
            fmt::format("Of a random block of each arm, B had the better {} in {:.0f} of 100 draws.",
                        effect->title, wins * 100));
    }
    if (effect && effect->verdict == stats::Verdict::CannotTell && effect->pairsNeeded > 0)
        out.push_back(
            fmt::format("About {} block pairs would be needed to tell a change of {:.1f} %; {} were "
                        "measured.",
                        effect->pairsNeeded, comparison.delta * 100, effect->paired.pairs));
    out.push_back(errorsSentence(comparison.a.errors + comparison.b.errors,
                                 comparison.a.requests + comparison.b.requests,
                                 comparison.a.requests + comparison.b.requests > 0
                                     ? static_cast<double>(comparison.a.errors + comparison.b.errors) /
                                           static_cast<double>(comparison.a.requests + comparison.b.requests)
                                     : 0));
    std::size_t unexplained = 0;
    for (const auto& difference : comparison.answerDifferences)
        unexplained += difference.expected ? 0 : 1;
    if (unexplained > 0)
        out.push_back(fmt::format(
            "{} between the arms without a reason: look before shipping B.",
            unexplained == 1 ? "One answer differs" : fmt::format("{} answers differ", unexplained)));
    else if (comparison.answersCompared > 0)
        out.push_back(
            fmt::format("{} answers were compared; both arms mean the same.", comparison.answersCompared));
    addCare(out, comparison.warnings, comparison.partial);
    return out;
}

std::vector<std::string> summaryOf(const model::Attribution& attribution) {
    std::vector<std::string> out;
    if (!attribution.sentence.empty())
        out.push_back(attribution.sentence);
    for (const auto& change : attribution.predicted)
        if (change.metric == attribution.metric)
            out.push_back(fmt::format("By the fitted model {} goes from {} to {} ({}).", change.title,
                                      metricValue(change.metric, change.from),
                                      metricValue(change.metric, change.to), changeText(change.ratio)));
    if (attribution.confirmation && !attribution.confirmation->sentence.empty())
        out.push_back("Measured again against the base: " + attribution.confirmation->sentence);
    addCare(out, attribution.warnings, attribution.partial);
    return out;
}

std::vector<std::string> summaryOf(const model::Sweep& sweep) {
    std::vector<std::string> out;
    if (!sweep.sentence.empty())
        out.push_back(sweep.sentence);
    addCare(out, sweep.warnings, sweep.partial);
    return out;
}

}  // namespace hone::report

#include "core/report/companions.h"

#include "core/base/units.h"
#include "core/report/figures.h"
#include "core/stats/companions.h"
#include "core/stats/power.h"

#include <cmath>

namespace hone::report {
namespace {

std::string pText(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

/// A difference keeps its sign; formatMicros is made for magnitudes.
std::string signedValue(const std::string& metric, double value) {
    return (value < 0 ? "−" : value > 0 ? "+" : "") + metricValue(metric, std::abs(value));
}

}  // namespace

std::pair<std::vector<double>, std::vector<double>> blockValues(const model::Comparison& comparison) {
    std::pair<std::vector<double>, std::vector<double>> arms;
    for (const auto& block : comparison.blocks)
        if (const auto found = block.metrics.find(comparison.metric); found != block.metrics.end())
            (block.arm == 0 ? arms.first : arms.second).push_back(found->second);
    return arms;
}

Table companionTable(const model::Comparison& comparison) {
    const auto [a, b] = blockValues(comparison);
    const auto* effect = comparison.effect(comparison.metric);
    Table table{.title = "Other views of " + (effect ? effect->title : comparison.metric),
                .columns = {{"View", false}, {"Value"}, {"What it says", false}},
                .note = "Computed from the blocks: requests inside a block are not independent."};
    if (!effect || a.size() < 2 || b.size() < 2)
        return table;
    const auto shift = stats::hodgesLehmann(a, b);
    table.add(
        {"Hodges–Lehmann shift",
         fmt::format("{} ({} … {})", signedValue(comparison.metric, shift.estimate),
                     signedValue(comparison.metric, shift.lo), signedValue(comparison.metric, shift.hi)),
         "how far a block of B lies above one of A, 95 % interval"});
    table.add({"Cliff's delta", fmt::format("{:+.2f}", stats::cliffsDelta(b, a)),
               "−1: every block of B is lower; 0: alike; +1: every one is higher"});
    table.add({"P(B < A)", formatPercent(stats::superiority(a, b)),
               "how often a block of B is the lower one; 50 % means alike"});
    const auto ranks = stats::mannWhitney(a, b);
    table.add({"Mann–Whitney p", pText(ranks.p),
               ranks.exact ? "exact, ignores the pairing" : "normal approximation, ignores the pairing"});
    table.add({"Sign-flip p", pText(effect->paired.signFlipP), "keeps the pairing, assumes no distribution"});
    if (std::isfinite(effect->anytime.hi))
        table.add({"Anytime interval",
                   fmt::format("{} … {}", changeText(effect->anytime.lo), changeText(effect->anytime.hi)),
                   "valid however often one looked while it ran"});
    return table;
}

Table shiftTable(const model::Comparison& comparison) {
    const auto [a, b] = blockValues(comparison);
    Table table{.title = "Shift function",
                .columns = {{"Decile", false}, {"A"}, {"B"}, {"B − A"}, {"95 % band"}},
                .note = "Harrell–Davis deciles of the block values."};
    constexpr std::size_t kFewest = 5;
    if (a.size() < kFewest || b.size() < kFewest)
        return table;
    for (const auto& decile : stats::shiftFunction(a, b))
        table.add({formatPercent(decile.q), metricValue(comparison.metric, decile.a),
                   metricValue(comparison.metric, decile.b),
                   signedValue(comparison.metric, decile.difference),
                   fmt::format("{} … {}", signedValue(comparison.metric, decile.lo),
                               signedValue(comparison.metric, decile.hi))});
    return table;
}

Table powerTable(const model::Comparison& comparison) {
    Table table{.title = "What could have been told",
                .columns = {{"Metric", false},
                            {"Pairs"},
                            {"Scatter of a pair"},
                            {"Smallest tellable"},
                            {"Pairs needed"}},
                .note = fmt::format("Pairs needed for an interval as narrow as the band of ±{:.1f} %.",
                                    comparison.delta * 100)};
    const stats::PowerQuestion question{.pilotPairs = 0};
    for (const auto& effect : comparison.effects) {
        if (effect.paired.exact || effect.paired.pairs < 2)
            continue;
        table.add({effect.title, std::to_string(effect.paired.pairs),
                   formatPercent(std::exp(effect.paired.sdLog) - 1),
                   formatPercent(stats::detectableEffect(effect.paired.sdLog, effect.paired.pairs, question)),
                   std::to_string(stats::pairsNeeded(effect.paired.sdLog, comparison.delta))});
    }
    return table;
}

Table phaseTable(const model::RunResult& run) {
    Table table{.title = "Phases",
                .columns = {{"Phase", false}, {"Count"}, {"p50"}, {"p95"}, {"p99"}, {"Maximum"}}};
    const std::pair<const char*, const stats::Histogram*> phases[] = {
        {"Sent late by", &run.lateness},     {"TCP connect", &run.connect},
        {"TLS handshake", &run.tls},         {"Time to first byte", &run.ttfb},
        {"From the send", &run.serviceTime}, {"From the intended send", &run.latency}};
    for (const auto& [title, histogram] : phases) {
        if (histogram->count() == 0)
            continue;
        const auto at = [&](double q) { return formatMicros(static_cast<double>(histogram->quantile(q))); };
        table.add({title, std::to_string(histogram->count()), at(0.5), at(0.95), at(0.99),
                   formatMicros(static_cast<double>(histogram->max()))});
    }
    if (run.tls.count() > 0)
        table.note = fmt::format("{} of {} TLS handshakes took up an earlier session.", run.tlsResumed,
                                 run.tls.count());
    return table;
}

Table checkTable(const model::RunResult& run) {
    Table table{.title = "Checks",
                .columns = {{"Request", false}, {"Check", false}, {"Held"}, {"Failed"}, {"Outcome", false}}};
    for (const auto& request : run.byRequest)
        for (const auto& check : request.checks)
            table.add({request.name, check.text, std::to_string(check.passed), std::to_string(check.failed),
                       check.failed == 0 ? "✓ held" : "✗ failed"},
                      check.failed == 0 ? "good" : "bad");
    return table;
}

Table requestTable(const model::RunResult& run) {
    Table table{
        .title = "By request",
        .columns = {{"Request", false}, {"Requests"}, {"Errors"}, {"p50"}, {"p95"}, {"p99"}, {"Bytes"}}};
    for (const auto& r : run.byRequest) {
        const auto at = [&](double q) { return formatMicros(static_cast<double>(r.latency.quantile(q))); };
        table.add({r.name, std::to_string(r.requests), std::to_string(r.errors), at(0.5), at(0.95), at(0.99),
                   formatBytes(r.requests > 0 ? static_cast<double>(r.bytes) / static_cast<double>(r.requests)
                                              : 0)});
    }
    return table;
}

}  // namespace hone::report

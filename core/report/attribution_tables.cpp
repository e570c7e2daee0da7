#include "core/report/attribution_tables.h"

#include "core/base/units.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace hone::report {
namespace {

std::string interval(double ratio, double lo, double hi) {
    if (!std::isfinite(hi))
        return changeText(ratio);
    if (std::abs(hi / lo - 1) < 1e-9)
        return ratio == 1 || std::abs(ratio - 1) < 1e-9 ? "equal" : "exactly " + changeText(ratio);
    return fmt::format("{} ({} … {})", changeText(ratio), changeText(lo), changeText(hi));
}

std::string pText(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

std::string toneOf(stats::Verdict verdict) {
    using enum stats::Verdict;
    if (verdict == Better || verdict == BetterMaybeTrivial)
        return "good";
    return verdict == Worse || verdict == WorseMaybeTrivial || verdict == Invalid ? "bad" : "muted";
}

std::string_view marked(bool recommended) { return recommended ? "on" : "off"; }

Table decisions(const model::Attribution& attribution) {
    Table table{.title = "Recommended", .columns = {{"Toggle", false}, {"Switch", false}, {"Why", false}}};
    for (const auto& decision : attribution.decisions)
        table.add({decision.toggle, std::string(marked(decision.recommended)), decision.reason},
                  decision.recommended ? "good" : "muted");
    return table;
}

Table mains(const model::AttributionStage& stage, const model::AttributionMetric& metric) {
    Table table{
        .title = fmt::format("Main effects on {} ({})", metric.metric, stage.design),
        .columns = {
            {"Toggle", false}, {"on/off (95 % interval)"}, {"p (Holm)"}, {"Variation"}, {"Verdict", false}}};
    for (const auto& effect : metric.effects)
        if (effect.isMain())
            table.add({effect.name(), interval(effect.ratio, effect.lo, effect.hi), pText(effect.pHolm),
                       formatPercent(effect.variation), model::verdictWords(effect.verdict)},
                      toneOf(effect.verdict));
    if (metric.errorSource == "none")
        table.note = "Too few runs for an interval: measure more replicates.";
    else if (metric.errorSource == "lenth")
        table.note = "One replicate: the error is Lenth's pseudo standard error of the effects.";
    if (!metric.exact && std::isfinite(metric.smallestEffect))
        table.note += fmt::format("{}Effects below {} could not be told from chance here.",
                                  table.note.empty() ? "" : " ", formatPercent(metric.smallestEffect));
    return table;
}

Table interactions(const model::Attribution& attribution, const model::AttributionStage& stage,
                   const model::AttributionMetric& metric) {
    Table table{.title = fmt::format("Interactions on {}", metric.metric),
                .columns = {{"Toggles", false},
                            {"together / product (95 % interval)"},
                            {"p (Holm)"},
                            {"Not told from", false},
                            {"In words", false}}};
    for (const auto& effect : metric.effects) {
        if (effect.isMain())
            continue;
        const bool pair = effect.toggles.size() == 2;
        const double power = pair ? 2 : 1;
        const bool counts = model::stands(effect, attribution.delta);
        table.add(
            {effect.name(),
             interval(std::pow(effect.ratio, power), std::pow(effect.lo, power), std::pow(effect.hi, power)),
             pText(effect.pHolm),
             effect.aliases.empty() ? "–" : fmt::format("{}", fmt::join(effect.aliases, ", ")),
             counts ? model::describeInteraction(metric, effect) : "none to speak of"},
            counts ? "" : "muted");
    }
    if (stage.resolution > 0)
        table.note =
            fmt::format("Resolution {}: an interaction is told only together with what it is not told from.",
                        stage.resolution);
    return table;
}

Table shares(std::string title, const std::vector<model::ToggleShare>& all, std::string_view metric) {
    Table table{.title = std::move(title),
                .columns = {{"Toggle", false}, {"Factor (95 % interval)"}, {"Amount"}, {"Share"}}};
    double ratio = 1, amount = 0, part = 0;
    const auto signedAmount = [&](double value) {
        return (value < 0 ? "−" : "+") + metricValue(metric, std::abs(value));
    };
    for (const auto& share : all) {
        table.add({share.toggle, interval(share.ratio, share.lo, share.hi), signedAmount(share.amount),
                   formatPercent(share.part)});
        ratio *= share.ratio;
        amount += share.amount;
        part += share.part;
    }
    if (all.size() > 1)
        table.add({"all of it", changeText(ratio), signedAmount(amount), formatPercent(part)}, "bold");
    return table;
}

Table predicted(const model::Attribution& attribution) {
    Table table{.title = "What the recommended profile changes, by the fitted surface",
                .columns = {{"Metric", false}, {"Base"}, {"Recommended"}, {"Change (95 % interval)"}}};
    for (const auto& change : attribution.predicted)
        table.add({change.title, metricValue(change.metric, change.from),
                   metricValue(change.metric, change.to), interval(change.ratio, change.lo, change.hi)});
    return table;
}

/// Main effects of every metric side by side: what a toggle gives and what it takes.
Table acrossMetrics(const model::AttributionStage& stage) {
    Table table{.title = "Main effects on every metric", .columns = {{"Toggle", false}}};
    for (const auto& metric : stage.metrics)
        table.columns.push_back({metric.metric});
    for (const auto& toggle : stage.toggles) {
        std::vector<std::string> row{toggle};
        for (const auto& metric : stage.metrics) {
            const auto* effect = metric.effect(toggle);
            const bool told = effect && (effect->verdict != stats::Verdict::CannotTell &&
                                         effect->verdict != stats::Verdict::NoDifference);
            row.push_back(effect ? (told ? changeText(effect->ratio) : "·") : "–");
        }
        table.add(std::move(row));
    }
    table.note = "A dot: not told from no practical difference.";
    return table;
}

Table confirmation(const model::Comparison& comparison) {
    Table table{.title = "Confirmation: recommended (B) against the base (A)",
                .columns = {{"Metric", false}, {"A"}, {"B"}, {"Change (95 % interval)"}, {"Verdict", false}}};
    for (const auto& effect : comparison.effects)
        table.add({effect.title, metricValue(effect.metric, effect.a), metricValue(effect.metric, effect.b),
                   effectText(effect), verdictText(effect)},
                  toneOf(effect.verdict));
    return table;
}

std::string loadText(const model::Workload& workload) {
    return workload.model == model::LoadModel::Open
               ? fmt::format("open loop, {} due", formatRate(workload.ratePerSecond))
               : fmt::format("closed loop, {} clients", workload.clients);
}

template <class T>
void addCommon(std::vector<Fact>& facts, const T& result) {
    facts.push_back({"Seed", std::to_string(result.seed)});
    facts.push_back({"No practical difference", fmt::format("within ±{:.1f} %", result.delta * 100)});
    facts.push_back({"Workload", result.workload.name + ": " + loadText(result.workload)});
    if (!result.dataset.empty())
        facts.push_back({"Dataset", result.dataset});
    facts.push_back({"Base", profileText(result.base)});
    facts.push_back(
        {"Machine", fmt::format("{} · {} cores{}", result.environment.cpu, result.environment.cores,
                                result.environment.optimised ? "" : " · debug build")});
    facts.push_back({"Build", result.environment.build});
}

}  // namespace

std::vector<Table> tablesOf(const model::Attribution& attribution) {
    std::vector<Table> tables{decisions(attribution)};
    for (const auto& stage : attribution.stages)
        if (const auto* metric = stage.metric(attribution.metric)) {
            tables.push_back(mains(stage, *metric));
            tables.push_back(interactions(attribution, stage, *metric));
            if (&stage == attribution.decisive()) {
                tables.push_back(acrossMetrics(stage));
                tables.push_back(
                    shares(fmt::format("Shapley shares of {}, all off to all on", attribution.metric),
                           metric->shares, attribution.metric));
            }
        }
    if (attribution.waterfall.size() > 1)
        tables.push_back(shares(fmt::format("Shapley shares of {}, base to recommended", attribution.metric),
                                attribution.waterfall, attribution.metric));
    tables.push_back(predicted(attribution));
    if (attribution.confirmation)
        tables.push_back(confirmation(*attribution.confirmation));
    return tables;
}

std::vector<Table> tablesOf(const model::Sweep& sweep) {
    Table table{.title = fmt::format("{} over its values", sweep.what()),
                .columns = {{sweep.param, false}, {sweep.metric + " (95 % interval)"}, {"Against the best"}}};
    const auto* chosen = sweep.curve(sweep.metric);
    for (const auto& curve : sweep.curves)
        if (curve.metric != sweep.metric)
            table.columns.push_back({curve.metric});
    table.columns.push_back({"", false});
    for (std::size_t i = 0; chosen && i < sweep.values.size(); ++i) {
        const auto& point = chosen->points[i];
        std::vector<std::string> row{sweep.values[i]};
        row.push_back(std::isfinite(point.hi)
                          ? fmt::format("{} ({} … {})", metricValue(sweep.metric, point.value),
                                        metricValue(sweep.metric, point.lo),
                                        metricValue(sweep.metric, point.hi))
                          : metricValue(sweep.metric, point.value));
        row.push_back(formatChange(chosen->lowerIsBetter ? point.toBest : 1 / point.toBest));
        for (const auto& curve : sweep.curves)
            if (curve.metric != sweep.metric)
                row.push_back(metricValue(curve.metric, curve.points[i].value));
        const auto at = static_cast<int>(i);
        row.push_back(at == chosen->enough ? "enough"
                      : at == chosen->best ? "best"
                      : at == chosen->knee ? "knee"
                                           : "");
        table.add(std::move(row), at == chosen->enough ? "good" : "muted");
    }
    return {table};
}

std::vector<Fact> method(const model::Attribution& attribution) {
    std::vector<Fact> facts{{"Started", formatTimestamp(attribution.startedAt)}};
    for (const auto& stage : attribution.stages)
        facts.push_back(
            {stage.kind == "screen" ? "Screen" : "Design",
             fmt::format("{} of {}: {} of {} replicates, {} runs, each replicate in a random order "
                         "of its own, every run from a cold start",
                         stage.design, fmt::join(stage.toggles, ", "), stage.replicates,
                         stage.plannedReplicates, stage.runs.size())});
    addCommon(facts, attribution);
    return facts;
}

std::vector<Fact> method(const model::Sweep& sweep) {
    std::vector<Fact> facts{
        {"Started", formatTimestamp(sweep.startedAt)},
        {"Design", fmt::format("{} values, {} of {} replicates, each in a random order of its "
                               "own, every run from a cold start",
                               sweep.values.size(), sweep.replicates, sweep.plannedReplicates)}};
    addCommon(facts, sweep);
    return facts;
}

}  // namespace hone::report

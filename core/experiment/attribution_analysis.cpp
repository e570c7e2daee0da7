#include "core/experiment/attribution_fit.h"
#include "core/experiment/blocks.h"
#include "core/stats/paired.h"

#include <algorithm>
#include <cmath>

// Pure: effects and shares from the measured runs of a stage (METHOD section 3).

namespace hone::experiment {

namespace {

using stats::Design;
using stats::FactorialFit;
using stats::FactorSet;

constexpr int kMostExactAmounts = 10;  ///< Toggles whose 2^k settings are walked for shares in the unit.

/// `value` of every run of the whole replicates, by replicate and cell; empty when a run lacks it.
template <class Value>
std::vector<std::vector<double>> table(const model::AttributionStage& stage, const Design& design,
                                       Value value) {
    std::vector<std::vector<double>> y(static_cast<std::size_t>(stage.replicates),
                                       std::vector<double>(design.runs.size()));
    for (const auto& run : stage.runs) {
        if (run.replicate >= stage.replicates)
            continue;
        const double one = value(run);
        if (!std::isfinite(one))
            return {};
        y[static_cast<std::size_t>(run.replicate)][static_cast<std::size_t>(run.cell)] = one;
    }
    return y;
}

std::vector<std::string> namesOf(FactorSet set, const std::vector<std::string>& toggles) {
    std::vector<std::string> names;
    for (const int i : stats::membersOf(set))
        names.push_back(toggles[static_cast<std::size_t>(i)]);
    return names;
}

bool claims(stats::Verdict verdict) {
    return verdict != stats::Verdict::NoDifference && verdict != stats::Verdict::CannotTell;
}

void addEffects(model::AttributionMetric& out, const FactorialFit& fit, const model::AttributionStage& stage,
                const Design& design, double delta) {
    std::vector<double> p;
    for (const auto& coefficient : fit.coefficients)
        p.push_back(coefficient.p);
    const auto adjusted = stats::holm(p);
    for (std::size_t i = 0; i < fit.coefficients.size(); ++i) {
        const auto& coefficient = fit.coefficients[i];
        model::FactorEffect effect{.toggles = namesOf(coefficient.set, stage.toggles),
                                   .ratio = std::exp(2 * coefficient.q),
                                   .lo = std::exp(2 * (coefficient.q - coefficient.reach)),
                                   .hi = std::exp(2 * (coefficient.q + coefficient.reach)),
                                   .p = coefficient.p,
                                   .pHolm = adjusted[i],
                                   .variation = coefficient.share,
                                   .aliases = {}};
        effect.verdict = stats::judge(effect.lo, effect.hi, delta, out.lowerIsBetter);
        if (claims(effect.verdict) && effect.pHolm > kAttributionAlpha)
            effect.verdict = stats::Verdict::CannotTell;
        for (const FactorSet alias : stats::aliasesOf(design, coefficient.set, 3))
            effect.aliases.push_back(
                model::FactorEffect{.toggles = namesOf(alias, stage.toggles), .aliases = {}}.name());
        out.effects.push_back(std::move(effect));
    }
}

model::AttributionMetric metricOf(const Metric& metric, const FactorialFit& fit,
                                  const model::AttributionStage& stage, const Design& design, double delta) {
    const FactorSet all = (FactorSet{1} << design.factors) - 1;
    model::AttributionMetric out{.metric = std::string(metric.id),
                                 .title = std::string(metric.title),
                                 .lowerIsBetter = metric.lowerIsBetter,
                                 .none = std::exp(fit.at(0)),
                                 .all = std::exp(fit.at(all)),
                                 .df = fit.df,
                                 .exact = fit.exact,
                                 .effects = {},
                                 .shares = {}};
    out.errorSource = fit.source == stats::ErrorSource::Replicates ? "replicates"
                      : fit.source == stats::ErrorSource::Lenth    ? "lenth"
                                                                   : "none";
    out.smallestEffect = std::expm1(2 * fit.coefficients.front().reach);
    addEffects(out, fit, stage, design, delta);
    out.shares = sharesOf(fit, stage.toggles, all);
    return out;
}

}  // namespace

std::optional<FactorialFit> fitOf(const model::AttributionStage& stage, const Design& design,
                                  std::string_view metric) {
    const auto y = table(stage, design, [&](const model::DesignRun& run) {
        const auto found = run.metrics.find(std::string(metric));
        return found == run.metrics.end() ? NAN : std::log(found->second);
    });
    if (y.empty())
        return std::nullopt;
    return stats::fitFactorial(design, y, kAttributionAlpha);
}

std::optional<FactorialFit> fitOfErrors(const model::AttributionStage& stage, const Design& design) {
    const auto y = table(stage, design, [](const model::DesignRun& run) {
        const auto requests = static_cast<double>(run.requests);
        return requests > 0 ? static_cast<double>(run.errors) / requests : 0;
    });
    if (y.empty())
        return std::nullopt;
    return stats::fitFactorial(design, y, kAttributionAlpha);
}

std::vector<model::ToggleShare> sharesOf(const FactorialFit& fit, const std::vector<std::string>& toggles,
                                         FactorSet players) {
    const auto logs = stats::shapley(fit, players, kAttributionAlpha);
    const auto members = stats::membersOf(players);
    const double none = std::exp(fit.at(0)), whole = std::exp(fit.at(players)) - none;
    double total = 0;
    for (const auto& log : logs)
        total += log.value;
    std::vector<double> amounts;
    if (static_cast<int>(members.size()) <= kMostExactAmounts) {
        std::vector<double> values;
        for (FactorSet subset = 0; subset < (FactorSet{1} << members.size()); ++subset) {
            FactorSet setting = 0;
            for (const int at : stats::membersOf(subset))
                setting |= FactorSet{1} << members[static_cast<std::size_t>(at)];
            values.push_back(std::exp(fit.at(setting)));
        }
        amounts = stats::shapley(values);
    }
    std::vector<model::ToggleShare> shares;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const double part = total != 0 ? logs[i].value / total : 0;
        shares.push_back({.toggle = toggles[static_cast<std::size_t>(members[i])],
                          .ratio = std::exp(logs[i].value),
                          .lo = std::exp(logs[i].lo()),
                          .hi = std::exp(logs[i].hi()),
                          .amount = amounts.empty() ? whole * part : amounts[i],
                          .part = part});
    }
    return shares;
}

void analyse(model::AttributionStage& stage, const Design& design, double delta) {
    stage.metrics.clear();
    if (stage.replicates == 0)
        return;
    for (const auto& metric : kMetrics)
        if (const auto fit = fitOf(stage, design, metric.id))
            stage.metrics.push_back(metricOf(metric, *fit, stage, design, delta));
}

}  // namespace hone::experiment

#include "core/experiment/power_estimate.h"

#include "core/base/units.h"
#include "core/experiment/blocks.h"
#include "core/stats/power.h"

#include <algorithm>
#include <cmath>

namespace hone::experiment {

namespace {

constexpr double kAlpha = 0.05;
constexpr int kFewestPairs = 6;

/// Headline metrics share their level: Holm may ask the whole family's of the one that changed.
double levelOf(const Metric& chosen) {
    const auto headlines = std::ranges::count_if(kMetrics, &Metric::headline);
    return chosen.headline ? kAlpha / static_cast<double>(headlines) : kAlpha;
}

std::string sentenceOf(const PowerEstimate& estimate, int plannedPairs) {
    return fmt::format(
        "To see a change of {} in {} in {} of runs takes {} block pairs, about {}; {} pairs see {} so often.",
        formatPercent(estimate.effect), estimate.metric, formatPercent(estimate.power), estimate.pairs,
        formatMicros(estimate.seconds * 1e6), plannedPairs, formatPercent(estimate.smallest));
}

}  // namespace

Result<PowerEstimate> powerFrom(const model::Comparison& pilot, const PowerPlan& plan) {
    const auto* effect = pilot.effect(plan.compare.metric);
    const Metric* chosen = metric(plan.compare.metric);
    if (!effect || !chosen || effect->paired.pairs < 2)
        return fail(Error::Unavailable, "the pilot measured no pairs of {}", plan.compare.metric)
            .hint("Use longer blocks or lighter requests.");
    PowerEstimate estimate{.metric = plan.compare.metric, .effect = plan.effect, .power = plan.power};
    estimate.pilotPairs = effect->paired.pairs;
    estimate.sdLog = effect->paired.exact ? 0 : effect->paired.sdLog;
    if (effect->paired.lo > 0 && std::isfinite(effect->paired.hi))
        estimate.noiseFloor =
            std::max(std::abs(std::log(effect->paired.lo)), std::abs(std::log(effect->paired.hi)));
    const stats::PowerQuestion question{.effect = plan.effect,
                                        .power = plan.power,
                                        .alpha = levelOf(*chosen),
                                        .pilotPairs = estimate.pilotPairs};
    estimate.pairs = stats::pairsForPower(estimate.sdLog, question);
    estimate.smallest = stats::detectableEffect(estimate.sdLog, plan.compare.pairs, question);
    const auto pairMs = 2 * (plan.compare.block + plan.compare.guard).count();
    estimate.seconds = static_cast<double>(estimate.pairs) * static_cast<double>(pairMs) / 1000;
    estimate.warnings = pilot.warnings;
    estimate.sentence = sentenceOf(estimate, plan.compare.pairs);
    return estimate;
}

Result<PowerEstimate> estimatePower(const PowerPlan& plan, std::stop_token stop,
                                    const OnCompareProgress& onProgress) {
    if (!(plan.effect > 0 && plan.effect < 10) || !(plan.power > 0 && plan.power < 1))
        return fail(Error::InvalidArgument, "a change of {} seen in a share of {}", plan.effect, plan.power)
            .hint("For example a change of 0.05 (5 %) in a share of 0.9 of runs.");
    if (plan.pilotPairs < kFewestPairs)
        return fail(Error::InvalidArgument, "a pilot of {} pairs tells too little", plan.pilotPairs)
            .hint("Use at least {}.", kFewestPairs);
    ComparePlan pilot = plan.compare;
    pilot.b = pilot.a;
    pilot.pairs = plan.pilotPairs;
    pilot.noisePairs = 0;
    pilot.stopEarly = false;
    auto comparison = runComparison(pilot, stop, onProgress);
    if (!comparison)
        return fail(std::move(comparison.error()));
    if (comparison->partial)
        return fail(Error::Cancelled, "the pilot was stopped after {} of {} pairs",
                    comparison->blocks.size() / 2, plan.pilotPairs);
    return powerFrom(*comparison, plan);
}

}  // namespace hone::experiment

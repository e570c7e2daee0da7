#include "core/base/units.h"
#include "core/experiment/attribution_fit.h"
#include "core/experiment/blocks.h"

#include <algorithm>
#include <cmath>

// Pure: what to turn on, and why, from the surface of a stage.

namespace hone::experiment {

namespace {

using stats::FactorialFit;
using stats::FactorSet;

constexpr double kAlpha = kAttributionAlpha;
constexpr double kErrorPoints = 0.005;  ///< Error rates further apart: not the same work (METHOD section 2).

/// Gain of turning `factor` on in `setting`, as a positive logarithm when it helps.
stats::Difference gainOf(const FactorialFit& fit, int factor, FactorSet setting, bool lowerIsBetter) {
    auto change = stats::differenceOf(fit, factor, setting, kAlpha);
    change.value = lowerIsBetter ? -change.value : change.value;
    return change;
}

bool isShown(const stats::Difference& gain, double delta) {
    return gain.lo() > 0 && gain.value > std::log1p(delta);
}

FactorSet bestSetting(const FactorialFit& fit, const std::optional<FactorialFit>& errors,
                      bool lowerIsBetter) {
    FactorSet best = 0;
    for (FactorSet setting = 1; setting < (FactorSet{1} << fit.factors); ++setting) {
        const double gain = (fit.at(best) - fit.at(setting)) * (lowerIsBetter ? 1 : -1);
        if (gain > 0 && (!errors || errors->at(setting) - errors->at(0) <= kErrorPoints))
            best = setting;
    }
    return best;
}

/// Without what is not shown to help beside the rest; the weakest goes first, since the others may then
/// count.
FactorSet trimmed(const FactorialFit& fit, FactorSet setting, double delta, bool lowerIsBetter) {
    while (setting != 0) {
        int weakest = -1;
        double least = 0;
        for (const int factor : stats::membersOf(setting)) {
            const auto gain = gainOf(fit, factor, setting, lowerIsBetter);
            if (!isShown(gain, delta) && (weakest < 0 || gain.lo() < least)) {
                weakest = factor;
                least = gain.lo();
            }
        }
        if (weakest < 0)
            return setting;
        setting &= ~(FactorSet{1} << weakest);
    }
    return setting;
}

/// Beyond a factor of five percentages stop telling.
std::string ratioText(double log) {
    const double ratio = std::exp(log);
    if (std::abs(log) < std::log(5))
        return formatChange(ratio);
    return ratio < 1 ? "÷" + formatNumber(1 / ratio) : "×" + formatNumber(ratio);
}

std::string changeText(const stats::Difference& change) {
    return fmt::format("{} ({} … {})", ratioText(change.value), ratioText(change.lo()),
                       ratioText(change.hi()));
}

std::string reasonOf(const FactorialFit& fit, int factor, FactorSet setting, const Metric& metric,
                     double delta) {
    const bool on = (setting >> factor & 1) != 0;
    const auto change = stats::differenceOf(fit, factor, setting, kAlpha);
    const auto gain = gainOf(fit, factor, setting, metric.lowerIsBetter);
    const std::string beside = (setting & ~(FactorSet{1} << factor)) != 0 ? " beside the others" : "";
    if (!std::isfinite(change.reach))
        return "too few runs for an interval";
    if (on)
        return fmt::format("{} {}{}", metric.id, changeText(change), beside);
    if (gain.hi() < 0 && -gain.value > std::log1p(delta))
        return fmt::format("it makes {} worse, {}{}", metric.id, changeText(change), beside);
    if (change.lo() > std::log(1 - delta) && change.hi() < std::log1p(delta))
        return fmt::format("no practical difference in {}{}", metric.id, beside);
    if (isShown(gain, delta))
        return "requests fail with it that do not fail without";
    return fmt::format("no gain in {} was shown, {}{}", metric.id, changeText(change), beside);
}

}  // namespace

Advice advise(const model::AttributionStage& stage, const stats::Design& design, std::string_view metricId,
              double delta) {
    Advice advice;
    const Metric* chosen = metric(metricId);
    const auto fit = stage.replicates > 0 ? fitOf(stage, design, metricId) : std::nullopt;
    if (!chosen || !fit)
        return advice;
    advice.setting = trimmed(*fit, bestSetting(*fit, fitOfErrors(stage, design), chosen->lowerIsBetter),
                             delta, chosen->lowerIsBetter);
    for (std::size_t i = 0; i < stage.toggles.size(); ++i)
        advice.decisions.push_back(
            {.toggle = stage.toggles[i],
             .recommended = (advice.setting >> i & 1) != 0,
             .reason = reasonOf(*fit, static_cast<int>(i), advice.setting, *chosen, delta)});
    advice.waterfall = sharesOf(*fit, stage.toggles, advice.setting);
    for (const auto& one : kMetrics) {
        const auto other = fitOf(stage, design, one.id);
        if (!other || advice.setting == 0)
            continue;
        const auto change = stats::differenceBetween(*other, 0, advice.setting, kAlpha);
        advice.predicted.push_back({.metric = std::string(one.id),
                                    .title = std::string(one.title),
                                    .lowerIsBetter = one.lowerIsBetter,
                                    .from = std::exp(other->at(0)),
                                    .to = std::exp(other->at(advice.setting)),
                                    .ratio = std::exp(change.value),
                                    .lo = std::exp(change.lo()),
                                    .hi = std::exp(change.hi())});
    }
    return advice;
}

std::vector<std::string> strongest(const model::AttributionStage& screen, std::string_view metricId,
                                   double delta, int most) {
    const auto* metric = screen.metric(metricId);
    if (!metric)
        return {};
    std::vector<const model::FactorEffect*> found;
    for (const auto& effect : metric->effects)
        if (effect.isMain() && model::stands(effect, delta))
            found.push_back(&effect);
    // A toggle that does harm is only worth a place that no gain needs: it will not be recommended.
    const auto isGain = [&](const auto* effect) { return (effect->ratio < 1) == metric->lowerIsBetter; };
    std::ranges::stable_sort(found, [&](const auto* a, const auto* b) {
        return isGain(a) != isGain(b) ? isGain(a)
                                      : std::abs(std::log(a->ratio)) > std::abs(std::log(b->ratio));
    });
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < found.size() && i < static_cast<std::size_t>(most); ++i)
        ids.push_back(found[i]->toggles.front());
    return ids;
}

}  // namespace hone::experiment

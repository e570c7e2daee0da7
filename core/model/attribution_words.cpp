#include "core/model/attribution.h"

#include "core/base/units.h"

#include <algorithm>
#include <cmath>

// The answer of an attribution in words, and the small look-ups that tables share.

namespace hone::model {
namespace {

constexpr double kAlpha = 0.05;

/// How a metric is spoken of: "p95 falls by 88 %".
struct Phrase {
    std::string_view metric, noun;
};
constexpr Phrase kPhrases[] = {{"mean", "mean latency"},
                               {"rps", "throughput"},
                               {"bytes", "bytes per request"},
                               {"cpu", "CPU per request"}};

std::string nounOf(std::string_view metric) {
    const auto found = std::ranges::find(kPhrases, metric, &Phrase::metric);
    return std::string(found == std::end(kPhrases) ? metric : found->noun);
}

/// "x", "x and y", "x, y and z"
std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0)
            text += i + 1 == parts.size() ? " and " : ", ";
        text += parts[i];
    }
    return text;
}

std::string valueText(std::string_view metric, double value) {
    if (metric == "rps")
        return formatRate(value);
    if (metric == "bytes")
        return formatBytes(value);
    return formatMicros(value);
}

/// "falls by 31 %", "falls to a ninth"-like factors where percentages saturate: "falls 9.1 times".
std::string movement(double ratio) {
    const double factor = ratio < 1 ? 1 / ratio : ratio;
    const std::string_view verb = ratio < 1 ? "falls" : "rises";
    if (factor > 5)
        return fmt::format("{} by a factor of {}", verb, formatNumber(factor));
    return fmt::format("{} by {}", verb, formatPercent(std::abs(ratio - 1)));
}

std::string shareText(const Attribution& attribution) {
    if (attribution.waterfall.size() < 2)
        return {};
    auto shares = attribution.waterfall;
    std::ranges::sort(shares, std::greater{}, &ToggleShare::part);
    std::vector<std::string> parts;
    for (const auto& share : shares)
        parts.push_back(fmt::format("{} earns {}", share.toggle, formatPercent(share.part)));
    return "; " + joined(parts) + " of it";
}

const PredictedChange* chosen(const Attribution& attribution) {
    const auto found = std::ranges::find(attribution.predicted, attribution.metric, &PredictedChange::metric);
    return found == attribution.predicted.end() ? nullptr : &*found;
}

/// " It costs 9.4 % more CPU per request." for what certainly moved the wrong way.
std::string price(const Attribution& attribution) {
    std::vector<std::string> parts;
    for (const auto& change : attribution.predicted) {
        const bool isWorse =
            change.lowerIsBetter ? change.lo > 1 + attribution.delta : change.hi < 1 - attribution.delta;
        if (isWorse && change.metric != attribution.metric)
            parts.push_back(fmt::format("{} {}", nounOf(change.metric), movement(change.ratio)));
    }
    return parts.empty() ? std::string() : fmt::format(" In exchange {}.", joined(parts));
}

std::string leftOff(const Attribution& attribution) {
    std::string text;
    for (const auto& decision : attribution.decisions)
        if (!decision.recommended)
            text += fmt::format(" Leave {} off: {}.", decision.toggle, decision.reason);
    return text;
}

std::string confirmed(const Attribution& attribution) {
    if (!attribution.confirmation)
        return " This was not confirmed by a comparison.";
    const bool isBetter = attribution.confirmation->verdict == stats::Verdict::Better;
    return (isBetter ? " Confirmed against the base: "
                     : " A comparison with the base does not confirm it: ") +
           attribution.confirmation->sentence;
}

}  // namespace

std::string FactorEffect::name() const {
    std::string text;
    for (const auto& toggle : toggles)
        text += (text.empty() ? "" : " × ") + toggle;
    return text;
}

const FactorEffect* AttributionMetric::effect(std::string_view toggle) const {
    const auto found = std::ranges::find_if(
        effects, [&](const auto& effect) { return effect.isMain() && effect.toggles.front() == toggle; });
    return found == effects.end() ? nullptr : &*found;
}

const AttributionMetric* AttributionStage::metric(std::string_view id) const {
    const auto found = std::ranges::find(metrics, id, &AttributionMetric::metric);
    return found == metrics.end() ? nullptr : &*found;
}

std::vector<std::string> Attribution::recommendedToggles() const {
    std::vector<std::string> ids;
    for (const auto& decision : decisions)
        if (decision.recommended)
            ids.push_back(decision.toggle);
    return ids;
}

const AttributionStage* Attribution::decisive() const {
    for (auto stage = stages.rbegin(); stage != stages.rend(); ++stage)
        if (!stage->metrics.empty())
            return &*stage;
    return nullptr;
}

bool stands(const FactorEffect& effect, double delta) {
    return effect.pHolm <= kAlpha && std::abs(std::log(effect.ratio)) > std::log1p(delta);
}

std::string describeInteraction(const AttributionMetric& metric, const FactorEffect& effect) {
    const bool isPair = effect.toggles.size() == 2;
    const double ratio = isPair ? effect.togetherRatio() : effect.ratio;
    const double factor = ratio < 1 ? 1 / ratio : ratio;
    const std::string amount =
        factor > 5 ? formatNumber(factor) + " times" : formatPercent(std::abs(ratio - 1));
    return fmt::format("{}: {} with {} is {} {} than {}", effect.name(), nounOf(metric.metric),
                       isPair ? "both" : "all", amount, ratio > 1 ? "more" : "less",
                       isPair ? "the product of each alone" : "their pairs explain");
}

std::string describe(const Attribution& attribution) {
    const std::string partial = attribution.partial ? " The experiment was interrupted." : "";
    if (!attribution.decisive())
        return attribution.partial || attribution.decisions.empty()
                   ? "Cannot tell yet: no replicate was measured in whole." + partial
                   : "Nothing to attribute." + leftOff(attribution);
    const auto on = attribution.recommendedToggles();
    const std::string noun = nounOf(attribution.metric);
    if (on.empty())
        return fmt::format("Keep the base: no toggle was shown to improve {} by more than {}.{}{}", noun,
                           formatPercent(attribution.delta), leftOff(attribution), partial);
    std::string text = fmt::format("Turn on {}", joined(on));
    if (const auto* change = chosen(attribution))
        text += fmt::format(": {} {} (from {} to {}{})", noun, movement(change->ratio),
                            valueText(attribution.metric, change->from),
                            valueText(attribution.metric, change->to), shareText(attribution));
    return text + "." + price(attribution) + leftOff(attribution) + confirmed(attribution) + partial;
}

}  // namespace hone::model

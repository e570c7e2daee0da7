#include "core/base/units.h"
#include "core/experiment/blocks.h"
#include "core/experiment/experiment.h"

#include <algorithm>
#include <cmath>

namespace hone::experiment {

namespace {

using stats::Verdict;

constexpr double kAlpha = 0.05;
constexpr double kErrorPoints =
    0.005;  ///< METHOD section 2: error rates further apart make a comparison invalid.
constexpr int kFewestForSignFlip = 6;  ///< Below, its smallest possible p exceeds 5 %.

bool claims(Verdict verdict) {
    return verdict == Verdict::Better || verdict == Verdict::Worse ||
           verdict == Verdict::BetterMaybeTrivial || verdict == Verdict::WorseMaybeTrivial;
}

double geometricMean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values)
        sum += std::log(value);
    return values.empty() ? 0 : std::exp(sum / static_cast<double>(values.size()));
}

std::optional<model::Effect> effectOf(const Metric& metric, const model::Comparison& comparison) {
    PairedValues values = pairedValues(comparison.blocks, metric.id);
    for (std::size_t i = values.a.size(); i-- > 0;)
        if (values.a[i] <= 0 || values.b[i] <= 0) {
            values.a.erase(values.a.begin() + static_cast<std::ptrdiff_t>(i));
            values.b.erase(values.b.begin() + static_cast<std::ptrdiff_t>(i));
        }
    if (values.a.empty())
        return std::nullopt;  // Not measured, such as the CPU of somebody else's server.
    model::Effect effect;
    effect.metric = metric.id;
    effect.title = metric.title;
    effect.lowerIsBetter = metric.lowerIsBetter;
    effect.headline = metric.headline;
    effect.a = geometricMean(values.a);
    effect.b = geometricMean(values.b);
    effect.paired = stats::pairedBlocks(values.a, values.b, kAlpha);
    effect.anytime = stats::anytimeT(values.logRatios(), 1.0, kAlpha);
    effect.pHolm = effect.paired.p;
    return effect;
}

void adjust(std::vector<model::Effect>& effects) {
    std::vector<double> p;
    for (const auto& effect : effects)
        if (effect.headline)
            p.push_back(effect.paired.p);
    const auto adjusted = stats::holm(p);
    std::size_t next = 0;
    for (auto& effect : effects)
        if (effect.headline)
            effect.pHolm = adjusted[next++];
}

Verdict verdictOf(const model::Effect& effect, const model::Comparison& comparison) {
    const auto& paired = effect.paired;
    if (paired.exact)
        return stats::judge(paired.lo, paired.hi, comparison.delta, effect.lowerIsBetter);
    // Whoever looked before the end must use the interval that allows looking.
    if (comparison.stoppedEarly) {
        const auto verdict =
            stats::judge(effect.anytime.lo, effect.anytime.hi, comparison.delta, effect.lowerIsBetter);
        return claims(verdict) && std::abs(paired.meanLog) <= comparison.noiseFloor ? Verdict::CannotTell
                                                                                    : verdict;
    }
    const auto verdict = stats::judge(paired.lo, paired.hi, comparison.delta, effect.lowerIsBetter);
    if (!claims(verdict))
        return verdict;
    const bool byChance = effect.headline && effect.pHolm > kAlpha;
    const bool signsDisagree = paired.pairs >= kFewestForSignFlip && paired.signFlipP > kAlpha;
    const bool inNoise = std::abs(paired.meanLog) <= comparison.noiseFloor;
    return byChance || signsDisagree || inNoise ? Verdict::CannotTell : verdict;
}

struct Errors {
    std::uint64_t requests = 0, errors = 0;
    [[nodiscard]] double rate() const {
        return requests > 0 ? static_cast<double>(errors) / static_cast<double>(requests) : 0;
    }
};

Errors errorsOf(const model::Comparison& comparison, int arm) {
    Errors out;
    for (const auto& block : comparison.blocks)
        if (block.arm == arm) {
            out.requests += block.requests;
            out.errors += block.errors;
        }
    return out;
}

double refusedShare(const model::RunResult& run) {
    std::uint64_t refused = 0;
    for (const int status : {429, 503})
        if (const auto found = run.byStatus.find(status); found != run.byStatus.end())
            refused += found->second;
    return run.requests > 0 ? static_cast<double>(refused) / static_cast<double>(run.requests) : 0;
}

/// Why the arms cannot be compared; empty when they can.
std::string invalidity(const model::Comparison& comparison) {
    const auto unexplained =
        std::ranges::count_if(comparison.answerDifferences, [](const auto& d) { return !d.expected; });
    if (unexplained > 0)
        return fmt::format("A and B gave different answers to {} of {} compared requests.", unexplained,
                           comparison.answersCompared);
    const Errors a = errorsOf(comparison, 0), b = errorsOf(comparison, 1);
    if (std::abs(a.rate() - b.rate()) > kErrorPoints) {
        const bool bMore = b.rate() > a.rate();
        const auto& worse = bMore ? comparison.b : comparison.a;
        const double refused = refusedShare(worse), others = std::max(a.rate(), b.rate()) - refused;
        if (refused > 0 && others <= kErrorPoints)
            return fmt::format(
                "{} refused {} of the requests (status 429 or 503), {} {}: they did not do the same work.",
                bMore ? "B" : "A", formatPercent(refused), bMore ? "A" : "B",
                formatPercent(std::min(a.rate(), b.rate())));
        return fmt::format("{} of the requests failed in A and {} in B: the arms did not do the same work.",
                           formatPercent(a.rate()), formatPercent(b.rate()));
    }
    if (a.rate() > 0.5)
        return fmt::format("{} of the requests failed in both arms: this compares error answers.",
                           formatPercent(a.rate()));
    return {};
}

}  // namespace

std::vector<model::Effect> effectsOf(const model::Comparison& comparison) {
    std::vector<model::Effect> effects;
    for (const auto& metric : kMetrics)
        if (auto effect = effectOf(metric, comparison))
            effects.push_back(std::move(*effect));
    adjust(effects);
    for (auto& effect : effects) {
        effect.verdict = verdictOf(effect, comparison);
        if (effect.verdict == Verdict::CannotTell)
            effect.pairsNeeded = stats::pairsNeeded(effect.paired.sdLog, comparison.delta, kAlpha);
    }
    return effects;
}

void conclude(model::Comparison& comparison) {
    comparison.effects = effectsOf(comparison);
    const auto* chosen = comparison.effect(comparison.metric);
    comparison.verdict = chosen ? chosen->verdict : Verdict::CannotTell;
    if (const std::string reason = invalidity(comparison); !reason.empty()) {
        comparison.verdict = Verdict::Invalid;
        std::erase(comparison.warnings, reason);
        comparison.warnings.insert(comparison.warnings.begin(),
                                   reason);  // First: the sentence gives it as the reason.
    }
    comparison.sentence = model::describe(comparison);
}

}  // namespace hone::experiment

#include "core/model/comparison.h"

#include "core/base/units.h"

#include <algorithm>
#include <cmath>

// The answer of a comparison in words, as the Compare panel shows it large (LOOK: "Panels").

namespace hone::model {
namespace {

using stats::Verdict;

constexpr std::string_view kGap = "\u00A0";  // no line break between number and unit

constexpr double kExtreme = 5;   ///< From here on factors say more than percent.
constexpr int kTooMany = 1'000;  ///< Pairs nobody would wait for.

/// How one metric is spoken of. "{}" stands for the amount ("31 %").
struct Phrase {
    std::string_view metric;
    std::string_view noun;    ///< "No practical difference in …"
    std::string_view better;  ///< After "B".
    std::string_view worse;
    std::string_view price;       ///< After "for", when it is what the gain costs.
    std::string_view times = {};  ///< When B has more than five times as much, which percent say badly.
};
constexpr Phrase kPhrases[] = {
    {"p50", "p50", "answers p50 {} faster", "answers p50 {} slower", "{} slower p50"},
    {"p90", "p90", "answers p90 {} faster", "answers p90 {} slower", "{} slower p90"},
    {"p95", "p95", "answers p95 {} faster", "answers p95 {} slower", "{} slower p95"},
    {"p99", "p99", "answers p99 {} faster", "answers p99 {} slower", "{} slower p99"},
    {"mean", "the mean latency", "answers {} faster on average", "answers {} slower on average",
     "{} slower answers"},
    {"rps", "throughput", "handles {} more requests a second", "handles {} fewer requests a second",
     "{} fewer requests a second", "handles {} times as many requests a second"},
    {"bytes", "bytes sent", "sends {} fewer bytes", "sends {} more bytes", "{} more bytes",
     "sends {} times as many bytes"},
    {"cpu", "CPU per request", "uses {} less CPU", "uses {} more CPU", "{} more CPU",
     "uses {} times the CPU"},
    {"errors", "errors", "fails {} less often", "fails {} more often", "{} more errors"},
};

/// What a metric without its own phrase is called.
Phrase phraseOf(const Effect& effect) {
    const auto it = std::ranges::find(kPhrases, effect.metric, &Phrase::metric);
    if (it != std::end(kPhrases))
        return *it;
    const std::string_view noun = effect.title.empty() ? effect.metric : effect.title;
    return {effect.metric, noun, "is {} better", "is {} worse", "{} worse"};
}

/// The interval the verdict was made from: peeking is only allowed with the anytime one.
std::pair<double, double> intervalOf(const Comparison& comparison, const Effect& effect) {
    const bool peeked = comparison.stoppedEarly && !effect.paired.exact;
    return peeked ? std::pair(effect.anytime.lo, effect.anytime.hi)
                  : std::pair(effect.paired.lo, effect.paired.hi);
}

/// Percent with one decimal where two digits need it; what would round to 100 % less than everything says so.
std::string digits(double percent, int decimals) {
    const bool saturates = percent > 99.9 && percent < 100;
    return fmt::format("{:.{}f}", saturates ? 99.9 : percent, saturates ? 1 : decimals);
}

int decimalsFor(double percent) { return percent < 9.95 || (percent > 99 && percent < 100) ? 1 : 0; }

double percentOf(double ratio) { return std::abs(ratio - 1) * 100; }

std::string amount(double ratio) {
    const double percent = percentOf(ratio);
    return fmt::format("{}{}%", digits(percent, decimalsFor(percent)), kGap);
}

/// "95 % interval 28 … 34", as the same positive amounts that stand before it.
std::string amountInterval(double ratio, double lo, double hi) {
    const int decimals = decimalsFor(percentOf(ratio));
    const auto [near, far] = std::minmax({percentOf(lo), percentOf(hi)});
    return fmt::format("95{}% interval {} … {}", kGap, digits(near, decimals), digits(far, decimals));
}

/// "95 % interval −0.8 % … +1.1 %"
std::string signedInterval(double lo, double hi) {
    return fmt::format("95{}% interval {} … {}", kGap, formatChange(lo), formatChange(hi));
}

std::string bandText(const Comparison& comparison) {
    return fmt::format("±{}{}%", fmt::format("{:.3g}", comparison.delta * 100), kGap);
}

bool isLatency(const Effect& effect) { return effect.metric.starts_with('p') || effect.metric == "mean"; }

/// Percent saturate below a fifth and sound odd above five: "6.3 times faster".
std::string timesText(const Effect& effect) {
    const double ratio = effect.paired.ratio;
    const bool isExtreme = ratio > 0 && (ratio < 1 / kExtreme || ratio > kExtreme);
    if (!isExtreme || !isLatency(effect))
        return {};
    return fmt::format("{} times {}", formatNumber(ratio < 1 ? 1 / ratio : ratio),
                       ratio < 1 ? "faster" : "as long");
}

/// "95 % interval 28.9 … 312", as the same factors that stand before it.
std::string timesInterval(double ratio, double lo, double hi) {
    if (lo <= 0 || !std::isfinite(hi))
        return amountInterval(ratio, lo, hi);
    const auto factor = [ratio](double value) { return ratio < 1 ? 1 / value : value; };
    const auto [near, far] = std::minmax({factor(lo), factor(hi)});
    return fmt::format("95{}% interval {} … {}", kGap, formatNumber(near), formatNumber(far));
}

bool isGain(const Effect& effect) { return (effect.paired.ratio < 1) == effect.lowerIsBetter; }

bool saysTimes(const Effect& effect) {
    return !phraseOf(effect).times.empty() && effect.paired.ratio > kExtreme;
}

std::string clause(const Effect& effect) {
    const Phrase phrase = phraseOf(effect);
    if (saysTimes(effect))
        return fmt::format(fmt::runtime(phrase.times), formatNumber(effect.paired.ratio));
    return fmt::format(fmt::runtime(isGain(effect) ? phrase.better : phrase.worse),
                       amount(effect.paired.ratio));
}

/// "B answers p95 31 % faster (95 % interval 28 … 34)"
std::string decided(const Comparison& comparison, const Effect& effect) {
    const auto [lo, hi] = intervalOf(comparison, effect);
    std::string inside = timesText(effect);
    if (!effect.paired.exact && inside.empty())
        inside = saysTimes(effect) ? timesInterval(effect.paired.ratio, lo, hi)
                                   : amountInterval(effect.paired.ratio, lo, hi);
    else if (!effect.paired.exact)
        inside += "; " + timesInterval(effect.paired.ratio, lo, hi);
    return fmt::format("B {} ({})", clause(effect), inside.empty() ? "exactly" : inside);
}

int pairsMeasured(const Comparison& comparison, const Effect& effect) {
    int pairs = effect.paired.pairs;
    for (const Block& block : comparison.blocks)
        pairs = std::max(pairs, block.pair + 1);
    return pairs;
}

/// " (about 3 min)" from how long the pairs so far took; empty when that is unknown.
std::string timeFor(const Comparison& comparison, int pairs) {
    double first = INFINITY;
    double last = 0;
    int measured = 0;
    for (const Block& block : comparison.blocks) {
        first = std::min(first, block.startS);
        last = std::max(last, block.startS + block.seconds);
        measured = std::max(measured, block.pair + 1);
    }
    if (measured == 0 || last <= first)
        return {};
    const double seconds = std::max(1.0, std::round((last - first) / measured * pairs));
    return fmt::format(" (about {})", formatMicros(seconds * 1e6));
}

/// Why a clear interval is not believed all the same; empty when it is not clear.
std::string doubt(const Comparison& comparison, const Effect& effect, double lo, double hi) {
    const Verdict byInterval = stats::judge(lo, hi, comparison.delta, effect.lowerIsBetter);
    if (byInterval == Verdict::CannotTell)
        return {};
    if (comparison.noiseFloor > 0 && std::abs(effect.paired.meanLog) <= comparison.noiseFloor)
        return fmt::format(": {} is no more than identical arms differed here ({})",
                           formatChange(effect.paired.ratio), formatChange(std::exp(comparison.noiseFloor)));
    return fmt::format(": {} is seen ({}), but the check without assumptions does not confirm it",
                       formatChange(effect.paired.ratio), signedInterval(lo, hi));
}

std::string undecided(const Comparison& comparison, const Effect& effect) {
    const auto [lo, hi] = intervalOf(comparison, effect);
    const int measured = pairsMeasured(comparison, effect);
    std::string text = fmt::format("Cannot tell yet whether B changes {}", phraseOf(effect).noun);
    if (std::string reason = doubt(comparison, effect, lo, hi); !reason.empty())
        text += reason;
    else if (std::isfinite(hi) && lo > 0)
        text += fmt::format(": the {} reaches beyond {}", signedInterval(lo, hi), bandText(comparison));
    else
        text += fmt::format(": {} block pair{} measured so far",
                            measured == 0 ? "no" : fmt::format("{}", measured), measured == 1 ? "" : "s");
    // The estimate knows nothing of chance: where it promises enough already, a few more are asked for.
    const int more = std::max(effect.pairsNeeded - measured, measured < 6 ? 6 - measured : 2);
    if (more > kTooMany)
        return text + fmt::format(". At this scatter more than {} further pairs would be needed", kTooMany);
    return text + fmt::format(". About {} more pairs{} would show it", more, timeFor(comparison, more));
}

std::string finding(const Comparison& comparison, const Effect& effect) {
    const auto [lo, hi] = intervalOf(comparison, effect);
    switch (comparison.verdict) {
        case Verdict::Better:
        case Verdict::Worse: return decided(comparison, effect);
        case Verdict::BetterMaybeTrivial:
        case Verdict::WorseMaybeTrivial:
            return fmt::format("{}, which may be within {} and too little to matter",
                               decided(comparison, effect), bandText(comparison));
        case Verdict::NoDifference:
            return fmt::format("No practical difference in {}: B is within {} of A ({})",
                               phraseOf(effect).noun, bandText(comparison),
                               effect.paired.exact ? "exactly " + formatChange(lo) : signedInterval(lo, hi));
        case Verdict::CannotTell:
        case Verdict::Invalid: break;
    }
    return undecided(comparison, effect);
}

/// What is certain beside the chosen metric: bytes, CPU, throughput.
std::vector<const Effect*> companions(const Comparison& comparison) {
    std::vector<const Effect*> found;
    for (const char* metric : {"bytes", "cpu", "rps"}) {
        const Effect* effect = comparison.effect(metric);
        const bool isDecided =
            effect && (effect->verdict == Verdict::Better || effect->verdict == Verdict::Worse);
        if (isDecided && metric != comparison.metric)
            found.push_back(effect);
    }
    return found;
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

/// " and sends 71 % fewer bytes, for 9 % more CPU" behind a gain; the mirror behind a loss.
std::string besides(const Comparison& comparison, bool gained) {
    std::vector<std::string> same;
    std::vector<std::string> other;
    for (const Effect* effect : companions(comparison)) {
        if (isGain(*effect) == gained)
            same.push_back(clause(*effect));
        else if (gained)
            other.push_back(fmt::format(fmt::runtime(phraseOf(*effect).price), amount(effect->paired.ratio)));
        else
            other.push_back(clause(*effect));
    }
    std::string text;
    if (!same.empty())
        text += (same.size() > 1 ? ", " : " and ") + joined(same);
    if (!other.empty())
        text += (gained ? ", for " : ", but ") + joined(other);
    return text;
}

std::string besidesAlone(const Comparison& comparison) {
    std::vector<std::string> clauses;
    for (const Effect* effect : companions(comparison))
        clauses.push_back(clause(*effect));
    return clauses.empty() ? std::string() : fmt::format(" It {}.", joined(clauses));
}

std::string errorNote(const Comparison& comparison) {
    const double a = comparison.a.errorRate();
    const double b = comparison.b.errorRate();
    if (std::abs(a - b) <= 0.005)
        return {};
    return fmt::format(" But {} of B's requests failed, of A's {}.", formatPercent(b), formatPercent(a));
}

std::string invalid(const Comparison& comparison) {
    const auto isOpen = [](const AnswerDifference& difference) { return !difference.expected; };
    const auto open = std::ranges::count_if(comparison.answerDifferences, isOpen);
    if (open > 0) {
        const auto first = std::ranges::find_if(comparison.answerDifferences, isOpen);
        return fmt::format(
            "No verdict: A and B gave different answers to {} of {} compared requests, first to {}{}.", open,
            comparison.answersCompared, first->request,
            first->explanation.empty() ? "" : fmt::format(" ({})", first->explanation));
    }
    const std::string reason = comparison.warnings.empty() ? "the measurement did not meet its own conditions"
                                                           : comparison.warnings.front();
    return fmt::format("No verdict: {}{}", reason, reason.ends_with('.') ? "" : ".");
}

}  // namespace

std::string describe(const Comparison& comparison) {
    if (comparison.verdict == Verdict::Invalid)
        return invalid(comparison) + errorNote(comparison);
    const Effect* effect = comparison.effect(comparison.metric);
    if (!effect)
        return fmt::format("Cannot tell yet whether B changes {}: no block pair measured so far.",
                           comparison.metric);
    const bool isDecided = comparison.verdict == Verdict::Better || comparison.verdict == Verdict::Worse;
    std::string text = finding(comparison, *effect);
    text += isDecided ? besides(comparison, isGain(*effect)) + "." : "." + besidesAlone(comparison);
    if (comparison.partial)
        text += fmt::format(" Interrupted after {} of {} pairs.", pairsMeasured(comparison, *effect),
                            comparison.plannedPairs);
    return text + errorNote(comparison);
}

std::string verdictWords(Verdict verdict) {
    switch (verdict) {
        case Verdict::Better: return "better";
        case Verdict::Worse: return "worse";
        case Verdict::NoDifference: return "no practical difference";
        case Verdict::BetterMaybeTrivial: return "better, perhaps too little to matter";
        case Verdict::WorseMaybeTrivial: return "worse, perhaps too little to matter";
        case Verdict::CannotTell: return "cannot tell yet";
        case Verdict::Invalid: return "not valid";
    }
    return "cannot tell yet";
}

}  // namespace hone::model

#include "core/stats/paired.h"

#include "core/base/assert.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone::stats {
namespace {

constexpr std::pair<Verdict, std::string_view> kIds[] = {
    {Verdict::Better, "better"},
    {Verdict::Worse, "worse"},
    {Verdict::NoDifference, "no_practical_difference"},
    {Verdict::BetterMaybeTrivial, "better_maybe_trivial"},
    {Verdict::WorseMaybeTrivial, "worse_maybe_trivial"},
    {Verdict::CannotTell, "cannot_tell_yet"},
    {Verdict::Invalid, "invalid"},
};

/// Below six pairs the sign flip cannot reach 5 %.
constexpr int kFewestPairs = 6;
/// Nobody measures longer than this; keeps the arithmetic in range.
constexpr double kMostPairs = 1e6;

Verdict mirrored(Verdict verdict) {
    switch (verdict) {
        case Verdict::Better: return Verdict::Worse;
        case Verdict::Worse: return Verdict::Better;
        case Verdict::BetterMaybeTrivial: return Verdict::WorseMaybeTrivial;
        case Verdict::WorseMaybeTrivial: return Verdict::BetterMaybeTrivial;
        default: return verdict;
    }
}

Verdict judgeLower(double lo, double hi, double delta) {
    if (hi < 1 - delta)
        return Verdict::Better;
    if (lo > 1 + delta)
        return Verdict::Worse;
    if (lo >= 1 - delta && hi <= 1 + delta)
        return Verdict::NoDifference;
    if (hi < 1)
        return Verdict::BetterMaybeTrivial;
    if (lo > 1)
        return Verdict::WorseMaybeTrivial;
    return Verdict::CannotTell;  // also for NaN
}

}  // namespace

std::string_view verdictId(Verdict verdict) {
    const auto* it = std::ranges::find(kIds, verdict, &std::pair<Verdict, std::string_view>::first);
    HONE_ASSERT(it != std::end(kIds), "every verdict has a word");
    return it->second;
}

std::optional<Verdict> verdictFrom(std::string_view id) {
    const auto* it = std::ranges::find(kIds, id, &std::pair<Verdict, std::string_view>::second);
    return it == std::end(kIds) ? std::nullopt : std::optional(it->first);
}

Verdict judge(double lo, double hi, double delta, bool lowerIsBetter) {
    const Verdict verdict = judgeLower(lo, hi, delta);
    return lowerIsBetter ? verdict : mirrored(verdict);
}

int pairsNeeded(double sdLog, double delta, double alpha) {
    const double width = std::log1p(std::max(delta, 1e-6));
    const auto pairsFor = [&](double quantile) {
        const double wanted = std::ceil(std::pow(quantile * sdLog / width, 2));
        return static_cast<int>(
            std::clamp(std::isnan(wanted) ? 0.0 : wanted, double{kFewestPairs}, kMostPairs));
    };
    // t depends on the pairs and the pairs on t: two or three rounds settle it.
    int pairs = pairsFor(normalQuantile(1 - alpha / 2));
    for (int round = 0; round < 20; ++round) {
        const int next = pairsFor(studentQuantile(1 - alpha / 2, pairs - 1));
        if (next == pairs)
            break;
        pairs = next;
    }
    return pairs;
}

}  // namespace hone::stats

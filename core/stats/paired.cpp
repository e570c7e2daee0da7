#include "core/stats/paired.h"

#include "core/base/random.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace hone::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kExactFlips = 16, kRandomFlips = 100'000;
constexpr std::uint64_t kFlipSeed = 42;

/// Share of sign patterns whose |sum| reaches the observed one; the observed pattern is among them.
double signFlip(const std::vector<double>& d) {
    const double observed = std::abs(std::accumulate(d.begin(), d.end(), 0.0));
    const double reach = observed * (1 - 1e-12);  // equal sums must not differ by rounding
    const auto sumWith = [&](auto negative) {
        double sum = 0;
        for (std::size_t j = 0; j < d.size(); ++j)
            sum += negative(j) ? -d[j] : d[j];
        return std::abs(sum);
    };
    if (d.size() <= kExactFlips) {
        const std::uint32_t patterns = 1U << d.size();
        std::uint32_t hits = 0;
        for (std::uint32_t pattern = 0; pattern < patterns; ++pattern)
            hits += sumWith([&](std::size_t j) { return (pattern >> j & 1U) != 0; }) >= reach ? 1 : 0;
        return static_cast<double>(hits) / patterns;
    }
    SplitMix64 random(kFlipSeed);
    int hits = 1;
    for (int i = 0; i < kRandomFlips; ++i)
        hits += sumWith([&](std::size_t) { return (random.next() >> 63) != 0; }) >= reach ? 1 : 0;
    return static_cast<double>(hits) / (kRandomFlips + 1);
}

/// Median of the Walsh averages (D_i + D_j)/2, i ≤ j.
double pseudoMedian(const std::vector<double>& d) {
    std::vector<double> averages;
    averages.reserve(d.size() * (d.size() + 1) / 2);
    for (std::size_t i = 0; i < d.size(); ++i)
        for (std::size_t j = i; j < d.size(); ++j)
            averages.push_back((d[i] + d[j]) / 2);
    return median(std::move(averages));
}

}  // namespace

PairedResult pairedBlocks(std::span<const double> a, std::span<const double> b, double alpha) {
    std::vector<double> d;
    for (std::size_t j = 0; j < std::min(a.size(), b.size()); ++j)
        if (a[j] > 0 && b[j] > 0)
            d.push_back(std::log(b[j] / a[j]));
    PairedResult result{.pairs = static_cast<int>(d.size()), .lo = 0, .hi = kInfinity};
    if (d.empty())
        return result;
    result.meanLog = mean(d);
    result.ratio = std::exp(result.meanLog);
    result.pseudoMedianLog = pseudoMedian(d);
    if (d.size() < 2)
        return result;
    const auto n = static_cast<double>(d.size());
    result.df = n - 1;
    const auto [least, most] = std::ranges::minmax(d);
    if (most - least < 1e-12) {  // a deterministic metric: the difference is exact
        result.exact = true;
        result.lo = result.hi = result.ratio;
        result.p = result.signFlipP = std::abs(result.meanLog) < 1e-12 ? 1 : 0;
        return result;
    }
    result.sdLog = stddev(d);
    result.seLog = result.sdLog / std::sqrt(n);
    result.t = result.meanLog / result.seLog;
    result.p = studentP(result.t, result.df);
    const double radius = studentQuantile(1 - alpha / 2, result.df) * result.seLog;
    result.lo = std::exp(result.meanLog - radius);
    result.hi = std::exp(result.meanLog + radius);
    result.signFlipP = signFlip(d);
    return result;
}

AnytimeResult anytimeT(std::span<const double> logRatios, double g, double alpha) {
    AnytimeResult result{.tRadius = kInfinity, .hi = kInfinity};
    const auto n = static_cast<double>(logRatios.size());
    if (logRatios.empty())
        return result;
    const double m = mean(logRatios);
    result.ratio = std::exp(m);
    if (logRatios.size() < 2)
        return result;
    const double se = stddev(logRatios) / std::sqrt(n);
    if (se < 1e-12) {
        result.lo = result.hi = result.ratio;
        result.tRadius = 0;
        result.p = std::abs(m) < 1e-12 ? 1 : 0;
        return result;
    }
    const double t = m / se, nu = n - 1, r = g / (g + n);
    result.lnE = 0.5 * std::log(r) + (nu + 1) / 2 * (std::log1p(t * t / nu) - std::log1p(r * t * t / nu));
    result.p = std::min(1.0, std::exp(-result.lnE));
    const double k = std::pow(1 / (alpha * alpha * r), 1 / (nu + 1));
    if (r * k >= 1)
        return result;
    result.tRadius = std::sqrt(nu * (k - 1) / (1 - r * k));
    result.lo = std::exp(m - result.tRadius * se);
    result.hi = std::exp(m + result.tRadius * se);
    return result;
}

std::vector<double> holm(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
    std::vector<double> adjusted(p.size());
    double running = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        running = std::max(running, std::min(1.0, p[order[rank]] * static_cast<double>(p.size() - rank)));
        adjusted[order[rank]] = running;
    }
    return adjusted;
}

std::vector<double> benjaminiHochberg(std::span<const double> p) {
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return p[i]; });
    std::vector<double> adjusted(p.size());
    double running = 1;
    for (std::size_t rank = order.size(); rank-- > 0;) {
        running =
            std::min(running, p[order[rank]] * static_cast<double>(p.size()) / static_cast<double>(rank + 1));
        adjusted[order[rank]] = running;
    }
    return adjusted;
}

Verdict judge(double lo, double hi, double delta, bool lowerIsBetter) {
    const double low = 1 - delta, high = 1 + delta;
    using enum Verdict;
    if (hi < low)
        return lowerIsBetter ? Better : Worse;
    if (lo > high)
        return lowerIsBetter ? Worse : Better;
    if (lo >= low && hi <= high)
        return NoDifference;
    if (hi < 1)
        return lowerIsBetter ? BetterMaybeTrivial : WorseMaybeTrivial;
    if (lo > 1)
        return lowerIsBetter ? WorseMaybeTrivial : BetterMaybeTrivial;
    return CannotTell;
}

int pairsNeeded(double sdLog, double delta, double alpha) {
    constexpr int kLeast = 6;  // below it the sign-flip check cannot reach 5 %
    int pairs = kLeast;
    for (int round = 0; round < 50; ++round) {  // t depends on the number it decides
        const double t = studentQuantile(1 - alpha / 2, pairs - 1);
        const double needed = std::ceil(std::pow(t * sdLog / std::log1p(delta), 2));
        const int next = std::clamp(static_cast<int>(std::min(needed, 1e6)), kLeast, 1'000'000);
        if (next == pairs)
            break;
        pairs = next;
    }
    return pairs;
}

namespace {
constexpr std::array<std::pair<Verdict, std::string_view>, 7> kVerdicts{
    {{Verdict::Better, "better"},
     {Verdict::Worse, "worse"},
     {Verdict::NoDifference, "no_practical_difference"},
     {Verdict::BetterMaybeTrivial, "better_maybe_trivial"},
     {Verdict::WorseMaybeTrivial, "worse_maybe_trivial"},
     {Verdict::CannotTell, "cannot_tell_yet"},
     {Verdict::Invalid, "invalid"}}};
}  // namespace

std::string_view verdictId(Verdict verdict) {
    for (const auto& [value, id] : kVerdicts)
        if (value == verdict)
            return id;
    return "invalid";
}

std::optional<Verdict> verdictFrom(std::string_view id) {
    for (const auto& [value, known] : kVerdicts)
        if (known == id)
            return value;
    return std::nullopt;
}

}  // namespace hone::stats

#include "core/stats/companions.h"

#include "core/base/assert.h"
#include "core/base/random.h"
#include "core/stats/paired.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>

namespace hone::stats {
namespace {

constexpr std::size_t kMostExact =
    50;  ///< Values in each sample; beyond, the normal distribution is as good.
constexpr int kResamples = 500;
constexpr std::uint64_t kResampleSeed = 42;

double phiTwoSided(double z) { return std::erfc(std::abs(z) / std::sqrt(2)); }

double countAbove(std::span<const double> x, std::span<const double> y) {
    double count = 0;
    for (const double a : x)
        for (const double b : y)
            count += a > b ? 1 : a == b ? 0.5 : 0;
    return count;
}

/// Σ (t³ − t) over groups of equal values of both samples together.
double tieSum(std::span<const double> x, std::span<const double> y) {
    std::vector<double> all(x.begin(), x.end());
    all.insert(all.end(), y.begin(), y.end());
    std::ranges::sort(all);
    double sum = 0;
    for (std::size_t i = 0; i < all.size();) {
        std::size_t end = i;
        while (end < all.size() && all[end] == all[i])
            ++end;
        const auto t = static_cast<double>(end - i);
        sum += t * t * t - t;
        i = end;
    }
    return sum;
}

/// P(U ≤ u) for u = 0 … n·m without ties: the coefficients of the Gaussian binomial (n+m choose n).
std::vector<double> exactDistribution(std::size_t n, std::size_t m) {
    std::vector<double> counts(n * m + 1);
    counts[0] = 1;
    for (std::size_t i = 1; i <= n; ++i) {
        for (std::size_t u = counts.size(); u-- > m + i;)  // times 1 − q^(m+i) …
            counts[u] -= counts[u - m - i];
        for (std::size_t u = i; u < counts.size(); ++u)  // … over 1 − q^i
            counts[u] += counts[u - i];
    }
    double total = 0;
    for (const double count : counts)
        total += count;
    double running = 0;
    for (double& count : counts) {
        running += count;
        count = running / total;
    }
    return counts;
}

bool fitsExact(std::span<const double> x, std::span<const double> y) {
    return x.size() <= kMostExact && y.size() <= kMostExact && tieSum(x, y) == 0;
}

std::vector<double> resampled(std::span<const double> values, SplitMix64& random) {
    std::vector<double> out(values.size());
    std::ranges::generate(out, [&] { return values[random.index(values.size())]; });
    return out;
}

}  // namespace

RankTest mannWhitney(std::span<const double> x, std::span<const double> y) {
    RankTest test;
    if (x.empty() || y.empty())
        return test;
    const auto n = static_cast<double>(x.size()), m = static_cast<double>(y.size()), all = n + m;
    test.u1 = countAbove(x, y);
    test.u2 = n * m - test.u1;
    test.sigma = std::sqrt(n * m / 12 * (all + 1 - tieSum(x, y) / (all * (all - 1))));
    const double away = std::max(0.0, std::abs(test.u1 - n * m / 2) - 0.5);
    test.z = test.sigma > 0 ? std::copysign(away / test.sigma, test.u1 - n * m / 2) : 0;
    test.exact = fitsExact(x, y);
    if (test.exact)
        test.p = std::min(
            1.0,
            2 * exactDistribution(x.size(), y.size())[static_cast<std::size_t>(std::min(test.u1, test.u2))]);
    else
        test.p = test.sigma > 0 ? phiTwoSided(test.z) : 1;
    return test;
}

Shift hodgesLehmann(std::span<const double> x, std::span<const double> y, double alpha) {
    std::vector<double> d;
    for (const double a : x)
        for (const double b : y)
            d.push_back(b - a);
    std::ranges::sort(d);
    Shift shift{.estimate = median(d)};
    if (d.empty())
        return shift;
    const auto n = static_cast<double>(x.size()), m = static_cast<double>(y.size());
    auto k = static_cast<std::size_t>(std::max(
        1.0, std::floor(n * m / 2 - normalQuantile(1 - alpha / 2) * std::sqrt(n * m * (n + m + 1) / 12))));
    shift.exact = fitsExact(x, y);
    if (shift.exact) {
        const auto below = exactDistribution(x.size(), y.size());
        k = static_cast<std::size_t>(std::ranges::upper_bound(below, alpha / 2) - below.begin());
        k = std::max<std::size_t>(k, 1);  // Too few values for the level: the widest interval there is.
    }
    shift.lo = d[k - 1];
    shift.hi = d[d.size() - k];
    return shift;
}

double cliffsDelta(std::span<const double> x, std::span<const double> y) { return 2 * superiority(x, y) - 1; }

double superiority(std::span<const double> x, std::span<const double> y) {
    if (x.empty() || y.empty())
        return 0.5;
    return countAbove(x, y) / (static_cast<double>(x.size()) * static_cast<double>(y.size()));
}

std::vector<ShiftDecile> shiftFunction(std::span<const double> a, std::span<const double> b, double alpha) {
    std::vector<ShiftDecile> deciles;
    if (a.empty() || b.empty())
        return deciles;
    std::vector<std::vector<double>> differences(9);
    SplitMix64 random(kResampleSeed);
    for (int i = 0; i < kResamples; ++i) {
        const auto sampleA = resampled(a, random), sampleB = resampled(b, random);
        for (std::size_t decile = 0; decile < 9; ++decile) {
            const double q = static_cast<double>(decile + 1) / 10;
            differences[decile].push_back(harrellDavis(sampleB, q) - harrellDavis(sampleA, q));
        }
    }
    for (std::size_t decile = 0; decile < 9; ++decile) {
        const double q = static_cast<double>(decile + 1) / 10;
        ShiftDecile one{
            .q = q, .a = harrellDavis({a.begin(), a.end()}, q), .b = harrellDavis({b.begin(), b.end()}, q)};
        one.difference = one.b - one.a;
        one.lo = quantileR7(differences[decile], alpha / 2);
        one.hi = quantileR7(differences[decile], 1 - alpha / 2);
        deciles.push_back(one);
    }
    return deciles;
}

}  // namespace hone::stats

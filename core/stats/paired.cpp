#include "core/stats/paired.h"

#include "core/base/assert.h"
#include "core/base/random.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace hone::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kExactFlipPairs = 16;
constexpr int kRandomFlips = 100'000;
constexpr std::uint64_t kFlipSeed = 42;

/// ln(B_j / A_j) of the pairs where that exists.
std::vector<double> logRatios(std::span<const double> a, std::span<const double> b) {
    std::vector<double> logs;
    for (std::size_t j = 0; j < std::min(a.size(), b.size()); ++j) {
        const double log = a[j] > 0 && b[j] > 0 ? std::log(b[j] / a[j]) : kInfinity;
        if (std::isfinite(log))
            logs.push_back(log);
    }
    return logs;
}

/// Share of all 2^J sign patterns whose |sum| reaches the observed one, visited in Gray code: one flip a
/// step.
double exactSignFlip(std::span<const double> d, double reached) {
    std::vector<double> flipped(d.begin(), d.end());
    double sum = std::accumulate(d.begin(), d.end(), 0.0);
    const std::uint32_t patterns = 1u << (d.size() - 1);  // the other half is their mirror image
    std::uint32_t hits = 1;
    for (std::uint32_t k = 1; k < patterns; ++k) {
        double& value = flipped[static_cast<std::size_t>(std::countr_zero(k))];
        sum -= 2 * value;
        value = -value;
        hits += std::abs(sum) >= reached ? 1 : 0;
    }
    return static_cast<double>(hits) / patterns;
}

double randomSignFlip(std::span<const double> d, double reached) {
    SplitMix64 random(kFlipSeed);
    int hits = 0;
    for (int k = 0; k < kRandomFlips; ++k) {
        double sum = 0;
        std::uint64_t bits = 0;
        for (std::size_t j = 0; j < d.size(); ++j, bits >>= 1) {
            if (j % 64 == 0)
                bits = random.next();
            sum += (bits & 1) != 0 ? d[j] : -d[j];
        }
        hits += std::abs(sum) >= reached ? 1 : 0;
    }
    // The observed pattern is one of those possible, so p is never 0.
    return (hits + 1.0) / (kRandomFlips + 1.0);
}

double signFlip(std::span<const double> d) {
    const double sum = std::accumulate(d.begin(), d.end(), 0.0);
    double size = 0;
    for (const double value : d)
        size += std::abs(value);
    // Sums of the same numbers in another order differ by rounding.
    const double reached = std::abs(sum) - 1e-12 * size;
    return static_cast<int>(d.size()) <= kExactFlipPairs ? exactSignFlip(d, reached)
                                                         : randomSignFlip(d, reached);
}

/// Median of all (D_i + D_j)/2, i ≤ j.
double pseudoMedian(std::span<const double> d) {
    std::vector<double> averages;
    averages.reserve(d.size() * (d.size() + 1) / 2);
    for (std::size_t i = 0; i < d.size(); ++i)
        for (std::size_t j = i; j < d.size(); ++j)
            averages.push_back((d[i] + d[j]) / 2);
    return median(std::move(averages));
}

/// Equal up to the rounding of a logarithm.
bool allEqual(std::span<const double> d) {
    return std::ranges::all_of(d, [&](double value) { return std::abs(value - d.front()) <= 1e-12; });
}

std::vector<std::size_t> orderOf(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    return order;
}

}  // namespace

PairedResult pairedBlocks(std::span<const double> a, std::span<const double> b, double alpha) {
    const std::vector<double> d = logRatios(a, b);
    PairedResult result;
    result.pairs = static_cast<int>(d.size());
    result.lo = 0;
    result.hi = kInfinity;
    if (d.empty())
        return result;
    result.meanLog = mean(d);
    result.ratio = std::exp(result.meanLog);
    result.pseudoMedianLog = pseudoMedian(d);
    if (d.size() < 2)
        return result;
    result.df = static_cast<double>(d.size()) - 1;
    result.signFlipP = signFlip(d);
    if (allEqual(d)) {
        result.exact = true;
        result.lo = result.hi = result.ratio;
        result.p = std::abs(result.meanLog) <= 1e-12 ? 1 : 0;
        return result;
    }
    result.sdLog = stddev(d);
    result.seLog = result.sdLog / std::sqrt(static_cast<double>(d.size()));
    result.t = result.meanLog / result.seLog;
    result.p = studentP(result.t, result.df);
    const double reach = studentQuantile(1 - alpha / 2, result.df) * result.seLog;
    result.lo = std::exp(result.meanLog - reach);
    result.hi = std::exp(result.meanLog + reach);
    return result;
}

AnytimeResult anytimeT(std::span<const double> d, double g, double alpha) {
    HONE_ASSERT(g > 0 && alpha > 0 && alpha < 1, "the mixture needs a scale and a level");
    AnytimeResult result;
    result.tRadius = result.hi = kInfinity;
    result.ratio = d.empty() ? 1 : std::exp(mean(d));
    if (d.size() < 2)
        return result;
    const auto n = static_cast<double>(d.size());
    const double nu = n - 1;
    const double r = g / (g + n);
    const double se = stddev(d) / std::sqrt(n);
    const double centre = mean(d);
    const double t2 = se > 0 ? (centre / se) * (centre / se) : (centre == 0 ? 0 : kInfinity);
    const double growth =
        std::isinf(t2) ? -std::log(r) : std::log1p(t2 / nu) - std::log1p(r * t2 / nu);  // its limit
    result.lnE = 0.5 * std::log(r) + (nu + 1) / 2 * growth;
    result.p = std::min(1.0, std::exp(-result.lnE));
    const double k = std::pow(1 / (alpha * alpha * r), 1 / (nu + 1));
    if (r * k >= 1)
        return result;
    result.tRadius = std::sqrt(nu * (k - 1) / (1 - r * k));
    result.lo = std::exp(centre - result.tRadius * se);
    result.hi = std::exp(centre + result.tRadius * se);
    return result;
}

std::vector<double> holm(std::span<const double> p) {
    std::vector<double> adjusted(p.size());
    double running = 0;
    std::size_t left = p.size();
    for (const std::size_t i : orderOf(p)) {
        running = std::max(running, std::min(1.0, static_cast<double>(left--) * p[i]));
        adjusted[i] = running;
    }
    return adjusted;
}

std::vector<double> benjaminiHochberg(std::span<const double> p) {
    std::vector<double> adjusted(p.size());
    const std::vector<std::size_t> order = orderOf(p);
    double running = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
        const std::size_t i = order[rank - 1];
        running = std::min(running, p[i] * static_cast<double>(p.size()) / static_cast<double>(rank));
        adjusted[i] = running;
    }
    return adjusted;
}

}  // namespace hone::stats

#include "core/stats/quantiles.h"

#include "core/stats/paired.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hone::stats {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// R-7 on sorted values.
double interpolated(std::span<const double> sorted, double p) {
    const double h = static_cast<double>(sorted.size() - 1) * std::clamp(p, 0.0, 1.0);
    const auto below = static_cast<std::size_t>(std::floor(h));
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (h - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// Values outside [q1 − k·IQR, q3 + k·IQR]; a spread below `least` of the median counts as that much, so that
/// nearly equal values have no outliers.
struct Fences {
    double low, high;
    [[nodiscard]] bool excludes(double value) const { return value < low || value > high; }
};
Fences tukey(std::span<const double> values, double k, double least = 0) {
    std::vector<double> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    const double q1 = interpolated(sorted, 0.25);
    const double q3 = interpolated(sorted, 0.75);
    const double reach = std::max(k * (q3 - q1), least * std::abs(interpolated(sorted, 0.5)));
    return {q1 - reach, q3 + reach};
}

/// Smaller changes of the interval medians are not called a trend.
constexpr double kSteady = 0.02;

}  // namespace

double quantileR7(std::vector<double> values, double p) {
    if (values.empty())
        return kNothing;
    std::ranges::sort(values);
    return interpolated(values, p);
}

double quantileNearestRank(std::vector<double> values, double p) {
    if (values.empty())
        return kNothing;
    std::ranges::sort(values);
    // One step down, as in Histogram::quantile: 0.07 · 100 is the 7th value.
    const double rank =
        std::ceil(std::nextafter(std::clamp(p, 0.0, 1.0), 0.0) * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

double harrellDavis(std::vector<double> values, double p) {
    if (values.empty())
        return kNothing;
    std::ranges::sort(values);
    if (p <= 0 || p >= 1)
        return p <= 0 ? values.front() : values.back();
    const auto n = static_cast<double>(values.size());
    const double a = p * (n + 1);
    const double b = (1 - p) * (n + 1);
    double sum = 0;
    double before = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double upTo = incompleteBeta(static_cast<double>(i + 1) / n, a, b);
        sum += (upTo - before) * values[i];
        before = upTo;
    }
    return sum;
}

double median(std::vector<double> values) { return quantileR7(std::move(values), 0.5); }

double mean(std::span<const double> values) {
    return values.empty()
               ? kNothing
               : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double stddev(std::span<const double> values) {
    if (values.size() < 2)
        return 0;
    const double centre = mean(values);
    double squares = 0;
    for (const double value : values)
        squares += (value - centre) * (value - centre);
    return std::sqrt(squares / (static_cast<double>(values.size()) - 1));
}

int minSamplesForQuantile(double p, double alpha) {
    if (p <= 0 || p >= 1)
        return p <= 0 ? 1 : std::numeric_limits<int>::max();
    const double wanted = std::ceil(std::log(alpha / 2) / std::log(p));
    return wanted >= std::numeric_limits<int>::max() ? std::numeric_limits<int>::max()
                                                     : std::max(1, static_cast<int>(wanted));
}

double autocorrelation1(std::span<const double> values) {
    if (values.size() < 3)
        return 0;
    const double centre = mean(values);
    double products = 0;
    double squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        squares += (values[i] - centre) * (values[i] - centre);
        if (i > 0)
            products += (values[i] - centre) * (values[i - 1] - centre);
    }
    return squares > 0 ? products / squares : 0;
}

Trend linearTrend(std::span<const double> values) {
    if (values.size() < 3)
        return {};
    const auto n = static_cast<double>(values.size());
    const double centre = mean(values);
    const double middle = (n - 1) / 2;
    double products = 0;
    double squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double x = static_cast<double>(i) - middle;
        products += x * (values[i] - centre);
        squares += x * x;
    }
    const double slope = products / squares;
    double residuals = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double gap = values[i] - centre - slope * (static_cast<double>(i) - middle);
        residuals += gap * gap;
    }
    Trend trend;
    trend.change = centre != 0 ? slope * (n - 1) / centre : 0;
    const double error = std::sqrt(residuals / (n - 2) / squares);
    const bool isRounding = std::abs(slope) * n <= 1e-12 * std::abs(centre);
    trend.p = isRounding ? 1 : error > 0 ? studentP(slope / error, n - 2) : 0;
    return trend;
}

std::vector<std::size_t> farOutliers(std::span<const double> values) {
    std::vector<std::size_t> found;
    if (values.size() < 4)
        return found;
    const Fences fences = tukey(values, 3);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (fences.excludes(values[i]))
            found.push_back(i);
    return found;
}

std::size_t warmupEnd(std::span<const double> intervalMedians) {
    const std::size_t most = intervalMedians.size() / 2;
    std::size_t start = 0;
    for (; start < most; ++start) {
        const auto rest = intervalMedians.subspan(start);
        // A steep start bends the line less than it stands out, so both are asked.
        const bool standsOut = tukey(rest.subspan(1), 1.5, kSteady).excludes(rest.front());
        const Trend trend = linearTrend(rest);
        if (!standsOut && (trend.p > 0.05 || std::abs(trend.change) <= kSteady))
            break;
    }
    return start;
}

std::pair<double, double> wilson(double successes, double n, double alpha) {
    if (n <= 0)
        return {0, 1};
    const double z = normalQuantile(1 - alpha / 2);
    const double share = successes / n;
    const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double reach = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return {std::max(0.0, centre - reach), std::min(1.0, centre + reach)};
}

}  // namespace hone::stats

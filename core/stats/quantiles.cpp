#include "core/stats/quantiles.h"

#include "core/base/assert.h"
#include "core/stats/paired.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone::stats {

double quantileR7(std::vector<double> values, double p) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const double h = static_cast<double>(values.size() - 1) * p;
    const auto below = static_cast<std::size_t>(h);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (h - static_cast<double>(below)) * (values[above] - values[below]);
}

double quantileNearestRank(std::vector<double> values, double p) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(values.size()) * p));
    return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

double harrellDavis(std::vector<double> values, double p) {
    if (values.empty())
        return 0;
    std::ranges::sort(values);
    const auto n = static_cast<double>(values.size());
    const double a = p * (n + 1), b = (1 - p) * (n + 1);
    double estimate = 0, before = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double upTo = incompleteBeta(static_cast<double>(i + 1) / n, a, b);
        estimate += (upTo - before) * values[i];
        before = upTo;
    }
    return estimate;
}

double median(std::vector<double> values) { return quantileR7(std::move(values), 0.5); }

double mean(std::span<const double> values) {
    return values.empty()
               ? 0
               : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double stddev(std::span<const double> values) {
    if (values.size() < 2)
        return 0;
    const double m = mean(values);
    double squares = 0;
    for (const double value : values)
        squares += (value - m) * (value - m);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

int minSamplesForQuantile(double p, double alpha) {
    HONE_ASSERT(p > 0 && p < 1, "a quantile lies strictly between the ends");
    return static_cast<int>(std::ceil(std::log(alpha / 2) / std::log(p)));
}

double autocorrelation1(std::span<const double> values) {
    if (values.size() < 3)
        return 0;
    const double m = mean(values);
    double squares = 0, products = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        squares += (values[i] - m) * (values[i] - m);
        if (i > 0)
            products += (values[i] - m) * (values[i - 1] - m);
    }
    return squares > 0 ? products / squares : 0;
}

Trend linearTrend(std::span<const double> values) {
    const auto n = static_cast<double>(values.size());
    const double m = mean(values), middle = (n - 1) / 2;
    if (values.size() < 3 || m == 0)
        return {};
    double xx = 0, xy = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double x = static_cast<double>(i) - middle;
        xx += x * x;
        xy += x * (values[i] - m);
    }
    const double slope = xy / xx;
    double residuals = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double residual = values[i] - m - slope * (static_cast<double>(i) - middle);
        residuals += residual * residual;
    }
    const double error = std::sqrt(residuals / (n - 2) / xx);
    Trend trend{.change = slope * (n - 1) / m};
    trend.p = error > 0 ? studentP(slope / error, n - 2) : slope == 0 ? 1 : 0;
    return trend;
}

std::vector<std::size_t> farOutliers(std::span<const double> values) {
    std::vector<std::size_t> found;
    if (values.size() < 4)
        return found;
    const std::vector<double> copy(values.begin(), values.end());
    const double q1 = quantileR7(copy, 0.25), q3 = quantileR7(copy, 0.75), fence = 3 * (q3 - q1);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] < q1 - fence || values[i] > q3 + fence)
            found.push_back(i);
    return found;
}

std::size_t warmupEnd(std::span<const double> intervalMedians) {
    // From the first start on which the rest neither trends nor begins with an outlier; half the input must
    // remain.
    constexpr double kTrendLevel = 0.05, kSmallChange = 0.02;
    for (std::size_t start = 0; start * 2 <= intervalMedians.size(); ++start) {
        const auto rest = intervalMedians.subspan(start);
        if (rest.size() < 3)
            return start;
        const auto trend = linearTrend(rest);
        const auto outliers = farOutliers(rest);
        const bool startsOff = !outliers.empty() && outliers.front() == 0;
        if (!startsOff && (trend.p > kTrendLevel || std::abs(trend.change) < kSmallChange))
            return start;
    }
    return intervalMedians.size() / 2;
}

std::pair<double, double> wilson(double successes, double n, double alpha) {
    if (n <= 0)
        return {0, 1};
    const double z = normalQuantile(1 - alpha / 2), p = successes / n, zz = z * z / n;
    const double middle = (p + zz / 2) / (1 + zz),
                 radius = z * std::sqrt(p * (1 - p) / n + zz / (4 * n)) / (1 + zz);
    return {std::max(0.0, middle - radius), std::min(1.0, middle + radius)};
}

}  // namespace hone::stats

#pragma once

#include <span>
#include <utility>
#include <vector>

/// Quantiles and descriptive companions. Pure functions on values; inputs need not be sorted unless said. Of
/// no values at all there is no number: NaN, which formatters show as a dash.
namespace hone::stats {

[[nodiscard]] double quantileR7(std::vector<double> values, double p);
[[nodiscard]] double quantileNearestRank(std::vector<double> values, double p);
[[nodiscard]] double harrellDavis(std::vector<double> values, double p);
[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double mean(std::span<const double> values);
[[nodiscard]] double stddev(std::span<const double> values);  ///< Sample (n − 1); 0 below two values.

/// Smallest n for which the distribution-free interval of a quantile is bounded: ceil(ln(α/2)/ln p).
[[nodiscard]] int minSamplesForQuantile(double p, double alpha = 0.05);

/// Lag-1 autocorrelation; 0 for fewer than three values.
[[nodiscard]] double autocorrelation1(std::span<const double> values);
/// Slope of values against index, as a fraction of their mean over the whole range, with its two-sided p.
struct Trend {
    double change = 0, p = 1;
};
[[nodiscard]] Trend linearTrend(std::span<const double> values);
/// Indices outside the outer Tukey fences (3 × IQR).
[[nodiscard]] std::vector<std::size_t> farOutliers(std::span<const double> values);

/// First index from which the medians no longer trend: warm-up ends there (METHOD section 1). At most half of
/// the input.
[[nodiscard]] std::size_t warmupEnd(std::span<const double> intervalMedians);

/// Wilson interval of k successes in n.
[[nodiscard]] std::pair<double, double> wilson(double successes, double n, double alpha = 0.05);

}  // namespace hone::stats

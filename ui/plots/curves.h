#pragma once

#include "core/stats/histogram.h"

#include <vector>

/// Histograms → points of a curve. Pure functions.
namespace hone::ui::plots {

struct Point {
    double x = 0, y = 0;
    bool operator==(const Point&) const = default;
};

/// Share of values ≤ x, a step at every bucket's end; begins with a zero at the smallest value's bucket.
[[nodiscard]] std::vector<Point> ecdfPoints(const stats::Histogram& histogram);

/// x = 1 / (1 − p), y = the value at p. Ends where a quantile has too few samples for an interval at all:
/// n < ln(0.025) / ln p, that is x > n / 3.69.
[[nodiscard]] std::vector<Point> spectrumPoints(const stats::Histogram& histogram);

/// One bar of a histogram: how many values lie in [from, to). Fractions, because a bucket that overlaps two
/// bins is shared out; the sum over all bins is the histogram's count.
struct Bin {
    double from = 0, to = 0, count = 0;
};
/// Equally wide on a logarithmic axis.
[[nodiscard]] std::vector<Bin> logBins(const stats::Histogram& histogram, int perDecade);
/// Equally wide, `bins` up to the p99.9; what lies beyond is in the last.
[[nodiscard]] std::vector<Bin> linearBins(const stats::Histogram& histogram, int bins);

}  // namespace hone::ui::plots

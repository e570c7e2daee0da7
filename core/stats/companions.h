#pragma once

#include <span>
#include <vector>

/// Other views of the difference between two samples, beside the headline of METHOD section 2. The samples
/// are block values: requests inside a block are not independent. Pure functions. Thread: any.
namespace hone::stats {

/// Mann–Whitney U with mid-ranks. `u1` counts pairs where x > y (ties half).
struct RankTest {
    double u1 = 0, u2 = 0;
    double sigma = 0, z = 0;  ///< Normal approximation, corrected for ties and continuity.
    double p = 1;             ///< Two-sided: exact without ties in small samples, else from z.
    bool exact = false;
};
[[nodiscard]] RankTest mannWhitney(std::span<const double> x, std::span<const double> y);

/// How far y lies above x: the median of all y − x, with its interval.
struct Shift {
    double estimate = 0, lo = 0, hi = 0;
    bool exact = false;  ///< The interval, from the exact distribution of U (no ties).
};
[[nodiscard]] Shift hodgesLehmann(std::span<const double> x, std::span<const double> y, double alpha = 0.05);

/// P(x > y) − P(x < y): −1 … 1.
[[nodiscard]] double cliffsDelta(std::span<const double> x, std::span<const double> y);
/// P(x > y) + P(x = y)/2: how often a value of x is the larger one; 0.5 means alike.
[[nodiscard]] double superiority(std::span<const double> x, std::span<const double> y);

/// One decile of both samples by Harrell–Davis, and a bootstrap band for their difference.
struct ShiftDecile {
    double q = 0, a = 0, b = 0, difference = 0, lo = 0, hi = 0;
};
/// Where in the distribution b differs from a (Wilcox 1995): 10 % … 90 %. Bands from 500 seeded resamples.
[[nodiscard]] std::vector<ShiftDecile> shiftFunction(std::span<const double> a, std::span<const double> b,
                                                     double alpha = 0.05);

}  // namespace hone::stats

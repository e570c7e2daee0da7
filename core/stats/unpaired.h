#pragma once

#include <span>

/// Two groups of independent values that were not measured in pairs: a run of today and a baseline of last
/// week. Pure functions. Thread: any.
namespace hone::stats {

/// Welch's t: unequal variances, Satterthwaite's degrees of freedom. `difference` = mean(x) − mean(y).
struct WelchResult {
    double difference = 0, se = 0, t = 0, df = 0;
    double p = 1;  ///< Two-sided.
    double lo = 0, hi = 0;
    bool exact = false;  ///< Neither group varies: the difference is what it is, no test.
};
/// Groups of fewer than two values leave the interval open (−∞ … ∞) and p = 1.
[[nodiscard]] WelchResult welch(std::span<const double> x, std::span<const double> y, double alpha = 0.05);

/// How B stands to A as a ratio: Welch on logarithms, since slowdowns multiply. Values ≤ 0 are left out.
struct UnpairedRatio {
    int countA = 0, countB = 0;
    double ratio = 1, lo = 0, hi = 0;  ///< exp of the difference and of its interval.
    double p = 1;
    double noiseFloor = 0;  ///< What A compared with another A of this size reaches (95 %), as a share: 0.03.
    bool exact = false;
};
[[nodiscard]] UnpairedRatio unpairedRatio(std::span<const double> a, std::span<const double> b,
                                          double alpha = 0.05);

}  // namespace hone::stats

#pragma once

/// How long to measure, before measuring (METHOD section 2). Pure functions. Thread: any.
namespace hone::stats {

struct PowerQuestion {
    double effect = 0.05;  ///< The change to be seen, as a share: 0.05 for 5 % either way.
    double power = 0.9;    ///< How often it shall be seen.
    double alpha = 0.05;   ///< Of the claim; divide by the number of metrics that Holm adjusts.
    int pilotPairs = 0;    ///< Pairs the deviation was estimated from; 0: it is known.
};

/// Block pairs so that a paired t test sees the effect that often: n = ((t_α/2 + t_power)·s / ln(1+effect))².
/// After a pilot s is the upper 80 % limit of the deviation (Browne 1995): planned with the estimate itself,
/// half the runs would be too short. At least 6, at most a million.
[[nodiscard]] int pairsForPower(double sdLog, const PowerQuestion& question);

/// The smallest change (as a share) that `pairs` pairs see that often.
[[nodiscard]] double detectableEffect(double sdLog, int pairs, const PowerQuestion& question);

}  // namespace hone::stats

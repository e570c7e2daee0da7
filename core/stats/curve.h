#pragma once

#include <optional>
#include <span>
#include <vector>

/// One factor at several levels: means with intervals, and where more stops paying. Pure functions. Thread:
/// any.
namespace hone::stats {

/// Levels measured once per block in random order (randomised complete blocks); blocks are taken out of the
/// error. On whatever scale y has.
struct LevelMeans {
    std::vector<double> means;
    double df = 0, se = 0;  ///< Of one mean, for comparing levels; infinite with fewer than two blocks.
    double t = 0;           ///< Quantile for the interval: means ± t·se.
    double f = 0;           ///< Between levels over error; 0 without an error.
    [[nodiscard]] double reach() const;            ///< Of one mean.
    [[nodiscard]] double differenceReach() const;  ///< Of the difference of two.
};
/// `y[block][level]`, whole blocks only.
[[nodiscard]] LevelMeans levelMeans(const std::vector<std::vector<double>>& y, double alpha = 0.05);

/// The point of a rising or falling curve of diminishing returns that lies farthest from the chord between
/// its ends (Satopää et al. 2011, "Kneedle", one knee). Empty below three points, for a straight line, and
/// where the end is worse than the best by more than a tenth of the range: then the best is the answer.
[[nodiscard]] std::optional<std::size_t> knee(std::span<const double> x, std::span<const double> y,
                                              bool lowerIsBetter);

}  // namespace hone::stats

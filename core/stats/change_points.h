#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// Where a series of runs changed its level (METHOD section 4). Pure functions. Thread: any.
/// Source: Matteson and James, "A nonparametric approach for multiple change point analysis" (2014);
/// BENCH_SCIENCE section 3, "History across commits".
namespace hone::stats {

/// T(τ) = nm/(n+m) · e for every split of the series before index τ, where e is the energy distance
/// 2·mean|x−y| − mean|x−x'| − mean|y−y'|. T(0) = 0. Quadratic in the length.
[[nodiscard]] std::vector<double> energyOfSplits(std::span<const double> series);

/// The level changes before `index`: values[index] is the first of the new level.
struct ChangePoint {
    std::size_t index = 0;
    double energy = 0;             ///< T at the split, within the segment it was found in.
    double p = 1;                  ///< Share of shuffled segments that split at least as well; never 0.
    double before = 0, after = 0;  ///< Medians of the segments on both sides.
    [[nodiscard]] double ratio() const { return before != 0 ? after / before : 1; }
};

struct ChangePointOptions {
    /// Of each split tried; a long history tries many, so it is stricter than one comparison's. Ten values
    /// can reach it (5 and 5 split with p = 2/252), eight cannot.
    double alpha = 0.02;
    int permutations = 999;
    std::size_t fewest = 3;  ///< Values on each side of a split; one odd run is an outlier, not a change.
    std::uint64_t seed = 42;
};

/// Change points in order of index: the series is split where T is largest, as long as the permutation p is
/// at most alpha, then each part again. Same input and seed, same answer. Fewer than 2·fewest values: none.
[[nodiscard]] std::vector<ChangePoint> changePoints(std::span<const double> series,
                                                    const ChangePointOptions& options = {});

}  // namespace hone::stats

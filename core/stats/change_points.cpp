#include "core/stats/change_points.h"

#include "core/base/random.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hone::stats {
namespace {

struct Split {
    std::size_t at = 0;
    double energy = 0;
};

/// The best split that leaves `fewest` values on both sides.
Split bestSplit(std::span<const double> series, std::size_t fewest) {
    Split best;
    const auto energies = energyOfSplits(series);
    for (std::size_t at = fewest; at + fewest <= series.size(); ++at)
        if (energies[at] > best.energy)
            best = {at, energies[at]};
    return best;
}

void shuffle(std::vector<double>& values, SplitMix64& random) {
    for (std::size_t left = values.size(); left > 1; --left)
        std::swap(values[left - 1], values[random.index(left)]);
}

/// Share of orders of the same values that split at least as well, the observed order counted among them.
double permutationP(std::span<const double> series, double reached, const ChangePointOptions& options,
                    SplitMix64& random) {
    std::vector<double> values(series.begin(), series.end());
    int hits = 1;
    for (int k = 0; k < options.permutations; ++k) {
        shuffle(values, random);
        // Sums of the same numbers in another order differ by rounding.
        hits += bestSplit(values, options.fewest).energy >= reached * (1 - 1e-12) ? 1 : 0;
    }
    return static_cast<double>(hits) / (options.permutations + 1);
}

void splitFurther(std::span<const double> series, std::size_t offset, const ChangePointOptions& options,
                  SplitMix64& random, std::vector<ChangePoint>& found) {
    if (series.size() < 2 * options.fewest)
        return;
    const Split split = bestSplit(series, options.fewest);
    if (split.at == 0)
        return;
    const double p = permutationP(series, split.energy, options, random);
    if (p > options.alpha)
        return;
    found.push_back({.index = offset + split.at, .energy = split.energy, .p = p});
    splitFurther(series.first(split.at), offset, options, random, found);
    splitFurther(series.subspan(split.at), offset + split.at, options, random, found);
}

double medianOf(std::span<const double> series, std::size_t from, std::size_t to) {
    return median({series.begin() + static_cast<std::ptrdiff_t>(from),
                   series.begin() + static_cast<std::ptrdiff_t>(to)});
}

}  // namespace

std::vector<double> energyOfSplits(std::span<const double> series) {
    const std::size_t n = series.size();
    std::vector<double> energies(n, 0.0);
    double within = 0;  // of the right part: at first all values
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            within += std::abs(series[i] - series[j]);
    double left = 0, right = within, across = 0;
    for (std::size_t at = 1; at < n; ++at) {
        // series[at − 1] moves from the right part to the left.
        double toLeft = 0, toRight = 0;
        for (std::size_t i = 0; i + 1 < at; ++i)
            toLeft += std::abs(series[at - 1] - series[i]);
        for (std::size_t i = at; i < n; ++i)
            toRight += std::abs(series[at - 1] - series[i]);
        left += toLeft;
        right -= toRight;
        across += toRight - toLeft;
        const auto l = static_cast<double>(at), r = static_cast<double>(n - at);
        const double distance = 2 * across / (l * r) - 2 * left / (l * l) - 2 * right / (r * r);
        energies[at] = l * r / (l + r) * distance;
    }
    return energies;
}

std::vector<ChangePoint> changePoints(std::span<const double> series, const ChangePointOptions& options) {
    SplitMix64 random(options.seed);
    std::vector<ChangePoint> found;
    splitFurther(series, 0, options, random, found);
    std::ranges::sort(found, {}, &ChangePoint::index);
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::size_t from = i > 0 ? found[i - 1].index : 0;
        const std::size_t to = i + 1 < found.size() ? found[i + 1].index : series.size();
        found[i].before = medianOf(series, from, found[i].index);
        found[i].after = medianOf(series, found[i].index, to);
    }
    return found;
}

}  // namespace hone::stats

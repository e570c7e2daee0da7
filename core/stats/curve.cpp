#include "core/stats/curve.h"

#include "core/base/assert.h"
#include "core/stats/paired.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hone::stats {
namespace {

constexpr double kStraight = 0.05;  ///< Of the unit square: a bend below is noise to the eye.
constexpr double kTurnsBack = 0.1;

}  // namespace

double LevelMeans::reach() const { return t * se; }
double LevelMeans::differenceReach() const { return t * se * std::sqrt(2); }

LevelMeans levelMeans(const std::vector<std::vector<double>>& y, double alpha) {
    LevelMeans out;
    out.se = std::numeric_limits<double>::infinity();
    out.t = 1;
    if (y.empty() || y.front().empty())
        return out;
    const std::size_t levels = y.front().size();
    const auto v = static_cast<double>(levels), r = static_cast<double>(y.size());
    out.means.resize(levels);
    for (const auto& block : y) {
        HONE_ASSERT(block.size() == levels, "a block has every level");
        for (std::size_t level = 0; level < levels; ++level)
            out.means[level] += block[level] / r;
    }
    if (y.size() < 2 || levels < 2)
        return out;
    const double grand = mean(out.means);
    double residual = 0, between = 0;
    for (const auto& block : y) {
        const double shift = mean(block) - grand;
        for (std::size_t level = 0; level < levels; ++level)
            residual += std::pow(block[level] - out.means[level] - shift, 2);
    }
    for (const double one : out.means)
        between += r * (one - grand) * (one - grand);
    out.df = (v - 1) * (r - 1);
    out.se = std::sqrt(residual / out.df / r);
    out.t = studentQuantile(1 - alpha / 2, out.df);
    out.f = residual > 0 ? between / (v - 1) / (residual / out.df) : 0;
    return out;
}

std::optional<std::size_t> knee(std::span<const double> x, std::span<const double> y, bool lowerIsBetter) {
    HONE_ASSERT(x.size() == y.size(), "a curve has as many values as places");
    if (x.size() < 3)
        return std::nullopt;
    const auto [xMin, xMax] = std::ranges::minmax(x);
    const auto [yMin, yMax] = std::ranges::minmax(y);
    if (!(xMax > xMin) || !(yMax > yMin))
        return std::nullopt;
    // As a gain that rises from 0: how much of the range is reached at each place.
    const auto gain = [&](std::size_t i) {
        return lowerIsBetter ? (yMax - y[i]) / (yMax - yMin) : (y[i] - yMin) / (yMax - yMin);
    };
    if (gain(x.size() - 1) < 1 - kTurnsBack)
        return std::nullopt;
    std::size_t farthest = 0;
    double distance = kStraight;
    for (std::size_t i = 1; i + 1 < x.size(); ++i) {
        const double above = gain(i) - (x[i] - xMin) / (xMax - xMin);
        if (above > distance) {
            distance = above;
            farthest = i;
        }
    }
    return farthest == 0 ? std::nullopt : std::optional(farthest);
}

}  // namespace hone::stats

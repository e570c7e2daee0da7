#include "core/stats/unpaired.h"

#include "core/stats/paired.h"
#include "core/stats/quantiles.h"

#include <cmath>
#include <limits>
#include <vector>

namespace hone::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> logsOf(std::span<const double> values) {
    std::vector<double> logs;
    for (const double value : values)
        if (value > 0 && std::isfinite(value))
            logs.push_back(std::log(value));
    return logs;
}

/// t · s · √(2/n): half the interval of a comparison between two groups like this one.
double floorOf(std::span<const double> logs, double alpha) {
    const auto n = static_cast<double>(logs.size());
    if (n < 2)
        return kInfinity;
    return std::expm1(studentQuantile(1 - alpha / 2, 2 * (n - 1)) * stddev(logs) * std::sqrt(2 / n));
}

}  // namespace

WelchResult welch(std::span<const double> x, std::span<const double> y, double alpha) {
    WelchResult result;
    if (!x.empty() && !y.empty())
        result.difference = mean(x) - mean(y);
    if (x.size() < 2 || y.size() < 2) {
        result.lo = -kInfinity;
        result.hi = kInfinity;
        return result;
    }
    const auto n = static_cast<double>(x.size()), m = static_cast<double>(y.size());
    const double varX = std::pow(stddev(x), 2) / n, varY = std::pow(stddev(y), 2) / m;
    result.se = std::sqrt(varX + varY);
    if (result.se <= 1e-14 * std::abs(mean(x))) {
        result.exact = true;
        result.p = result.difference == 0 ? 1 : 0;
        result.lo = result.hi = result.difference;
        return result;
    }
    result.df = std::pow(varX + varY, 2) / (varX * varX / (n - 1) + varY * varY / (m - 1));
    result.t = result.difference / result.se;
    result.p = studentP(result.t, result.df);
    const double reach = studentQuantile(1 - alpha / 2, result.df) * result.se;
    result.lo = result.difference - reach;
    result.hi = result.difference + reach;
    return result;
}

UnpairedRatio unpairedRatio(std::span<const double> a, std::span<const double> b, double alpha) {
    const auto logsA = logsOf(a), logsB = logsOf(b);
    const WelchResult test = welch(logsB, logsA, alpha);
    UnpairedRatio result{.countA = static_cast<int>(logsA.size()),
                         .countB = static_cast<int>(logsB.size()),
                         .ratio = std::exp(test.difference),
                         .lo = std::exp(test.lo),
                         .hi = std::exp(test.hi),
                         .p = test.p,
                         .noiseFloor = floorOf(logsA, alpha),
                         .exact = test.exact};
    return result;
}

}  // namespace hone::stats

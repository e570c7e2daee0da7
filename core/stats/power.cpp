#include "core/stats/power.h"

#include "core/base/assert.h"
#include "core/stats/paired.h"

#include <algorithm>
#include <cmath>

namespace hone::stats {
namespace {

constexpr int kFewestPairs = 6;  ///< Below, the sign flip cannot reach 5 %.
constexpr int kMostPairs = 1'000'000;

constexpr double kSure = 0.8;  ///< That the true deviation is no larger than we plan for.

/// How many standard errors the effect must measure.
double errorsNeeded(int pairs, const PowerQuestion& question) {
    const double df = std::max(1, pairs - 1);
    return studentQuantile(1 - question.alpha / 2, df) + studentQuantile(question.power, df);
}

/// χ² quantile by Wilson and Hilferty (1931): within 1 % from three degrees of freedom on.
double chiSquareQuantile(double probability, double df) {
    const double spread = 2 / (9 * df);
    return df * std::pow(std::max(0.05, 1 - spread + normalQuantile(probability) * std::sqrt(spread)), 3);
}

/// A deviation from few pairs is as easily too small as too large: its upper limit is planned with.
double plannedDeviation(double sdLog, const PowerQuestion& question) {
    if (question.pilotPairs < 2)
        return sdLog;
    const double df = question.pilotPairs - 1;
    return sdLog * std::sqrt(df / chiSquareQuantile(1 - kSure, df));
}

double detectable(double deviation, int pairs, const PowerQuestion& question) {
    return std::expm1(errorsNeeded(pairs, question) * deviation / std::sqrt(pairs));
}

}  // namespace

double detectableEffect(double sdLog, int pairs, const PowerQuestion& question) {
    HONE_ASSERT(pairs >= 2 && question.alpha > 0 && question.power > 0 && question.power < 1,
                "a t test has pairs and a level");
    return detectable(plannedDeviation(sdLog, question), pairs, question);
}

int pairsForPower(double sdLog, const PowerQuestion& question) {
    HONE_ASSERT(question.effect > 0, "no change needs forever");
    const double deviation = plannedDeviation(sdLog, question);
    const double z = normalQuantile(1 - question.alpha / 2) + normalQuantile(question.power);
    const double known = std::ceil(std::pow(z * deviation / std::log1p(question.effect), 2));
    // The t values ask for a few more than the normal ones.
    int pairs = static_cast<int>(
        std::clamp(std::isnan(known) ? 0.0 : known, double{kFewestPairs}, double{kMostPairs}));
    while (pairs < kMostPairs && detectable(deviation, pairs, question) > question.effect)
        ++pairs;
    return pairs;
}

}  // namespace hone::stats

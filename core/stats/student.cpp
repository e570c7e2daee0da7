// Student's t and the functions under it: regularised incomplete beta (Lentz's continued fraction), normal
// quantile (Wichura's AS 241, PPND16).

#include "core/base/assert.h"
#include "core/stats/paired.h"

#include <cmath>
#include <limits>

namespace hone::stats {
namespace {

/// Continued fraction of the incomplete beta function (modified Lentz); converges fast for x < (a + 1)/(a + b
/// + 2).
double betaFraction(double x, double a, double b) {
    constexpr double kTiny = 1e-300, kPrecision = 1e-15;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    double h = d;
    for (int m = 1; m <= 500; ++m) {
        for (const bool even : {true, false}) {
            const double numerator = even ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                                          : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + numerator * d;
            d = 1 / (std::abs(d) < kTiny ? kTiny : d);
            c = 1 + numerator / c;
            c = std::abs(c) < kTiny ? kTiny : c;
            h *= d * c;
        }
        if (std::abs(d * c - 1) < kPrecision)
            break;
    }
    return h;
}

double polynomial(double x, std::initializer_list<double> fromHighest) {
    double value = 0;
    for (const double coefficient : fromHighest)
        value = value * x + coefficient;
    return value;
}

}  // namespace

double incompleteBeta(double x, double a, double b) {
    HONE_ASSERT(a > 0 && b > 0, "the beta distribution needs positive shapes");
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    const double front =
        std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * betaFraction(x, a, b) / a
                                     : 1 - front * betaFraction(1 - x, b, a) / b;
}

double studentP(double t, double df) {
    return std::isnan(t) ? 1 : incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

double studentQuantile(double probability, double df) {
    if (probability == 0.5)
        return 0;
    if (probability < 0.5)
        return -studentQuantile(1 - probability, df);
    // Bisection on the distribution: monotone, and exact to the last bits in 200 halvings.
    const double twoSided = 2 * (1 - probability);
    double low = 0, high = 1;
    while (studentP(high, df) > twoSided && high < 1e300)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
        const double middle = (low + high) / 2;
        (studentP(middle, df) > twoSided ? low : high) = middle;
    }
    return (low + high) / 2;
}

double normalQuantile(double p) {
    if (p <= 0)
        return -std::numeric_limits<double>::infinity();
    if (p >= 1)
        return std::numeric_limits<double>::infinity();
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q *
               polynomial(r, {2509.0809287301226727, 33430.575583588128105, 67265.770927008700853,
                              45921.953931549871457, 13731.693765509461125, 1971.5909503065514427,
                              133.14166789178437745, 3.387132872796366608}) /
               polynomial(r, {5226.495278852545925, 28729.085735721942674, 39307.89580009271061,
                              21213.794301586595867, 5394.1960214247511077, 687.1870074920579083,
                              42.313330701600911252, 1.0});
    }
    double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
    double value = 0;
    if (r <= 5) {
        r -= 1.6;
        value = polynomial(r, {7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
                               1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
                               4.6303378461565452959, 1.42343711074968357734}) /
                polynomial(r, {1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
                               0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494,
                               2.05319162663775882187, 1.0});
    } else {
        r -= 5;
        value = polynomial(r, {2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
                               0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358,
                               5.4637849111641143699, 6.6579046435011037772}) /
                polynomial(r, {2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
                               7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
                               0.59983220655588793769, 1.0});
    }
    return q < 0 ? -value : value;
}

}  // namespace hone::stats

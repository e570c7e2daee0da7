#include "core/stats/paired.h"

#include "core/base/assert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

// Student's t, the normal distribution and the incomplete beta function they need.

namespace hone::stats {
namespace {

constexpr double kTiny = 1e-300;

/// std::lgamma writes a global; this one may run on any thread.
double logGamma(double x) {
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

/// The continued fraction of I_x(a, b) by Lentz's method; converges fast for x < (a + 1)/(a + b + 2).
double betaFraction(double x, double a, double b) {
    const auto notZero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / notZero(1 - (a + b) * x / (a + 1));
    double result = d;
    for (int m = 1; m <= 10'000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / notZero(1 + even * d);
        c = notZero(1 + even / c);
        result *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / notZero(1 + odd * d);
        c = notZero(1 + odd / c);
        result *= d * c;
        if (std::abs(d * c - 1) < 1e-15)
            break;
    }
    return result;
}

/// Acklam's rational approximation (relative error below 1.2e-9) in the lower half.
double roughNormalQuantile(double p) {
    constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                            1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
    constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                            6.680131188771972e+01, -1.328068155288572e+01};
    constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                            -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
    constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                            3.754408661907416e+00};
    if (p < 0.02425) {
        const double q = std::sqrt(-2 * std::log(p));
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
               ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    }
    const double q = p - 0.5;
    const double r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

}  // namespace

double incompleteBeta(double x, double a, double b) {
    HONE_ASSERT(a > 0 && b > 0, "the beta distribution has positive parameters");
    if (std::isnan(x) || x <= 0)
        return std::isnan(x) ? x : 0;
    if (x >= 1)
        return 1;
    const double front =
        std::exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * betaFraction(x, a, b) / a;
    return 1 - front * betaFraction(1 - x, b, a) / b;
}

double studentP(double t, double df) {
    HONE_ASSERT(df > 0, "a t statistic has degrees of freedom");
    if (std::isnan(t))
        return 1;
    if (std::isinf(t))
        return 0;
    return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

double studentQuantile(double probability, double df) {
    HONE_ASSERT(probability > 0 && probability < 1 && df > 0, "quantiles are inside the distribution");
    if (probability < 0.5)
        return -studentQuantile(1 - probability, df);
    // studentP falls with t, so bisection cannot miss; the tails at df 1 need a wide start.
    const double tails = 2 * (1 - probability);
    double low = 0;
    double high = 1;
    while (studentP(high, df) > tails && high < 1e300)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
        const double middle = low + (high - low) / 2;
        (studentP(middle, df) > tails ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

double normalQuantile(double probability) {
    HONE_ASSERT(probability > 0 && probability < 1, "quantiles are inside the distribution");
    if (probability > 0.5)
        return -normalQuantile(1 - probability);
    const double x = roughNormalQuantile(probability);
    // One step of Halley's method brings it to machine precision.
    const double error = 0.5 * std::erfc(-x / std::numbers::sqrt2) - probability;
    const double step = error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
    return x - step / (1 + x * step / 2);
}

}  // namespace hone::stats

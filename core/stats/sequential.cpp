#include "core/stats/sequential.h"

#include "core/base/assert.h"

#include <cmath>

namespace hone::stats {

double msprtRatio(int n, double mean, double theta0, double sigma2, double tau2) {
    HONE_ASSERT(n > 0 && sigma2 > 0 && tau2 > 0, "a mixture has variances");
    const double d = mean - theta0, wide = sigma2 + n * tau2;
    return std::sqrt(sigma2 / wide) * std::exp(n * d * (n * d) * tau2 / (2 * sigma2 * wide));
}

double msprtRadius(int n, double sigma2, double tau2, double alpha) {
    HONE_ASSERT(n > 0 && sigma2 > 0 && tau2 > 0 && alpha > 0 && alpha < 1, "a mixture has variances");
    const double wide = sigma2 + n * tau2;
    const double reached = std::log(1 / alpha) + 0.5 * std::log(wide / sigma2);
    return std::sqrt(2 * sigma2 * wide * reached / tau2) / n;
}

double normalMixtureRho(double vBest, double alpha) {
    HONE_ASSERT(vBest > 0 && alpha > 0 && alpha < 1, "there is a time and a level");
    const double log = 2 * std::log(1 / alpha);
    return vBest / (log + std::log1p(log));
}

double normalMixtureBound(double v, double vBest, double alpha) {
    const double rho = normalMixtureRho(vBest, alpha);
    return std::sqrt((v + rho) * (std::log1p(v / rho) + 2 * std::log(1 / alpha)));
}

double asymptoticRadius(int t, double sd, double rho, double alpha) {
    HONE_ASSERT(t > 0 && rho > 0 && alpha > 0 && alpha < 1, "there is a time and a level");
    const double scaled = t * rho * rho;
    return sd * std::sqrt(2 * (scaled + 1) / (t * scaled) * std::log(std::sqrt(scaled + 1) / alpha));
}

}  // namespace hone::stats

#pragma once

/// Bounds that hold whenever one looks, beside the anytime t of paired.h, for those who know the variance or
/// have many observations (METHOD section 2, early stopping). Pure functions. Thread: any.
namespace hone::stats {

/// Mixture likelihood ratio against "the mean is theta0": variance known, normal mixture of variance tau2.
/// Reject once it reaches 1/alpha (Johari et al. 2017).
[[nodiscard]] double msprtRatio(int n, double mean, double theta0, double sigma2, double tau2);
/// Half width of the interval of means that test would not reject.
[[nodiscard]] double msprtRadius(int n, double sigma2, double tau2, double alpha = 0.05);

/// Two-sided normal mixture boundary for a sum with intrinsic time v, tightest near v = vBest (Howard et al.
/// 2021).
[[nodiscard]] double normalMixtureBound(double v, double vBest, double alpha = 0.05);
[[nodiscard]] double normalMixtureRho(double vBest, double alpha = 0.05);

/// Half width of the asymptotic confidence sequence of a mean after t observations with deviation sd
/// (Waudby-Smith et al. 2021).
[[nodiscard]] double asymptoticRadius(int t, double sd, double rho, double alpha = 0.05);

}  // namespace hone::stats

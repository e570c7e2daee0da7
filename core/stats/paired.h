#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// The comparison of two arms over randomised block pairs (METHOD section 2). Pure functions. Thread: any.
namespace hone::stats {

/// D_j = ln(B_j / A_j) of one metric and what follows from it.
struct PairedResult {
    int pairs = 0;
    double meanLog = 0, sdLog = 0, seLog = 0, t = 0, df = 0;
    double p = 1;                      ///< Paired t, two-sided.
    double ratio = 1, lo = 1, hi = 1;  ///< exp of mean and of its interval.
    double signFlipP = 1;              ///< Exact for ≤ 16 pairs, else 100 000 seeded flips.
    double pseudoMedianLog = 0;        ///< Hodges–Lehmann of the D_j.
    bool exact = false;                ///< All D_j equal: a deterministic metric, no test.
};

/// Pairs where either value is ≤ 0 are left out. Fewer than two pairs: lo = 0, hi = infinity.
[[nodiscard]] PairedResult pairedBlocks(std::span<const double> a, std::span<const double> b,
                                        double alpha = 0.05);

/// The interval that is valid whenever one looks (avlm's log_G_t with g; METHOD section 2, early stopping).
struct AnytimeResult {
    double lnE = 0, p = 1;
    double tRadius = 0;                ///< Infinite while unbounded.
    double ratio = 1, lo = 0, hi = 0;  ///< lo = 0, hi = infinity while unbounded.
};
[[nodiscard]] AnytimeResult anytimeT(std::span<const double> logRatios, double g = 1.0, double alpha = 0.05);

/// Holm's step-down adjusted p-values, in the order given.
[[nodiscard]] std::vector<double> holm(std::span<const double> p);
[[nodiscard]] std::vector<double> benjaminiHochberg(std::span<const double> p);

/// Student's t: two-sided p, and the quantile for a probability. Regularised incomplete beta by continued
/// fraction.
[[nodiscard]] double studentP(double t, double df);
[[nodiscard]] double studentQuantile(double probability, double df);
[[nodiscard]] double incompleteBeta(double x, double a, double b);
[[nodiscard]] double normalQuantile(double probability);

enum class Verdict {
    Better,
    Worse,
    NoDifference,
    BetterMaybeTrivial,
    WorseMaybeTrivial,
    CannotTell,
    Invalid
};
/// Stable words for JSON: "better", "worse", "no_practical_difference", "better_maybe_trivial", …,
/// "cannot_tell_yet".
[[nodiscard]] std::string_view verdictId(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdictFrom(std::string_view id);
/// From a ratio's interval and the band 1 ± delta (ratio [1 − δ, 1 + δ]); `lowerIsBetter` false mirrors.
[[nodiscard]] Verdict judge(double lo, double hi, double delta, bool lowerIsBetter);
/// Pairs needed for an interval as narrow as ln(1 + delta): ceil((t·s/ln(1+δ))²), at least 6.
[[nodiscard]] int pairsNeeded(double sdLog, double delta, double alpha = 0.05);

}  // namespace hone::stats

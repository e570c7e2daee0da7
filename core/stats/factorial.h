#pragma once

#include "core/stats/design.h"

#include <optional>
#include <span>
#include <vector>

/// Effects, their intervals and their shares from the runs of a two-level design (METHOD section 3; Jain,
/// "The Art of Computer Systems Performance Analysis", chapters 17–19; Lenth 1989). Pure functions. Thread:
/// any.
namespace hone::stats {

/// Half the change from −1 (off) to +1 (on) of one effect: q in y = q0 + Σ q_S·x_S.
struct Coefficient {
    FactorSet set = 0;
    double q = 0;
    double p = 1;      ///< Two-sided, t.
    double share = 0;  ///< Of all variation between and within settings, 0 … 1.
    double reach = 0;  ///< The interval is q ± reach; infinite when nothing tells the error.
};

/// Where the error of the coefficients comes from.
enum class ErrorSource { None, Replicates, Lenth };

struct FactorialFit {
    int factors = 0;
    double mean = 0;                         ///< q0.
    std::vector<Coefficient> coefficients;   ///< In the order of the design's terms.
    ErrorSource source = ErrorSource::None;  ///< None: not enough runs for an interval.
    double sse = 0, blockSs = 0, totalSs = 0;
    double df = 0, sq = 0;  ///< Degrees of freedom and standard error of one q.
    bool exact = false;     ///< The replicates agree to rounding: no error to speak of.

    [[nodiscard]] const Coefficient* find(FactorSet set) const;
    /// The fitted value of a setting: of the terms that are in the fit.
    [[nodiscard]] double at(FactorSet setting) const;
};

/// `y[block][run]`: whole replicates of the design's runs, replicate j being block j. With `blocked` false
/// the replicates are not taken for blocks. One replicate alone: Lenth's pseudo standard error, if there are
/// enough contrasts for one.
[[nodiscard]] FactorialFit fitFactorial(const Design& design, const std::vector<std::vector<double>>& y,
                                        double alpha = 0.05, bool blocked = true);

/// What turning factor `factor` on changes while the others stand as in `setting`: the difference of two
/// fitted values and its reach.
struct Difference {
    double value = 0, reach = 0;
    [[nodiscard]] double lo() const { return value - reach; }
    [[nodiscard]] double hi() const { return value + reach; }
};
[[nodiscard]] Difference differenceOf(const FactorialFit& fit, int factor, FactorSet setting,
                                      double alpha = 0.05);
/// Between two settings.
[[nodiscard]] Difference differenceBetween(const FactorialFit& fit, FactorSet from, FactorSet to,
                                           double alpha = 0.05);

/// Lenth's method for effects without replicates: those beyond the margin of error stand out. df = m/3.
struct LenthResult {
    double s0 = 0, pse = 0, df = 0, t = 0;
    double me = 0, gamma = 0, sme = 0;  ///< Margin of error; the same for all effects together.
};
[[nodiscard]] LenthResult lenth(std::span<const double> effects, double alpha = 0.05);

/// Shapley values of n players from v(S) for all 2^n sets S; they sum to v(all) − v(none).
[[nodiscard]] std::vector<double> shapley(std::span<const double> values);
/// The same over a fitted surface, of the way from all off to `players` on: a term with an odd number m of
/// players gives each of them 2·q/m, even ones cancel (METHOD section 3); factors that stay off only flip its
/// sign. In the order of the players; with their errors.
[[nodiscard]] std::vector<Difference> shapley(const FactorialFit& fit, FactorSet players,
                                              double alpha = 0.05);

}  // namespace hone::stats

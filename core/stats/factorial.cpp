#include "core/stats/factorial.h"

#include "core/base/assert.h"
#include "core/stats/paired.h"
#include "core/stats/quantiles.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace hone::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kFewestForLenth = 7;  ///< Below, a third of the contrasts is no degree of freedom.

/// Mean of every run over the replicates.
std::vector<double> cellMeans(const std::vector<std::vector<double>>& y) {
    std::vector<double> means(y.front().size());
    for (const auto& block : y)
        for (std::size_t run = 0; run < means.size(); ++run)
            means[run] += block[run] / static_cast<double>(y.size());
    return means;
}

void addSums(FactorialFit& fit, const std::vector<std::vector<double>>& y, const std::vector<double>& means,
             bool blocked) {
    const auto runs = static_cast<double>(means.size());
    for (const auto& block : y) {
        for (std::size_t run = 0; run < means.size(); ++run) {
            fit.sse += (block[run] - means[run]) * (block[run] - means[run]);
            fit.totalSs += (block[run] - fit.mean) * (block[run] - fit.mean);
        }
        const double deviation = mean(block) - fit.mean;
        fit.blockSs += blocked ? runs * deviation * deviation : 0;
    }
    fit.sse = std::max(0.0, fit.sse - fit.blockSs);
}

void addReplicateError(FactorialFit& fit, std::size_t runs, std::size_t replicates, bool blocked) {
    const auto n = static_cast<double>(runs), r = static_cast<double>(replicates);
    fit.df = blocked ? (n - 1) * (r - 1) : n * (r - 1);
    fit.sq = std::sqrt(fit.sse / fit.df / (n * r));
    fit.source = ErrorSource::Replicates;
    fit.exact = fit.sq <= 1e-12 * std::max(1.0, std::abs(fit.mean));  // Rounding of the sums, not noise.
}

/// Most effects are small: their sizes are what noise looks like.
void addLenthError(FactorialFit& fit) {
    if (fit.coefficients.size() < kFewestForLenth)
        return;
    std::vector<double> contrasts;
    for (const auto& coefficient : fit.coefficients)
        contrasts.push_back(coefficient.q);
    const LenthResult result = lenth(contrasts);
    fit.df = result.df;
    fit.sq = result.pse;
    fit.source = ErrorSource::Lenth;
    fit.exact = fit.sq <= 1e-12 * std::max(1.0, std::abs(fit.mean));
}

Difference withReach(const FactorialFit& fit, double value, double errorScale, double alpha) {
    if (fit.source == ErrorSource::None)
        return {value, kInfinity};
    const double t = studentQuantile(1 - alpha / 2, fit.df);
    return {value, t * fit.sq * errorScale};
}

}  // namespace

const Coefficient* FactorialFit::find(FactorSet set) const {
    const auto found = std::ranges::find(coefficients, set, &Coefficient::set);
    return found == coefficients.end() ? nullptr : &*found;
}

double FactorialFit::at(FactorSet setting) const {
    double value = mean;
    for (const auto& coefficient : coefficients)
        value += coefficient.q * sign(coefficient.set, setting);
    return value;
}

FactorialFit fitFactorial(const Design& design, const std::vector<std::vector<double>>& y, double alpha,
                          bool blocked) {
    FactorialFit fit{.factors = design.factors, .coefficients = {}};
    if (y.empty())
        return fit;
    for (const auto& block : y)
        HONE_ASSERT(block.size() == design.runs.size(), "a replicate has every run of the design");
    const auto means = cellMeans(y);
    const auto runs = static_cast<double>(means.size());
    fit.mean = mean(means);
    for (const FactorSet term : design.terms) {
        double sum = 0;
        for (std::size_t run = 0; run < means.size(); ++run)
            sum += means[run] * sign(term, design.runs[run]);
        fit.coefficients.push_back({.set = term, .q = sum / runs});
    }
    addSums(fit, y, means, blocked);
    if (y.size() >= 2 && (means.size() >= 2 || !blocked))
        addReplicateError(fit, means.size(), y.size(), blocked);
    else
        addLenthError(fit);
    for (auto& coefficient : fit.coefficients) {
        const double variation = runs * static_cast<double>(y.size()) * coefficient.q * coefficient.q;
        coefficient.share = fit.totalSs > 0 ? variation / fit.totalSs : 0;
        coefficient.reach = withReach(fit, coefficient.q, 1, alpha).reach;
        if (fit.source == ErrorSource::None)
            continue;
        const bool isZero = std::abs(coefficient.q) <= 1e-12 * std::max(1.0, std::abs(fit.mean));
        coefficient.p = fit.exact ? (isZero ? 1 : 0) : studentP(coefficient.q / fit.sq, fit.df);
    }
    return fit;
}

Difference differenceBetween(const FactorialFit& fit, FactorSet from, FactorSet to, double alpha) {
    double value = 0, terms = 0;
    for (const auto& coefficient : fit.coefficients) {
        const int change = sign(coefficient.set, to) - sign(coefficient.set, from);
        value += coefficient.q * change;
        terms += change != 0 ? 4 : 0;
    }
    return withReach(fit, value, std::sqrt(terms), alpha);
}

Difference differenceOf(const FactorialFit& fit, int factor, FactorSet setting, double alpha) {
    const FactorSet bit = FactorSet{1} << factor;
    return differenceBetween(fit, setting & ~bit, setting | bit, alpha);
}

LenthResult lenth(std::span<const double> effects, double alpha) {
    HONE_ASSERT(!effects.empty(), "the method needs effects");
    std::vector<double> sizes;
    for (const double effect : effects)
        sizes.push_back(std::abs(effect));
    LenthResult result;
    result.s0 = 1.5 * median(sizes);
    std::vector<double> small;
    std::ranges::copy_if(sizes, std::back_inserter(small),
                         [&](double size) { return size < 2.5 * result.s0; });
    result.pse = small.empty() ? 0 : 1.5 * median(small);
    const auto m = static_cast<double>(effects.size());
    result.df = m / 3;
    result.t = studentQuantile(1 - alpha / 2, result.df);
    result.me = result.t * result.pse;
    result.gamma = (1 + std::pow(1 - alpha, 1 / m)) / 2;
    result.sme = studentQuantile(result.gamma, result.df) * result.pse;
    return result;
}

std::vector<double> shapley(std::span<const double> values) {
    const int players = std::countr_zero(values.size());
    HONE_ASSERT(std::has_single_bit(values.size()), "there is a value for every set of players");
    // Weight of a coalition of s others: s!(n − s − 1)!/n!.
    std::vector<double> weights(static_cast<std::size_t>(players));
    double weight = 1.0 / std::max(1, players);
    for (int s = 0; s < players; ++s) {
        weights[static_cast<std::size_t>(s)] = weight;
        weight *= (s + 1.0) / std::max(1, players - s - 1);
    }
    std::vector<double> shares(static_cast<std::size_t>(players));
    for (int player = 0; player < players; ++player) {
        const FactorSet bit = FactorSet{1} << player;
        for (FactorSet others = 0; others < values.size(); ++others)
            if ((others & bit) == 0)
                shares[static_cast<std::size_t>(player)] +=
                    weights[static_cast<std::size_t>(sizeOf(others))] *
                    (values[others | bit] - values[others]);
    }
    return shares;
}

std::vector<Difference> shapley(const FactorialFit& fit, FactorSet players, double alpha) {
    std::vector<Difference> shares;
    for (const int factor : membersOf(players)) {
        double value = 0, scale = 0;
        for (const auto& coefficient : fit.coefficients) {
            const int size = sizeOf(coefficient.set & players);
            if ((coefficient.set >> factor & 1) == 0 || size % 2 == 0)
                continue;
            value += 2 * coefficient.q / size * sign(coefficient.set & ~players, 0);
            scale += 4.0 / (size * size);
        }
        shares.push_back(withReach(fit, value, std::sqrt(scale), alpha));
    }
    return shares;
}

}  // namespace hone::stats

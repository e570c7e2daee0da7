#pragma once

#include "core/base/random.h"
#include "core/model/workload.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hone::load {

/// Ranks 1 … n with probability ∝ rank^−s, in constant time and memory for any n.
/// Source: Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete
/// distributions" (1996).
class ZipfSampler {
public:
    ZipfSampler(std::int64_t n, double exponent);
    [[nodiscard]] std::int64_t next(SplitMix64& random) const;

private:
    [[nodiscard]] double area(double x) const;  ///< Integral of density.
    [[nodiscard]] double areaInverse(double y) const;
    [[nodiscard]] double density(double x) const;

    double m_n, m_exponent, m_areaFirst, m_areaLast, m_shortcut;
};

/// Which of a variable's values is drawn next: an index from 0, popular ones first.
///
/// Thread: one. Same seed of `random`, same sequence. Sequential counts through all values; with several
/// threads each takes every n-th, so that together they visit all.
class KeySampler {
public:
    KeySampler(const model::Variable& variable, int thread, int threads);
    [[nodiscard]] std::int64_t next(SplitMix64& random);
    [[nodiscard]] std::int64_t count() const { return m_count; }
    void restart() { m_position = m_thread; }

private:
    model::Variable::Draw m_draw;
    std::int64_t m_count, m_hotCount;
    double m_hotShare;
    ZipfSampler m_zipf;
    std::int64_t m_thread, m_threads, m_position;
};

/// Draws indices in proportion to weights in constant time (Walker's alias method, Vose's construction).
class WeightedChoice {
public:
    explicit WeightedChoice(std::span<const double> weights);
    [[nodiscard]] std::size_t next(SplitMix64& random) const;

private:
    std::vector<double> m_keep;
    std::vector<std::size_t> m_alias;
};

}  // namespace hone::load

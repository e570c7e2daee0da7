#include "core/load/key_sampler.h"

#include <algorithm>
#include <cmath>

namespace hone::load {

namespace {

// log1p(x)/x and expm1(x)/x without cancellation near zero, where the exponent is close to one.
double log1pOver(double x) {
    return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x * (0.5 - x * (1.0 / 3 - 0.25 * x));
}
double expm1Over(double x) {
    return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x * 0.5 * (1 + x * (1.0 / 3) * (1 + 0.25 * x));
}

std::int64_t uniformIndex(SplitMix64& random, std::int64_t n) {
    return static_cast<std::int64_t>(
        (static_cast<unsigned __int128>(random.next()) * static_cast<std::uint64_t>(n)) >> 64);
}

std::int64_t countOf(const model::Variable& variable) {
    return variable.values.empty() ? std::max<std::int64_t>(variable.last - variable.first + 1, 1)
                                   : static_cast<std::int64_t>(variable.values.size());
}

}  // namespace

ZipfSampler::ZipfSampler(std::int64_t n, double exponent)
    : m_n(static_cast<double>(n)), m_exponent(exponent) {
    m_areaFirst = area(1.5) - 1;
    m_areaLast = area(m_n + 0.5);
    m_shortcut = 2 - areaInverse(area(2.5) - density(2));
}

double ZipfSampler::area(double x) const {
    const double logX = std::log(x);
    return expm1Over((1 - m_exponent) * logX) * logX;
}

double ZipfSampler::density(double x) const { return std::exp(-m_exponent * std::log(x)); }

double ZipfSampler::areaInverse(double y) const {
    const double t = std::max(y * (1 - m_exponent), -1.0);  // Rounding may pass −1, where the logarithm ends.
    return std::exp(log1pOver(t) * y);
}

std::int64_t ZipfSampler::next(SplitMix64& random) const {
    for (;;) {
        const double u = m_areaLast + random.uniform() * (m_areaFirst - m_areaLast);
        const double x = areaInverse(u);
        const double k = std::clamp(std::floor(x + 0.5), 1.0, m_n);
        if (k - x <= m_shortcut || u >= area(k + 0.5) - density(k))
            return static_cast<std::int64_t>(k);
    }
}

KeySampler::KeySampler(const model::Variable& variable, int thread, int threads)
    : m_draw(variable.draw),
      m_count(countOf(variable)),
      m_hotCount(std::clamp<std::int64_t>(std::llround(static_cast<double>(m_count) * variable.hotKeys), 1,
                                          m_count)),
      m_hotShare(variable.hotShare),
      m_zipf(m_count, variable.skew),
      m_thread(thread),
      m_threads(threads),
      m_position(thread) {}

std::int64_t KeySampler::next(SplitMix64& random) {
    switch (m_draw) {
        case model::Variable::Draw::Uniform: return uniformIndex(random, m_count);
        case model::Variable::Draw::Zipf: return m_zipf.next(random) - 1;
        case model::Variable::Draw::HotSet:
            if (random.uniform() < m_hotShare || m_hotCount == m_count)
                return uniformIndex(random, m_hotCount);
            return m_hotCount + uniformIndex(random, m_count - m_hotCount);
        case model::Variable::Draw::Sequential: break;
    }
    const std::int64_t index = m_position % m_count;
    m_position += m_threads;
    return index;
}

WeightedChoice::WeightedChoice(std::span<const double> weights)
    : m_keep(weights.size(), 1), m_alias(weights.size()) {
    double sum = 0;
    for (const double weight : weights)
        sum += weight;
    std::vector<double> scaled;
    std::vector<std::size_t> small, large;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        m_alias[i] = i;
        scaled.push_back(weights[i] * static_cast<double>(weights.size()) / sum);
        (scaled[i] < 1 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
        const std::size_t less = small.back(), more = large.back();
        small.pop_back();
        m_keep[less] = scaled[less];
        m_alias[less] = more;
        scaled[more] -= 1 - scaled[less];
        if (scaled[more] < 1) {
            large.pop_back();
            small.push_back(more);
        }
    }
    // Left over by rounding: they are full columns, or a weight of zero, whose column never keeps its own.
    for (const std::size_t i : small)
        if (weights[i] == 0)
            m_keep[i] = 0;
}

std::size_t WeightedChoice::next(SplitMix64& random) const {
    const std::size_t column = random.index(m_keep.size());
    return random.uniform() < m_keep[column] ? column : m_alias[column];
}

}  // namespace hone::load

#pragma once

#include "core/base/random.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone::data::shop {

/// Draws ids 1 … n with Zipf's law: the r-th most popular one with weight 1 / (r + 3). Popularity is spread
/// over the ids by a shuffle. Divisions and sums only, so that every machine draws the same.
class Popularity {
public:
    Popularity(std::int64_t n, SplitMix64& random)
        : m_ids(static_cast<std::size_t>(n)), m_sums(m_ids.size()) {
        std::iota(m_ids.begin(), m_ids.end(), std::int64_t{1});
        for (std::size_t i = m_ids.size(); i > 1; --i)
            std::swap(m_ids[i - 1], m_ids[random.index(i)]);
        double sum = 0;
        for (std::size_t rank = 0; rank < m_sums.size(); ++rank)
            m_sums[rank] = sum += 1.0 / (static_cast<double>(rank) + 4.0);
    }
    std::int64_t draw(SplitMix64& random) const {
        const auto at = std::ranges::upper_bound(m_sums, random.uniform() * m_sums.back()) - m_sums.begin();
        return m_ids[std::min(static_cast<std::size_t>(at), m_ids.size() - 1)];
    }

private:
    std::vector<std::int64_t> m_ids;
    std::vector<double> m_sums;
};

template <class T, std::size_t N>
const T& pick(SplitMix64& random, const T (&list)[N]) {
    return list[random.index(N)];
}

/// The first entries more often than the last: the smaller of two draws.
template <class T, std::size_t N>
const T& pickEarly(SplitMix64& random, const T (&list)[N]) {
    const auto a = random.index(N), b = random.index(N);
    return list[std::min(a, b)];
}

/// Seconds since 1970 as "2024-03-05T14:23:11Z".
[[nodiscard]] std::string timeText(std::int64_t seconds);

}  // namespace hone::data::shop

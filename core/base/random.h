#pragma once

#include <cstdint>

namespace hone {

/// splitmix64 (Steele, Lea, Flood 2014): small, fast, the same numbers on every machine for a seed.
///
/// One per user; not thread-safe. Test vectors: `prng_splitmix64` in stat-vectors.json.
class SplitMix64 {
public:
    explicit constexpr SplitMix64(std::uint64_t seed) : m_state(seed) {}

    constexpr std::uint64_t next() {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    /// In [0, 1): the top 53 bits.
    constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    /// In [0, n): multiply-shift on the top 32 bits; n must fit 32 bits.
    constexpr std::uint64_t index(std::uint64_t n) { return ((next() >> 32) * n) >> 32; }

private:
    std::uint64_t m_state;
};

}  // namespace hone

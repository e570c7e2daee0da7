#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Two-level designs: which settings to measure so that the effect of every factor can be told apart
/// (METHOD section 3; BENCH_SCIENCE 3.5). Pure functions. Thread: any.
namespace hone::stats {

/// A set of factors: bit i stands for factor i. One bit names a main effect, several an interaction. As a
/// setting: the factors that are on.
using FactorSet = std::uint32_t;

/// A factor beyond the basic ones whose level is the product of others: E = ABCD.
struct Generator {
    int factor = 0;
    FactorSet product = 0;
};

/// Which settings are measured, once per replicate, in random order.
///
/// Invariant: every factor is on in as many runs as it is off, and main effects are orthogonal.
struct Design {
    std::string title;  ///< "full 2^3", "2^(5-1), resolution V".
    int factors = 0;
    std::vector<FactorSet> runs;  ///< In standard order (factor 0 changes fastest), not the order to run in.
    std::vector<Generator> generators;
    int resolution = 0;  ///< Length of the shortest word; 0: nothing is confused with anything.
    /// Effects this design can tell apart under its own assumption, main effects first.
    std::vector<FactorSet> terms;
};

/// All 2^k settings, 1 ≤ k ≤ 10.
[[nodiscard]] Design fullFactorial(int factors);
/// A regular fraction: the factors that are no generator's form a full factorial; the rest follows.
[[nodiscard]] Design fractionalFactorial(int factors, std::vector<Generator> generators);
/// 16 runs for 5 factors, E = ABCD: main effects and two-way interactions clear of each other.
[[nodiscard]] Design halfFraction5();
/// Plackett–Burman 20 and its mirror image: 40 runs whose main effects (up to 18) are clear of every two-way
/// interaction. Without `foldOver` the 20 rows alone.
[[nodiscard]] Design plackettBurman20(int factors, bool foldOver = true);

/// All products of generators that are always +1 (the defining relation without I); empty for other designs.
[[nodiscard]] std::vector<FactorSet> definingWords(const Design& design);
/// What a regular fraction cannot tell from `effect`, shortest first, at most `longest` factors.
[[nodiscard]] std::vector<FactorSet> aliasesOf(const Design& design, FactorSet effect, int longest = 2);

/// +1 or −1: the level of an effect (product of its factors' levels) in a setting.
[[nodiscard]] int sign(FactorSet effect, FactorSet setting);
[[nodiscard]] int sizeOf(FactorSet set);
/// Factor numbers of a set in order.
[[nodiscard]] std::vector<int> membersOf(FactorSet set);

}  // namespace hone::stats

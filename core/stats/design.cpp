#include "core/stats/design.h"

#include "core/base/assert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

namespace hone::stats {
namespace {

constexpr int kPlackettBurmanRuns = 20;
constexpr int kMostScreened = 18;  ///< Column 19 stays free: it estimates nothing but noise.

// Plackett and Burman (1946), N = 20: first row of the cyclic part.
constexpr std::array<int, 19> kFirstRow{1, 1, -1, -1, 1, 1, 1, 1, -1, 1, -1, 1, -1, -1, -1, -1, 1, 1, -1};

bool shorterFirst(FactorSet a, FactorSet b) { return std::pair(sizeOf(a), a) < std::pair(sizeOf(b), b); }

std::vector<FactorSet> termsUpTo(int factors, int size) {
    std::vector<FactorSet> terms;
    for (FactorSet set = 1; set < (FactorSet{1} << factors); ++set)
        if (sizeOf(set) <= size)
            terms.push_back(set);
    std::ranges::sort(terms, shorterFirst);
    return terms;
}

std::string romanOf(int resolution) {
    static constexpr std::array kRoman{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII"};
    return resolution < static_cast<int>(kRoman.size()) ? kRoman[static_cast<std::size_t>(resolution)]
                                                        : std::to_string(resolution);
}

}  // namespace

int sizeOf(FactorSet set) { return std::popcount(set); }

int sign(FactorSet effect, FactorSet setting) { return sizeOf(effect & ~setting) % 2 == 0 ? 1 : -1; }

std::vector<int> membersOf(FactorSet set) {
    std::vector<int> members;
    for (int factor = 0; set >> factor != 0; ++factor)
        if ((set >> factor & 1) != 0)
            members.push_back(factor);
    return members;
}

Design fullFactorial(int factors) {
    HONE_ASSERT(factors >= 1 && factors <= 10, "callers take a fraction beyond");
    Design design{.title = fmt::format("full 2^{}", factors), .factors = factors, .terms = {}};
    for (FactorSet setting = 0; setting < (FactorSet{1} << factors); ++setting)
        design.runs.push_back(setting);
    design.terms = termsUpTo(factors, factors);
    return design;
}

Design fractionalFactorial(int factors, std::vector<Generator> generators) {
    const int basic = factors - static_cast<int>(generators.size());
    HONE_ASSERT(basic >= 1 && factors <= 24, "there are basic factors, and the runs are countable");
    Design design{.factors = factors, .generators = std::move(generators)};
    for (FactorSet setting = 0; setting < (FactorSet{1} << basic); ++setting) {
        FactorSet run = setting;
        for (const auto& [factor, product] : design.generators)
            if (sign(product, setting) > 0)
                run |= FactorSet{1} << factor;
        design.runs.push_back(run);
    }
    const auto words = definingWords(design);
    design.resolution = words.empty() ? 0 : sizeOf(*std::ranges::min_element(words, {}, sizeOf));
    design.title = fmt::format("2^({}-{}), resolution {}", factors, design.generators.size(),
                               romanOf(design.resolution));
    design.terms = termsUpTo(factors, design.resolution >= 5 ? 2 : 1);
    return design;
}

Design halfFraction5() { return fractionalFactorial(5, {{.factor = 4, .product = 0b1111}}); }

Design plackettBurman20(int factors, bool foldOver) {
    HONE_ASSERT(factors >= 1 && factors <= kMostScreened, "the design has 18 columns to give");
    Design design{.title = fmt::format("Plackett–Burman 20{}", foldOver ? ", folded over" : ""),
                  .factors = factors,
                  .resolution = foldOver ? 4 : 3,
                  .terms = termsUpTo(factors, 1)};
    const FactorSet all = (FactorSet{1} << factors) - 1;
    for (int shift = 0; shift + 1 < kPlackettBurmanRuns; ++shift) {
        FactorSet run = 0;
        for (int column = 0; column < factors; ++column)
            if (kFirstRow[static_cast<std::size_t>((column - shift + 19) % 19)] > 0)
                run |= FactorSet{1} << column;
        design.runs.push_back(run);
    }
    design.runs.push_back(0);
    if (foldOver)
        for (std::size_t i = 0; i < kPlackettBurmanRuns; ++i)
            design.runs.push_back(~design.runs[i] & all);
    return design;
}

std::vector<FactorSet> definingWords(const Design& design) {
    const std::size_t count = design.generators.size();
    std::vector<FactorSet> words;
    for (FactorSet pick = 1; count > 0 && pick < (FactorSet{1} << count); ++pick) {
        FactorSet word = 0;
        for (const int i : membersOf(pick)) {
            const auto& generator = design.generators[static_cast<std::size_t>(i)];
            word ^= generator.product ^ (FactorSet{1} << generator.factor);
        }
        words.push_back(word);
    }
    return words;
}

std::vector<FactorSet> aliasesOf(const Design& design, FactorSet effect, int longest) {
    std::vector<FactorSet> aliases;
    for (const FactorSet word : definingWords(design))
        if (const FactorSet alias = effect ^ word; sizeOf(alias) <= longest)
            aliases.push_back(alias);
    std::ranges::sort(aliases, shorterFirst);
    return aliases;
}

}  // namespace hone::stats

#include "core/stats/design.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <QtTest>

#include <fstream>
#include <map>

using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

/// {"5": [1, 2, 3, 4]} → factor 4 = product of 0 … 3; the vectors count from 1.
std::vector<Generator> generatorsOf(const json& object) {
    std::vector<Generator> generators;
    for (const auto& [name, factors] : object.items()) {
        FactorSet product = 0;
        for (const int factor : factors)
            product |= FactorSet{1} << (factor - 1);
        generators.push_back({.factor = std::stoi(name) - 1, .product = product});
    }
    return generators;
}

FactorSet setOf(const std::string& digits) {
    FactorSet set = 0;
    for (const char digit : digits)
        set |= FactorSet{1} << (digit - '1');
    return set;
}

int dot(const Design& design, FactorSet a, FactorSet b) {
    int sum = 0;
    for (const FactorSet run : design.runs)
        sum += sign(a, run) * sign(b, run);
    return sum;
}

}  // namespace

class DesignTest : public QObject {
    Q_OBJECT
private slots:
    void aFullDesignHasEverySettingOnceInStandardOrder();
    void signsMultiply();
    void fractionsHaveThePublishedWords();
    void theHalfFractionOfFiveKeepsPairsApart();
    void theHalfFractionOfFourConfusesPairsAsPublished();
    void plackettBurmanFollowsItsFirstRow();
    void plackettBurmanColumnsAreOrthogonal();
    void foldingOverClearsMainEffectsOfEveryPair();
    void everyDesignIsBalanced();
};

void DesignTest::aFullDesignHasEverySettingOnceInStandardOrder() {
    const auto design = fullFactorial(3);
    QCOMPARE(design.runs, (std::vector<FactorSet>{0, 1, 2, 3, 4, 5, 6, 7}));
    QCOMPARE(design.terms, (std::vector<FactorSet>{1, 2, 4, 3, 5, 6, 7}));
    QVERIFY(definingWords(design).empty());
    QVERIFY(aliasesOf(design, 3).empty());
}

void DesignTest::signsMultiply() {
    QCOMPARE(sign(0b11, 0b11), 1);
    QCOMPARE(sign(0b11, 0b01), -1);
    QCOMPARE(sign(0b11, 0b00), 1);
    QCOMPARE(sign(0b111, 0b000), -1);
    QCOMPARE(membersOf(0b1010), (std::vector<int>{1, 3}));
}

void DesignTest::fractionsHaveThePublishedWords() {
    int checked = 0;
    for (const auto& [name, row] : vectors()["fractional_designs"].items()) {
        const int factors = std::stoi(name.substr(name.find('(') + 1));
        const auto design = fractionalFactorial(factors, generatorsOf(row["generators"]));
        QCOMPARE(design.resolution, row["resolution"].get<int>());
        QVERIFY2(name.find(fmt::format("{} runs", design.runs.size())) != std::string::npos, name.c_str());
        std::map<std::string, int> lengths;
        for (const FactorSet word : definingWords(design))
            ++lengths[std::to_string(sizeOf(word))];
        QVERIFY2(json(lengths) == row["word_length_counts"], name.c_str());
        for (const FactorSet word : definingWords(design))
            for (const FactorSet run : design.runs)
                QCOMPARE(sign(word, run), 1);
        ++checked;
    }
    QVERIFY(checked >= 7);
}

void DesignTest::theHalfFractionOfFiveKeepsPairsApart() {
    const auto design = halfFraction5();
    QCOMPARE(design.runs.size(), std::size_t{16});
    QCOMPARE(design.resolution, 5);
    QCOMPARE(design.terms.size(), std::size_t{15});
    for (const FactorSet a : design.terms)
        for (const FactorSet b : design.terms)
            QCOMPARE(dot(design, a, b), a == b ? 16 : 0);
    for (const FactorSet pair : design.terms)
        QVERIFY(aliasesOf(design, pair, 2).empty());
    QCOMPARE(aliasesOf(design, 0b00011, 3), (std::vector<FactorSet>{0b11100}));
    QCOMPARE(aliasesOf(design, 0b00001, 4), (std::vector<FactorSet>{0b11110}));
}

void DesignTest::theHalfFractionOfFourConfusesPairsAsPublished() {
    const auto design = fractionalFactorial(4, {{.factor = 3, .product = 0b0111}});
    for (const auto& [pair, alias] : vectors()["aliases_2^(4-1)"]["two_factor_aliases"].items())
        QCOMPARE(aliasesOf(design, setOf(pair)), (std::vector<FactorSet>{setOf(alias.get<std::string>())}));
    QCOMPARE(design.terms.size(), std::size_t{4});  // Pairs are confused, so only main effects are told.
}

void DesignTest::plackettBurmanFollowsItsFirstRow() {
    const auto design = plackettBurman20(18, false);
    QCOMPARE(design.runs.size(), std::size_t{20});
    const auto row = vectors()["plackett_burman_20"]["first_row"].get<std::vector<int>>();
    for (int column = 0; column < 18; ++column) {
        QCOMPARE(sign(FactorSet{1} << column, design.runs[0]), row[static_cast<std::size_t>(column)]);
        // Shifted to the right: the last one comes round to the front.
        QCOMPARE(sign(FactorSet{1} << column, design.runs[1]),
                 row[static_cast<std::size_t>((column + 18) % 19)]);
    }
    QCOMPARE(design.runs[19], FactorSet{0});
}

void DesignTest::plackettBurmanColumnsAreOrthogonal() {
    for (const bool foldOver : {false, true}) {
        const auto design = plackettBurman20(18, foldOver);
        for (const FactorSet a : design.terms)
            for (const FactorSet b : design.terms)
                QCOMPARE(dot(design, a, b), a == b ? static_cast<int>(design.runs.size()) : 0);
    }
}

void DesignTest::foldingOverClearsMainEffectsOfEveryPair() {
    const auto design = plackettBurman20(18);
    QCOMPARE(design.runs.size(), std::size_t{40});
    int pairs = 0;
    for (const FactorSet main : design.terms)
        for (int i = 0; i < 18; ++i)
            for (int j = i + 1; j < 18; ++j, ++pairs)
                QCOMPARE(dot(design, main, (FactorSet{1} << i) | (FactorSet{1} << j)), 0);
    QCOMPARE(pairs, 18 * 153);
}

void DesignTest::everyDesignIsBalanced() {
    for (const auto& design :
         {fullFactorial(1), fullFactorial(4), halfFraction5(), plackettBurman20(6), plackettBurman20(18)}) {
        for (int factor = 0; factor < design.factors; ++factor)
            QCOMPARE(dot(design, FactorSet{1} << factor, 0), 0);
        QVERIFY(!design.title.empty());
    }
}

QTEST_GUILESS_MAIN(DesignTest)
#include "design_test.moc"

#include "core/stats/factorial.h"

#include "core/base/random.h"
#include "core/stats/quantiles.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>
#include <numeric>

using namespace hone;
using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

bool near(double actual, double expected, double relative = 1e-6) {
    const bool isNear = std::abs(actual - expected) <= relative * std::max(std::abs(expected), 1e-9);
    if (!isNear)
        qWarning("got %.12g, expected %.12g", actual, expected);
    return isNear;
}

/// "AC" → {0, 2}; "I" is the mean.
FactorSet setOf(const std::string& letters) {
    FactorSet set = 0;
    for (const char letter : letters)
        set |= FactorSet{1} << (letter - 'A');
    return set;
}

double qOf(const FactorialFit& fit, const std::string& name) {
    return name == "I" ? fit.mean : fit.find(setOf(name))->q;
}

/// y[replicate][run] from the vectors' y[run][replicate].
std::vector<std::vector<double>> replicates(const json& rows) {
    std::vector<std::vector<double>> y(rows[0].size(), std::vector<double>(rows.size()));
    for (std::size_t run = 0; run < rows.size(); ++run)
        for (std::size_t j = 0; j < y.size(); ++j)
            y[j][run] = rows[run][j];
    return y;
}

double noise(SplitMix64& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
        sum += random.uniform();
    return sum;
}

}  // namespace

class FactorialTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheWorkedCube();
    void agreesWithTheReplicatedSquare();
    void takesBlocksOutOfTheError();
    void agreesWithLenth();
    void usesLenthOnlyWhereThereAreEnoughContrasts();
    void sharesAddUpToTheWhole();
    void agreesWithTheAttributionOfLogLatency();
    void sharesOfAPartLeaveTheOthersOff();
    void effectsOfAFullFitGiveBackEveryCell();
    void aDifferenceIsWhatTheSurfaceSays();
    void replicatesThatAgreeAreExact();
    void coversPlantedEffectsAtTheStatedRate();
    void aScreenFindsPlantedMainEffectsDespiteInteractions();
};

void FactorialTest::agreesWithTheWorkedCube() {
    const json& row = vectors()["factorial_2^3"];
    const auto fit = fitFactorial(fullFactorial(3), {row["y"].get<std::vector<double>>()});
    for (const auto& [name, q] : row["q"].items())
        QVERIFY(near(qOf(fit, name), q));
    for (const auto& [name, effect] : row["effect_on_minus_off"].items())
        QVERIFY(near(2 * qOf(fit, name), effect));
    QVERIFY(near(fit.totalSs, row["SST"]));
    for (const auto& [name, percent] : row["variation_explained_pct"].items())
        QVERIFY(near(fit.find(setOf(name))->share * 100, percent));
}

void FactorialTest::agreesWithTheReplicatedSquare() {
    const json& row = vectors()["factorial_2^2_r3"];
    const auto y = replicates(row["y_replicates"]);
    for (const auto& [alpha, key] : {std::pair{0.10, "ci90"}, std::pair{0.05, "ci95"}}) {
        const auto fit = fitFactorial(fullFactorial(2), y, alpha, false);
        QVERIFY(near(fit.sse, row["SSE"]) && near(fit.sq, row["s_q"]) && near(fit.df, row["df"]));
        for (const auto& [name, q] : row["q"].items())
            QVERIFY(near(qOf(fit, name), q));
        for (const auto& [name, interval] : row[key].items()) {
            if (name == "I")
                continue;  // The mean itself is never claimed.
            const auto* coefficient = fit.find(setOf(name));
            QVERIFY(near(coefficient->q - coefficient->reach, interval[0]));
            QVERIFY(near(coefficient->q + coefficient->reach, interval[1]));
        }
    }
}

void FactorialTest::takesBlocksOutOfTheError() {
    const json& row = vectors()["factorial_2^2_r3_blocked"];
    const auto fit =
        fitFactorial(fullFactorial(2), replicates(vectors()["factorial_2^2_r3"]["y_replicates"]));
    QVERIFY(near(fit.blockSs, row["SS_blocks"]) && near(fit.sse, row["SSE"]));
    QVERIFY(near(fit.df, row["df"]) && near(fit.sq, row["s_q"]));
    for (const auto& [name, interval] : row["ci95"].items()) {
        const auto* coefficient = fit.find(setOf(name));
        QVERIFY(near(coefficient->q - coefficient->reach, interval[0]));
        QVERIFY(near(coefficient->q + coefficient->reach, interval[1]));
    }
}

void FactorialTest::agreesWithLenth() {
    const json& row = vectors()["lenth"];
    const auto result = lenth(row["effects"].get<std::vector<double>>());
    QVERIFY(near(result.s0, row["s0"]) && near(result.pse, row["PSE"]) && near(result.df, row["df"]));
    QVERIFY(near(result.t, row["t_0.975"]) && near(result.me, row["ME"]));
    QVERIFY(near(result.gamma, row["gamma"]) && near(result.sme, row["SME"]));
}

void FactorialTest::usesLenthOnlyWhereThereAreEnoughContrasts() {
    const std::vector<double> y = vectors()["factorial_2^3"]["y"];
    const auto fit = fitFactorial(fullFactorial(3), {y});
    QCOMPARE(fit.source, ErrorSource::Lenth);
    // On half effects, so half the published margin.
    QVERIFY(near(fit.find(0b001)->reach, vectors()["lenth"]["ME"].get<double>() / 2));
    const auto small = fitFactorial(fullFactorial(2), {{1, 2, 3, 5}});
    QCOMPARE(small.source, ErrorSource::None);
    QVERIFY(std::isinf(small.find(0b01)->reach));
    QCOMPARE(small.find(0b01)->p, 1.0);
}

void FactorialTest::sharesAddUpToTheWhole() {
    for (const json& row : vectors()["shapley_3"]) {
        const auto values = row["v(mask)"].get<std::vector<double>>();
        const auto shares = shapley(values);
        for (std::size_t i = 0; i < shares.size(); ++i)
            QVERIFY(near(shares[i], row["phi"][i]));
        QVERIFY(near(std::accumulate(shares.begin(), shares.end(), 0.0), row["sum"]));
        const auto fit = fitFactorial(fullFactorial(3), {values});
        const auto fromEffects = shapley(fit, 0b111);
        for (std::size_t i = 0; i < shares.size(); ++i)
            QVERIFY(near(fromEffects[i].value, shares[i]));
    }
}

void FactorialTest::agreesWithTheAttributionOfLogLatency() {
    const json& row = vectors()["attribution_log"];
    std::vector<double> y = row["p95_ms(mask)"];
    std::ranges::transform(y, y.begin(), [](double value) { return std::log(value); });
    const auto fit = fitFactorial(fullFactorial(3), {y});
    for (const auto& [name, q] : row["q_ln"].items())
        QVERIFY(near(qOf(fit, name), q));
    for (const char* key : {"main_effect_factor exp(2q)", "interaction_factor exp(2q)"})
        for (const auto& [name, factor] : row[key].items())
            QVERIFY(near(std::exp(2 * qOf(fit, name)), factor));
    const auto shares = shapley(fit, 0b111);
    double product = 1;
    for (std::size_t i = 0; i < shares.size(); ++i) {
        QVERIFY(near(shares[i].value, row["shapley_ln"][i]));
        QVERIFY(near(std::exp(shares[i].value), row["shapley_factor"][i]));
        product *= std::exp(shares[i].value);
    }
    QVERIFY(near(product, row["product_of_factors"]));
    QVERIFY(near(std::exp(fit.at(0b111) - fit.at(0)), row["total_factor"]));
}

void FactorialTest::sharesOfAPartLeaveTheOthersOff() {
    const std::vector<double> y = vectors()["shapley_3"][1]["v(mask)"];
    const auto fit = fitFactorial(fullFactorial(3), {y});
    for (const FactorSet players : {0b011, 0b101, 0b110, 0b010}) {
        const auto members = membersOf(players);
        std::vector<double> values;
        for (FactorSet subset = 0; subset < (FactorSet{1} << members.size()); ++subset) {
            FactorSet setting = 0;
            for (const int at : membersOf(subset))
                setting |= FactorSet{1} << members[static_cast<std::size_t>(at)];
            values.push_back(y[setting]);
        }
        const auto direct = shapley(values);
        const auto fromFit = shapley(fit, players);
        QCOMPARE(fromFit.size(), direct.size());
        for (std::size_t i = 0; i < direct.size(); ++i)
            QVERIFY(near(fromFit[i].value, direct[i]));
    }
}

void FactorialTest::effectsOfAFullFitGiveBackEveryCell() {
    SplitMix64 random(7);
    std::vector<double> y(16);
    std::ranges::generate(y, [&] { return random.uniform(); });
    const auto fit = fitFactorial(fullFactorial(4), {y});
    for (FactorSet setting = 0; setting < 16; ++setting)
        QVERIFY(near(fit.at(setting), y[setting], 1e-12));
}

void FactorialTest::aDifferenceIsWhatTheSurfaceSays() {
    const auto y = replicates(vectors()["factorial_2^2_r3"]["y_replicates"]);
    const auto fit = fitFactorial(fullFactorial(2), y);
    const auto turnedOn = differenceOf(fit, 0, 0b10);
    QVERIFY(near(turnedOn.value, fit.at(0b11) - fit.at(0b10)));
    // A and AB both change sign: the error of two coefficients, doubled.
    QVERIFY(near(turnedOn.reach, 2 * std::sqrt(2) * fit.find(0b01)->reach));
    const auto both = differenceBetween(fit, 0b00, 0b11);
    QVERIFY(near(both.value, fit.at(0b11) - fit.at(0b00)));
    QVERIFY(near(both.reach, 2 * std::sqrt(2) * fit.find(0b01)->reach));  // A and B change, AB does not.
}

void FactorialTest::replicatesThatAgreeAreExact() {
    const auto fit = fitFactorial(fullFactorial(2), {{1, 2, 1, 2}, {1, 2, 1, 2}});
    QVERIFY(fit.exact);
    QCOMPARE(fit.find(0b01)->reach, 0.0);
    QCOMPARE(fit.find(0b01)->p, 0.0);
    QCOMPARE(fit.find(0b10)->p, 1.0);
}

void FactorialTest::coversPlantedEffectsAtTheStatedRate() {
    const std::map<FactorSet, double> planted{{1, -0.2}, {2, -0.05}, {3, 0.03}};
    SplitMix64 random(2026);
    int covered = 0, intervals = 0;
    for (int round = 0; round < 400; ++round) {
        const auto design = fullFactorial(3);
        std::vector<std::vector<double>> y;
        for (int block = 0; block < 3; ++block) {
            const double level = 0.2 * noise(random);
            auto& replicate = y.emplace_back();
            for (const FactorSet run : design.runs) {
                double value = level + 0.05 * noise(random);
                for (const auto& [set, q] : planted)
                    value += q * sign(set, run);
                replicate.push_back(value);
            }
        }
        for (const auto& coefficient : fitFactorial(design, y).coefficients) {
            const auto found = planted.find(coefficient.set);
            const double truth = found == planted.end() ? 0 : found->second;
            covered += std::abs(coefficient.q - truth) <= coefficient.reach ? 1 : 0;
            ++intervals;
        }
    }
    const double rate = static_cast<double>(covered) / intervals;
    QVERIFY2(rate > 0.935 && rate < 0.965, std::to_string(rate).c_str());
}

void FactorialTest::aScreenFindsPlantedMainEffectsDespiteInteractions() {
    const auto design = plackettBurman20(18);
    SplitMix64 random(99);
    std::vector<std::vector<double>> y(2);
    for (auto& replicate : y)
        for (const FactorSet run : design.runs)
            replicate.push_back(-0.3 * sign(1 << 4, run) + 0.1 * sign(1 << 11, run) +
                                0.2 * sign((1 << 4) | (1 << 11), run) + 0.01 * noise(random));
    const auto fit = fitFactorial(design, y);
    for (const auto& coefficient : fit.coefficients) {
        const double truth = coefficient.set == 1 << 4 ? -0.3 : coefficient.set == 1 << 11 ? 0.1 : 0;
        QVERIFY(std::abs(coefficient.q - truth) < 0.01);
        QVERIFY((coefficient.p < 1e-6) == (truth != 0));
    }
}

QTEST_GUILESS_MAIN(FactorialTest)
#include "factorial_test.moc"

#include "core/stats/companions.h"
#include "core/stats/unpaired.h"

#include "core/base/random.h"
#include "core/stats/paired.h"
#include "core/stats/power.h"
#include "core/stats/quantiles.h"
#include "core/stats/sequential.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>

using namespace hone;
using namespace hone::stats;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors =
        json::parse(std::ifstream(HONE_SOURCE_DIR "/tests/support/stat-vectors.json"));
    return kVectors;
}

std::vector<double> numbers(const json& list) { return list.get<std::vector<double>>(); }

bool near(double actual, double expected, double relative = 1e-6) {
    const bool isNear = std::abs(actual - expected) <= relative * std::max(std::abs(expected), 1e-9);
    if (!isNear)
        qWarning("got %.12g, expected %.12g", actual, expected);
    return isNear;
}

double noise(SplitMix64& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
        sum += random.uniform();
    return sum;
}

}  // namespace

class CompanionsTest : public QObject {
    Q_OBJECT
private slots:
    void ranksWithTies();
    void ranksExactlyWithoutTies();
    void shiftsAsTabulated();
    void deltasAsTabulated();
    void welchAsTabulated();
    void decilesAsTabulated();
    void emptySamplesSayNothing();
    void sequentialBoundsAsTabulated();
    void powerGrowsWithPairsAndShrinksWithNoise();
    void aPlannedRunFindsThePlantedSlowdown();
};

void CompanionsTest::ranksWithTies() {
    const json& row = vectors()["mann_whitney_ties"];
    const auto test = mannWhitney(numbers(row["A"]), numbers(row["B"]));
    QVERIFY(near(test.u1, row["U1"]) && near(test.u2, row["U2"]) && near(test.sigma, row["sigma"]));
    QVERIFY(near(test.z, row["z_cc"]) && near(test.p, row["p_cc"]));
    QVERIFY(!test.exact);
}

void CompanionsTest::ranksExactlyWithoutTies() {
    const json& row = vectors()["mann_whitney_exact"];
    const auto test = mannWhitney(numbers(row["x"]), numbers(row["y"]));
    QVERIFY(near(test.u1, row["U1"]) && near(test.z, row["z_cc"]) && near(test.p, row["p_exact"]));
    QVERIFY(test.exact);
}

void CompanionsTest::shiftsAsTabulated() {
    for (const json& row : vectors()["hodges_lehmann"]) {
        const auto shift = hodgesLehmann(numbers(row["x"]), numbers(row["y"]));
        QVERIFY(near(shift.estimate, row["shift_y_minus_x"]));
        const json& interval = row.contains("ci_exact_no_ties") ? row["ci_exact_no_ties"] : row["ci_normal"];
        QCOMPARE(shift.exact, row.contains("ci_exact_no_ties"));
        QVERIFY(near(shift.lo, interval[0]) && near(shift.hi, interval[1]));
    }
}

void CompanionsTest::deltasAsTabulated() {
    const json& ties = vectors()["mann_whitney_ties"];
    const json& exact = vectors()["mann_whitney_exact"];
    const json& rows = vectors()["cliffs_delta"];
    QVERIFY(near(cliffsDelta(numbers(ties["A"]), numbers(ties["B"])), rows[0]["delta_x_over_y"]));
    QVERIFY(near(cliffsDelta(numbers(exact["x"]), numbers(exact["y"])), rows[1]["delta_x_over_y"]));
    QVERIFY(near(superiority(numbers(ties["A"]), numbers(ties["B"])), (0.5625 + 1) / 2));
}

void CompanionsTest::welchAsTabulated() {
    const json& row = vectors()["welch"];
    const auto test = welch(numbers(row["A"]), numbers(row["B"]));
    QVERIFY(near(test.difference, row["diff"]) && near(test.se, row["se"]) && near(test.t, row["t"]));
    QVERIFY(near(test.df, row["df"]) && near(test.p, row["p"]));
    QVERIFY(near(test.lo, row["ci"][0]) && near(test.hi, row["ci"][1]));
    const std::vector<double> flat{2, 2, 2};
    QCOMPARE(welch(flat, flat).p, 1.0);
}

void CompanionsTest::decilesAsTabulated() {
    const json& row = vectors()["shift_function_hd"];
    const auto deciles = shiftFunction(numbers(row["A"]), numbers(row["B"]));
    QCOMPARE(deciles.size(), std::size_t{9});
    for (std::size_t i = 0; i < deciles.size(); ++i) {
        const json& expected = row["deciles"][i];
        QVERIFY(near(deciles[i].q, expected["q"]));
        QVERIFY(near(deciles[i].a, expected["A"]) && near(deciles[i].b, expected["B"]));
        QVERIFY(near(deciles[i].difference, expected["B_minus_A"]));
        QVERIFY(deciles[i].lo <= deciles[i].difference && deciles[i].difference <= deciles[i].hi);
    }
}

void CompanionsTest::emptySamplesSayNothing() {
    const std::vector<double> some{1, 2}, none;
    QCOMPARE(mannWhitney(some, none).p, 1.0);
    QCOMPARE(superiority(none, some), 0.5);
    QVERIFY(shiftFunction(some, none).empty());
    QVERIFY(std::isnan(hodgesLehmann(none, some).estimate));
}

void CompanionsTest::sequentialBoundsAsTabulated() {
    for (const json& row : vectors()["msprt"])
        QVERIFY(near(msprtRatio(row["n"], row["mean"], row["theta0"], row["sigma2"], row["tau2"]),
                     row["Lambda"]));
    for (const json& row : vectors()["msprt_ci_radius"])
        QVERIFY(near(msprtRadius(row["n"], row["sigma2"], row["tau2"], row["alpha"]), row["radius"]));
    for (const json& row : vectors()["confseq_normal_mixture_two_sided"]) {
        QVERIFY(near(normalMixtureRho(row["v_opt"], row["alpha"]), row["rho"]));
        QVERIFY(near(normalMixtureBound(row["v"], row["v_opt"], row["alpha"]), row["bound"]));
    }
    for (const json& row : vectors()["asymp_cs"])
        QVERIFY(near(asymptoticRadius(row["t"], row["sd"], row["rho"], row["alpha"]), row["radius"]));
}

void CompanionsTest::powerGrowsWithPairsAndShrinksWithNoise() {
    const PowerQuestion question;
    QVERIFY(detectableEffect(0.05, 40, question) < detectableEffect(0.05, 10, question));
    QVERIFY(detectableEffect(0.02, 10, question) < detectableEffect(0.05, 10, question));
    QCOMPARE(pairsForPower(0, question), 6);
    const int pairs = pairsForPower(0.06, question);
    QVERIFY(detectableEffect(0.06, pairs, question) <= 0.05);
    QVERIFY(detectableEffect(0.06, pairs - 1, question) > 0.05);
    // An uncertain deviation costs pairs.
    QVERIFY(pairsForPower(0.06, {.pilotPairs = 5}) > pairs);
    // 16 pairs at s = ln(1.05): known from tables of the paired t test (power 0.96 at n = 16, d = 1).
    QVERIFY(pairsForPower(std::log(1.05), question) >= 12 && pairsForPower(std::log(1.05), question) <= 14);
}

void CompanionsTest::aPlannedRunFindsThePlantedSlowdown() {
    constexpr double kSd = 0.05;
    constexpr int kPilot = 8, kRounds = 400;
    SplitMix64 random(5);
    const auto logs = [&](int pairs, double effect) {
        std::vector<double> d;
        for (int j = 0; j < pairs; ++j)
            d.push_back(effect + kSd * noise(random));
        return d;
    };
    int found = 0;
    for (int round = 0; round < kRounds; ++round) {
        const int pairs = pairsForPower(stddev(logs(kPilot, 0)), {.effect = 0.05, .pilotPairs = kPilot});
        const auto d = logs(pairs, std::log(1.05));
        const double t = mean(d) / (stddev(d) / std::sqrt(pairs));
        found += t > 0 && studentP(t, pairs - 1) < 0.05 ? 1 : 0;
    }
    QVERIFY2(found >= 0.9 * kRounds, std::to_string(found).c_str());
}

QTEST_GUILESS_MAIN(CompanionsTest)
#include "companions_test.moc"

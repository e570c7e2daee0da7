#include "core/stats/paired.h"

#include "core/base/random.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>
#include <set>

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

/// About standard normal, from twelve uniforms.
double noise(SplitMix64& random) {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
        sum += random.uniform();
    return sum;
}

/// Identical arms whose blocks share a wandering level and have their own noise.
PairedResult simulateIdenticalArms(SplitMix64& random, int pairs) {
    std::vector<double> a, b;
    double level = 0;
    for (int j = 0; j < pairs; ++j) {
        level += 0.01 * noise(random);
        a.push_back(std::exp(level + 0.03 * noise(random)));
        b.push_back(std::exp(level + 0.03 * noise(random)));
    }
    return pairedBlocks(a, b);
}

}  // namespace

class PairedTest : public QObject {
    Q_OBJECT
private slots:
    void agreesWithTheWorkedExample();
    void knowsTheSmallestSignFlipP();
    void flipsSignsAtRandomAboveSixteenPairs();
    void leavesOutPairsWithoutALogarithm();
    void claimsNothingBelowTwoPairs();
    void callsADeterministicMetricExact();
    void agreesWithTheAnytimeTable();
    void agreesWithThePublishedAnytimeRadii();
    void hasAnAnytimeIntervalWithoutVariance();
    void adjustsForSeveralMetrics();
    void judgesAgainstTheBand();
    void mirrorsTheVerdictWhereMoreIsBetter();
    void cannotTellFromAnUnboundedInterval();
    void namesEveryVerdictOnce();
    void asksForEnoughPairs();
    void rarelyCallsIdenticalArmsDifferent();
    void findsARealDifference();
    void rarelyStopsOnIdenticalArmsHoweverOftenOneLooks();
};

void PairedTest::agreesWithTheWorkedExample() {
    const json& expected = vectors()["paired_blocks"];
    const auto result = pairedBlocks(numbers(expected["A_p99_ms"]), numbers(expected["B_p99_ms"]));
    QCOMPARE(result.pairs, 10);
    QVERIFY(near(result.meanLog, expected["mean"]));
    QVERIFY(near(result.sdLog, expected["sd"]));
    QVERIFY(near(result.seLog, expected["se"]));
    QVERIFY(near(result.t, expected["t"]));
    QCOMPARE(result.df, 9.0);
    QVERIFY(near(result.p, expected["p"]));
    QVERIFY(near(result.ratio, expected["ratio"]));
    QVERIFY(near(result.lo, expected["ci_ratio"][0]));
    QVERIFY(near(result.hi, expected["ci_ratio"][1]));
    QCOMPARE(result.signFlipP, expected["sign_flip_p"].get<double>());
    QVERIFY(near(result.pseudoMedianLog, expected["hl_pseudomedian_log"]));
    QVERIFY(!result.exact);
}

void PairedTest::knowsTheSmallestSignFlipP() {
    for (const json& row : vectors()["sign_flip_min_p"]) {
        std::vector<double> a, b;
        for (int j = 0; j < row["J"].get<int>(); ++j) {
            a.push_back(1);
            b.push_back(1.1 + 0.01 * j);
        }
        QCOMPARE(pairedBlocks(a, b).signFlipP, row["min_two_sided_p"].get<double>());
    }
}

void PairedTest::flipsSignsAtRandomAboveSixteenPairs() {
    SplitMix64 random(3);
    std::vector<double> a, b;
    for (int j = 0; j < 40; ++j) {
        a.push_back(1);
        b.push_back(std::exp(0.1 * noise(random)));
    }
    const auto result = pairedBlocks(a, b);
    QCOMPARE(result.signFlipP, pairedBlocks(a, b).signFlipP);  // seeded
    QVERIFY(std::abs(result.signFlipP - result.p) < 0.05);     // close to t under normal noise
    for (double& value : b)
        value = 2;
    b[0] = 2.1;
    QVERIFY(pairedBlocks(a, b).signFlipP < 1e-4);
    QVERIFY(pairedBlocks(a, b).signFlipP > 0);
}

void PairedTest::leavesOutPairsWithoutALogarithm() {
    const double a[] = {1, 0, 2, 3, -1, 4, 5};
    const double b[] = {2, 1, 4, 0, 1, NAN, 10.1};
    const auto result = pairedBlocks(a, b);
    QCOMPARE(result.pairs, 3);
    QVERIFY(near(result.ratio, 2, 0.01));
}

void PairedTest::claimsNothingBelowTwoPairs() {
    const double one[] = {1};
    const double two[] = {2};
    for (const auto& result : {pairedBlocks({}, {}), pairedBlocks(one, two)}) {
        QCOMPARE(result.lo, 0.0);
        QVERIFY(std::isinf(result.hi));
        QCOMPARE(result.p, 1.0);
        QCOMPARE(judge(result.lo, result.hi, 0.02, true), Verdict::CannotTell);
    }
    QVERIFY(near(pairedBlocks(one, two).ratio, 2));
}

void PairedTest::callsADeterministicMetricExact() {
    const double a[] = {1000, 2000, 3000};
    const double b[] = {290, 580, 870};
    const auto result = pairedBlocks(a, b);
    QVERIFY(result.exact);
    QVERIFY(near(result.ratio, 0.29));
    QCOMPARE(result.lo, result.ratio);
    QCOMPARE(result.hi, result.ratio);
    QCOMPARE(result.p, 0.0);
    QVERIFY(pairedBlocks(a, a).exact);
    QCOMPARE(pairedBlocks(a, a).p, 1.0);
}

void PairedTest::agreesWithTheAnytimeTable() {
    const auto logs = numbers(vectors()["paired_blocks"]["D=ln(B/A)"]);
    for (const json& row : vectors()["anytime_t"]["rows"]) {
        const auto result = anytimeT(std::span(logs).first(row["j"]));
        QVERIFY(near(result.lnE, row["ln_E"], 1e-5));
        QVERIFY(near(result.p, row["p_anytime"], 1e-5));
        if (row["t_radius"].is_string()) {
            QVERIFY(std::isinf(result.tRadius));
            QCOMPARE(result.lo, 0.0);
            QVERIFY(std::isinf(result.hi));
        } else {
            QVERIFY(near(result.tRadius, row["t_radius"]));
            QVERIFY(near(std::log(result.lo), row["ci_log"][0], 1e-5));
            QVERIFY(near(std::log(result.hi), row["ci_log"][1], 1e-5));
        }
    }
}

void PairedTest::agreesWithThePublishedAnytimeRadii() {
    const std::pair<int, double> radii[] = {
        {5, 8.4531872}, {12, 3.6839939}, {20, 3.4247807}, {50, 3.3197157}};
    for (const auto& [n, radius] : radii) {
        std::vector<double> logs(static_cast<std::size_t>(n), 0.1);
        logs[0] = 0.2;
        QVERIFY(near(anytimeT(logs).tRadius, radius, 1e-7));
    }
}

void PairedTest::hasAnAnytimeIntervalWithoutVariance() {
    const std::vector<double> same(6, std::log(0.5));
    const auto result = anytimeT(same);
    QVERIFY(near(result.lo, 0.5));
    QVERIFY(near(result.hi, 0.5));
    QVERIFY(std::isfinite(result.lnE) && result.p < 0.05);
    const std::vector<double> zeros(6, 0.0);
    QCOMPARE(anytimeT(zeros).p, 1.0);
}

void PairedTest::adjustsForSeveralMetrics() {
    const json& expected = vectors()["multiple_testing"];
    const auto p = numbers(expected["p"]);
    const auto byHolm = holm(p);
    const auto byBenjamini = benjaminiHochberg(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
        QVERIFY(near(byHolm[i], expected["holm"][i]));
        QVERIFY(near(byBenjamini[i], expected["benjamini_hochberg"][i]));
    }
    const double unsorted[] = {0.2, 0.001, 0.9};
    QCOMPARE(holm(unsorted), (std::vector<double>{0.4, 0.003, 0.9}));
    QVERIFY(holm({}).empty());
}

void PairedTest::judgesAgainstTheBand() {
    const std::map<std::string, Verdict> words = {
        {"faster", Verdict::Better},
        {"faster, size may be trivial", Verdict::BetterMaybeTrivial},
        {"equivalent", Verdict::NoDifference},
        {"inconclusive", Verdict::CannotTell},
        {"slower", Verdict::Worse}};
    for (const json& row : vectors()["verdict"])
        QCOMPARE(judge(row["ci_ratio"][0], row["ci_ratio"][1], 0.02, true), words.at(row["verdict"]));
    QCOMPARE(judge(1.01, 1.05, 0.02, true), Verdict::WorseMaybeTrivial);
}

void PairedTest::mirrorsTheVerdictWhereMoreIsBetter() {
    QCOMPARE(judge(1.03, 1.09, 0.02, false), Verdict::Better);
    QCOMPARE(judge(0.9, 0.95, 0.02, false), Verdict::Worse);
    QCOMPARE(judge(0.96, 0.99, 0.02, false), Verdict::WorseMaybeTrivial);
    QCOMPARE(judge(0.99, 1.01, 0.02, false), Verdict::NoDifference);
    QCOMPARE(judge(0.95, 1.01, 0.02, false), Verdict::CannotTell);
}

void PairedTest::cannotTellFromAnUnboundedInterval() {
    QCOMPARE(judge(0, INFINITY, 0.02, true), Verdict::CannotTell);
    QCOMPARE(judge(NAN, NAN, 0.02, false), Verdict::CannotTell);
}

void PairedTest::namesEveryVerdictOnce() {
    std::set<std::string_view> ids;
    for (int i = 0; i <= static_cast<int>(Verdict::Invalid); ++i) {
        const auto verdict = static_cast<Verdict>(i);
        ids.insert(verdictId(verdict));
        QCOMPARE(verdictFrom(verdictId(verdict)), std::optional(verdict));
    }
    QCOMPARE(ids.size(), std::size_t(7));
    QCOMPARE(verdictFrom("faster"), std::optional<Verdict>());
}

void PairedTest::asksForEnoughPairs() {
    QCOMPARE(pairsNeeded(0, 0.02), 6);
    const int pairs = pairsNeeded(0.05, 0.02);
    const auto halfWidth = [](int n) { return studentQuantile(0.975, n - 1) * 0.05 / std::sqrt(n); };
    QVERIFY(halfWidth(pairs) <= std::log(1.02));
    QVERIFY(halfWidth(pairs - 2) > std::log(1.02));
    QVERIFY(pairsNeeded(0.1, 0.02) > pairs);
    QVERIFY(pairsNeeded(1e9, 0) > 1000);  // no overflow
}

void PairedTest::rarelyCallsIdenticalArmsDifferent() {
    SplitMix64 random(20261124);
    int called = 0;
    int beyondOne = 0;
    constexpr int kComparisons = 2000;
    for (int i = 0; i < kComparisons; ++i) {
        const auto result = simulateIdenticalArms(random, 10);
        const Verdict verdict = judge(result.lo, result.hi, 0.02, true);
        called += verdict == Verdict::Better || verdict == Verdict::Worse ? 1 : 0;
        beyondOne += result.lo > 1 || result.hi < 1 ? 1 : 0;
    }
    qInfo("better or worse %d, interval without 1 %d of %d (seed 20261124)", called, beyondOne, kComparisons);
    QVERIFY(called <= kComparisons * 6 / 100);
    QVERIFY(beyondOne <= kComparisons * 6 / 100);
    QVERIFY(beyondOne >= kComparisons * 4 / 100);  // an interval that is too wide would not be honest either
}

void PairedTest::findsARealDifference() {
    SplitMix64 random(5);
    std::vector<double> a, b;
    for (int j = 0; j < 10; ++j) {
        a.push_back(100 * std::exp(0.03 * noise(random)));
        b.push_back(70 * std::exp(0.03 * noise(random)));
    }
    const auto result = pairedBlocks(a, b);
    QVERIFY(result.lo < 0.7 && result.hi > 0.7);
    QCOMPARE(judge(result.lo, result.hi, 0.02, true), Verdict::Better);
}

void PairedTest::rarelyStopsOnIdenticalArmsHoweverOftenOneLooks() {
    SplitMix64 random(77);
    int stopped = 0;
    constexpr int kComparisons = 300;
    for (int i = 0; i < kComparisons; ++i) {
        std::vector<double> logs;
        bool hit = false;
        for (int j = 1; j <= 30 && !hit; ++j) {
            logs.push_back(noise(random));
            hit = j >= 5 && anytimeT(logs).p < 0.05;
        }
        stopped += hit ? 1 : 0;
    }
    QVERIFY(stopped <= kComparisons * 5 / 100);
}

QTEST_GUILESS_MAIN(PairedTest)
#include "paired_test.moc"

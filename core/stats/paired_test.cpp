#include "core/stats/paired.h"

#include "core/base/random.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QtTest>

#include <cmath>

using namespace hone;
using nlohmann::json;

namespace {

const json& vectors() {
    static const json kVectors = [] {
        QFile file(QString(HONE_SOURCE_DIR) + "/tests/support/stat-vectors.json");
        return file.open(QIODevice::ReadOnly) ? json::parse(file.readAll().toStdString()) : json();
    }();
    return kVectors;
}

bool near(double actual, double expected, double relative = 1e-6) {
    return std::abs(actual - expected) <= relative * std::max(1e-12, std::abs(expected));
}

std::vector<double> numbers(const json& list) { return list.get<std::vector<double>>(); }

/// A comparison of two equal arms: block noise and drift, no effect.
double standardNormal(SplitMix64& random) {
    return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * M_PI * random.uniform());
}

}  // namespace

class PairedTest : public QObject {
    Q_OBJECT
private slots:
    void theVectorsAreThere() { QVERIFY(vectors().contains("paired_blocks")); }

    void pairedBlocksMatchTheReference() {
        const auto& v = vectors()["paired_blocks"];
        const auto result = stats::pairedBlocks(numbers(v["A_p99_ms"]), numbers(v["B_p99_ms"]));
        QCOMPARE(result.pairs, v["J"].get<int>());
        QVERIFY(near(result.meanLog, v["mean"]));
        QVERIFY(near(result.sdLog, v["sd"]));
        QVERIFY(near(result.seLog, v["se"]));
        QVERIFY(near(result.t, v["t"]));
        QVERIFY(near(result.p, v["p"], 1e-5));
        QVERIFY(near(result.ratio, v["ratio"]));
        QVERIFY(near(result.lo, v["ci_ratio"][0]));
        QVERIFY(near(result.hi, v["ci_ratio"][1]));
        QVERIFY(near(result.signFlipP, v["sign_flip_p"]));
        QVERIFY(near(result.pseudoMedianLog, v["hl_pseudomedian_log"]));
    }

    void theAnytimeIntervalMatchesTheReferenceAtEveryLook() {
        const auto d = numbers(vectors()["paired_blocks"]["D=ln(B/A)"]);
        for (const auto& row : vectors()["anytime_t"]["rows"]) {
            const auto j = row["j"].get<std::size_t>();
            const auto result = stats::anytimeT(std::span(d).first(j));
            QVERIFY2(near(result.lnE, row["ln_E"]), qPrintable(QString::number(j)));
            QVERIFY(near(result.p, row["p_anytime"]));
            if (row["t_radius"].is_string()) {
                QVERIFY(std::isinf(result.tRadius) && std::isinf(result.hi) && result.lo == 0);
                continue;
            }
            QVERIFY(near(result.tRadius, row["t_radius"]));
            QVERIFY(near(std::log(result.lo), row["ci_log"][0]));
            QVERIFY(near(std::log(result.hi), row["ci_log"][1], 1e-5));
        }
    }

    void incompleteBetaAndStudentQuantilesMatchTheReference() {
        QVERIFY(near(stats::incompleteBeta(0.3, 5.5, 5.5), 0.087826, 1e-4));
        QVERIFY(near(stats::incompleteBeta(0.97, 50, 2), 0.545163, 1e-5));
        QVERIFY(near(stats::incompleteBeta(0.99, 990.99, 10.01), 0.458579, 1e-5));
        QVERIFY(near(stats::studentQuantile(0.975, 9), vectors()["paired_blocks"]["tcrit"]));
        QVERIFY(near(stats::normalQuantile(0.975), 1.959963984540054, 1e-12));
        QVERIFY(near(stats::normalQuantile(1e-6), -4.753424308822899, 1e-9));
    }

    void holmAndBenjaminiHochbergMatchTheReference() {
        const auto& v = vectors()["multiple_testing"];
        const auto p = numbers(v["p"]), holm = stats::holm(p), bh = stats::benjaminiHochberg(p);
        for (std::size_t i = 0; i < p.size(); ++i) {
            QVERIFY(near(holm[i], v["holm"][i]));
            QVERIFY(near(bh[i], v["benjamini_hochberg"][i]));
        }
    }

    void theSmallestSignFlipProbabilityIsTwoInTwoToTheN() {
        for (const auto& row : vectors()["sign_flip_min_p"]) {
            const auto j = row["J"].get<std::size_t>();
            std::vector<double> a(j, 10), b;
            for (std::size_t i = 0; i < j; ++i)
                b.push_back(5 + 0.1 * static_cast<double>(i));
            QVERIFY(near(stats::pairedBlocks(a, b).signFlipP, row["min_two_sided_p"]));
        }
    }

    void verdictsFollowTheIntervalAgainstTheBand() {
        const std::map<std::string, stats::Verdict> words{
            {"faster", stats::Verdict::Better},
            {"faster, size may be trivial", stats::Verdict::BetterMaybeTrivial},
            {"equivalent", stats::Verdict::NoDifference},
            {"inconclusive", stats::Verdict::CannotTell},
            {"slower", stats::Verdict::Worse}};
        for (const auto& row : vectors()["verdict"])
            QCOMPARE(stats::judge(row["ci_ratio"][0], row["ci_ratio"][1], 0.02, true),
                     words.at(row["verdict"]));
        QCOMPARE(stats::judge(1.1, 1.2, 0.02, false), stats::Verdict::Better);  // throughput
        QCOMPARE(stats::judge(0, INFINITY, 0.02, true), stats::Verdict::CannotTell);
    }

    void everyVerdictHasAWordThatReadsBack() {
        using enum stats::Verdict;
        for (const auto verdict :
             {Better, Worse, NoDifference, BetterMaybeTrivial, WorseMaybeTrivial, CannotTell, Invalid})
            QCOMPARE(*stats::verdictFrom(stats::verdictId(verdict)), verdict);
        QVERIFY(!stats::verdictFrom("splendid").has_value());
    }

    void equalDifferencesAreExactAndNeedNoTest() {
        const std::vector<double> a{100, 100, 100}, b{29, 29, 29};
        const auto result = stats::pairedBlocks(a, b);
        QVERIFY(result.exact);
        QVERIFY(near(result.lo, 0.29) && near(result.hi, 0.29));
    }

    void unusablePairsAreLeftOut() {
        const std::vector<double> a{0, 10, 10}, b{5, 0, 9};
        const auto result = stats::pairedBlocks(a, b);
        QCOMPARE(result.pairs, 1);
        QVERIFY(std::isinf(result.hi));
    }

    void equalArmsAreCalledDifferentInAtMostSixPercentOfComparisons() {
        constexpr int kComparisons = 4000, kPairs = 10;
        SplitMix64 random(20261124);
        int alarms = 0;
        for (int run = 0; run < kComparisons; ++run) {
            std::vector<double> a, b;
            double drift = 0;
            for (int j = 0; j < kPairs; ++j) {
                drift += 0.01 * standardNormal(random);
                a.push_back(std::exp(2 + drift + 0.03 * standardNormal(random)));
                b.push_back(std::exp(2 + drift + 0.03 * standardNormal(random)));
            }
            const auto result = stats::pairedBlocks(a, b);
            alarms += result.lo > 1 || result.hi < 1 ? 1 : 0;
        }
        QVERIFY2(alarms <= kComparisons * 6 / 100, qPrintable(QString::number(alarms)));
    }

    void lookingAfterEveryPairKeepsTheAnytimeErrorRate() {
        constexpr int kComparisons = 400;
        SplitMix64 random(7);
        int alarms = 0;
        for (int run = 0; run < kComparisons; ++run) {
            std::vector<double> d;
            for (int j = 0; j < 40; ++j) {
                d.push_back(0.03 * standardNormal(random));
                const auto look = stats::anytimeT(d);
                if (j >= 4 && (look.lo > 1 || look.hi < 1)) {
                    ++alarms;
                    break;
                }
            }
        }
        QVERIFY2(alarms <= kComparisons * 5 / 100, qPrintable(QString::number(alarms)));
    }

    void pairsNeededShrinksWithTheNoise() {
        QCOMPARE(stats::pairsNeeded(0.0001, 0.02), 6);
        QVERIFY(stats::pairsNeeded(0.05, 0.02) > stats::pairsNeeded(0.03, 0.02));
    }
};

QTEST_GUILESS_MAIN(PairedTest)
#include "paired_test.moc"

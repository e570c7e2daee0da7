#pragma once

#include "core/model/run.h"
#include "core/stats/paired.h"

namespace hone::model {

/// One measured block of one arm; blocks 2j and 2j+1 form pair j.
struct Block {
    int pair = 0;
    int arm = 0;    ///< 0 = A, 1 = B.
    int order = 0;  ///< Position in the run: the coin flips are visible.
    double startS = 0, seconds = 0;
    std::uint64_t requests = 0, errors = 0;
    std::map<std::string, double> metrics;  ///< "p50" "p90" "p95" "p99" "mean" (µs), "rps", "bytes", "cpu"
                                            ///< (µs/request), "errors" (share).
};

/// What changed in one metric between the arms.
struct Effect {
    std::string metric;  ///< Key of Block::metrics.
    std::string title;   ///< "p95 latency"
    bool lowerIsBetter = true;
    bool headline = false;  ///< In the Holm family: p50, p95, p99, rps.
    double a = 0, b = 0;    ///< Of all blocks together (geometric mean of the block values).
    stats::PairedResult paired;
    stats::AnytimeResult anytime;
    double pHolm = 1;
    stats::Verdict verdict = stats::Verdict::CannotTell;
    int pairsNeeded = 0;  ///< For CannotTell.
};

/// One answer that differed between the arms.
struct AnswerDifference {
    std::string request, explanation, a, b;  ///< Excerpts.
    bool expected = false;  ///< Explained by what a toggle declares (a page, a refusal, staleness).
};

/// Two profiles measured in interleaved blocks; immutable once made.
struct Comparison {
    std::string id, name, note;
    std::vector<std::string> tags;
    std::chrono::system_clock::time_point startedAt;
    std::uint64_t seed = 1;
    double delta = 0.02;         ///< Half width of the band of no practical difference.
    std::string metric = "p95";  ///< What the sentence and the exit code are about.
    int plannedPairs = 10;
    bool stoppedEarly = false;
    double noiseFloor = 0;  ///< |ln ratio| that A/A blocks reached (95 %), 0: not measured.
    RunResult a, b;         ///< All blocks of an arm merged.
    std::vector<Block> blocks;
    std::vector<Effect> effects;
    stats::Verdict verdict = stats::Verdict::CannotTell;
    std::string sentence;  ///< The answer in words.
    int answersCompared = 0;
    std::vector<AnswerDifference> answerDifferences;
    std::vector<std::string> warnings;
    bool partial = false;

    [[nodiscard]] const Effect* effect(std::string_view metricId) const;
    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] static Result<Comparison> fromJson(const nlohmann::json& json);
};

/// "B answers p95 31 % faster (95 % interval 28 … 34) and sends 71 % fewer bytes, for 9 % more CPU." From the
/// effects.
[[nodiscard]] std::string describe(const Comparison& comparison);
/// A verdict for people: "better", "worse", "no practical difference", "cannot tell yet".
[[nodiscard]] std::string verdictWords(stats::Verdict verdict);

}  // namespace hone::model

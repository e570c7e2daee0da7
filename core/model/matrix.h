#pragma once

#include "core/model/comparison.h"

namespace hone::model {

/// Profile b against profile a in one metric, over the rounds in which both were measured.
struct MatrixPair {
    int a = 0, b = 1;            ///< Indexes of Matrix::arms, a < b.
    stats::PairedResult paired;  ///< Its interval is simultaneous over all pairs of the metric (Bonferroni).
    double pHolm = 1;            ///< Over all pairs of all headline metrics.
    stats::Verdict verdict = stats::Verdict::CannotTell;  ///< Of b against a.
};

/// One metric of all profiles.
struct MatrixMetric {
    std::string metric, title;
    bool lowerIsBetter = true, headline = false;
    std::vector<double> values;  ///< Per profile: geometric mean of its blocks.
    std::vector<MatrixPair> pairs;
    std::vector<int>
        best;  ///< The one no other is shown to beat, alone; or several that cannot be told apart.

    [[nodiscard]] const MatrixPair* pair(int a, int b) const;  ///< In either order.
};

/// Three or more profiles measured in rounds of blocks, each round all of them in random order.
struct Matrix {
    std::string id, name;
    std::chrono::system_clock::time_point startedAt;
    std::uint64_t seed = 1;
    double delta = 0.02;  ///< Half width of the band of no practical difference.
    std::string metric = "p95";
    int plannedRounds = 10, rounds = 0;
    std::vector<RunResult> arms;  ///< All blocks of a profile merged; in the order asked for.
    std::vector<Block> blocks;    ///< Block::pair is the round, Block::arm the index of the profile.
    std::vector<MatrixMetric> metrics;
    std::vector<std::string> invalid;  ///< Per profile: why it did not do the same work; empty: it did.
    std::string sentence;
    std::vector<std::string> warnings;
    bool partial = false;

    [[nodiscard]] const MatrixMetric* of(std::string_view metricId) const;
    /// For programs: everything but histograms.
    [[nodiscard]] nlohmann::json toJson() const;
};

/// "tuned answers p95 fastest: 1.84 ms, 31 % below baseline. cached cannot be told from it."
[[nodiscard]] std::string describe(const Matrix& matrix);

}  // namespace hone::model

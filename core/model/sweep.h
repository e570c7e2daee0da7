#pragma once

#include "core/model/run.h"

namespace hone::model {

/// One measured run of a sweep.
struct SweepRun {
    int replicate = 0, order = 0, point = 0;
    double startS = 0, seconds = 0;
    std::uint64_t requests = 0, errors = 0;
    std::map<std::string, double> metrics;  ///< As Block::metrics.
};

/// A metric at one value of the parameter.
struct SweepFigure {
    double value = 0, lo = 0, hi = 0;  ///< Of whole replicates; hi is infinite with fewer than two.
    double toBest = 1, toBestHi = 1;   ///< Ratio to the best point (worse is above 1) and its upper limit.
};

/// A metric along the whole sweep.
struct SweepCurve {
    std::string metric, title;
    bool lowerIsBetter = true;
    std::vector<SweepFigure> points;  ///< In the order of the values.
    int best = -1;                    ///< Best mean.
    int enough = -1;  ///< The first value that is within the band of the best, or not told from it.
    int knee = -1;    ///< Where more stops paying; −1: the curve has no knee.
};

/// One parameter over several values: what it buys, what it costs, where it is enough; immutable once made.
struct Sweep {
    std::string id, name, note;
    std::chrono::system_clock::time_point startedAt;
    std::uint64_t seed = 1;
    double delta = 0.02;
    std::string metric = "p95";
    std::string toggle, param, label;
    std::vector<std::string> values;  ///< As texts that --set reads.
    std::vector<double> positions;    ///< For the axis; 0, 1, 2 … when the values are no numbers.
    bool numeric = false;
    std::string target, dataset;
    Workload workload;
    Profile base;  ///< The toggle is on in it.
    Environment environment;
    int plannedReplicates = 0, replicates = 0;
    std::vector<SweepRun> runs;
    std::vector<SweepCurve> curves;
    Profile recommended;
    std::string sentence;
    std::vector<std::string> warnings;
    bool partial = false;

    [[nodiscard]] const SweepCurve* curve(std::string_view metricId) const;
    /// "encoding.level"
    [[nodiscard]] std::string what() const { return toggle + "." + param; }
    [[nodiscard]] nlohmann::json toJson() const;
};

/// "encoding.level = 3 is enough: p95 1.20 ms is within 2 % of the best (level 6). …"
[[nodiscard]] std::string describe(const Sweep& sweep);

}  // namespace hone::model

#pragma once

#include "core/model/comparison.h"

#include <optional>

namespace hone::model {

/// One measured run of a design: which toggles were on, and its row of numbers.
struct DesignRun {
    int replicate = 0;
    int order = 0;              ///< Position in the stage: the random order is visible.
    int cell = 0;               ///< Which run of the design, in standard order.
    std::uint32_t setting = 0;  ///< Bit i: the stage's toggle i was on.
    double startS = 0, seconds = 0;
    std::uint64_t requests = 0, errors = 0;
    std::map<std::string, double> metrics;  ///< As Block::metrics.
};

/// What turning a toggle on does to a metric (one id), or how much several together differ from the product
/// of each (an interaction). As a ratio on/off: effects multiply.
struct FactorEffect {
    std::vector<std::string> toggles;
    double ratio = 1, lo = 0, hi = 0;  ///< hi is infinite when there are too few runs for an interval.
    double p = 1, pHolm = 1;           ///< Holm over all effects of the metric.
    double variation = 0;              ///< Share of all variation between runs.
    stats::Verdict verdict = stats::Verdict::CannotTell;  ///< Against the band; of main effects.
    std::vector<std::string> aliases;  ///< What the design cannot tell from it: "encoding × shaping".

    [[nodiscard]] bool isMain() const { return toggles.size() == 1; }
    /// Two toggles: what both together do, over the product of what each does alone.
    [[nodiscard]] double togetherRatio() const { return ratio * ratio; }
    /// "cache × encoding"
    [[nodiscard]] std::string name() const;
};

/// A toggle's Shapley share of the way from one setting to another.
struct ToggleShare {
    std::string toggle;
    double ratio = 1, lo = 0, hi = 0;  ///< The ratios of all shares multiply to the whole.
    double amount = 0;                 ///< In the unit of the metric; the amounts add up to the whole.
    double part = 0;                   ///< Of the logarithm of the whole; adds up to 1.
};

/// Everything a stage says about one metric.
struct AttributionMetric {
    std::string metric, title;
    bool lowerIsBetter = true;
    double none = 0, all = 0;           ///< Fitted values with every toggle of the stage off, and on.
    std::string errorSource;            ///< "replicates", "lenth", "none".
    double df = 0;                      ///< Of the intervals.
    bool exact = false;                 ///< Replicates agree to rounding.
    double smallestEffect = 0;          ///< A change (share) below this could not have been told from chance.
    std::vector<FactorEffect> effects;  ///< Main effects, then interactions.
    std::vector<ToggleShare> shares;    ///< From all off to all on.

    [[nodiscard]] const FactorEffect* effect(std::string_view toggle) const;  ///< A main effect.
};

/// One design measured in whole, randomised replicates.
struct AttributionStage {
    std::string kind;    ///< "screen" or "resolve".
    std::string design;  ///< "full 2^3".
    int resolution = 0;  ///< 0: nothing is confused.
    std::vector<std::string> toggles;
    int plannedReplicates = 0, replicates = 0;  ///< Measured in whole.
    std::vector<DesignRun> runs;                ///< In the order they ran, those of a broken replicate too.
    std::vector<AttributionMetric> metrics;     ///< From whole replicates.

    [[nodiscard]] const AttributionMetric* metric(std::string_view id) const;
};

/// What became of a toggle and why, in words.
struct ToggleDecision {
    std::string toggle;
    bool recommended = false;
    std::string reason;
};

/// A change of the recommended profile against the base, as the fitted surface has it.
struct PredictedChange {
    std::string metric, title;
    bool lowerIsBetter = true;
    double from = 0, to = 0;
    double ratio = 1, lo = 0, hi = 0;
};

/// Which toggle earned what: a factorial experiment over k toggles; immutable once made.
struct Attribution {
    std::string id, name, note;
    std::vector<std::string> tags;
    std::chrono::system_clock::time_point startedAt;
    std::uint64_t seed = 1;
    double delta = 0.02;         ///< Half width of the band of no practical difference.
    std::string metric = "p95";  ///< What the recommendation is about.
    std::string target, dataset;
    Workload workload;
    Profile base;  ///< The studied toggles are off in it; their parameters are those they are on with.
    Environment environment;
    std::vector<std::string> toggles;  ///< As asked for.
    std::vector<AttributionStage> stages;
    std::vector<ToggleDecision> decisions;  ///< One per toggle.
    Profile recommended;                    ///< The base when nothing earned its place.
    std::vector<ToggleShare> waterfall;     ///< From base to recommended, chosen metric.
    std::vector<PredictedChange> predicted;
    std::optional<Comparison> confirmation;  ///< Recommended (B) against base (A).
    std::string sentence;                    ///< The answer in words.
    std::vector<std::string> warnings;
    bool partial = false;

    [[nodiscard]] std::vector<std::string> recommendedToggles() const;
    /// The stage that says most: the last one with effects; null before any.
    [[nodiscard]] const AttributionStage* decisive() const;
    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] static Result<Attribution> fromJson(const nlohmann::json& json);
};

/// "Turn on cache and encoding: p95 falls by 88 % …, of which cache earns 85 % and encoding 15 %. …"
[[nodiscard]] std::string describe(const Attribution& attribution);
/// An interaction in words: "cache × encoding: both together are 9 % slower than the product of each alone".
[[nodiscard]] std::string describeInteraction(const AttributionMetric& metric, const FactorEffect& effect);
/// Is the interaction told from chance and large enough to matter?
[[nodiscard]] bool stands(const FactorEffect& effect, double delta);

}  // namespace hone::model

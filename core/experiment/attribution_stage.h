#pragma once

#include "core/experiment/attribution.h"
#include "core/stats/factorial.h"

namespace hone::experiment {

/// The design of the first stage for so many toggles; a choice that does not fit names those that do.
[[nodiscard]] Result<stats::Design> chooseDesign(DesignChoice choice, int toggles);
/// For the strongest toggles of a screen, 1 … 5.
[[nodiscard]] stats::Design resolvingDesign(int toggles);

/// The base with the toggles of a setting on and the others of `toggles` off.
[[nodiscard]] model::Profile profileOf(const model::Profile& base, const std::vector<std::string>& toggles,
                                       std::uint32_t setting);

/// Measures one setting once; empty when it was stopped before its end. The seed draws keys and arrivals.
using MeasureSetting =
    std::function<Result<std::optional<model::DesignRun>>(const model::Profile& profile, std::uint64_t seed)>;
/// Told before every run.
using OnStageRun = std::function<void(const model::AttributionStage& soFar, std::uint32_t setting)>;

/// Measures the planned replicates, each a block: all runs of the design in a random order of its own, with
/// the same seed. Ends early without an error when a run was stopped.
Result<> measureStage(model::AttributionStage& stage, const stats::Design& design, const model::Profile& base,
                      const MeasureSetting& measure, std::uint64_t seed, const OnStageRun& onRun = {});

/// Effects, interactions and shares of every metric from the whole replicates. Pure.
void analyse(model::AttributionStage& stage, const stats::Design& design, double delta);

/// What the surface of one metric advises. Pure.
struct Advice {
    std::uint32_t setting = 0;                     ///< Toggles that earn their place.
    std::vector<model::ToggleDecision> decisions;  ///< One per toggle of the stage.
    std::vector<model::ToggleShare> waterfall;     ///< From all off to `setting`.
    std::vector<model::PredictedChange> predicted;
};
/// The best fitted setting that fails no more requests than the base; then, one by one, whatever is not shown
/// to help beside the others by more than the band goes.
[[nodiscard]] Advice advise(const model::AttributionStage& stage, const stats::Design& design,
                            std::string_view metric, double delta);

/// Toggles of a screen worth resolving, at most `most`: told from chance and beyond the band, gains first.
[[nodiscard]] std::vector<std::string> strongest(const model::AttributionStage& screen,
                                                 std::string_view metric, double delta, int most = 5);

}  // namespace hone::experiment

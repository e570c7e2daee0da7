#include "core/experiment/attribution_stage.h"

#include "core/base/assert.h"
#include "core/base/random.h"

#include <algorithm>
#include <numeric>

namespace hone::experiment {

namespace {

using stats::Design;

constexpr int kMostToggles = 18;
constexpr int kMostFull = 6;  ///< 64 runs a replicate.
constexpr int kFullByDefault = 4;

Result<Design> fraction(int toggles) {
    switch (toggles) {
        case 4: return stats::fractionalFactorial(4, {{.factor = 3, .product = 0b0111}});
        case 5: return stats::halfFraction5();
        case 6: return stats::fractionalFactorial(6, {{.factor = 5, .product = 0b11111}});
        case 8:
            return stats::fractionalFactorial(
                8, {{.factor = 6, .product = 0b001111}, {.factor = 7, .product = 0b110011}});
        default: break;
    }
    return fail(Error::InvalidArgument, "there is no fractional design for {} toggles", toggles)
        .hint("Fractions exist for 4, 5, 6 and 8 toggles; full is for up to {}, screen for up to {}.",
              kMostFull, kMostToggles);
}

/// Fisher–Yates, so that every order is as likely.
std::vector<std::size_t> shuffled(std::size_t count, SplitMix64& random) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = count; i > 1; --i)
        std::swap(order[i - 1], order[random.index(i)]);
    return order;
}

}  // namespace

Result<Design> chooseDesign(DesignChoice choice, int toggles) {
    if (toggles < 1 || toggles > kMostToggles)
        return fail(Error::InvalidArgument, "{} toggles cannot be told apart", toggles)
            .hint("Name 1 to {} toggles.", kMostToggles);
    switch (choice) {
        case DesignChoice::Full:
            if (toggles > kMostFull)
                return fail(Error::InvalidArgument, "a full design of {} toggles has {} runs", toggles,
                            1 << toggles)
                    .hint("Use --design screen or auto beyond {} toggles.", kMostFull);
            return stats::fullFactorial(toggles);
        case DesignChoice::Fractional: return fraction(toggles);
        case DesignChoice::Screen: return stats::plackettBurman20(toggles);
        case DesignChoice::Auto: break;
    }
    return toggles <= kFullByDefault + 1 ? resolvingDesign(toggles) : stats::plackettBurman20(toggles);
}

Design resolvingDesign(int toggles) {
    return toggles <= kFullByDefault ? stats::fullFactorial(toggles) : stats::halfFraction5();
}

model::Profile profileOf(const model::Profile& base, const std::vector<std::string>& toggles,
                         std::uint32_t setting) {
    model::Profile profile = base;
    profile.name.clear();
    for (std::size_t i = 0; i < toggles.size(); ++i) {
        const bool on = (setting >> i & 1) != 0;
        profile.toggles[toggles[i]].on = on;
        if (on)
            profile.name += (profile.name.empty() ? "" : " + ") + toggles[i];
    }
    if (profile.name.empty())
        profile.name = base.name;
    return profile;
}

Result<> measureStage(model::AttributionStage& stage, const Design& design, const model::Profile& base,
                      const MeasureSetting& measure, std::uint64_t seed, const OnStageRun& onRun) {
    SplitMix64 random(seed);
    stage.design = design.title;
    stage.resolution = design.resolution;
    for (int replicate = 0; replicate < stage.plannedReplicates; ++replicate) {
        const std::uint64_t replicateSeed = random.next();
        for (const std::size_t cell : shuffled(design.runs.size(), random)) {
            const std::uint32_t setting = design.runs[cell];
            if (onRun)
                onRun(stage, setting);
            auto run = measure(profileOf(base, stage.toggles, setting), replicateSeed);
            if (!run)
                return fail(std::move(run.error()));
            if (!*run)
                return {};
            (*run)->replicate = replicate;
            (*run)->cell = static_cast<int>(cell);
            (*run)->order = static_cast<int>(stage.runs.size());
            (*run)->setting = setting;
            stage.runs.push_back(std::move(**run));
        }
        stage.replicates = replicate + 1;
    }
    return {};
}

}  // namespace hone::experiment

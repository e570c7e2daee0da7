#pragma once

#include "core/engine/connections.h"
#include "core/engine/stage.h"
#include "core/params/param_set.h"

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hone::engine {

/// A number a toggle publishes: what it did or avoided.
struct Counter {
    enum Kind : std::uint8_t { Total, Level };
    std::string_view id;
    std::string_view label;
    Kind kind = Total;
    Unit unit = Unit::Count;
};

/// The live figure that proves a toggle works: `part / (part + rest)` as a percentage, or a rate of `part`,
/// or its level.
struct Figure {
    enum Kind : std::uint8_t { Share, Rate, Level };
    Kind kind = Rate;
    std::string_view part;        ///< Counter id.
    std::string_view rest = {};   ///< Counter id, for Share.
    std::string_view label = {};  ///< "hit", "bytes saved", "refused".
};

/// What the Engine panel groups by.
enum class Group : std::uint8_t { Answer, Data, Protection, Network, Structure, Insight };
[[nodiscard]] std::string_view groupName(Group group);

struct ToggleContext {
    const Clock& clock;
    const ParamSet& params;  ///< Checked against the definition.
    std::span<const std::shared_ptr<data::Dataset>> datasets;
};

/// One optimisation described once; form, CLI flags, profile JSON, docs and export derive from it.
struct ToggleDef {
    std::string_view id;  ///< = folder = `--set id.param=…` = JSON key.
    int number = 0;       ///< In the list of strategies; the order everywhere.
    std::string_view title;
    std::string_view summary;  ///< One line: what it does when on.
    std::string_view off;      ///< One line: what happens without it.
    std::string_view why;
    std::string_view moves;  ///< The metric it should move.
    std::string_view costs;
    Group group = Group::Answer;
    std::uint16_t phases = 0;  ///< Bits from phaseBits({…}).
    std::span<const Param> params;
    std::span<const Counter> counters;
    Figure figure;
    std::string_view doc;  ///< doc.md
    /// What it serves while on, besides the API: "/graphql", or with a last slash everything below
    /// ("/dictionaries/"). Answered by State::endpoint(); a 404 that names the toggle while it is off.
    std::span<const std::string_view> paths = {};
    /// Works on the rows of datasets: there is nothing for it to do in front of an upstream.
    bool needsDatasets = false;
    /// Without it connections are kNaiveConnections; with it, what State::govern() makes of that.
    bool governsConnections = false;
    Result<std::shared_ptr<State>> (*make)(const ToggleContext&) = nullptr;
};

[[nodiscard]] constexpr std::uint16_t phaseBits(std::initializer_list<Phase> phases) {
    std::uint16_t bits = 0;
    for (const auto phase : phases)
        bits = static_cast<std::uint16_t>(bits | (1U << static_cast<unsigned>(phase)));
    return bits;
}

using Catalogue = std::span<const ToggleDef* const>;

}  // namespace hone::engine

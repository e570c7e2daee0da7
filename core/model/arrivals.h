#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace hone::model {

/// A stretch of an open loop: the rate goes in a straight line from one value to the other, or stays.
struct RateStage {
    std::chrono::milliseconds duration{0};
    double from = 0, to = 0;  ///< Requests per second.
    bool operator==(const RateStage&) const = default;
};

/// Ramps, steps and spikes one after another, as one line: "10s:100/s, 30s:100/s..1000/s, 10s:1000/s". After
/// the last one its rate stays. Errors name the stage and the column of the text.
[[nodiscard]] Result<std::vector<RateStage>> parseStages(std::string_view text);
[[nodiscard]] std::string stagesText(const std::vector<RateStage>& stages);
[[nodiscard]] std::chrono::milliseconds lengthOf(const std::vector<RateStage>& stages);

/// The same as JSON: such a line, or [{"duration": "30s", "rate": "100/s", "to": "1000/s"}].
[[nodiscard]] Result<std::vector<RateStage>> stagesFromJson(const nlohmann::json& json,
                                                            const std::string& path);
[[nodiscard]] nlohmann::json stagesJson(const std::vector<RateStage>& stages);

/// An open loop that repeats what was recorded: an access log of nginx or Apache (combined), a HAR file or
/// JSON lines.
struct Replay {
    std::string file;     ///< Empty: nothing is replayed.
    double speed = 1;     ///< 2: twice as fast as it was recorded.
    bool targets = true;  ///< Asks for what was asked then; off: only its times, for the workload's requests.
    bool operator==(const Replay&) const = default;
};
[[nodiscard]] Result<Replay> replayFromJson(const nlohmann::json& json, const std::string& path);
[[nodiscard]] nlohmann::json replayJson(const Replay& replay);

}  // namespace hone::model

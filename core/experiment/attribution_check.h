#pragma once

#include "core/engine/engine.h"
#include "core/load/load.h"
#include "core/model/profile.h"

namespace hone::experiment {

/// What a toggle does on its own, before it takes a place in a design.
struct ToggleCheck {
    std::string toggle;
    std::string leftOut;  ///< Why it cannot be attributed; empty when it can.
    std::string note;     ///< A declared difference of its answers, worth telling beside its gain.
};

/// A short load with each toggle alone on, then with all of them: one that refuses or fails requests, or
/// whose answers mean something else than the base's, would look fast without doing the work. Uses both arms
/// and leaves their profiles changed. Ends early, with what there is, when stopped.
Result<std::vector<ToggleCheck>> checkToggles(engine::Engine& engine, const model::Workload& workload,
                                              const model::Profile& base,
                                              const std::vector<std::string>& toggles,
                                              std::chrono::milliseconds load, std::stop_token stop,
                                              const std::function<void(const std::string&)>& tell);

}  // namespace hone::experiment

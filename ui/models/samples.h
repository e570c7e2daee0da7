#pragma once

#include "core/engine/engine.h"
#include "core/model/profile.h"
#include "core/model/workload.h"

#include <vector>

namespace hone::ui {

/// What a new workspace begins with: profiles from the naive baseline to everything on (of the toggles there
/// are), and workloads that ask the cities for lists, items and statistics.
[[nodiscard]] std::vector<model::Profile> sampleProfiles(hone::engine::Catalogue catalogue);
[[nodiscard]] std::vector<model::Workload> sampleWorkloads();

}  // namespace hone::ui

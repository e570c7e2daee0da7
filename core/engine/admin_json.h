#pragma once

#include "core/engine/arms.h"

/// What the admin interface shows, as JSON.
namespace hone::engine {

/// The definition, and for each arm whether it is on, its values and its counters.
[[nodiscard]] nlohmann::json toggleJson(const ToggleDef& def, const Arms& arms);
[[nodiscard]] nlohmann::json snapshotJson(const Snapshot& snapshot);
[[nodiscard]] nlohmann::json entryJson(const JournalEntry& entry);

}  // namespace hone::engine

#pragma once

#include "core/engine/toggle_def.h"

namespace hone::toggles {

/// Every toggle the program has, ordered by number. Found by the build: a folder with a toggle.cpp is a
/// toggle.
[[nodiscard]] engine::Catalogue catalogue();
/// Null when there is none of that id.
[[nodiscard]] const engine::ToggleDef* find(std::string_view id);

}  // namespace hone::toggles

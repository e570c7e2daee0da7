#pragma once

#include "ui/shell/command_palette.h"

namespace hone::ui {

class TopBar;
class Workspace;

/// Profiles to switch to, toggles to flip, datasets to serve, and the engine's address: what the palette
/// offers beside panels and help.
void addWorkspaceCommands(std::vector<Command>& list, Workspace& workspace, TopBar& top);

}  // namespace hone::ui

#pragma once

#include "ui/widgets/panel.h"

namespace hone::ui::runs {

/// The Runs panel; owned by `parent`.
Panel* makePanel(Workspace& workspace, QWidget* parent);

}  // namespace hone::ui::runs

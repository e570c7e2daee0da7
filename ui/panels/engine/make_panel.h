#pragma once

#include "ui/widgets/panel.h"

namespace hone::ui::engine {

/// The Engine panel; owned by `parent`.
Panel* makePanel(Workspace& workspace, QWidget* parent);

}  // namespace hone::ui::engine

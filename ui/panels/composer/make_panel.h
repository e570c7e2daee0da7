#pragma once

#include "ui/widgets/panel.h"

namespace hone::ui::composer {

/// The Compose panel; owned by `parent`.
Panel* makePanel(Workspace& workspace, QWidget* parent);

}  // namespace hone::ui::composer

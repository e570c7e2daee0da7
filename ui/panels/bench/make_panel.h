#pragma once

#include "ui/widgets/panel.h"

namespace hone::ui::bench {

/// The Bench panel; owned by `parent`.
Panel* makePanel(Workspace& workspace, QWidget* parent);

}  // namespace hone::ui::bench

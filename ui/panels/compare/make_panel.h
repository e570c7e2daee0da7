#pragma once

#include "ui/widgets/panel.h"

namespace hone::ui::compare {

/// The Compare panel; owned by `parent`.
Panel* makePanel(Workspace& workspace, QWidget* parent);

}  // namespace hone::ui::compare

#pragma once

#include "ui/widgets/panel.h"

namespace hone::ui::feedback {

/// The Feedback panel; owned by `parent`.
Panel* makePanel(Workspace& workspace, QWidget* parent);

}  // namespace hone::ui::feedback

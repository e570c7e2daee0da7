#pragma once

#include <QColor>

namespace hone::ui::plots {

/// The colour of a heat map for 0 (least) … 1 (most): one hue that only gets farther from the surface, so it
/// also reads in black and white. In the theme of this moment.
[[nodiscard]] QColor heatColor(double share);

}  // namespace hone::ui::plots

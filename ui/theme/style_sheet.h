#pragma once

#include <QString>

namespace hone::ui {

class Theme;

/// The one style sheet of the program, made from the theme's roles; no widget carries its own raw colours.
///
/// Widgets choose a look by dynamic property: `kind` = "primary" | "quiet" | "danger" | "tool" (buttons),
/// "surface" | "raised" | "bar" | "card" (frames), `look` = "muted" | "small" | "section" | "title" | "mono"
/// | "good" | "bad" | "warn" (labels), `invalid` = true (fields that were refused).
[[nodiscard]] QString styleSheet(const Theme& theme);

}  // namespace hone::ui

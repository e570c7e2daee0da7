#pragma once

#include "core/engine/engine.h"

#include <QList>
#include <QString>

namespace hone::ui {

/// A page of the user guide or of one toggle, as Markdown.
struct HelpPage {
    QString id;  ///< "docs/getting-started", "toggle/cache"
    QString section, title, markdown;
};

/// The guide from the resources, then one generated page per toggle.
[[nodiscard]] QList<HelpPage> helpPages(hone::engine::Catalogue catalogue);
/// A toggle's own page: summary, its doc.md, its parameters with ranges, its costs.
[[nodiscard]] QString toggleMarkdown(const hone::engine::ToggleDef& def);

}  // namespace hone::ui

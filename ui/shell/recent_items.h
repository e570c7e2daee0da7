#pragma once

#include "ui/shell/command_palette.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

class QMenu;

namespace hone::ui {

class Workspace;

/// The folders that were open before, newest first; the open one is not among them.
[[nodiscard]] QStringList recentWorkspaces(const QString& open);
/// Puts a folder in front; folders that are gone fall out.
void rememberWorkspace(const QString& folder);

/// Results measured last, as palette commands: "Open tuned / baseline". `open` gets the id.
[[nodiscard]] std::vector<Command> recentResults(Workspace& workspace,
                                                 const std::function<void(const QString& id)>& open);

/// Both as submenus; an empty one is left out.
void addRecentMenus(QMenu& menu, Workspace& workspace, const std::function<void(const QString&)>& openFolder,
                    const std::function<void(const QString&)>& openResult);

}  // namespace hone::ui

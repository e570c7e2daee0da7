#include "ui/shell/recent_items.h"

#include "ui/format/format.h"
#include "ui/models/run_list_model.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"

#include <QDir>
#include <QMenu>
#include <QSettings>

namespace hone::ui {

namespace {

constexpr qsizetype kFolders = 8;
constexpr std::size_t kResults = 8;
const char kKey[] = "recentWorkspaces";

QString iconOf(const store::RunSummary& run) {
    return run.kind == "run" ? QStringLiteral("speedometer") : QStringLiteral("hone-ab");
}

std::vector<store::RunSummary> newest(Workspace& workspace) {
    auto runs = workspace.store().list();
    if (!runs)
        return {};  // The Runs panel says why; a menu need not.
    if (runs->size() > kResults)
        runs->resize(kResults);
    return std::move(*runs);
}

QString nameOf(const store::RunSummary& run) {
    return QStringLiteral("%1 · %2").arg(runTitle(run), when(run.startedAt));
}

}  // namespace

QStringList recentWorkspaces(const QString& open) {
    QStringList folders;
    for (const QString& folder : QSettings().value(kKey).toStringList())
        if (QDir(folder) != QDir(open) && QDir(folder).exists())
            folders << folder;
    return folders;
}

void rememberWorkspace(const QString& folder) {
    QStringList folders = recentWorkspaces(folder);
    folders.prepend(QDir(folder).absolutePath());
    QSettings().setValue(kKey, folders.mid(0, kFolders));
}

std::vector<Command> recentResults(Workspace& workspace, const std::function<void(const QString& id)>& open) {
    std::vector<Command> list;
    for (const store::RunSummary& run : newest(workspace))
        list.push_back({QObject::tr("Open %1").arg(nameOf(run)),
                        QObject::tr("Recent"),
                        {},
                        iconOf(run),
                        [open, id = text(run.id)] { open(id); }});
    return list;
}

void addRecentMenus(QMenu& menu, Workspace& workspace, const std::function<void(const QString&)>& openFolder,
                    const std::function<void(const QString&)>& openResult) {
    if (const QStringList folders = recentWorkspaces(text(workspace.folder().string())); !folders.isEmpty()) {
        QMenu* list = menu.addMenu(QObject::tr("Recent workspaces"));
        for (const QString& folder : folders)
            list->addAction(icon("folder"), QDir::toNativeSeparators(folder), list,
                            [openFolder, folder] { openFolder(folder); });
    }
    if (const auto runs = newest(workspace); !runs.empty()) {
        QMenu* list = menu.addMenu(QObject::tr("Recent results"));
        for (const store::RunSummary& run : runs)
            list->addAction(icon(iconOf(run)), nameOf(run), list,
                            [openResult, id = text(run.id)] { openResult(id); });
    }
}

}  // namespace hone::ui

#pragma once

#include "ui/models/workspace.h"

#include <QTimer>

namespace hone::ui {

/// Keeps unsaved settings of the engine on disk while they are edited, so that neither a crash nor closing
/// the window loses them: `.draft.profile.json` in the workspace. Restored when the workspace opens again,
/// removed when they are saved or taken back.
///
/// Thread: GUI. Owner: the window. Writing is short (a few KiB) and waits until the edits pause.
class DraftKeeper : public QObject {
    Q_OBJECT
public:
    explicit DraftKeeper(Workspace& workspace, QObject* parent = nullptr);
    /// What is not written yet is written now.
    ~DraftKeeper() override;

    /// Puts the kept settings back; true when there were any. A draft that does not read, or that the engine
    /// refuses, stays on disk and is told by problem().
    bool restore();
    [[nodiscard]] const QString& problem() const { return m_problem; }
    [[nodiscard]] std::filesystem::path file() const;

private:
    void write();

    Workspace& m_workspace;
    QTimer m_pause;
    QString m_problem;
};

}  // namespace hone::ui

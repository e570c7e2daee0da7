#pragma once

#include "ui/models/workspace.h"

#include <QWidget>

class QComboBox;

namespace hone::ui {

/// One of the workspace's workloads, with ways to edit it and to make another. Follows the workspace.
class WorkloadChooser : public QWidget {
    Q_OBJECT
public:
    explicit WorkloadChooser(Workspace& workspace, QWidget* parent = nullptr);
    /// Null when the workspace has none.
    [[nodiscard]] const model::Workload* current() const;
    bool select(const QString& name);
    [[nodiscard]] QComboBox* box() const { return m_box; }

signals:
    void chosen();  ///< Another one, or its content changed.

private:
    void refill();
    void edit(const model::Workload& workload);

    Workspace& m_workspace;
    QComboBox* m_box;
};

}  // namespace hone::ui

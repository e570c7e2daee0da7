#pragma once

#include "ui/models/workspace.h"

#include <QComboBox>

namespace hone::ui {

/// The network between clients and our engine: the real loopback, or a simulated one, which is said wherever
/// a result depends on it. Every chooser of a window shows the same; the choice is the workspace's.
class NetworkChooser : public QComboBox {
    Q_OBJECT
public:
    explicit NetworkChooser(Workspace& workspace, QWidget* parent = nullptr);

private:
    void showChoice();

    Workspace& m_workspace;
};

}  // namespace hone::ui

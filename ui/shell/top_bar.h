#pragma once

#include <QFrame>

class QMenu;
class QPushButton;
class QToolButton;

namespace hone::ui {

class Workspace;

/// The bar above the panels: where am I (workspace, search), what is on (dataset, profile, engine).
class TopBar : public QFrame {
    Q_OBJECT
public:
    explicit TopBar(Workspace& workspace, QWidget* parent = nullptr);
    /// The menu under the workspace's name; the window fills it.
    [[nodiscard]] QMenu* workspaceMenu() const { return m_workspaceMenu; }
    /// Asks for a name and saves the current settings under it.
    void saveProfileAs();
    /// Saves under the current name; the baseline asks for another.
    void saveProfile();
    void openDatasetFile();

signals:
    void paletteRequested();
    void engineClicked();
    void said(const QString& message);

private:
    [[nodiscard]] QToolButton* chooser(const QString& iconName, const QString& toolTip);
    void fillProfiles();
    void fillDatasets();
    void showProfile();
    void showEngine();
    void copyUrl();

    Workspace& m_workspace;
    QMenu* m_workspaceMenu;
    QToolButton* m_place;
    QPushButton* m_search;
    QToolButton* m_dataset;
    QToolButton* m_profile;
    QToolButton* m_engine;
    QToolButton* m_copy;
};

}  // namespace hone::ui

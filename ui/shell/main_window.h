#pragma once

#include "ui/widgets/panel.h"

#include <QHash>
#include <QMainWindow>
#include <QPointer>

class QStackedWidget;

namespace hone::ui {

class CommandPalette;
class FirstRun;
class HelpWindow;
class Rail;
class StatusStrip;
class TopBar;
struct Command;

/// The window: rail, top bar, panels, status line. Panels are built when they are first shown, so that the
/// first frame is there at once; the shell knows them by id only ("compose", "engine", "bench", "compare",
/// "runs", "feedback").
///
/// Thread: GUI. Owner: the application. The workspace outlives it.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Workspace& workspace, QWidget* parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] static QStringList panelIds();
    void showPanel(const QString& id);
    /// Builds it when needed.
    Panel* panel(const QString& id);
    void showFirstRun();
    [[nodiscard]] bool isFirstRunShown() const;
    void openPalette();
    void showHelp(const QString& pageId = {});
    [[nodiscard]] QWidget* helpWindow();
    void say(const QString& message);

signals:
    /// Another folder was chosen; the application opens it in a new window.
    void workspaceRequested(const QString& folder);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildFrame();
    void connectAll();
    void addShortcuts();
    void fillWorkspaceMenu();
    void chooseWorkspace();
    void toggleTheme();
    void showAbout();
    void openPanel(const QString& id, const QString& argument);
    [[nodiscard]] std::vector<Command> commands();

    Workspace& m_workspace;
    Rail* m_rail;
    TopBar* m_top;
    QStackedWidget* m_stack;
    StatusStrip* m_status;
    CommandPalette* m_palette;
    FirstRun* m_firstRun = nullptr;
    QHash<QString, Panel*> m_panels;
    QString m_shown;
    QPointer<HelpWindow> m_help;
};

}  // namespace hone::ui

#pragma once

#include <QObject>
#include <QSize>
#include <QTimer>

#include <filesystem>
#include <vector>

namespace hone::ui {
class MainWindow;
class Workspace;
}  // namespace hone::ui

namespace hone::gui {

/// Takes the pictures of `./dev shots`: every panel in every state, then in both themes and both sizes,
/// waiting in between until no job runs and the charts have painted. Ends the application when it is done.
///
/// Files: <panel>-<state>-<theme>-<width>.png. Thread: GUI.
class Shots : public QObject {
    Q_OBJECT
public:
    Shots(ui::Workspace& workspace, ui::MainWindow& window, std::filesystem::path folder);
    void start();

private:
    struct Scene {
        QString panel, state;
    };
    void nextScene();
    void waitUntilCalm();
    void takeAll();
    void take(const QString& name, QWidget& widget);
    void takeExtras();

    ui::Workspace& m_workspace;
    ui::MainWindow& m_window;
    std::filesystem::path m_folder;
    std::vector<Scene> m_scenes;
    std::size_t m_scene = 0;
    QTimer m_poll;
    int m_calm = 0;   ///< Polls in a row without a job.
    int m_polls = 0;  ///< In this scene.
    int m_taken = 0;
};

}  // namespace hone::gui

#include "app/gui/shots.h"

#include "ui/shell/main_window.h"

#include "core/base/log.h"
#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QPixmap>

namespace hone::gui {

namespace {

constexpr int kPollMs = 100;
constexpr int kCalmPolls = 6;    ///< Charts replot within this.
constexpr int kMostPolls = 900;  ///< A demonstration that never ends is pictured as it is.

void settle() {
    for (int i = 0; i < 4; ++i)
        QApplication::processEvents(QEventLoop::AllEvents, 50);
}

}  // namespace

Shots::Shots(ui::Workspace& workspace, ui::MainWindow& window, std::filesystem::path folder)
    : m_workspace(workspace), m_window(window), m_folder(std::move(folder)) {
    for (const QString& panel : ui::MainWindow::panelIds())
        for (const char* state : {"empty", "full", "explore", "matrix", "journal", "error"})
            m_scenes.push_back({panel, QLatin1String(state)});
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &Shots::waitUntilCalm);
}

void Shots::start() {
    QDir().mkpath(ui::text(m_folder.string()));
    takeExtras();
    m_scene = 0;
    nextScene();
}

void Shots::nextScene() {
    while (m_scene < m_scenes.size()) {
        const Scene& scene = m_scenes[m_scene];
        m_window.showPanel(scene.panel);
        settle();
        if (m_window.panel(scene.panel)->demonstrate(scene.state)) {
            m_calm = m_polls = 0;
            m_poll.start();
            return;
        }
        ++m_scene;  // This panel has no such state.
    }
    log::info("{} pictures in {}", m_taken, m_folder.string());
    QApplication::exit(m_taken > 0 ? 0 : 3);
}

void Shots::waitUntilCalm() {
    m_calm = m_workspace.jobs().running().isEmpty() ? m_calm + 1 : 0;
    if (m_calm < kCalmPolls && ++m_polls < kMostPolls)
        return;
    m_poll.stop();
    takeAll();
    ++m_scene;
    nextScene();
}

void Shots::takeAll() {
    const Scene& scene = m_scenes[m_scene];
    take(scene.panel + '-' + scene.state, m_window);
}

void Shots::take(const QString& name, QWidget& widget) {
    for (const auto mode : {ui::Theme::Mode::Dark, ui::Theme::Mode::Light}) {
        ui::Theme::instance().apply(mode);
        for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)}) {
            widget.resize(size);
            settle();
            const QString file = QStringLiteral("%1-%2-%3.png")
                                     .arg(name, mode == ui::Theme::Mode::Dark ? "dark" : "light")
                                     .arg(size.width());
            m_taken += widget.grab().save(QDir(ui::text(m_folder.string())).filePath(file)) ? 1 : 0;
        }
    }
}

void Shots::takeExtras() {
    m_window.showFirstRun();
    settle();
    take("start-empty", m_window);
    m_window.openPalette();
    take("palette-full", m_window);
    if (auto* typed = QApplication::focusWidget(); qobject_cast<QLineEdit*>(typed) != nullptr)
        typed->clearFocus();
    m_window.showHelp();
    take("help-full", *m_window.helpWindow());
    m_window.helpWindow()->close();
}

}  // namespace hone::gui

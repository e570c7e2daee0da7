#include "app/gui/gui_app.h"

#include "ui/shell/main_window.h"

#include "app/gui/shots.h"
#include "core/base/version.h"
#include "ui/format/format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCryptographicHash>
#include <QMessageBox>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <functional>

namespace hone::gui {

namespace {

constexpr int kCannotStart = 3;

ui::Theme::Mode savedMode() {
    const QString saved = QSettings().value("theme").toString();
    if (saved == "dark")
        return ui::Theme::Mode::Dark;
    return saved == "light" ? ui::Theme::Mode::Light : ui::Theme::Mode::System;
}

/// Each workspace remembers its dataset; the key is short because paths are not.
QString datasetKey(const ui::Workspace& workspace) {
    const QByteArray path = QByteArray::fromStdString(workspace.folder().string());
    return "dataset/" +
           QString::fromLatin1(QCryptographicHash::hash(path, QCryptographicHash::Md5).toHex().left(12));
}

/// Calls once after the window has painted for the first time.
class AfterFirstPaint : public QObject {
public:
    AfterFirstPaint(QWidget* window, std::function<void()> then) : QObject(window), m_then(std::move(then)) {
        window->installEventFilter(this);
    }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            QTimer::singleShot(0, this, [this] { m_then(); });
        }
        return false;
    }

private:
    std::function<void()> m_then;
};

/// Owns the workspace and its window; another workspace replaces both.
class Desk {
public:
    explicit Desk(const GuiOptions& options) : m_options(options) {}

    [[nodiscard]] Result<> open(const std::filesystem::path& folder) {
        const bool isNew = !std::filesystem::exists(folder / "hone.db");
        auto workspace = ui::Workspace::open(folder);
        if (!workspace)
            return fail(std::move(workspace.error()));
        m_window.reset();  // It refers to the old workspace.
        m_workspace = std::move(*workspace);
        m_window = std::make_unique<ui::MainWindow>(*m_workspace);
        QSettings().setValue("workspace", ui::text(folder.string()));
        QObject::connect(
            m_window.get(), &ui::MainWindow::workspaceRequested, m_window.get(),
            [this](const QString& chosen) { QTimer::singleShot(0, [this, chosen] { reopen(chosen); }); });
        new AfterFirstPaint(m_window.get(), [this, isNew] { begin(isNew); });
        if (isNew)
            m_window->showFirstRun();
        m_window->show();
        return {};
    }

    void close() {
        if (m_window)
            m_window->close();
    }

private:
    void begin(bool isNew) {
        announce("first-frame");
        ui::Workspace& workspace = *m_workspace;
        const QString key = datasetKey(workspace);
        QString dataset = ui::text(m_options.dataset);
        if (dataset.isEmpty())
            dataset = QSettings().value(key, "cities").toString();
        QObject::connect(&workspace, &ui::Workspace::engineChanged, m_window.get(),
                         [&workspace, key] { QSettings().setValue(key, workspace.datasetSpec()); });
        QObject::connect(&workspace, &ui::Workspace::engineChanged, m_window.get(),
                         [this] { announce("ready"); });
        if (!isNew)
            m_window->showPanel(QSettings().value("panel", "engine").toString());
        if (!m_options.shotsDir.empty())
            startShots();
        workspace.serve(dataset);
    }

    void announce(const char* what) const {
        if (!m_options.announce)
            return;
        std::printf("%s\n", what);
        std::fflush(stdout);
    }

    void startShots() {
        m_shots = std::make_unique<Shots>(*m_workspace, *m_window, m_options.shotsDir);
        const auto go = [this, started = false]() mutable {
            if (!std::exchange(started, true))
                QTimer::singleShot(700, m_shots.get(), &Shots::start);
        };
        QObject::connect(m_workspace.get(), &ui::Workspace::engineChanged, m_shots.get(), go);
        QObject::connect(m_workspace.get(), &ui::Workspace::engineFailed, m_shots.get(), go);
    }

    void reopen(const QString& folder) {
        if (const auto opened = open(ui::utf8(folder)); !opened)
            QMessageBox::warning(m_window.get(), QObject::tr("Hone"), ui::text(opened.error().line()));
    }

    const GuiOptions& m_options;
    std::unique_ptr<ui::Workspace> m_workspace;
    std::unique_ptr<ui::MainWindow> m_window;
    std::unique_ptr<Shots> m_shots;
};

std::filesystem::path chosenFolder(const GuiOptions& options) {
    if (!options.workspace.empty())
        return options.workspace;
    const QString last = QSettings().value("workspace").toString();
    return last.isEmpty() ? store::defaultWorkspace() : std::filesystem::path(ui::utf8(last));
}

}  // namespace

int runGui(int argc, char** argv, const GuiOptions& options) {
    QApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    QApplication app(argc, argv);
    QApplication::setOrganizationName("Hone");
    QApplication::setApplicationName("Hone");
    QApplication::setApplicationVersion(kVersion);
    QApplication::setDesktopFileName("hone");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    // Pictures must not depend on, or change, what somebody has set up.
    QTemporaryDir scratch;
    GuiOptions chosen = options;
    if (!options.shotsDir.empty()) {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, scratch.filePath("settings"));
        if (chosen.workspace.empty())
            chosen.workspace = ui::utf8(scratch.filePath("workspace"));
    }
    ui::Theme::instance().apply(savedMode());

    Desk desk(chosen);
    if (const auto opened = desk.open(chosenFolder(chosen)); !opened) {
        std::fprintf(stderr, "hone: %s\n", opened.error().line().c_str());
        if (options.shotsDir.empty() && QGuiApplication::platformName() != "offscreen")
            QMessageBox::critical(nullptr, QObject::tr("Hone"), ui::text(opened.error().line()));
        return kCannotStart;
    }
    const std::stop_callback onStop(options.stop, [&app, &desk] {
        QMetaObject::invokeMethod(&app, [&desk] { desk.close(); }, Qt::QueuedConnection);
    });
    return QApplication::exec();
}

}  // namespace hone::gui

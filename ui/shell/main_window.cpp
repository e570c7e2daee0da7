#include "ui/shell/main_window.h"

#include "core/base/version.h"
#include "core/toggles/catalogue.h"
#include "ui/format/format.h"
#include "ui/models/draft_keeper.h"
#include "ui/panels/bench/make_panel.h"
#include "ui/panels/compare/make_panel.h"
#include "ui/panels/composer/make_panel.h"
#include "ui/panels/engine/make_panel.h"
#include "ui/panels/feedback/make_panel.h"
#include "ui/panels/runs/make_panel.h"
#include "ui/shell/commands.h"
#include "ui/shell/first_run.h"
#include "ui/shell/help_window.h"
#include "ui/shell/notifier.h"
#include "ui/shell/rail.h"
#include "ui/shell/recent_items.h"
#include "ui/shell/status_strip.h"
#include "ui/shell/top_bar.h"
#include "ui/theme/theme.h"

#include <QCloseEvent>
#include <QDesktopServices>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QUrl>

namespace hone::ui {

namespace {

struct Entry {
    const char* id;
    const char* title;
    const char* icon;
    Panel* (*make)(Workspace&, QWidget*);
};

/// The order of the rail and of Ctrl+1…6.
constexpr Entry kEntries[] = {
    {"compose", QT_TR_NOOP("Compose"), "document-send", composer::makePanel},
    {"engine", QT_TR_NOOP("Engine"), "configure", engine::makePanel},
    {"bench", QT_TR_NOOP("Bench"), "speedometer", bench::makePanel},
    {"compare", QT_TR_NOOP("Compare"), "hone-ab", compare::makePanel},
    {"runs", QT_TR_NOOP("Runs"), "view-history", runs::makePanel},
    {"feedback", QT_TR_NOOP("Feedback"), "edit-comment", feedback::makePanel},
};

const Entry* entryOf(const QString& id) {
    for (const Entry& entry : kEntries)
        if (id == QLatin1String(entry.id))
            return &entry;
    return nullptr;
}

}  // namespace

MainWindow::MainWindow(Workspace& workspace, QWidget* parent)
    : QMainWindow(parent),
      m_workspace(workspace),
      m_rail(new Rail(this)),
      m_top(new TopBar(workspace, this)),
      m_stack(new QStackedWidget(this)),
      m_status(new StatusStrip(workspace, this)),
      m_palette(nullptr) {
    setWindowTitle(QStringLiteral("%1 – Hone").arg(text(workspace.folder().filename().string())));
    setWindowIcon(icon("hone-logo", Role::Accent));
    setMinimumSize(960, 600);
    resize(1280, 800);
    buildFrame();
    m_palette = new CommandPalette(this);
    connectAll();
    addShortcuts();
    new Notifier(workspace.jobs(), *this);
    auto* drafts = new DraftKeeper(workspace, this);
    if (drafts->restore())
        say(tr("Unsaved settings of %1 are back").arg(text(workspace.current().name)));
    if (!drafts->problem().isEmpty())
        say(drafts->problem());
    rememberWorkspace(text(workspace.folder().string()));
    restoreGeometry(QSettings().value("geometry").toByteArray());
    for (const QString& problem : workspace.problems())
        say(problem);
}

MainWindow::~MainWindow() = default;

void MainWindow::buildFrame() {
    auto* body = new QWidget(this);
    body->setObjectName("canvas");
    m_stack->setObjectName("canvas");
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_top);
    right->addWidget(m_stack, 1);
    right->addWidget(m_status);
    auto* row = new QHBoxLayout(body);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addLayout(right, 1);
    setCentralWidget(body);
    int number = 1;
    for (const Entry& entry : kEntries)
        m_rail->addPanel(entry.id, tr(entry.title), entry.icon, QStringLiteral("Ctrl+%1").arg(number++));
}

void MainWindow::connectAll() {
    connect(m_rail, &Rail::chosen, this, &MainWindow::showPanel);
    connect(m_rail, &Rail::themeRequested, this, &MainWindow::toggleTheme);
    connect(m_rail, &Rail::helpRequested, this, [this] { showHelp(); });
    connect(m_top, &TopBar::paletteRequested, this, &MainWindow::openPalette);
    connect(m_top, &TopBar::engineClicked, this, [this] { showPanel("engine"); });
    connect(m_top, &TopBar::said, this, &MainWindow::say);
    connect(m_top->workspaceMenu(), &QMenu::aboutToShow, this, &MainWindow::fillWorkspaceMenu);
}

void MainWindow::addShortcuts() {
    const auto on = [this](const QKeySequence& keys, auto&& call) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, call);
    };
    int number = 1;
    for (const Entry& entry : kEntries)
        on(QKeySequence(QStringLiteral("Ctrl+%1").arg(number++)),
           [this, id = QString(entry.id)] { showPanel(id); });
    on(QKeySequence("Ctrl+K"), [this] { openPalette(); });
    on(QKeySequence(Qt::Key_F1), [this] { showHelp(); });
    on(QKeySequence("Ctrl+Shift+L"), [this] { toggleTheme(); });
    on(QKeySequence("Ctrl+Q"), [this] { close(); });
}

QStringList MainWindow::panelIds() {
    QStringList ids;
    for (const Entry& entry : kEntries)
        ids << entry.id;
    return ids;
}

Panel* MainWindow::panel(const QString& id) {
    if (auto* built = m_panels.value(id))
        return built;
    const Entry* entry = entryOf(id);
    if (entry == nullptr)
        return nullptr;
    Panel* made = entry->make(m_workspace, m_stack);
    m_panels.insert(id, made);
    m_stack->addWidget(made);
    connect(made, &Panel::openPanel, this, &MainWindow::openPanel);
    connect(made, &Panel::said, this, &MainWindow::say);
    return made;
}

void MainWindow::showPanel(const QString& id) {
    Panel* wanted = panel(id);
    if (wanted == nullptr)
        return;
    m_shown = id;
    m_stack->setCurrentWidget(wanted);
    m_rail->setCurrent(id);
    QSettings().setValue("panel", id);
    wanted->activated();
}

void MainWindow::openPanel(const QString& id, const QString& argument) {
    if (Panel* wanted = panel(id)) {
        showPanel(id);
        wanted->open(argument);
    }
}

void MainWindow::showFirstRun() {
    if (m_firstRun == nullptr) {
        m_firstRun = new FirstRun(m_stack);
        m_stack->addWidget(m_firstRun);
        connect(m_firstRun, &FirstRun::sampleChosen, this, [this] {
            if (m_workspace.datasetSpec() != "cities")
                m_workspace.serve("cities");
            showPanel("engine");
        });
        connect(m_firstRun, &FirstRun::fileRequested, this, [this] {
            const QString before = m_workspace.datasetSpec();
            m_top->openDatasetFile();
            if (m_workspace.datasetSpec() != before)
                showPanel("engine");
        });
        connect(m_firstRun, &FirstRun::urlChosen, this,
                [this](const QString& url) { openPanel("compose", url); });
    }
    m_stack->setCurrentWidget(m_firstRun);
    m_firstRun->setFocus();
}

bool MainWindow::isFirstRunShown() const {
    return m_firstRun != nullptr && m_stack->currentWidget() == m_firstRun;
}

void MainWindow::openPalette() { m_palette->open(commands()); }

QWidget* MainWindow::helpWindow() {
    if (!m_help)
        m_help = new HelpWindow(helpPages(toggles::catalogue()), this);
    return m_help;
}

void MainWindow::showHelp(const QString& pageId) {
    static_cast<void>(helpWindow());
    if (!pageId.isEmpty())
        m_help->showPage(pageId);
    m_help->show();
    m_help->raise();
    m_help->activateWindow();
}

void MainWindow::say(const QString& message) { m_status->say(message); }

void MainWindow::toggleTheme() {
    const auto mode = Theme::instance().isDark() ? Theme::Mode::Light : Theme::Mode::Dark;
    Theme::instance().apply(mode);
    QSettings().setValue("theme", mode == Theme::Mode::Dark ? "dark" : "light");
}

void MainWindow::fillWorkspaceMenu() {
    QMenu* menu = m_top->workspaceMenu();
    menu->clear();
    menu->addAction(icon("folder-open"), tr("Open another workspace…"), this, &MainWindow::chooseWorkspace);
    menu->addAction(icon("folder"), tr("Show the folder"), this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(text(m_workspace.folder().string())));
    });
    addRecentMenus(
        *menu, m_workspace, [this](const QString& folder) { emit workspaceRequested(folder); },
        [this](const QString& id) { openPanel(QStringLiteral("runs"), id); });
    menu->addSeparator();
    QAction* notify = menu->addAction(tr("Notify when long work ends"), this, &Notifier::setOn);
    notify->setCheckable(true);
    notify->setChecked(Notifier::isOn());
    auto* looks = menu->addMenu(tr("Appearance"));
    const auto look = [&](const QString& name, Theme::Mode mode, const char* key) {
        auto* action = looks->addAction(name, this, [mode, key] {
            Theme::instance().apply(mode);
            QSettings().setValue("theme", key);
        });
        action->setCheckable(true);
        action->setChecked(Theme::instance().mode() == mode);
    };
    look(tr("As the system"), Theme::Mode::System, "system");
    look(tr("Light"), Theme::Mode::Light, "light");
    look(tr("Dark"), Theme::Mode::Dark, "dark");
    menu->addAction(icon("help-about"), tr("Help"), QKeySequence(Qt::Key_F1), this, [this] { showHelp(); });
    menu->addAction(tr("About Hone"), this, &MainWindow::showAbout);
    menu->addSeparator();
    menu->addAction(tr("Quit"), QKeySequence("Ctrl+Q"), this, &QWidget::close);
}

void MainWindow::chooseWorkspace() {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Open workspace"), text(m_workspace.folder().string()));
    if (!folder.isEmpty())
        emit workspaceRequested(folder);
}

void MainWindow::showAbout() {
    QMessageBox::about(this, tr("About Hone"),
                       tr("<b>Hone %1</b><p>A workbench for API performance: it measures which optimisation "
                          "makes an API faster, by how "
                          "much, and what it costs.</p><p>GPL-3.0-or-later. Icons: Breeze "
                          "(LGPL-3.0-or-later). Fonts: Inter and "
                          "JetBrains Mono (OFL-1.1). Built with Qt %2.</p>")
                           .arg(QLatin1String(kVersion), QLatin1String(qVersion())));
}

std::vector<Command> MainWindow::commands() {
    std::vector<Command> list;
    int number = 1;
    for (const Entry& entry : kEntries)
        list.push_back({tr(entry.title), tr("Panel"), QStringLiteral("Ctrl+%1").arg(number++), entry.icon,
                        [this, id = QString(entry.id)] { showPanel(id); }});
    addWorkspaceCommands(list, m_workspace, *m_top);
    for (Command& recent :
         recentResults(m_workspace, [this](const QString& id) { openPanel(QStringLiteral("runs"), id); }))
        list.push_back(std::move(recent));
    list.push_back(
        {tr("Open another workspace"), tr("Workspace"), {}, "folder-open", [this] { chooseWorkspace(); }});
    list.push_back({tr("Switch between light and dark"), tr("Appearance"), "Ctrl+Shift+L", "hone-dark",
                    [this] { toggleTheme(); }});
    list.push_back({tr("About Hone"), tr("Help"), {}, "hone-logo", [this] { showAbout(); }});
    for (const HelpPage& page : helpPages(toggles::catalogue()))
        list.push_back({tr("Help: %1").arg(page.title), tr("Help"), {}, "help-about", [this, id = page.id] {
                            showHelp(id);
                        }});
    return list;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    QSettings().setValue("geometry", saveGeometry());
    if (m_help)
        m_help->close();
    event->accept();
}

}  // namespace hone::ui

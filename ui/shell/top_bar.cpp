#include "ui/shell/top_bar.h"

#include "ui/models/workspace.h"

#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QMenu>
#include <QPainter>
#include <QSettings>
#include <QToolButton>

namespace hone::ui {

namespace {

constexpr int kRecentFiles = 6;

/// A filled or hollow dot: the shape says as much as the colour.
QIcon dot(Role role, bool filled) {
    QPixmap pixmap(32, 32);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color(role), 1.5));
    painter.setBrush(filled ? QBrush(color(role)) : QBrush(Qt::NoBrush));
    painter.drawEllipse(QPointF(8, 8), 3.5, 3.5);
    return pixmap;
}

QStringList recentFiles() { return QSettings().value("recentDatasets").toStringList(); }

QString datasetName(const QString& spec) { return spec.contains('/') ? QFileInfo(spec).fileName() : spec; }

}  // namespace

TopBar::TopBar(Workspace& workspace, QWidget* parent)
    : QFrame(parent),
      m_workspace(workspace),
      m_workspaceMenu(new QMenu(this)),
      m_place(chooser("folder", tr("Workspace: the folder everything is kept in"))),
      m_search(new QPushButton(tr("Search or run a command"), this)),
      m_dataset(chooser("server-database", tr("Dataset the engine serves"))),
      m_profile(chooser("configure", tr("Profile: which toggles are on"))),
      m_engine(chooser({}, tr("The engine's address; click to open its panel"))),
      m_copy(iconButton("edit-copy", tr("Copy the engine's address"), this)) {
    setProperty("kind", "bar");
    setFixedHeight(space::kToolbar);
    m_place->setMenu(m_workspaceMenu);
    m_place->setText(QLatin1Char(' ') + text(workspace.folder().filename().string()));
    m_place->setToolTip(text(workspace.folder().string()));
    m_search->setProperty("kind", "search");
    m_search->setIcon(icon("edit-find", Role::Muted));
    m_search->setFocusPolicy(Qt::TabFocus);
    m_search->setFixedWidth(260);
    m_search->setToolTip(tr("Panels, profiles, datasets, help and commands (Ctrl+K)"));
    auto* keys = new QLabel(QStringLiteral("Ctrl K"), m_search);
    keys->setFont(ui::font(FontRole::Small));
    setLook(keys, "muted");
    auto* inside = new QHBoxLayout(m_search);
    inside->setContentsMargins(0, 0, 9, 0);
    inside->addStretch();
    inside->addWidget(keys);
    m_dataset->setMenu(new QMenu(this));
    m_profile->setMenu(new QMenu(this));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 0, 8, 0);
    row->setSpacing(space::kGrid);
    row->addWidget(m_place);
    row->addSpacing(space::kGap);
    row->addWidget(m_search);
    row->addStretch();
    for (QWidget* part : std::initializer_list<QWidget*>{m_dataset, m_profile, m_engine, m_copy})
        row->addWidget(part);
    connect(m_search, &QPushButton::clicked, this, &TopBar::paletteRequested);
    connect(m_engine, &QToolButton::clicked, this, &TopBar::engineClicked);
    connect(m_copy, &QToolButton::clicked, this, &TopBar::copyUrl);
    connect(m_dataset->menu(), &QMenu::aboutToShow, this, &TopBar::fillDatasets);
    connect(m_profile->menu(), &QMenu::aboutToShow, this, &TopBar::fillProfiles);
    connect(&workspace, &Workspace::currentChanged, this, &TopBar::showProfile);
    connect(&workspace, &Workspace::profilesChanged, this, &TopBar::showProfile);
    for (auto signal : {&Workspace::engineStarting, &Workspace::engineChanged})
        connect(&workspace, signal, this, &TopBar::showEngine);
    connect(&workspace, &Workspace::engineFailed, this, &TopBar::showEngine);
    connect(&Theme::instance(), &Theme::changed, this, &TopBar::showEngine);
    showProfile();
    showEngine();
}

QToolButton* TopBar::chooser(const QString& iconName, const QString& toolTip) {
    auto* button = new QToolButton(this);
    button->setProperty("kind", iconName.isEmpty() ? "status" : "chooser");
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::TabFocus);
    button->setIconSize({16, 16});
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName, Role::Muted));
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    return button;
}

void TopBar::showProfile() {
    const QString name = text(m_workspace.current().name);
    m_profile->setText(m_workspace.isModified() ? tr(" %1 (edited)").arg(name) : QLatin1Char(' ') + name);
}

void TopBar::showEngine() {
    auto* engine = m_workspace.engine();
    const bool failed = !m_workspace.engineError().isEmpty();
    m_dataset->setText(QLatin1Char(' ') + (m_workspace.datasetSpec().isEmpty()
                                               ? tr("No dataset")
                                               : datasetName(m_workspace.datasetSpec())));
    m_copy->setEnabled(engine != nullptr);
    if (engine != nullptr) {
        m_engine->setIcon(dot(Role::Good, true));
        m_engine->setText(text(engine->url()).remove("http://"));
        m_engine->setToolTip(
            tr("The engine answers at %1; click to open its panel").arg(text(engine->url())));
    } else {
        m_engine->setIcon(dot(failed ? Role::Bad : Role::Muted, failed));
        m_engine->setText(failed ? tr("Failed") : tr("Starting…"));
        m_engine->setToolTip(failed ? m_workspace.engineError() : tr("The engine is starting"));
    }
}

void TopBar::copyUrl() {
    if (auto* engine = m_workspace.engine()) {
        QApplication::clipboard()->setText(text(engine->url()));
        emit said(tr("Copied %1").arg(text(engine->url())));
    }
}

void TopBar::fillProfiles() {
    QMenu* menu = m_profile->menu();
    menu->clear();
    for (const auto& profile : m_workspace.profiles()) {
        auto* action = menu->addAction(
            text(profile.name), this, [this, name = text(profile.name)] { m_workspace.selectProfile(name); });
        action->setCheckable(true);
        action->setChecked(profile.name == m_workspace.current().name);
        action->setToolTip(text(profile.note));
    }
    menu->setToolTipsVisible(true);
    menu->addSeparator();
    auto* save = menu->addAction(icon("document-save"), tr("Save"), this, &TopBar::saveProfile);
    save->setEnabled(m_workspace.isModified());
    menu->addAction(icon("document-save-as"), tr("Save as…"), this, &TopBar::saveProfileAs);
    auto* revert = menu->addAction(icon("edit-undo"), tr("Revert"), this,
                                   [this] { m_workspace.selectProfile(text(m_workspace.current().name)); });
    revert->setEnabled(m_workspace.isModified());
}

void TopBar::saveProfile() {
    if (m_workspace.current().name == "baseline") {
        saveProfileAs();  // Overwriting what everything is compared with is never what a hand on Ctrl+S
                          // meant.
        return;
    }
    const auto saved = m_workspace.saveProfile(text(m_workspace.current().name));
    emit said(saved ? tr("Saved profile %1").arg(text(m_workspace.current().name))
                    : text(saved.error().line()));
}

void TopBar::saveProfileAs() {
    bool agreed = false;
    const QString name = QInputDialog::getText(this, tr("Save profile as"), tr("Name"), QLineEdit::Normal,
                                               text(m_workspace.current().name), &agreed);
    if (!agreed)
        return;
    const auto saved = m_workspace.saveProfile(name);
    emit said(saved ? tr("Saved profile %1").arg(name) : text(saved.error().line()));
}

void TopBar::fillDatasets() {
    QMenu* menu = m_dataset->menu();
    menu->clear();
    menu->setToolTipsVisible(true);
    const auto add = [this, menu](const QString& title, const QString& spec, const QString& hint) {
        auto* action = menu->addAction(title, this, [this, spec] { m_workspace.serve(spec); });
        action->setCheckable(true);
        action->setChecked(spec == m_workspace.datasetSpec());
        action->setToolTip(hint);
    };
    for (const auto& builtIn : data::builtIns())
        add(QStringLiteral("%1 – %2").arg(text(builtIn.name), text(builtIn.title)), text(builtIn.name),
            text(builtIn.attribution));
    for (const char* spec : {"shop:10k", "shop:1M"})
        add(QLatin1String(spec), QLatin1String(spec), tr("Generated with a seed: the same rows every time"));
    if (const auto recent = recentFiles(); !recent.isEmpty()) {
        menu->addSeparator();
        for (const QString& file : recent)
            add(QFileInfo(file).fileName(), file, file);
    }
    menu->addSeparator();
    menu->addAction(icon("document-open"), tr("Open file…"), this, &TopBar::openDatasetFile);
}

void TopBar::openDatasetFile() {
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Serve a file"), {},
        tr("Data (*.csv *.tsv *.json *.jsonl *.ndjson *.db *.sqlite *.sqlite3 *.zst);;All files (*)"));
    if (file.isEmpty())
        return;
    QStringList recent = recentFiles();
    recent.removeAll(file);
    recent.prepend(file);
    QSettings().setValue("recentDatasets", QStringList(recent.mid(0, kRecentFiles)));
    m_workspace.serve(file);
}

}  // namespace hone::ui

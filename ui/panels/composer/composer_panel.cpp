#include "ui/panels/composer/composer_panel.h"

#include "ui/format/format.h"
#include "ui/panels/composer/make_panel.h"
#include "ui/panels/composer/request_editor.h"
#include "ui/panels/composer/response_view.h"
#include "ui/widgets/widgets.h"

#include <QClipboard>
#include <QEventLoop>
#include <QGuiApplication>
#include <QInputDialog>
#include <QRegularExpression>
#include <QSplitter>
#include <QTabBar>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace hone::ui::composer {
namespace {

constexpr int kFileRole = Qt::UserRole, kUrlRole = Qt::UserRole + 1;

/// A file name that any system takes, from what the user called the request.
std::string fileNameFor(const QString& name) {
    QString safe = name.toLower();
    safe.replace(QRegularExpression("[^a-z0-9]+"), "-");
    safe = safe.trimmed().remove(QRegularExpression("^-+|-+$"));
    return (safe.isEmpty() ? QString("request") : safe).toStdString() + ".request.json";
}

}  // namespace

Panel* makePanel(Workspace& workspace, QWidget* parent) { return new ComposerPanel(workspace, parent); }

ComposerPanel::ComposerPanel(Workspace& workspace, QWidget* parent)
    : Panel(workspace, parent),
      m_tabBar(new QTabBar(this)),
      m_editor(new RequestEditor(this)),
      m_response(new ResponseView(this)) {
    m_tabBar->setTabsClosable(true);
    m_tabBar->setMovable(false);
    m_tabBar->setExpanding(false);
    m_tabBar->setDrawBase(false);
    m_tabBar->setElideMode(Qt::ElideRight);
    auto* add = new QToolButton(this);
    add->setIcon(ui::icon("list-add"));
    add->setToolTip(tr("New request (Ctrl+T)"));
    add->setShortcut(QKeySequence("Ctrl+T"));
    add->setAutoRaise(true);

    auto* tabLine = new QHBoxLayout;
    tabLine->setContentsMargins(space::kGap, space::kGrid, space::kGap, 0);
    tabLine->setSpacing(space::kGrid);
    tabLine->addWidget(m_tabBar);
    tabLine->addWidget(add);
    tabLine->addStretch();
    auto* split = new QSplitter(Qt::Vertical, this);
    split->addWidget(m_editor);
    split->addWidget(m_response);
    split->setStretchFactor(0, 2);
    split->setStretchFactor(1, 3);
    split->setChildrenCollapsible(false);
    auto* main = new QWidget(this);
    auto* mainLayout = new QVBoxLayout(main);
    mainLayout->setContentsMargins(0, 0, 0, 0);
    mainLayout->setSpacing(0);
    mainLayout->addLayout(tabLine);
    mainLayout->addWidget(hairline());
    mainLayout->addWidget(split, 1);
    auto* columns = new QSplitter(this);
    columns->addWidget(makeSide());
    columns->addWidget(main);
    columns->setStretchFactor(1, 1);
    columns->setSizes({220, 1000});
    columns->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(columns);

    connect(add, &QToolButton::clicked, this, [this] { openTab({.request = {.url = "{{engine}}/api"}}); });
    connect(m_tabBar, &QTabBar::currentChanged, this, &ComposerPanel::selectTab);
    connect(m_tabBar, &QTabBar::tabCloseRequested, this, &ComposerPanel::closeTab);
    connect(m_editor, &RequestEditor::send, this, &ComposerPanel::sendCurrent);
    connect(m_editor, &RequestEditor::save, this, &ComposerPanel::saveCurrent);
    connect(m_editor, &RequestEditor::edited, this, [this] {
        if (m_current >= 0 && !std::exchange(m_tabs[m_current].modified, true))
            updateTabText(m_current);
    });
    connect(m_editor, &RequestEditor::cancel, this, [this] {
        m_sender.cancel();
        m_sending = -1;
        m_editor->setBusy(false);
        m_response->showWaiting(tr("Cancelled"));
    });
    connect(m_editor, &RequestEditor::copyAsCurl, this, [this] {
        const auto ready = compose::resolved(m_editor->request(), variables());
        if (!ready)
            return emit said(text(ready.error().line()));
        QGuiApplication::clipboard()->setText(compose::toCurl(*ready));
        emit said(tr("Copied as a curl command"));
    });
    connect(&m_sender, &compose::Sender::downloading, this, [this](qint64 received, qint64) {
        if (m_sending == m_current && received > 0)
            m_response->showWaiting(tr("Receiving: %1").arg(bytes(static_cast<double>(received))));
    });
    connect(&m_sender, &compose::Sender::finished, this, [this](const compose::Outcome& outcome) {
        const int index = std::exchange(m_sending, -1);
        m_editor->setBusy(false);
        if (index < 0 || index >= m_tabs.size())
            return;
        m_tabs[index].outcome = outcome;
        m_tabs[index].hasOutcome = true;
        if (index == m_current)
            m_response->show(outcome);
    });
    connect(&m_workspace, &Workspace::engineChanged, this, &ComposerPanel::addExamples);
    loadCollection();
    openTab({.request = {.url = "{{engine}}/api/cities/1"}});
}

QWidget* ComposerPanel::makeSide() {
    auto* side = new QWidget(this);
    m_tree = new QTreeWidget(side);
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(space::kGap);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setAccessibleName(tr("Collection"));
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(space::kGap, space::kGap, 0, space::kGap);
    layout->addWidget(sectionLabel(tr("Collection"), side));
    layout->addWidget(m_tree, 1);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        if (const auto file = item->data(0, kFileRole).toString(); !file.isEmpty()) {
            for (int i = 0; i < m_tabs.size(); ++i)
                if (m_tabs[i].file == file.toStdString())
                    return m_tabBar->setCurrentIndex(i);
            auto request = compose::Request::load(file.toStdString());
            if (!request)
                return emit said(text(request.error().line()));
            openTab({.request = *request, .file = file.toStdString()});
        } else if (const auto url = item->data(0, kUrlRole).toString(); !url.isEmpty()) {
            open(url);
        }
    });
    connect(m_tree, &QTreeWidget::itemClicked, m_tree, &QTreeWidget::itemActivated);
    return side;
}

std::filesystem::path ComposerPanel::folder() const { return m_workspace.folder() / "collections"; }

void ComposerPanel::loadCollection() {
    m_tree->clear();
    std::error_code ignored;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder(), ignored))
        if (entry.path().string().ends_with(".request.json"))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const auto request = compose::Request::load(file);
        auto* item =
            new QTreeWidgetItem(m_tree, {request ? QString("%1  %2").arg(request->method, request->name)
                                                 : text(file.filename().string())});
        item->setData(0, kFileRole, QString::fromStdString(file.string()));
        item->setToolTip(0, request ? request->url : text(request.error().line()));
    }
    addExamples();
}

void ComposerPanel::addExamples() {
    for (int i = m_tree->topLevelItemCount() - 1; i >= 0; --i)
        if (!m_tree->topLevelItem(i)->data(0, kUrlRole).toString().isEmpty() ||
            m_tree->topLevelItem(i)->flags() == Qt::NoItemFlags)
            delete m_tree->takeTopLevelItem(i);
    if (m_workspace.engine() == nullptr)
        return;
    auto* head = new QTreeWidgetItem(m_tree, {tr("From the engine")});
    head->setFlags(Qt::NoItemFlags);
    head->setForeground(0, ui::color(Role::Muted));
    for (const auto& dataset : m_workspace.engine()->datasets())
        for (const auto& table : dataset->schema().tables) {
            const auto base = "{{engine}}/api/" + text(table.name);
            for (const auto& url : {base + "?limit=20", base + "/1", base + "/stats"}) {
                auto* item = new QTreeWidgetItem(m_tree, {"GET  " + QString(url).remove("{{engine}}")});
                item->setData(0, kUrlRole, url);
                item->setToolTip(0, url);
            }
        }
}

void ComposerPanel::activated() { m_editor->focusUrl(); }

void ComposerPanel::open(const QString& argument) {
    if (argument.isEmpty())
        return;
    // "GET http://…", or the URL or path alone.
    const qsizetype space = argument.indexOf(' ');
    const QString method = space > 0 ? argument.left(space) : QString("GET");
    const QString target = argument.mid(space + 1);
    const QString url = target.startsWith('/') ? "{{engine}}" + target : target;
    openTab({.request = {.name = QString(url).remove("{{engine}}"), .method = method, .url = url}});
}

void ComposerPanel::openTab(Tab tab) {
    keepEdits();
    m_tabs.append(std::move(tab));
    const int index = m_tabBar->addTab({});
    updateTabText(index);
    m_tabBar->setCurrentIndex(index);
    selectTab(index);
}

void ComposerPanel::selectTab(int index) {
    if (index == m_current || index < 0 || index >= m_tabs.size())
        return;
    keepEdits();
    m_current = index;
    m_editor->setRequest(m_tabs[index].request);
    m_editor->setBusy(m_sending == index);
    if (m_tabs[index].hasOutcome)
        m_response->show(m_tabs[index].outcome);
    else
        m_response->clear();
}

void ComposerPanel::closeTab(int index) {
    if (m_tabs.size() == 1)
        return;
    if (m_sending == index)
        m_sender.cancel(), m_sending = -1;
    else if (m_sending > index)
        --m_sending;
    keepEdits();
    m_current = -1;  // what the editor shows belongs to no tab while they shift
    m_tabs.removeAt(index);
    m_tabBar->removeTab(index);
    selectTab(m_tabBar->currentIndex());
}

void ComposerPanel::keepEdits() {
    if (m_current >= 0 && m_current < m_tabs.size())
        m_tabs[m_current].request = m_editor->request();
}

void ComposerPanel::updateTabText(int index) {
    const auto& tab = m_tabs[index];
    const QString name =
        tab.request.name == "Untitled" ? QString(tab.request.url).remove("{{engine}}") : tab.request.name;
    m_tabBar->setTabText(index, (tab.modified && !tab.file.empty() ? "● " : "") + name.left(40));
    m_tabBar->setTabToolTip(index, tab.request.url);
}

compose::Variables ComposerPanel::variables() const {
    compose::Variables all;
    if (m_workspace.engine() != nullptr)
        all["engine"] = text(m_workspace.engine()->url());
    return all;
}

void ComposerPanel::sendCurrent() {
    keepEdits();
    updateTabText(m_current);
    const auto ready = compose::resolved(m_tabs[m_current].request, variables());
    if (!ready) {
        compose::Outcome refused;
        refused.error = text(ready.error().what);
        refused.hint = text(ready.error().hint);
        m_response->show(refused);
        return;
    }
    m_sending = m_current;
    m_editor->setBusy(true);
    m_response->showWaiting(tr("Waiting for the answer…"));
    m_sender.send(*ready);
}

void ComposerPanel::saveCurrent() {
    keepEdits();
    auto& tab = m_tabs[m_current];
    if (tab.file.empty()) {
        bool accepted = false;
        const auto name = QInputDialog::getText(this, tr("Save request"), tr("Name"), QLineEdit::Normal,
                                                tab.request.name, &accepted);
        if (!accepted || name.trimmed().isEmpty())
            return;
        tab.request.name = name.trimmed();
        tab.file = folder() / fileNameFor(tab.request.name);
        std::error_code ignored;
        std::filesystem::create_directories(folder(), ignored);
    }
    if (auto saved = tab.request.save(tab.file); !saved)
        return emit said(text(saved.error().line()));
    tab.modified = false;
    m_editor->setRequest(tab.request);
    updateTabText(m_current);
    loadCollection();
    emit said(tr("Saved %1").arg(tab.request.name));
}

/// Waits until the answer is shown, as a person would before looking.
void ComposerPanel::sendAndWait() {
    QEventLoop answered;
    connect(&m_sender, &compose::Sender::finished, &answered, &QEventLoop::quit, Qt::QueuedConnection);
    sendCurrent();
    if (m_sender.isBusy())
        answered.exec();
}

bool ComposerPanel::demonstrate(const QString& state) {
    if (state == "empty")
        return true;
    if (state == "full") {
        open("/api/cities?limit=20");
        sendAndWait();
        return true;
    }
    if (state == "error") {
        open("http://127.0.0.1:1/nothing-here");
        sendAndWait();
        return true;
    }
    return false;
}

}  // namespace hone::ui::composer

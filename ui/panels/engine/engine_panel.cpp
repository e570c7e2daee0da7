#include "ui/panels/engine/engine_panel.h"

#include "core/toggles/catalogue.h"
#include "ui/format/format.h"
#include "ui/panels/engine/journal_view.h"
#include "ui/panels/engine/make_panel.h"
#include "ui/panels/engine/toggle_inspector.h"
#include "ui/panels/engine/toggle_row.h"
#include "ui/widgets/sparkline.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>

namespace hone::ui::engine {

namespace {

/// Pages of the middle.
enum LivePage { kBusy, kIdle, kStarting, kFailed };

constexpr std::size_t kJournalRead = 200;
constexpr int kEndpointRows = 6;    ///< Shown at once; more scroll.
constexpr int kSparkSamples = 120;  ///< One minute.

/// The toggles of one group, in catalogue order.
std::vector<const hone::engine::ToggleDef*> inGroup(hone::engine::Group group) {
    std::vector<const hone::engine::ToggleDef*> defs;
    for (const auto* def : toggles::catalogue())
        if (def->group == group)
            defs.push_back(def);
    return defs;
}

const hone::engine::ToggleDef* cacheDef() { return toggles::find("cache"); }

}  // namespace

EnginePanel::EnginePanel(Workspace& workspace, QWidget* parent) : Panel(workspace, parent) {
    m_problem = new InlineMessage(this);
    m_inspector = new ToggleInspector(this);
    auto* split = new QSplitter(Qt::Horizontal, this);
    split->addWidget(makeToggles());
    split->addWidget(makeLive());
    split->addWidget(m_inspector);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setStretchFactor(2, 0);
    split->setSizes({348, 550, 310});
    split->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(split, 1);
    m_inspector->hide();
    connect(m_inspector, &ToggleInspector::changed, this, &EnginePanel::changeParam);
    connect(m_inspector, &ToggleInspector::closed, this, [this] {
        m_inspector->hide();
        for (ToggleRow* row : m_rows)
            row->setSelected(false);
    });
    connect(&workspace, &Workspace::currentChanged, this, &EnginePanel::showProfile);
    connect(&workspace, &Workspace::profilesChanged, this, &EnginePanel::showProfile);
    for (auto signal : {&Workspace::engineStarting, &Workspace::engineChanged})
        connect(&workspace, signal, this, &EnginePanel::showEngineState);
    connect(&workspace, &Workspace::engineFailed, this, &EnginePanel::showEngineState);
    connect(&EngineMeter::of(workspace), &EngineMeter::sampled, this, &EnginePanel::showLive);
    showProfile();
    showEngineState();
    if (!m_rows.empty())
        select(m_rows.front()->def());
}

QWidget* EnginePanel::makeHeader() {
    auto* head = new QWidget(this);
    auto* column = new QVBoxLayout(head);
    column->setContentsMargins(space::kPadding, 12, space::kPadding, 12);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kGap);
    m_name = mutedLabel({}, head);
    m_edited = new Tag(tr("edited"), Role::Warn, head);
    m_save = plainButton(tr("Save"), "document-save", head);
    auto* saveAs = plainButton(tr("Save as…"), {}, head);
    m_revert = plainButton(tr("Revert"), "edit-undo", head);
    m_compare = primaryButton(tr("Compare with baseline"), {}, head);
    m_compare->setToolTip(tr("Measures this profile against the one with every toggle off"));
    row->addWidget(titleLabel(title(), head));
    row->addSpacing(space::kGap);
    row->addWidget(m_name);
    row->addWidget(m_edited);
    row->addStretch();
    for (QWidget* button : std::initializer_list<QWidget*>{m_revert, m_save, saveAs, m_compare})
        row->addWidget(button);
    column->addLayout(row);
    column->addWidget(m_problem);
    connect(m_save, &QPushButton::clicked, this, [this] { save(false); });
    connect(saveAs, &QPushButton::clicked, this, [this] { save(true); });
    connect(m_revert, &QPushButton::clicked, this,
            [this] { m_workspace.selectProfile(text(m_workspace.current().name)); });
    connect(m_compare, &QPushButton::clicked, this,
            [this] { emit openPanel("compare", text(m_workspace.current().name)); });
    return head;
}

QWidget* EnginePanel::makeToggles() {
    auto* inside = new QWidget;
    inside->setObjectName("scrolled");
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(8, 0, 8, 12);
    column->setSpacing(2);
    using hone::engine::Group;
    for (const Group group :
         {Group::Answer, Group::Data, Group::Protection, Group::Network, Group::Structure, Group::Insight}) {
        const auto defs = inGroup(group);
        if (defs.empty())
            continue;
        auto* name = sectionLabel(text(hone::engine::groupName(group)).toUpper(), inside);
        name->setContentsMargins(12, m_rows.empty() ? 4 : 16, 0, 4);
        column->addWidget(name);
        for (const auto* def : defs) {
            auto* row = new ToggleRow(*def, inside);
            m_rows.push_back(row);
            column->addWidget(row);
            connect(row, &ToggleRow::selected, this, [this, def] { select(*def); });
            connect(row, &ToggleRow::switched, this, [this, row](bool on) { switchToggle(*row, on); });
        }
    }
    column->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(320);
    scroll->setWidget(inside);
    return scroll;
}

QTableView* EnginePanel::makeTable(QAbstractItemModel* model, const QString& name) {
    auto* table = new QTableView(this);
    table->setModel(model);
    table->setAccessibleName(name);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(space::kRow);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setMinimumSectionSize(48);
    return table;
}

QWidget* EnginePanel::makeLive() {
    m_rate = new Figure(tr("REQUESTS"), this);
    m_p95 = new Figure(tr("P95 INSIDE THE ENGINE"), this);
    m_hit = new Figure(tr("CACHE HITS"), this);
    m_rateLine = new Sparkline(kSparkSamples, 0, Role::Accent, this);
    m_hitLine = new Sparkline(kSparkSamples, 1, Role::Good, this);
    m_rateLine->setToolTip(tr("Requests per second, the last minute"));
    m_hitLine->setToolTip(tr("Share of answers from the cache, 0 to 100 %, the last minute"));
    for (Sparkline* line : {m_rateLine, m_hitLine})
        line->setFixedHeight(28);

    m_endpointView = makeTable(&m_endpoints, tr("Endpoints"));
    m_endpointView->horizontalHeader()->setSectionResizeMode(EndpointModel::Name, QHeaderView::Stretch);
    const int endpointWidths[] = {0, 68, 78, 60, 72, 72, 76};
    for (int c = EndpointModel::Rate; c < EndpointModel::ColumnCount; ++c)
        m_endpointView->setColumnWidth(c, endpointWidths[c]);
    m_endpointView->viewport()->installEventFilter(this);
    m_journal = new JournalView(makeTable(nullptr, tr("Journal")), this);
    connect(m_journal, &JournalView::said, this, &EnginePanel::said);
    connect(m_journal, &JournalView::openRequested, this,
            [this](const QString& method, const QString& target) {
                if (auto* engine = m_workspace.engine())
                    emit openPanel("compose", method + ' ' + text(engine->url()) + target);
            });

    auto* page = new QWidget(this);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(space::kSection);
    grid->addWidget(m_rate, 0, 0);
    grid->addWidget(m_p95, 0, 1);
    grid->addWidget(m_hit, 0, 2);
    grid->addWidget(m_rateLine, 1, 0);
    grid->addWidget(m_hitLine, 1, 2);
    for (int c = 0; c < 3; ++c)
        grid->setColumnStretch(c, 1);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(space::kPadding, 4, space::kPadding, space::kPadding);
    column->setSpacing(space::kGap);
    column->addLayout(grid);
    column->addSpacing(4);
    column->addWidget(sectionLabel(tr("ENDPOINTS"), page));
    column->addWidget(m_endpointView);
    column->addSpacing(4);
    column->addWidget(m_journal, 5);

    auto* empty = new EmptyState(
        "network-server",
        tr("The engine has not answered anything yet. Its requests appear here as they happen."),
        tr("Send a request"), {}, this);
    connect(empty->action(), &QPushButton::clicked, this, [this] {
        if (auto* engine = m_workspace.engine())
            emit openPanel("compose", text(engine->url() + "/api"));
    });
    auto* waiting =
        new EmptyState("server-database", tr("Opening the dataset and starting the engine."), {}, {}, this);
    auto* failed =
        new EmptyState("hone-warning", tr("The engine is not running. The message above says why."),
                       tr("Start again"), {}, this);
    connect(failed->action(), &QPushButton::clicked, this,
            [this] { m_workspace.serve(m_workspace.datasetSpec()); });
    m_live = new QStackedWidget(this);
    m_live->addWidget(page);
    m_live->addWidget(empty);
    m_live->addWidget(waiting);
    m_live->addWidget(failed);
    m_live->setMinimumWidth(380);
    return m_live;
}

bool EnginePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize)
        fitColumns();
    return Panel::eventFilter(watched, event);
}

void EnginePanel::fitColumns() {
    // What fits is shown; the rest is in the tooltips and comes back with the room.
    const int width = m_endpointView->viewport()->width();
    m_endpointView->setColumnHidden(EndpointModel::Bytes, width < 560);
    m_endpointView->setColumnHidden(EndpointModel::Requests, width < 460);
}

void EnginePanel::showProfile() {
    const auto& profile = m_workspace.current();
    const bool edited = m_workspace.isModified();
    m_name->setText(tr("Profile %1").arg(text(profile.name)));
    m_name->setToolTip(text(profile.note));
    m_edited->setVisible(edited);
    m_save->setEnabled(edited);
    m_revert->setEnabled(edited);
    m_compare->setEnabled(
        std::ranges::any_of(profile.toggles, [](const auto& entry) { return entry.second.on; }));
    for (ToggleRow* row : m_rows)
        row->setOn(profile.isOn(row->def().id));
    if (const auto* def = m_inspector->def())
        m_inspector->setValues(settingsOf(*def, profile));
    showLive();
}

void EnginePanel::showEngineState() {
    const QString error = m_workspace.engineError();
    if (error.isEmpty())
        m_problem->clear();
    else
        m_problem->show(InlineMessage::Kind::Error, error,
                        tr("Choose another dataset at the top, or start again."));
    if (m_workspace.engine() == nullptr) {
        m_endpoints.clear();
        m_journal->clear();
        m_rateLine->clear();
        m_hitLine->clear();
    }
    showLive();
}

void EnginePanel::showLive() {
    if (!isVisible())
        return;
    auto* engine = m_workspace.engine();
    const EngineMeter& meter = EngineMeter::of(m_workspace);
    const MeterReading& recent = meter.recent();
    for (ToggleRow* row : m_rows)
        row->showFigure(recent);
    if (engine == nullptr) {
        m_live->setCurrentIndex(m_workspace.engineError().isEmpty() ? kStarting : kFailed);
        return;
    }
    if (meter.newest() == nullptr)
        return;
    m_live->setCurrentIndex(meter.newest()->requests == 0 ? kIdle : kBusy);
    m_rate->setValue(rate(recent.requestsPerSecond),
                     tr("%1 requests/s over the last five seconds").arg(recent.requestsPerSecond));
    m_p95->setValue(recent.p95Us > 0 ? micros(recent.p95Us) : QString(), exactMicros(recent.p95Us));
    const auto* cache = cacheDef();
    const auto share = cache != nullptr ? figureShare(*cache, recent) : std::nullopt;
    m_hit->setValue(share ? percent(*share) : QString());
    m_rateLine->append(meter.last().requestsPerSecond);
    if (share)
        m_hitLine->append(*share);
    m_endpoints.update(*meter.newest());
    m_inspector->showCounters(meter.newest()->counters[0], m_workspace.current());
    const int rows = std::clamp(m_endpoints.rowCount(), 2, kEndpointRows);
    m_endpointView->setFixedHeight((rows + 1) * space::kRow + 4);
    m_journal->update(engine->journal(kJournalRead));
}

void EnginePanel::select(const hone::engine::ToggleDef& def) {
    for (ToggleRow* row : m_rows)
        row->setSelected(&row->def() == &def);
    m_inspector->show(def, settingsOf(def, m_workspace.current()));
}

void EnginePanel::switchToggle(ToggleRow& row, bool on) {
    model::Profile profile = m_workspace.current();
    profile.toggles[std::string(row.def().id)].on = on;
    if (const auto changed = m_workspace.change(profile); !changed) {
        row.setOn(!on);
        row.showError(text(changed.error().line()));
    }
}

void EnginePanel::changeParam(const QString& paramId, const QString& valueText) {
    const auto* def = m_inspector->def();
    if (def == nullptr)
        return;
    model::Profile profile = m_workspace.current();
    ParamSet values = settingsOf(*def, profile);
    const std::string id = utf8(paramId);
    if (const auto set = values.setText(id, utf8(valueText)); !set) {
        m_inspector->showError(paramId, text(set.error().line()));
        return;
    }
    auto& params = profile.toggles[std::string(def->id)].params;
    if (values.isInitial(id))
        params.erase(id);
    else
        params[id] = values.value(id);
    if (const auto changed = m_workspace.change(profile); !changed)
        m_inspector->showError(paramId, text(changed.error().line()));
}

void EnginePanel::save(bool underNewName) {
    QString name = text(m_workspace.current().name);
    // The baseline is what others are compared with: an edited one becomes a profile of its own.
    if (underNewName || name == "baseline") {
        bool agreed = false;
        name =
            QInputDialog::getText(this, tr("Save profile as"), tr("Name"), QLineEdit::Normal, name, &agreed);
        if (!agreed)
            return;
    }
    if (const auto saved = m_workspace.saveProfile(name); !saved)
        m_problem->show(InlineMessage::Kind::Error, text(saved.error().what), text(saved.error().hint));
    else
        emit said(tr("Saved profile %1").arg(name));
}

void EnginePanel::activated() {
    showEngineState();
    if (!m_rows.empty() && !isAncestorOf(focusWidget()))
        m_rows.front()->setFocus(Qt::OtherFocusReason);
}

void EnginePanel::open(const QString& argument) {
    if (const auto* def = toggles::find(utf8(argument)))
        select(*def);
}

Panel* makePanel(Workspace& workspace, QWidget* parent) { return new EnginePanel(workspace, parent); }

}  // namespace hone::ui::engine

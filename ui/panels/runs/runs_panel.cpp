#include "ui/panels/runs/runs_panel.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/models/run_list_model.h"
#include "ui/panels/runs/make_panel.h"
#include "ui/panels/runs/run_delegate.h"
#include "ui/panels/runs/run_details.h"
#include "ui/panels/runs/trend_card.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui::runs {

namespace {

constexpr int kRoomy = 860;  ///< From this height on list, trend and details fit above each other.

}  // namespace

Panel* makePanel(Workspace& workspace, QWidget* parent) { return new RunsPanel(workspace, parent); }

RunsPanel::RunsPanel(Workspace& workspace, QWidget* parent)
    : Panel(workspace, parent),
      m_message(new InlineMessage(this)),
      m_stack(new QStackedWidget(this)),
      m_details(new RunDetails(workspace)),
      m_model(new RunListModel(this)),
      m_filter(new RunFilter(this)) {
    m_filter->setSourceModel(m_model);
    m_empty = new EmptyState(QStringLiteral("view-history"),
                             tr("Every run and comparison is kept here, to be found again."),
                             tr("Go to Bench"), tr("A bench of ten seconds is a good first entry."));
    m_noMatch =
        new EmptyState(QStringLiteral("edit-find"), tr("No run matches the search."), tr("Clear the search"),
                       tr("Names, notes, tags, profiles and verdicts are searched."));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPadding, 12, space::kPadding, 12);
    column->setSpacing(space::kGap);
    column->addWidget(makeBar());
    column->addWidget(m_message);
    m_stack->addWidget(makeList());
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noMatch);
    column->addWidget(m_stack, 1);

    connect(m_empty->action(), &QPushButton::clicked, this,
            [this] { emit openPanel(QStringLiteral("bench"), {}); });
    connect(m_noMatch->action(), &QPushButton::clicked, m_search, &QLineEdit::clear);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
        m_filter->setSearch(words);
        showWhatIs();
    });
    connect(m_details, &RunDetails::closed, this, &RunsPanel::closeDetails);
    connect(m_details, &RunDetails::wanted, this, &RunsPanel::openPanel);
    connect(&m_workspace, &Workspace::runsChanged, this, &RunsPanel::reload);
    addKeys();
    reload();
    closeDetails();
}

QWidget* RunsPanel::makeBar() {
    auto* bar = new QWidget(this);
    m_search = new QLineEdit(bar);
    m_search->setPlaceholderText(tr("Search runs (Ctrl+F)"));
    m_search->setAccessibleName(tr("Search runs"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon(QStringLiteral("edit-find"), Role::Muted), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(320);
    m_sum = mutedLabel({}, bar);
    const auto add = [&](QPushButton*& button, const QString& words, const QString& iconName,
                         const QString& toolTip) {
        button = plainButton(words, iconName, bar);
        button->setToolTip(toolTip);
    };
    add(m_open, tr("Open"), QStringLiteral("document-open"), tr("Show it below (Enter)"));
    add(m_compare, tr("Compare"), QStringLiteral("kr_comparedirs"),
        tr("Put two selected runs side by side (C)"));
    add(m_annotate, tr("Edit"), QStringLiteral("edit-rename"), tr("Name, tags and note (F2)"));
    add(m_export, tr("Export…"), QStringLiteral("document-export"), tr("Write it as a report or as data"));
    add(m_remove, tr("Delete"), QStringLiteral("edit-delete"),
        tr("Delete the selected ones (Del); Ctrl+Z brings them back"));
    auto* menu = new QMenu(m_export);
    const std::pair<const char*, QString> formats[] = {{"html", tr("HTML report")},
                                                       {"md", tr("Markdown")},
                                                       {"csv", tr("CSV table")},
                                                       {"json", tr("JSON with all histograms")},
                                                       {"hgrm", tr("HdrHistogram (.hgrm)")}};
    for (const auto& [format, words] : formats)
        menu->addAction(words, this, [this, id = std::string(format)] { exportSelected(id); });
    m_export->setMenu(menu);
    connect(m_open, &QPushButton::clicked, this, &RunsPanel::openSelected);
    connect(m_compare, &QPushButton::clicked, this, &RunsPanel::compareSelected);
    connect(m_annotate, &QPushButton::clicked, this, &RunsPanel::annotateSelected);
    connect(m_remove, &QPushButton::clicked, this, &RunsPanel::removeSelected);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(m_search, 1);
    row->addWidget(m_sum);
    row->addStretch();
    for (QPushButton* button : {m_open, m_compare, m_annotate, m_export, m_remove})
        row->addWidget(button);
    return bar;
}

QWidget* RunsPanel::makeList() {
    m_trend = new TrendCard(m_workspace);
    m_table = new QTableView;
    m_table->setModel(m_filter);
    m_table->setItemDelegate(new RunDelegate(m_table));
    report::styleTable(*m_table, RunListModel::Note);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->verticalHeader()->setDefaultSectionSize(space::kRowTall);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunListModel::When, Qt::DescendingOrder);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setAccessibleName(tr("Kept runs"));
    connect(m_table, &QTableView::activated, this, &RunsPanel::openSelected);
    connect(m_table, &QTableView::customContextMenuRequested, this, &RunsPanel::contextMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsPanel::selectionChanged);
    QFrame* tableCard = frame("card");
    auto* tableColumn = new QVBoxLayout(tableCard);
    tableColumn->setContentsMargins(2, 2, 2, 2);
    tableColumn->addWidget(m_table);
    auto* upper = new QWidget;
    auto* upperColumn = new QVBoxLayout(upper);
    upperColumn->setContentsMargins(0, 0, 0, 0);
    upperColumn->setSpacing(space::kGap);
    upperColumn->addWidget(m_trend);
    upperColumn->addWidget(tableCard, 1);
    m_split = new QSplitter(Qt::Vertical);
    m_split->setChildrenCollapsible(false);
    m_split->addWidget(upper);
    m_split->addWidget(m_details);
    m_split->setStretchFactor(0, 2);
    m_split->setStretchFactor(1, 3);
    return m_split;
}

void RunsPanel::addKeys() {
    const auto key = [this](const QKeySequence& keys, auto does, QWidget* where) {
        auto* shortcut = new QShortcut(keys, where, this, does);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    };
    key(QKeySequence::Find, [this] { m_search->setFocus(), m_search->selectAll(); }, this);
    key(QKeySequence::Undo, [this] { undoRemove(); }, this);
    key(QKeySequence::Delete, [this] { removeSelected(); }, m_table);
    key(Qt::Key_F2, [this] { annotateSelected(); }, m_table);
    key(Qt::Key_C, [this] { compareSelected(); }, m_table);
    key(Qt::Key_Escape, [this] { closeDetails(); }, this);
}

void RunsPanel::reload() {
    std::vector<std::string> chosen;
    for (const store::RunSummary& run : selected())
        chosen.push_back(run.id);
    auto runs = m_workspace.store().list();
    if (!runs) {
        m_message->show(InlineMessage::Kind::Error, sentence(runs.error().what), text(runs.error().hint));
        return;
    }
    m_message->clear();
    m_model->setRuns(std::move(*runs));
    m_sum->setText(tr("%n kept", nullptr, m_model->rowCount()) + QStringLiteral(" · ") +
                   bytes(static_cast<double>(m_workspace.store().bytesUsed())));
    m_sum->setToolTip(text(m_workspace.store().file().string()));
    select(chosen);
    showWhatIs();
    selectionChanged();
}

void RunsPanel::showWhatIs() {
    if (m_model->rowCount() == 0)
        m_stack->setCurrentWidget(m_empty);
    else if (m_filter->rowCount() == 0)
        m_stack->setCurrentWidget(m_noMatch);
    else
        m_stack->setCurrentIndex(0);
    m_search->setEnabled(m_model->rowCount() > 0);
}

std::vector<store::RunSummary> RunsPanel::selected() const {
    std::vector<store::RunSummary> runs;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        runs.push_back(m_model->run(m_filter->mapToSource(index).row()));
    return runs;
}

void RunsPanel::select(const std::vector<std::string>& ids) {
    QItemSelection rows;
    for (const std::string& id : ids)
        if (const QModelIndex index = m_filter->mapFromSource(m_model->index(m_model->rowOf(id), 0));
            index.isValid())
            rows.select(index, index);
    m_table->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (!rows.isEmpty())
        m_table->scrollTo(rows.indexes().front());
}

void RunsPanel::selectionChanged() {
    const auto runs = selected();
    const bool one = runs.size() == 1;
    m_open->setEnabled(one);
    m_annotate->setEnabled(one);
    m_export->setEnabled(one);
    m_remove->setEnabled(!runs.empty());
    m_compare->setEnabled(runs.size() == 2 &&
                          std::ranges::all_of(runs, [](const auto& run) { return run.kind == "run"; }));
    showTrend();
}

void RunsPanel::showTrend() {
    const auto runs = selected();
    const auto& all = m_model->runs();
    // Nothing selected: the newest run's story.
    const auto newest = std::ranges::find(all, std::string("run"), &store::RunSummary::kind);
    const store::RunSummary* about = !runs.empty() ? &runs.front() : newest != all.end() ? &*newest : nullptr;
    m_trend->show(about && about->kind == "run" ? trendOf(all, *about) : std::vector<store::RunSummary>{});
    m_trend->setVisible(m_trend->hasTrend() && (m_details->isHidden() || height() > kRoomy));
}

void RunsPanel::resizeEvent(QResizeEvent* event) {
    Panel::resizeEvent(event);
    m_trend->setVisible(m_trend->hasTrend() && (m_details->isHidden() || height() > kRoomy));
}

void RunsPanel::activated() {
    reload();
    if (m_model->rowCount() > 0)
        m_table->setFocus();
}

}  // namespace hone::ui::runs

#include "ui/panels/engine/journal_view.h"

#include "ui/format/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>

namespace hone::ui::engine {

namespace {

constexpr int kSideBySideFrom = 720;
constexpr int kTimingFrom = 760, kBytesFrom = 460;  ///< Widths in pixels below which a column is left out.

}  // namespace

JournalView::JournalView(QTableView* table, QWidget* parent) : QWidget(parent), m_table(table) {
    m_rows.setSourceModel(&m_model);
    m_table->setModel(&m_rows);
    const int widths[] = {104, 66, 0, 62, 80, 80, 260};
    for (int c = 0; c < JournalModel::ColumnCount; ++c)
        m_table->setColumnWidth(c, widths[c]);
    m_table->horizontalHeader()->setSectionResizeMode(JournalModel::Target, QHeaderView::Stretch);
    m_table->setToolTip(tr("Double click opens the request in Compose"));
    m_table->viewport()->installEventFilter(this);
    QWidget* head = makeHead();
    m_split = new QSplitter(Qt::Vertical, this);
    m_split->addWidget(m_table);
    m_split->addWidget(makeDetails());
    m_split->setStretchFactor(0, 1);
    m_split->setChildrenCollapsible(false);
    m_details->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGrid);
    column->addWidget(head);
    column->addWidget(m_split, 1);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &JournalView::showDetails);
    connect(m_table, &QTableView::activated, this, [this] {
        if (const auto* entry = chosen())
            emit openRequested(text(entry->method), text(entry->target));
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (m_details->isVisible())
            m_text->setHtml(detailsHtml(m_shown));
    });
}

QWidget* JournalView::makeHead() {
    auto* head = new QWidget(this);
    m_filter = new QLineEdit(head);
    m_filter->setPlaceholderText(tr("Filter: /api  status:4xx  method:POST  toggle:cache  slower:10ms"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setAccessibleName(tr("Filter of the journal"));
    m_filter->setToolTip(tr("All words must hold; -word turns one round"));
    m_pause = new QToolButton(head);
    m_pause->setIcon(icon(QStringLiteral("media-playback-pause"), Role::Muted));
    m_pause->setCheckable(true);
    m_pause->setAutoRaise(true);
    m_pause->setToolTip(tr("Hold the journal still"));
    m_pause->setAccessibleName(tr("Hold the journal still"));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(sectionLabel(tr("JOURNAL"), head));
    row->addWidget(m_filter, 1);
    row->addWidget(m_pause);
    connect(m_filter, &QLineEdit::textChanged, this, &JournalView::applyFilter);
    return head;
}

QWidget* JournalView::makeDetails() {
    m_details = new QWidget;
    m_text = new QTextBrowser(m_details);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_text->setAccessibleName(tr("Details of the exchange"));
    auto* compose = plainButton(tr("Open in Compose"), {}, m_details);
    auto* curl = plainButton(tr("Copy as curl"), {}, m_details);
    auto* close = plainButton(tr("Close"), {}, m_details);
    for (QPushButton* button : {compose, curl, close})
        button->setProperty("kind", "quiet");
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kGap);
    row->addWidget(compose);
    row->addWidget(curl);
    row->addStretch();
    row->addWidget(close);
    auto* column = new QVBoxLayout(m_details);
    column->setContentsMargins(0, space::kGrid, 0, 0);
    column->setSpacing(space::kGrid);
    column->addWidget(m_text, 1);
    column->addLayout(row);
    connect(compose, &QPushButton::clicked, this,
            [this] { emit openRequested(text(m_shown.method), text(m_shown.target)); });
    connect(curl, &QPushButton::clicked, this, &JournalView::copyCurl);
    connect(close, &QPushButton::clicked, this, [this] {
        m_details->hide();
        m_table->clearSelection();
        m_table->setCurrentIndex({});
    });
    return m_details;
}

void JournalView::update(const std::vector<hone::engine::JournalEntry>& entries) {
    if (m_pause->isChecked())
        return;
    const bool atTop = m_table->verticalScrollBar()->value() == 0;
    m_model.update(entries);
    if (atTop && !m_details->isVisible())
        m_table->scrollToTop();
}

void JournalView::clear() {
    m_model.clear();
    m_details->hide();
}

void JournalView::setFilter(const QString& text) { m_filter->setText(text); }

bool JournalView::openFirst(const QString& filter) {
    setFilter(filter);
    if (m_rows.rowCount() == 0)
        return false;
    m_table->setCurrentIndex(m_rows.index(0, JournalModel::Target));
    return true;
}

void JournalView::applyFilter() {
    auto filter = JournalFilter::parse(m_filter->text());
    const QStringList& problems = filter.problems();
    m_filter->setProperty("refused", !problems.isEmpty());
    m_filter->setToolTip(problems.isEmpty()
                             ? tr("All words must hold; -word turns one round")
                             : tr("Does not read: %1").arg(problems.join(QStringLiteral(", "))));
    m_rows.setFilter(std::move(filter));
}

const hone::engine::JournalEntry* JournalView::chosen() const {
    const QModelIndex row = m_rows.mapToSource(m_table->currentIndex());
    return row.isValid() ? &m_model.at(row.row()) : nullptr;
}

void JournalView::showDetails() {
    const auto* entry = chosen();
    if (!entry)
        return;
    m_shown = *entry;
    m_text->setHtml(detailsHtml(m_shown));
    if (m_details->isVisible())
        return;
    m_details->show();
    shareRoom();
    m_table->scrollTo(m_table->currentIndex());
}

void JournalView::shareRoom() {
    const int room = m_split->orientation() == Qt::Vertical ? m_split->height() : m_split->width();
    m_split->setSizes({room * 11 / 20, room * 9 / 20});
}

void JournalView::copyCurl() {
    std::string host;
    for (const auto& [name, value] : m_shown.requestFields)
        if (http::iequals(name, "host"))
            host = value;
    QApplication::clipboard()->setText(curlOf(m_shown, text("http://" + host)));
    emit said(tr("Copied as curl"));
}

/// Details stand beside the table where there is room for both, else below it.
void JournalView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const auto wanted = width() >= kSideBySideFrom ? Qt::Horizontal : Qt::Vertical;
    if (m_split->orientation() == wanted)
        return;
    m_split->setOrientation(wanted);
    shareRoom();
}

bool JournalView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) {
        // What fits is shown; the rest is in the details and comes back with the room.
        const int width = m_table->viewport()->width();
        m_table->setColumnHidden(JournalModel::Timing, width < kTimingFrom);
        m_table->setColumnHidden(JournalModel::Bytes, width < kBytesFrom);
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace hone::ui::engine

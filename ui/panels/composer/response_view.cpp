#include "ui/panels/composer/response_view.h"

#include "ui/format/format.h"
#include "ui/panels/composer/timing_view.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace hone::ui::composer {
namespace {

enum Page { BodyPage, HeadersPage, TimingPage, EmptyPage };

Role toneOf(int status) {
    return status >= 500 || status >= 400 ? Role::Bad : status >= 300 ? Role::Warn : Role::Good;
}

/// "HIT" and the like, from Cache-Status (RFC 9211) or X-Cache.
QString cacheWord(const compose::Outcome& outcome) {
    const auto status = outcome.header("Cache-Status");
    if (status.contains("; hit"))
        return "HIT";
    return status.contains("fwd=") ? "MISS" : QString::fromUtf8(outcome.header("X-Cache"));
}

QString factsOf(const compose::Outcome& outcome) {
    QStringList facts{
        QString("%1 (TTFB %2)").arg(micros(outcome.totalMs * 1000), micros(outcome.ttfbMs * 1000))};
    const QByteArray& decoded = outcome.format.isEmpty() ? outcome.body : outcome.rawBody;
    facts << (outcome.coding.isEmpty()
                  ? bytes(static_cast<double>(outcome.wireBytes))
                  : QString("%1 %2 → %3")
                        .arg(bytes(static_cast<double>(outcome.wireBytes)), outcome.coding,
                             bytes(static_cast<double>(decoded.size()))));
    if (!outcome.format.isEmpty())
        facts << QObject::tr("%1, shown as JSON").arg(outcome.format);
    facts << outcome.version;
    if (const auto cache = cacheWord(outcome); !cache.isEmpty())
        facts << cache;
    return facts.join("  ·  ");
}

}  // namespace

ResponseView::ResponseView(QWidget* parent)
    : QWidget(parent),
      m_status(new QLabel(this)),
      m_facts(mutedLabel({}, this)),
      m_tabs(new Segmented({tr("Body"), tr("Headers"), tr("Timing")}, this)),
      m_search(new QLineEdit(this)),
      m_pages(new QStackedWidget(this)),
      m_body(new CodeView(this)),
      m_headers(new QTableWidget(0, 2, this)),
      m_timing(new TimingView(this)),
      m_message(new InlineMessage(this)),
      m_empty(mutedLabel(tr("Press Send (Ctrl+Enter) to see the answer here."), this)) {
    m_body->setReadOnly(true);
    m_body->setAccessibleName(tr("Answer body"));
    m_search->setPlaceholderText(tr("Find in body"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(200);
    m_search->setToolTip(tr("Find in body (Ctrl+F); Enter finds the next"));
    m_headers->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_headers->setAccessibleName(tr("Answer headers"));
    m_headers->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_headers->setShowGrid(false);
    m_headers->setFrameShape(QFrame::NoFrame);
    m_headers->verticalHeader()->hide();
    m_headers->verticalHeader()->setDefaultSectionSize(space::kRow);
    m_headers->horizontalHeader()->setStretchLastSection(true);
    m_headers->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_headers->setColumnWidth(0, 220);
    m_empty->setAlignment(Qt::AlignCenter);
    auto* timingScroll = new QScrollArea(this);
    timingScroll->setWidget(m_timing);
    timingScroll->setWidgetResizable(true);
    timingScroll->setFrameShape(QFrame::NoFrame);
    for (auto* page : std::initializer_list<QWidget*>{m_body, m_headers, timingScroll, m_empty})
        m_pages->addWidget(page);
    m_pages->setCurrentIndex(EmptyPage);

    auto* line = new QHBoxLayout;
    line->setSpacing(space::kGap);
    line->addWidget(m_status);
    line->addWidget(m_facts);
    line->addStretch();
    line->addWidget(m_search);
    line->addWidget(m_tabs);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kPadding, space::kGap, space::kPadding, space::kGap);
    layout->setSpacing(space::kGap);
    layout->addLayout(line);
    layout->addWidget(m_message);
    layout->addWidget(m_pages, 1);

    connect(m_tabs, &Segmented::currentChanged, this, &ResponseView::showTab);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { m_body->find(m_search->text()); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, m_search,
            qOverload<>(&QWidget::setFocus));
}

void ResponseView::show(const compose::Outcome& outcome) {
    m_message->clear();
    if (outcome.status == 0) {
        m_status->clear();
        m_facts->setText(tr("no answer after %1").arg(micros(outcome.totalMs * 1000)));
        m_message->show(InlineMessage::Kind::Error, outcome.error, outcome.hint);
        m_pages->setCurrentIndex(EmptyPage);
        return;
    }
    if (!outcome.error.isEmpty())
        m_message->show(InlineMessage::Kind::Warning, outcome.error);
    else if (!outcome.formatProblem.isEmpty())
        m_message->show(InlineMessage::Kind::Info, outcome.formatProblem);
    m_status->setText(QString("<b style='color:%1'>%2 %3</b>")
                          .arg(ui::color(toneOf(outcome.status)).name())
                          .arg(outcome.status)
                          .arg(outcome.reason.toHtmlEscaped()));
    m_facts->setText(factsOf(outcome));
    m_facts->setToolTip(tr("total %1 ms, first byte after %2 ms").arg(outcome.totalMs).arg(outcome.ttfbMs));
    showBody(outcome);
    showHeaders(outcome);
    m_timing->show(outcome);
    showTab(m_tabs->current());
}

void ResponseView::showWaiting(const QString& text) {
    m_message->clear();
    m_status->clear();
    m_facts->setText(text);
}

void ResponseView::clear() {
    showWaiting({});
    m_pages->setCurrentIndex(EmptyPage);
}

void ResponseView::showTab(int index) {
    if (m_tabs->current() != index)
        m_tabs->setCurrent(index);
    m_search->setVisible(index == BodyPage);
    m_pages->setCurrentIndex(index);
}

void ResponseView::showBody(const compose::Outcome& outcome) {
    const bool isJson = outcome.header("Content-Type").contains("json") || !outcome.format.isEmpty();
    m_body->setLanguage(isJson ? CodeView::Language::Json : CodeView::Language::Plain);
    m_body->setBytes(outcome.body);
}

void ResponseView::showHeaders(const compose::Outcome& outcome) {
    m_headers->setRowCount(static_cast<int>(outcome.headers.size()));
    for (int row = 0; row < outcome.headers.size(); ++row) {
        m_headers->setItem(row, 0, new QTableWidgetItem(QString::fromUtf8(outcome.headers[row].first)));
        m_headers->setItem(row, 1, new QTableWidgetItem(QString::fromUtf8(outcome.headers[row].second)));
        m_headers->item(row, 0)->setForeground(ui::color(Role::Muted));
        m_headers->item(row, 1)->setFont(ui::font(FontRole::Mono));
    }
}

}  // namespace hone::ui::composer

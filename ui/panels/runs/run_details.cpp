#include "ui/panels/runs/run_details.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/models/run_list_model.h"
#include "ui/panels/runs/pair_view.h"
#include "ui/report/attribution_view.h"
#include "ui/report/changes_line.h"
#include "ui/report/comparison_view.h"
#include "ui/report/run_view.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace hone::ui::runs {

RunDetails::RunDetails(Workspace& workspace, QWidget* parent)
    : QWidget(parent),
      m_workspace(workspace),
      m_title(new QLabel(this)),
      m_message(new InlineMessage(this)),
      m_changes(new report::ChangesLine(workspace, this)),
      m_stack(new QStackedWidget(this)),
      m_waiting(mutedLabel({}, this)),
      m_run(new report::RunView),
      m_comparison(new report::ComparisonView),
      m_attribution(new report::AttributionView),
      m_pair(new PairView) {
    QFont strong = ui::font(FontRole::Body);
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setTextFormat(Qt::PlainText);
    m_elsewhere = plainButton({}, QStringLiteral("go-next"), this);
    m_elsewhere->setProperty("kind", "quiet");
    auto* close = iconButton(QStringLiteral("window-close"), tr("Close the details (Esc)"), this);
    m_waiting->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(m_waiting);
    for (QWidget* view : std::initializer_list<QWidget*>{m_run, m_comparison, m_attribution, m_pair})
        m_stack->addWidget(report::scrolled(view));
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_elsewhere);
    head->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, space::kGrid, 0, 0);
    column->setSpacing(space::kGap);
    column->addLayout(head);
    column->addWidget(m_message);
    column->addWidget(m_changes);
    column->addWidget(m_stack, 1);
    connect(close, &QToolButton::clicked, this, &RunDetails::closed);
    connect(m_elsewhere, &QPushButton::clicked, this, [this] { emit wanted(m_target, m_argument); });
}

void RunDetails::waitFor(const QString& title) {
    m_message->clear();
    m_changes->clear();
    m_title->setText(title);
    m_elsewhere->hide();
    m_waiting->setText(tr("Reading %1…").arg(title));
    m_stack->setCurrentWidget(m_waiting);
}

void RunDetails::showing(QWidget* view, const QString& title) {
    m_title->setText(title);
    for (int i = 0; i < m_stack->count(); ++i)
        if (m_stack->widget(i)->isAncestorOf(view))
            m_stack->setCurrentIndex(i);
    m_elsewhere->setVisible(!m_target.isEmpty());
}

void RunDetails::showError(const Error& error) {
    m_message->show(InlineMessage::Kind::Error, sentence(error.what), text(error.hint));
    m_waiting->setText({});
    m_stack->setCurrentWidget(m_waiting);
}

void RunDetails::open(const store::RunSummary& summary) {
    m_id = summary.id;
    const QString title = QStringLiteral("%1 · %2").arg(runTitle(summary), when(summary.startedAt));
    waitFor(title);
    store::Store& store = m_workspace.store();
    m_argument = text(summary.id);
    const std::string id = summary.id;
    if (summary.kind == "comparison") {
        m_target = QStringLiteral("compare");
        m_elsewhere->setText(tr("Open in Compare"));
        m_workspace.jobs().start(
            tr("Reading a comparison"), this,
            [&store, id](std::stop_token, JobReporter&) { return store.comparison(id); },
            [this, id, title](const Result<model::Comparison>& read) {
                if (id != m_id)
                    return;  // Another one was opened meanwhile.
                if (!read)
                    return showError(read.error());
                m_comparison->show(*read);
                showing(m_comparison, title);
            });
        return;
    }
    if (summary.kind == "attribution") {
        m_target.clear();  // It is read here; Compare only makes new ones.
        m_workspace.jobs().start(
            tr("Reading an attribution"), this,
            [&store, id](std::stop_token, JobReporter&) { return store.attribution(id); },
            [this, id, title](const Result<model::Attribution>& read) {
                if (id != m_id)
                    return;
                if (!read)
                    return showError(read.error());
                m_attribution->show(*read);
                showing(m_attribution, title);
            });
        return;
    }
    m_target = QStringLiteral("bench");
    m_elsewhere->setText(tr("Open in Bench"));
    m_workspace.jobs().start(
        tr("Reading a run"), this, [&store, id](std::stop_token, JobReporter&) { return store.run(id); },
        [this, id, title](const Result<model::RunResult>& read) {
            if (id != m_id)
                return;
            if (!read)
                return showError(read.error());
            m_run->show(*read);
            m_changes->show(*read);
            showing(m_run, title);
        });
}

void RunDetails::openPair(const store::RunSummary& one, const store::RunSummary& other) {
    const bool inOrder = one.startedAt <= other.startedAt;
    const store::RunSummary &a = inOrder ? one : other, &b = inOrder ? other : one;
    m_id = a.id + "+" + b.id;
    const QString title = tr("%1 beside %2").arg(runTitle(a), runTitle(b));
    waitFor(title);
    m_target = b.profile.empty() ? QString() : QStringLiteral("compare");
    m_argument = text(b.profile);
    m_elsewhere->setText(tr("Measure in turns"));
    using Pair = Result<std::pair<model::RunResult, model::RunResult>>;
    store::Store& store = m_workspace.store();
    m_workspace.jobs().start(
        tr("Reading two runs"), this,
        [&store, idA = a.id, idB = b.id](std::stop_token, JobReporter&) -> Pair {
            auto first = store.run(idA);
            if (!first)
                return fail(std::move(first.error()));
            auto second = store.run(idB);
            if (!second)
                return fail(std::move(second.error()));
            return std::pair(std::move(*first), std::move(*second));
        },
        [this, id = m_id, title](const Pair& read) {
            if (id != m_id)
                return;
            if (!read)
                return showError(read.error());
            m_pair->show(read->first, read->second);
            showing(m_pair, title);
        });
}

}  // namespace hone::ui::runs

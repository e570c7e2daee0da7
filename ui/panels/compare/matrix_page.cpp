#include "ui/panels/compare/matrix_page.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/panels/compare/matrix_controls.h"
#include "ui/report/export_button.h"
#include "ui/report/matrix_view.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hone::ui::compare {

namespace {

/// What is shown while it is measured: the phase, and why there is nothing to see yet.
QWidget* waiting(QLabel* phase) {
    auto* page = new QWidget;
    phase->setAlignment(Qt::AlignCenter);
    auto* note =
        mutedLabel(MatrixPage::tr("Blocks of all profiles in random order. The intervals hold at the "
                                  "planned end, so they are shown then."),
                   page);
    note->setAlignment(Qt::AlignCenter);
    note->setWordWrap(true);
    auto* column = new QVBoxLayout(page);
    column->addStretch();
    column->addWidget(phase);
    column->addWidget(note);
    column->addStretch();
    return page;
}

}  // namespace

MatrixPage::MatrixPage(Workspace& workspace, QWidget* parent)
    : QWidget(parent),
      m_workspace(workspace),
      m_controls(new MatrixControls(workspace, this)),
      m_stack(new QStackedWidget(this)),
      m_phase(titleLabel({})),
      m_view(new report::MatrixView) {
    m_stack->addWidget(new EmptyState(QStringLiteral("hone-ab"),
                                      tr("Which of these profiles leads, and in what?"), {},
                                      tr("Every round measures all of them once; every pair gets an interval "
                                         "that allows for the others.")));
    m_stack->addWidget(waiting(m_phase));
    m_result = report::scrolled(m_view);
    m_stack->addWidget(m_result);
    m_foot = makeFoot();
    m_foot->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_controls);
    column->addWidget(m_stack, 1);
    column->addWidget(m_foot);
    connect(m_controls, &MatrixControls::runRequested, this, &MatrixPage::run);
    connect(m_controls, &MatrixControls::stopRequested, this, &MatrixPage::stop);
    connect(&m_workspace, &Workspace::engineStarting, this, &MatrixPage::stop);
}

QWidget* MatrixPage::makeFoot() {
    auto* foot = new QWidget(this);
    m_what = mutedLabel({}, foot);
    auto* data = plainButton(tr("Export JSON…"), QStringLiteral("document-export"), foot);
    data->setToolTip(tr("Values, pairs, intervals and profiles as data"));
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(m_what, 1);
    row->addWidget(data);
    connect(data, &QPushButton::clicked, this, &MatrixPage::exportData);
    return foot;
}

void MatrixPage::run() {
    if (m_job != 0)
        return;
    auto plan = m_controls->plan();
    if (!plan)
        return;
    m_foot->hide();
    m_matrix.reset();
    m_phase->setText(tr("Starting"));
    m_stack->setCurrentIndex(1);
    m_controls->setRunning(true);
    store::Store& store = m_workspace.store();
    const QString title = tr("Matrix: %1").arg(text(plan->name));  // Before the plan moves into the job.
    m_job = m_workspace.jobs().start(
        title, this,
        [plan = std::move(*plan), lease = m_workspace.engineLease(), &store, page = QPointer(this)](
            std::stop_token stop, JobReporter& reporter) {
            const auto onProgress = [&page, &reporter](const experiment::MatrixProgress& progress) {
                const double whole = progress.elapsedS + progress.leftS;
                if (whole > 0)
                    reporter.progress(progress.elapsedS / whole,
                                      tr("%1 left").arg(clockTime(progress.leftS)));
                // Asked on the GUI thread whether the page is still there.
                QMetaObject::invokeMethod(
                    qApp, [page, progress] { page ? page->advance(progress) : void(); },
                    Qt::QueuedConnection);
            };
            Outcome outcome{experiment::runMatrix(plan, stop, onProgress), {}};
            if (outcome.matrix)
                for (const auto& comparison : experiment::comparisonsOf(*outcome.matrix))
                    if (outcome.saved)
                        outcome.saved = store.saveComparison(comparison);
            return outcome;
        },
        [this](Outcome outcome) { finish(std::move(outcome)); });
}

void MatrixPage::stop() {
    if (m_job != 0)
        m_workspace.jobs().cancel(m_job);
}

void MatrixPage::advance(const experiment::MatrixProgress& progress) {
    if (m_job == 0)
        return;
    m_phase->setText(sentence(progress.phase));
    const double whole = progress.elapsedS + progress.leftS;
    m_controls->setProgress(whole > 0 ? progress.elapsedS / whole : 0,
                            tr("%1 left").arg(clockTime(progress.leftS)));
}

void MatrixPage::finish(Outcome outcome) {
    m_job = 0;
    m_controls->setRunning(false);
    if (!outcome.matrix) {
        m_stack->setCurrentIndex(0);
        m_controls->showError(outcome.matrix.error());
        return;
    }
    m_matrix = std::make_shared<const model::Matrix>(std::move(*outcome.matrix));
    m_view->show(*m_matrix);
    m_stack->setCurrentWidget(m_result);
    m_what->setText(
        tr("%1 · %2 · each against %3 is kept in Runs")
            .arg(text(m_matrix->name), when(m_matrix->startedAt), text(m_matrix->arms.front().profile.name)));
    m_foot->show();
    if (!outcome.saved)
        m_controls->showError(outcome.saved.error());
    else
        emit said(tr("Comparisons kept in Runs, tagged matrix"));
    m_workspace.notifyRunsChanged();
}

void MatrixPage::exportData() {
    const QString words =
        report::exportByDialog(this, text(m_matrix->name), "json", [this](const std::string&) {
            return m_matrix->toJson().dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
        });
    if (!words.isEmpty())
        emit said(words);
}

void MatrixPage::demonstrate() {
    m_controls->selectWorkload(QStringLiteral("Single city lookups"));
    m_controls->setCare(QStringLiteral("6"), QStringLiteral("150ms"));
    run();
}

}  // namespace hone::ui::compare

#include "ui/panels/compare/compare_panel.h"

#include "core/report/report.h"
#include "ui/format/format.h"
#include "ui/panels/compare/compare_controls.h"
#include "ui/panels/compare/explore_page.h"
#include "ui/panels/compare/live_view.h"
#include "ui/panels/compare/make_panel.h"
#include "ui/panels/compare/matrix_page.h"
#include "ui/report/comparison_view.h"
#include "ui/report/export_button.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui::compare {

Panel* makePanel(Workspace& workspace, QWidget* parent) { return new ComparePanel(workspace, parent); }

ComparePanel::ComparePanel(Workspace& workspace, QWidget* parent)
    : Panel(workspace, parent),
      m_question(new Segmented({tr("Two profiles"), tr("Toggle board"), tr("Several profiles")}, this)),
      m_pages(new QStackedWidget(this)),
      m_matrix(new MatrixPage(workspace)),
      m_explore(new ExplorePage(workspace)) {
    m_question->setAccessibleName(tr("What is asked"));
    m_question->setToolTip(
        tr("Two profiles: which is faster? Toggle board: which toggle earns what?\n"
           "Several profiles: which leads, and in what?"));
    m_pages->addWidget(makePairPage());
    m_pages->addWidget(m_explore);
    m_pages->addWidget(m_matrix);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPadding, 12, space::kPadding, 12);
    column->setSpacing(space::kGap);
    column->addWidget(m_question, 0, Qt::AlignLeft);
    column->addWidget(m_pages, 1);
    connect(m_question, &Segmented::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_explore, &ExplorePage::said, this, &ComparePanel::said);
    connect(m_matrix, &MatrixPage::said, this, &ComparePanel::said);
    connect(m_controls, &CompareControls::runRequested, this, &ComparePanel::run);
    connect(m_controls, &CompareControls::stopRequested, this, &ComparePanel::stop);
    connect(&m_workspace, &Workspace::engineStarting, this, &ComparePanel::stop);
    if (baseline() != QLatin1String("baseline"))
        m_controls->choose(baseline(), {});
}

QWidget* ComparePanel::makePairPage() {
    auto* page = new QWidget;
    m_controls = new CompareControls(m_workspace, page);
    m_stack = new QStackedWidget(page);
    m_live = new LiveView;
    m_view = new report::ComparisonView;
    m_stack->addWidget(new EmptyState(QStringLiteral("hone-ab"),
                                      tr("Which profile is faster, by how much, how surely?"), {},
                                      tr("Short blocks of A and B in random order: drift hits both.")));
    m_stack->addWidget(m_live);
    m_result = report::scrolled(m_view);
    m_stack->addWidget(m_result);
    m_foot = makeFoot();
    m_foot->hide();
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_controls);
    column->addWidget(m_stack, 1);
    column->addWidget(m_foot);
    return page;
}

QWidget* ComparePanel::makeFoot() {
    auto* foot = new QWidget(this);
    m_what = mutedLabel({}, foot);
    auto* survey = plainButton(tr("Survey"), QStringLiteral("hone-star"), foot);
    survey->setProperty("kind", "quiet");
    survey->setToolTip(tr("Ask people which arm felt better"));
    m_keep = plainButton(tr("Keep B"), QStringLiteral("check"), foot);
    m_keep->setToolTip(tr("Make B the profile the engine runs"));
    m_promote = plainButton(tr("Promote B to baseline"), {}, foot);
    m_promote->setToolTip(tr("From now on profiles are measured against B"));
    auto* configuration = plainButton(tr("Export B's configuration…"), {}, foot);
    configuration->setToolTip(
        tr("B's toggles and values as a profile file, for --profile and other workspaces"));
    auto* exports = new report::ExportButton(
        [this] {
            return m_comparison ? text(m_comparison->name.empty() ? "comparison" : m_comparison->name)
                                : QString();
        },
        [this](const std::string& format) {
            return hone::report::render(*m_comparison, *hone::report::formatFrom(format));
        },
        foot);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(m_what, 1);
    row->addWidget(survey);
    row->addWidget(configuration);
    row->addWidget(m_promote);
    row->addWidget(m_keep);
    row->addWidget(exports);
    connect(survey, &QPushButton::clicked, this,
            [this] { emit openPanel(QStringLiteral("feedback"), text(m_comparison->id)); });
    connect(m_keep, &QPushButton::clicked, this, &ComparePanel::keepB);
    connect(m_promote, &QPushButton::clicked, this, &ComparePanel::promoteB);
    connect(configuration, &QPushButton::clicked, this, &ComparePanel::exportB);
    connect(exports, &report::ExportButton::said, this, &ComparePanel::said);
    return foot;
}

void ComparePanel::showQuestion(int question) {
    m_question->setCurrent(question);
    m_pages->setCurrentIndex(question);
}

void ComparePanel::activated() {
    if (m_job == 0)
        m_controls->setFocus();
}

void ComparePanel::run() {
    if (m_job != 0)
        return;
    auto plan = m_controls->plan();
    if (!plan)
        return;
    m_foot->hide();
    m_comparison.reset();
    m_live->begin(*plan);
    m_stack->setCurrentWidget(m_live);
    m_controls->setRunning(true);
    store::Store& store = m_workspace.store();
    const QString title = tr("Compare: %1").arg(text(plan->name));  // Before the plan moves into the job.
    m_job = m_workspace.jobs().start(
        title, this,
        [plan = std::move(*plan), lease = m_workspace.engineLease(), &store, panel = QPointer(this)](
            std::stop_token stop, JobReporter& reporter) {
            const auto onProgress = [&panel, &reporter](const experiment::CompareProgress& progress) {
                const double whole = progress.elapsedS + progress.leftS;
                if (whole > 0)
                    reporter.progress(progress.elapsedS / whole,
                                      tr("%1 left").arg(clockTime(progress.leftS)));
                // Asked on the GUI thread whether the panel is still there.
                QMetaObject::invokeMethod(
                    qApp, [panel, progress] { panel ? panel->advance(progress) : void(); },
                    Qt::QueuedConnection);
            };
            Outcome outcome{experiment::runComparison(plan, stop, onProgress), {}};
            if (outcome.comparison)
                outcome.saved = store.saveComparison(*outcome.comparison);
            return outcome;
        },
        [this](Outcome outcome) { finish(std::move(outcome)); });
}

void ComparePanel::stop() {
    if (m_job != 0)
        m_workspace.jobs().cancel(m_job);
}

void ComparePanel::advance(const experiment::CompareProgress& progress) {
    if (m_job == 0)
        return;
    m_live->advance(progress);
    const double whole = progress.elapsedS + progress.leftS;
    m_controls->setProgress(whole > 0 ? progress.elapsedS / whole : 0,
                            tr("%1 left").arg(clockTime(progress.leftS)));
}

void ComparePanel::finish(Outcome outcome) {
    m_job = 0;
    m_controls->setRunning(false);
    if (!outcome.comparison) {
        m_stack->setCurrentIndex(0);
        m_controls->showError(outcome.comparison.error());
        return;
    }
    showComparison(std::make_shared<const model::Comparison>(std::move(*outcome.comparison)));
    if (!outcome.saved)
        m_controls->showError(outcome.saved.error());
    else
        emit said(tr("Comparison kept in Runs"));
    m_workspace.notifyRunsChanged();
}

void ComparePanel::showComparison(std::shared_ptr<const model::Comparison> comparison) {
    m_comparison = std::move(comparison);
    m_view->show(*m_comparison);
    m_stack->setCurrentWidget(m_result);
    m_what->setText(tr("%1 · %2 · %3")
                        .arg(text(m_comparison->name), text(m_comparison->a.workload.name),
                             when(m_comparison->startedAt)));
    m_keep->setText(tr("Keep B: %1").arg(text(m_comparison->b.profile.name)));
    // Only a profile that is saved can be chosen as A later.
    const auto saved =
        std::ranges::find(m_workspace.profiles(), m_comparison->b.profile.name, &model::Profile::name);
    m_promote->setEnabled(saved != m_workspace.profiles().end());
    m_foot->show();
}

}  // namespace hone::ui::compare

#include "ui/panels/compare/explore_page.h"

#include "core/report/report.h"
#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/panels/compare/explore_controls.h"
#include "ui/report/attribution_view.h"
#include "ui/report/export_button.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hone::ui::compare {

ExplorePage::ExplorePage(Workspace& workspace, QWidget* parent)
    : QWidget(parent),
      m_workspace(workspace),
      m_controls(new ExploreControls(workspace, this)),
      m_stack(new QStackedWidget(this)),
      m_view(new report::AttributionView) {
    m_stack->addWidget(new EmptyState(QStringLiteral("hone-ab"),
                                      tr("Which toggle earns what, and which only cost?"), {},
                                      tr("Every combination is measured in random order; effects, "
                                         "interactions and shares come with intervals.")));
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
    connect(m_controls, &ExploreControls::runRequested, this, &ExplorePage::run);
    connect(m_controls, &ExploreControls::stopRequested, this, &ExplorePage::stop);
    connect(&m_workspace, &Workspace::engineStarting, this, &ExplorePage::stop);
}

QWidget* ExplorePage::makeFoot() {
    auto* foot = new QWidget(this);
    m_what = mutedLabel({}, foot);
    m_use = plainButton(tr("Use the recommended profile"), QStringLiteral("check"), foot);
    m_use->setToolTip(tr("The engine runs it from now on; Save in Engine keeps it"));
    auto* exports = new report::ExportButton(
        [this] { return m_attribution ? text(m_attribution->name) : QString(); },
        [this](const std::string& format) {
            return hone::report::render(*m_attribution, *hone::report::formatFrom(format));
        },
        foot);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(m_what, 1);
    row->addWidget(m_use);
    row->addWidget(exports);
    connect(m_use, &QPushButton::clicked, this, &ExplorePage::useRecommended);
    connect(exports, &report::ExportButton::said, this, &ExplorePage::said);
    return foot;
}

void ExplorePage::run() {
    if (m_job != 0)
        return;
    auto plan = m_controls->plan();
    if (!plan)
        return;
    m_foot->hide();
    m_attribution.reset();
    m_metric = plan->metric;
    m_delta = plan->delta;
    m_view->clear();
    m_stack->setCurrentWidget(m_result);
    m_controls->setRunning(true);
    const QString title = tr("Explore: %1").arg(text(plan->name));  // Before the plan moves into the job.
    m_job = m_workspace.jobs().start(
        title, this,
        [plan = std::move(*plan), lease = m_workspace.engineLease(), page = QPointer(this)](
            std::stop_token stop, JobReporter& reporter) {
            return experiment::runAttribution(
                plan, stop, [&](const experiment::AttributionProgress& progress) {
                    const double whole = progress.elapsedS + progress.leftS;
                    if (whole > 0)
                        reporter.progress(progress.elapsedS / whole,
                                          tr("%1 left").arg(clockTime(progress.leftS)));
                    // Asked on the GUI thread whether the page is still there.
                    QMetaObject::invokeMethod(
                        qApp, [page, progress] { page ? page->advance(progress) : void(); },
                        Qt::QueuedConnection);
                });
        },
        [this](Result<model::Attribution> attribution) { finish(std::move(attribution)); });
}

void ExplorePage::stop() {
    if (m_job != 0)
        m_workspace.jobs().cancel(m_job);
}

void ExplorePage::advance(const experiment::AttributionProgress& progress) {
    if (m_job == 0)
        return;
    // Designed intervals hold at the planned end; looking earlier, they are only on their way there.
    const QString provisional =
        progress.metrics.empty()
            ? tr("Effects appear after the first whole repeat.")
            : tr("Provisional: these intervals hold at the planned end, not while looking.");
    m_view->advance(tr("%1. %2").arg(sentence(progress.phase), provisional), progress.metrics, m_metric,
                    m_delta);
    const double whole = progress.elapsedS + progress.leftS;
    m_controls->setProgress(whole > 0 ? progress.elapsedS / whole : 0,
                            tr("%1 left").arg(clockTime(progress.leftS)));
}

void ExplorePage::finish(Result<model::Attribution> attribution) {
    m_job = 0;
    m_controls->setRunning(false);
    if (!attribution) {
        m_stack->setCurrentIndex(0);
        m_controls->showError(attribution.error());
        return;
    }
    m_attribution = std::make_shared<const model::Attribution>(std::move(*attribution));
    m_view->show(*m_attribution);
    if (auto kept = m_workspace.store().saveAttribution(*m_attribution); !kept)
        m_controls->showError(kept.error());
    else
        m_workspace.notifyRunsChanged();
    m_what->setText(tr("%1 · %2").arg(text(m_attribution->workload.name), when(m_attribution->startedAt)));
    m_use->setEnabled(!m_attribution->recommendedToggles().empty());
    m_foot->show();
}

void ExplorePage::useRecommended() {
    if (auto changed = m_workspace.change(m_attribution->recommended); !changed)
        m_controls->showError(changed.error());
    else
        emit said(tr("The engine now runs the recommended profile"));
}

void ExplorePage::demonstrate() {
    m_controls->selectWorkload(QStringLiteral("Single city lookups"));
    m_controls->setCare(QStringLiteral("200ms"), QStringLiteral("2"));
    run();
}

}  // namespace hone::ui::compare

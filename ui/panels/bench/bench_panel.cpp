#include "ui/panels/bench/bench_panel.h"

#include "core/report/report.h"
#include "ui/format/format.h"
#include "ui/panels/bench/bench_controls.h"
#include "ui/panels/bench/make_panel.h"
#include "ui/report/changes_line.h"
#include "ui/report/export_button.h"
#include "ui/report/run_view.h"
#include "ui/widgets/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hone::ui::bench {

Panel* makePanel(Workspace& workspace, QWidget* parent) { return new BenchPanel(workspace, parent); }

BenchPanel::BenchPanel(Workspace& workspace, QWidget* parent)
    : Panel(workspace, parent),
      m_controls(new BenchControls(workspace, this)),
      m_stack(new QStackedWidget(this)),
      m_view(new report::RunView),
      m_changes(new report::ChangesLine(workspace, this)) {
    auto* empty =
        new EmptyState(QStringLiteral("speedometer"), tr("Fire a workload and watch how the API answers."),
                       {}, tr("Choose a workload above and press Run (F5). Every run is kept."));
    m_stack->addWidget(empty);
    m_stack->addWidget(m_view);
    m_foot = makeFoot();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPadding, 12, space::kPadding, 12);
    column->setSpacing(space::kGap);
    column->addWidget(m_controls);
    column->addWidget(m_stack, 1);
    column->addWidget(m_changes);
    column->addWidget(m_foot);
    m_foot->hide();

    connect(m_view, &report::RunView::annotated, this, &BenchPanel::keepAnnotations);
    connect(m_controls, &BenchControls::runRequested, this, &BenchPanel::run);
    connect(m_controls, &BenchControls::stopRequested, this, &BenchPanel::stop);
    // The engine that is being asked goes away: the run ends with what it has.
    connect(&m_workspace, &Workspace::engineStarting, this, &BenchPanel::stop);
}

QWidget* BenchPanel::makeFoot() {
    auto* foot = new QWidget(this);
    m_what = mutedLabel({}, foot);
    auto* feel = plainButton(tr("How did it feel?"), QStringLiteral("hone-star"), foot);
    feel->setProperty("kind", "quiet");
    feel->setToolTip(tr("Rate this run, so that what people felt stands beside the latency they had"));
    m_overlay = plainButton(tr("Overlay"), {}, foot);
    m_overlay->setCheckable(true);
    m_overlay->setProperty("kind", "quiet");
    m_overlay->setToolTip(tr("Keep this run faintly behind the next ones"));
    connect(m_overlay, &QPushButton::toggled, this, &BenchPanel::overlay);
    auto* compare = plainButton(tr("Compare with…"), QStringLiteral("hone-ab"), foot);
    compare->setToolTip(tr("Measure this profile against another one, block by block"));
    auto* exports = new report::ExportButton(
        [this] { return m_run ? text(m_run->name.empty() ? "run" : m_run->name) : QString(); },
        [this](const std::string& format) {
            return hone::report::render(*m_run, *hone::report::formatFrom(format));
        },
        foot);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(m_what, 1);
    row->addWidget(feel);
    row->addWidget(m_overlay);
    row->addWidget(compare);
    row->addWidget(exports);
    connect(feel, &QPushButton::clicked, this,
            [this] { emit openPanel(QStringLiteral("feedback"), text(m_run->id)); });
    connect(compare, &QPushButton::clicked, this,
            [this] { emit openPanel(QStringLiteral("compare"), text(m_run->profile.name)); });
    connect(exports, &report::ExportButton::said, this, &BenchPanel::said);
    return foot;
}

void BenchPanel::activated() {
    if (m_job == 0)
        m_controls->setFocus();
}

void BenchPanel::run() {
    if (m_job != 0)
        return;
    auto plan = m_controls->plan();
    if (!plan)
        return;
    m_foot->hide();
    m_changes->clear();
    m_run.reset();
    m_view->begin(plan->workload);
    m_stack->setCurrentWidget(m_view);
    m_controls->setRunning(true);
    store::Store& store = m_workspace.store();
    const QString title =
        tr("Bench: %1").arg(text(plan->workload.name));  // Before the plan moves into the job.
    m_job = m_workspace.jobs().start(
        title, this,
        [plan = std::move(*plan), lease = m_workspace.engineLease(), &store, panel = QPointer(this)](
            std::stop_token stop, JobReporter& reporter) {
            const auto onProgress = [&panel, &reporter](const load::LoadProgress& progress) {
                if (progress.totalS > 0)
                    reporter.progress(
                        progress.elapsedS / progress.totalS,
                        tr("%1 left").arg(clockTime(std::max(0.0, progress.totalS - progress.elapsedS))));
                // Asked on the GUI thread whether the panel is still there.
                QMetaObject::invokeMethod(
                    qApp, [panel, progress] { panel ? panel->advance(progress) : void(); },
                    Qt::QueuedConnection);
            };
            Outcome outcome{experiment::runBench(plan, stop, onProgress), {}};
            if (outcome.run)
                outcome.saved = store.saveRun(*outcome.run);
            return outcome;
        },
        [this](Outcome outcome) { finish(std::move(outcome)); });
}

void BenchPanel::stop() {
    if (m_job != 0)
        m_workspace.jobs().cancel(m_job);
}

void BenchPanel::advance(const load::LoadProgress& progress) {
    if (m_job == 0)
        return;
    m_view->advance(progress);
    const double left = std::max(0.0, progress.totalS - progress.elapsedS);
    m_controls->setProgress(progress.totalS > 0 ? progress.elapsedS / progress.totalS : 0,
                            progress.warmup ? tr("warm-up") : tr("%1 left").arg(clockTime(left)));
}

void BenchPanel::finish(Outcome outcome) {
    m_job = 0;
    m_controls->setRunning(false);
    const std::vector<model::Annotation> written = m_view->annotations();  // While it ran.
    if (!outcome.run) {
        m_stack->setCurrentIndex(0);
        m_controls->showError(outcome.run.error());
        return;
    }
    showRun(std::make_shared<const model::RunResult>(std::move(*outcome.run)));
    if (!outcome.saved)
        m_controls->showError(outcome.saved.error());
    else
        emit said(m_run->partial ? tr("Stopped; what was measured is kept in Runs") : tr("Run kept in Runs"));
    m_workspace.notifyRunsChanged();
    if (!written.empty()) {
        m_view->setAnnotations(written);
        keepAnnotations();
    }
}

void BenchPanel::keepAnnotations() {
    if (!m_run || m_job != 0)
        return;  // Kept when the run has ended.
    auto changed = std::make_shared<model::RunResult>(*m_run);
    changed->annotations = m_view->annotations();
    m_run = changed;
    store::Store& store = m_workspace.store();
    m_workspace.jobs().start(
        tr("Keeping the annotation"), this,
        [&store, changed](std::stop_token, JobReporter&) -> Result<> {
            auto stored = store.run(changed->id);  // Somebody may have renamed it meanwhile.
            if (!stored)
                return fail(std::move(stored.error()));
            stored->annotations = changed->annotations;
            return store.saveRun(*stored);
        },
        [this](Result<> saved) {
            if (!saved)
                m_controls->showError(saved.error());
        });
}

void BenchPanel::overlay(bool on) { m_view->setEarlier(on ? m_run.get() : nullptr); }

void BenchPanel::showRun(std::shared_ptr<const model::RunResult> run) {
    m_run = std::move(run);
    m_view->show(*m_run);
    m_changes->show(*m_run);
    m_stack->setCurrentWidget(m_view);
    const QString who = m_run->profile.name.empty() ? text(m_run->target) : text(m_run->profile.name);
    m_what->setText(tr("%1 · %2 · %3").arg(text(m_run->workload.name), who, when(m_run->startedAt)));
    m_foot->show();
}

void BenchPanel::open(const QString& argument) {
    if (argument.isEmpty() || m_job != 0)
        return;
    if (argument.startsWith(QLatin1String("http://")) || argument.startsWith(QLatin1String("https://")))
        return m_controls->setUrl(argument);
    if (m_controls->selectWorkload(argument))
        return;
    store::Store& store = m_workspace.store();
    m_workspace.jobs().start(
        tr("Opening run"), this,
        [&store, id = utf8(argument)](std::stop_token, JobReporter&) { return store.run(id); },
        [this](Result<model::RunResult> run) {
            if (!run)
                m_controls->showError(run.error());
            else
                showRun(std::make_shared<const model::RunResult>(std::move(*run)));
        });
}

bool BenchPanel::demonstrate(const QString& state) {
    if (m_job != 0 && state != QLatin1String("full"))
        stop();
    if (state == QLatin1String("empty")) {
        m_controls->setUrl({});
        m_run.reset();
        m_foot->hide();
        m_changes->clear();
        m_stack->setCurrentIndex(0);
        return true;
    }
    if (state == QLatin1String("full")) {
        m_controls->setUrl({});
        m_controls->selectWorkload(QStringLiteral("Single city lookups"));
        m_controls->setDuration(QStringLiteral("6s"), QStringLiteral("1s"));
        run();
        return true;
    }
    if (state == QLatin1String("error")) {
        m_controls->setUrl(QStringLiteral("http://127.0.0.1:9"));  // Discard: nobody listens there.
        m_controls->setDuration(QStringLiteral("2s"), QStringLiteral("0s"));
        run();
        return true;
    }
    return false;
}

}  // namespace hone::ui::bench

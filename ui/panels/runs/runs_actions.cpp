// What can be done with selected runs, and what `./dev shots` asks of the Runs panel.

#include "ui/panels/runs/runs_panel.h"

#include "core/experiment/experiment.h"
#include "core/report/report.h"
#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/models/run_list_model.h"
#include "ui/panels/runs/annotate_dialog.h"
#include "ui/panels/runs/run_details.h"
#include "ui/report/export_button.h"
#include "ui/widgets/widgets.h"

#include <QLineEdit>
#include <QMenu>
#include <QSplitter>
#include <QTableView>

#include <algorithm>

namespace hone::ui::runs {

void RunsPanel::openSelected() {
    const auto runs = selected();
    if (runs.size() == 2 && m_compare->isEnabled())
        return compareSelected();
    if (runs.size() != 1)
        return;
    showDetails();
    m_details->open(runs.front());
    showTrend();
}

void RunsPanel::compareSelected() {
    const auto runs = selected();
    if (!m_compare->isEnabled() || runs.size() != 2)
        return;
    showDetails();
    m_details->openPair(runs[0], runs[1]);
    showTrend();
}

void RunsPanel::showDetails() {
    if (m_details->isHidden()) {
        m_details->show();
        m_split->setSizes({m_split->height() / 3, m_split->height() * 2 / 3});
    }
}

void RunsPanel::closeDetails() {
    m_details->hide();
    showTrend();
}

void RunsPanel::annotateSelected() {
    const auto runs = selected();
    if (runs.size() != 1)
        return;
    AnnotateDialog dialog(runs.front(), this);
    if (dialog.exec() != QDialog::Accepted)
        return;
    if (auto done =
            m_workspace.store().annotate(runs.front().id, dialog.name(), dialog.note(), dialog.tags());
        !done)
        m_message->show(InlineMessage::Kind::Error, sentence(done.error().what), text(done.error().hint));
    else
        m_workspace.notifyRunsChanged();
}

void RunsPanel::removeSelected() {
    std::vector<std::string> ids;
    for (const store::RunSummary& run : selected()) {
        if (auto done = m_workspace.store().remove(run.id); !done) {
            m_message->show(InlineMessage::Kind::Error, sentence(done.error().what), text(done.error().hint));
            break;
        }
        ids.push_back(run.id);
    }
    if (ids.empty())
        return;
    const int removed = static_cast<int>(ids.size());
    if (std::ranges::find(ids, m_details->openId()) != ids.end())
        closeDetails();
    m_removed.push_back(std::move(ids));
    m_workspace.notifyRunsChanged();
    emit said(tr("%n deleted; Ctrl+Z brings it back", nullptr, removed));
}

void RunsPanel::undoRemove() {
    if (m_removed.empty())
        return;
    const std::vector<std::string> ids = std::move(m_removed.back());
    m_removed.pop_back();
    for (const std::string& id : ids)
        if (auto done = m_workspace.store().restore(id); !done) {
            m_message->show(InlineMessage::Kind::Error, sentence(done.error().what), text(done.error().hint));
            return;
        }
    m_workspace.notifyRunsChanged();
    select(ids);
    emit said(tr("%n back again", nullptr, static_cast<int>(ids.size())));
}

void RunsPanel::exportSelected(const std::string& format) {
    const auto runs = selected();
    if (runs.size() != 1)
        return;
    const store::RunSummary& summary = runs.front();
    store::Store& store = m_workspace.store();
    m_workspace.jobs().start(
        tr("Writing a report"), this,
        [&store, format, id = summary.id, kind = summary.kind](std::stop_token,
                                                               JobReporter&) -> Result<std::string> {
            const auto known = hone::report::formatFrom(format);
            if (!known)
                return fail(Error(known.error()));
            if (kind == "attribution") {
                const auto read = store.attribution(id);
                if (read && *known == hone::report::Format::Hgrm)
                    return fail(Error::InvalidArgument, "an attribution has no histogram to write")
                        .hint("Choose another format.");
                return read ? Result<std::string>(hone::report::render(*read, *known))
                            : fail(Error(read.error()));
            }
            if (kind == "comparison") {
                const auto read = store.comparison(id);
                return read ? Result<std::string>(hone::report::render(*read, *known))
                            : fail(Error(read.error()));
            }
            const auto read = store.run(id);
            return read ? Result<std::string>(hone::report::render(*read, *known))
                        : fail(Error(read.error()));
        },
        [this, format, name = runTitle(summary)](const Result<std::string>& document) {
            if (!document) {
                m_message->show(InlineMessage::Kind::Error, sentence(document.error().what),
                                text(document.error().hint));
                return;
            }
            const QString words =
                report::exportByDialog(this, name, format, [&](const std::string&) { return *document; });
            if (!words.isEmpty())
                emit said(words);
        });
}

void RunsPanel::contextMenu(const QPoint& position) {
    QMenu menu(this);
    const auto add = [&](QPushButton* button, const QKeySequence& keys) {
        QAction* action = menu.addAction(button->icon(), button->text(), button, &QPushButton::click);
        action->setShortcut(keys);
        action->setEnabled(button->isEnabled());
    };
    add(m_open, Qt::Key_Return);
    add(m_compare, Qt::Key_C);
    add(m_annotate, Qt::Key_F2);
    QMenu* exports = menu.addMenu(m_export->icon(), tr("Export"));
    exports->addActions(m_export->menu()->actions());
    exports->setEnabled(m_export->isEnabled());
    menu.addSeparator();
    add(m_remove, QKeySequence::Delete);
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

void RunsPanel::open(const QString& id) {
    if (id.isEmpty())
        return;
    reload();
    const auto summary = m_workspace.store().find(utf8(id));
    if (!summary) {
        m_message->show(InlineMessage::Kind::Error, sentence(summary.error().what),
                        text(summary.error().hint));
        return;
    }
    m_search->clear();
    select({summary->id});
    openSelected();
}

void RunsPanel::makeRuns() {
    if (!m_workspace.engine() || m_workspace.workloads().empty())
        return;
    std::vector<experiment::BenchPlan> plans;
    for (const char* name : {"baseline", "baseline", "tuned"}) {
        const auto profile =
            std::ranges::find(m_workspace.profiles(), std::string(name), &model::Profile::name);
        if (profile == m_workspace.profiles().end())
            continue;
        experiment::BenchPlan plan;
        const auto& known = m_workspace.workloads();
        const auto quick =
            std::ranges::find(known, std::string("Single city lookups"), &model::Workload::name);
        plan.workload = quick != known.end() ? *quick : known.front();
        plan.workload.duration = std::chrono::milliseconds(1500);
        plan.workload.warmup = std::chrono::milliseconds(300);
        plan.profile = *profile;
        plan.engine = m_workspace.engine();
        plans.push_back(std::move(plan));
    }
    store::Store& store = m_workspace.store();
    m_workspace.jobs().start(
        tr("Three short runs"), this,
        [plans = std::move(plans), lease = m_workspace.engineLease(), &store](
            std::stop_token stop, JobReporter& reporter) -> Result<> {
            for (std::size_t i = 0; i < plans.size(); ++i) {
                reporter.progress(static_cast<double>(i) / static_cast<double>(plans.size()));
                auto run = experiment::runBench(plans[i], stop);
                if (!run)
                    return fail(std::move(run.error()));
                if (auto saved = store.saveRun(*run); !saved)
                    return saved;
            }
            return {};
        },
        [this](const Result<>& done) {
            if (!done)
                m_message->show(InlineMessage::Kind::Error, sentence(done.error().what),
                                text(done.error().hint));
            m_workspace.notifyRunsChanged();
            if (m_model->rowCount() > 0) {
                m_table->selectRow(0);
                openSelected();
            }
        });
}

bool RunsPanel::demonstrate(const QString& state) {
    if (state == QLatin1String("empty")) {
        m_search->clear();
        closeDetails();
        return true;
    }
    if (state == QLatin1String("full")) {
        m_search->clear();
        makeRuns();
        return true;
    }
    if (state == QLatin1String("error")) {
        closeDetails();
        open(QStringLiteral("01NEVERMEASURED"));
        return true;
    }
    return false;
}

}  // namespace hone::ui::runs

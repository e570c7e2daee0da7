#include "ui/report/changes_line.h"

#include "ui/format/format.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>

#include <algorithm>

namespace hone::ui::report {

namespace {

/// Every change on its own line: the tooltip.
QString all(const std::vector<model::RunChange>& changes) {
    QStringList lines;
    for (const model::RunChange& change : changes)
        lines
            << QStringLiteral("%1: %2 → %3").arg(text(change.what), text(change.before), text(change.after));
    return lines.join(QLatin1Char('\n'));
}

}  // namespace

std::optional<store::RunSummary> runBefore(const std::vector<store::RunSummary>& runs,
                                           const model::RunResult& run) {
    std::optional<store::RunSummary> before;
    for (const store::RunSummary& other : runs)
        if (other.kind == "run" && other.id != run.id && other.workload == run.workload.name &&
            other.source == run.source && other.startedAt < run.startedAt &&
            (!before || other.startedAt > before->startedAt))
            before = other;
    return before;
}

ChangesLine::ChangesLine(Workspace& workspace, QWidget* parent)
    : QFrame(parent), m_workspace(workspace), m_words(new QLabel(this)), m_details(mutedLabel({}, this)) {
    for (QLabel* label : {m_words, m_details}) {
        label->setTextFormat(Qt::PlainText);  // Names of toggles and data come from files.
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_details->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(m_words);
    row->addWidget(m_details, 1);
    hide();
}

void ChangesLine::clear() {
    m_id.clear();
    hide();
}

void ChangesLine::show(const model::RunResult& run) {
    m_id = run.id;
    hide();
    // Only what is compared: histograms and series stay where they are.
    model::RunResult now;
    now.id = run.id;
    now.startedAt = run.startedAt;
    now.source = run.source;
    now.target = run.target;
    now.dataset = run.dataset;
    now.workload = run.workload;
    now.profile = run.profile;
    now.environment = run.environment;
    store::Store& store = m_workspace.store();
    const auto p95Us = static_cast<double>(run.latency.quantile(0.95));
    m_workspace.jobs().start(
        tr("What changed"), this,
        [&store, now = std::move(now)](std::stop_token, JobReporter&) -> Found {
            const auto runs = store.list();
            Found found;
            if (runs)
                found.earlier = runBefore(*runs, now);
            if (!found.earlier)
                return found;
            if (const auto earlier = store.run(found.earlier->id))
                found.changes = model::changesBetween(*earlier, now);
            else
                found.earlier.reset();
            return found;
        },
        [this, id = run.id, p95Us](const Found& found) {
            if (id == m_id)
                tell(found, p95Us);
        });
}

void ChangesLine::tell(const Found& found, double p95Us) {
    if (!found.earlier)
        return;
    const double before = found.earlier->p95Us;
    const QString figure =
        before > 0 && p95Us > 0 ? tr(", p95 %1 → %2").arg(micros(before), micros(p95Us)) : QString();
    m_words->setText(tr("Since the run before (%1%2):").arg(when(found.earlier->startedAt), figure));
    // The machine has its own place: a reader must not miss it behind a long list of settings.
    std::vector<model::RunChange> asked, machine;
    for (const model::RunChange& change : found.changes)
        (change.kind == model::RunChange::Kind::Machine ? machine : asked).push_back(change);
    const bool isMachine = !machine.empty();
    QStringList parts;
    if (isMachine)
        parts << tr("⚠ machine: %1").arg(text(model::describe(machine, 1)));
    if (!asked.empty())
        parts << text(model::describe(asked));
    m_details->setText(parts.isEmpty() ? tr("nothing changed; what differs is chance or drift")
                                       : parts.join(QStringLiteral(" · ")));
    setLook(m_details, isMachine ? "warn" : "muted");
    m_details->setToolTip(all(found.changes));
    m_words->setToolTip(tr("Measured one after the other: there is no interval."));
    setVisible(true);
}

}  // namespace hone::ui::report

#include "ui/panels/compare/matrix_controls.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/forms/workload_chooser.h"
#include "ui/widgets/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace hone::ui::compare {

MatrixControls::MatrixControls(Workspace& workspace, QWidget* parent)
    : RunControls(parent),
      m_workspace(workspace),
      m_board(new QWidget(this)),
      m_row(new QHBoxLayout(m_board)),
      m_estimate(mutedLabel({}, this)) {
    makeFields();
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(space::kSection);
    auto* line = new QHBoxLayout;
    line->addWidget(m_board, 1);
    line->addWidget(m_estimate);
    column()->addLayout(line);
    finishColumn(tr("Progress of the matrix"), {m_board, m_workload, m_metric, m_rounds, m_block});
    connect(&m_workspace, &Workspace::profilesChanged, this, &MatrixControls::refill);
    refill();
}

void MatrixControls::makeFields() {
    m_workload = new WorkloadChooser(m_workspace, this);
    m_metric = new QComboBox(this);
    m_metric->setAccessibleName(tr("Metric"));
    m_metric->setToolTip(tr("What the sentence is about; the others are shown too"));
    for (const char* metric : {"p50", "p95", "p99", "rps"})
        m_metric->addItem(metric == std::string_view("rps") ? tr("Throughput") : QString::fromLatin1(metric),
                          QString::fromLatin1(metric));
    m_metric->setCurrentIndex(1);
    m_rounds = valueField(tr("Rounds"), tr("In each, every profile is measured once; at least 6"), this);
    m_rounds->setText(QStringLiteral("10"));
    m_block =
        valueField(tr("Block"), tr("How long each profile is measured each time, for example 1s"), this);
    m_block->setText(QStringLiteral("1s"));
    for (QLineEdit* field : {m_rounds, m_block})
        connect(field, &QLineEdit::textChanged, this, &MatrixControls::showEstimate);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    addField(*row, tr("Workload"), m_workload, 3);
    addField(*row, tr("Metric"), m_metric, 1);
    addField(*row, tr("Rounds"), m_rounds);
    addField(*row, tr("Block"), m_block);
    row->addStretch(1);
    makeRun(*row, tr("Measure"), tr("Measure all of them, block by block (F5)"),
            tr("Stop and keep the rounds measured in whole (Esc)"));
    column()->addLayout(row);
}

void MatrixControls::refill() {
    std::set<QString> before;
    for (const QCheckBox* box : m_profiles)
        if (box->isChecked())
            before.insert(box->property("profile").toString());
    while (QLayoutItem* item = m_row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const bool isFirst = m_profiles.empty();
    m_profiles.clear();
    for (const model::Profile& profile : m_workspace.profiles()) {
        auto* box = new QCheckBox(text(profile.name), m_board);
        box->setProperty("profile", text(profile.name));
        box->setToolTip(text(profile.note));
        box->setChecked(isFirst ? m_profiles.size() < 4 : before.contains(text(profile.name)));
        connect(box, &QCheckBox::toggled, this, &MatrixControls::showEstimate);
        m_row->addWidget(box);
        m_profiles.push_back(box);
    }
    m_row->addStretch();
    showEstimate();
}

void MatrixControls::showEstimate() {
    const auto plan = read();
    m_refused = nullptr;
    m_estimate->setText(plan ? tr("about %1").arg(clockTime(experiment::estimatedSeconds(*plan)))
                             : QString());
}

Result<experiment::MatrixPlan> MatrixControls::read() {
    experiment::MatrixPlan plan;
    m_refused = m_workload;
    const model::Workload* workload = m_workload->current();
    if (!workload)
        return fail(Error::InvalidArgument, "there is no workload")
            .hint("Make one with the plus beside the chooser.");
    plan.workload = *workload;
    m_refused = nullptr;
    for (const QCheckBox* box : m_profiles) {
        const auto known = std::ranges::find(
            m_workspace.profiles(), utf8(box->property("profile").toString()), &model::Profile::name);
        if (box->isChecked() && known != m_workspace.profiles().end())
            plan.profiles.push_back(*known);
    }
    if (plan.profiles.size() < 2)
        return fail(Error::InvalidArgument, "{} profiles are chosen", plan.profiles.size())
            .hint("Tick at least two.");
    plan.engine = m_workspace.engine();
    if (!plan.engine)
        return fail(Error::Unavailable, "the engine is not running")
            .hint("The profiles are measured on it; wait until it has started.");
    m_refused = m_rounds;
    auto rounds = readCount(*m_rounds, 6, 200);
    if (!rounds)
        return fail(std::move(rounds.error()));
    plan.rounds = *rounds;
    m_refused = m_block;
    auto block = readDuration(*m_block, std::chrono::milliseconds(100));
    if (!block)
        return fail(std::move(block.error()));
    plan.block = *block;
    m_refused = nullptr;
    plan.metric = utf8(m_metric->currentData().toString());
    plan.name = plan.workload.name;
    return plan;
}

std::optional<experiment::MatrixPlan> MatrixControls::plan() {
    return checked([this] { return read(); });
}

bool MatrixControls::selectWorkload(const QString& name) { return m_workload->select(name); }

void MatrixControls::setCare(const QString& rounds, const QString& block) {
    m_rounds->setText(rounds);
    m_block->setText(block);
}

}  // namespace hone::ui::compare

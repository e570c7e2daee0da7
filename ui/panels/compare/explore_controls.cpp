#include "ui/panels/compare/explore_controls.h"

#include "core/base/units.h"
#include "core/toggles/catalogue.h"
#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/forms/workload_chooser.h"
#include "ui/widgets/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace hone::ui::compare {

namespace {

/// Chosen to begin with: what helps most APIs, few enough to try every combination.
constexpr std::string_view kUsual[] = {"cache", "encoding", "shaping", "transport"};
constexpr int kBoardColumns = 6;

}  // namespace

ExploreControls::ExploreControls(Workspace& workspace, QWidget* parent)
    : RunControls(parent), m_workspace(workspace) {
    makeFields();
    makeBoard();
    finishColumn(tr("Progress of the attribution"),
                 {m_base, m_workload, m_metric, m_design, m_block, m_replicates});
    for (auto signal : {&Workspace::profilesChanged, &Workspace::currentChanged})
        connect(&m_workspace, signal, this, &ExploreControls::refill);
    refill();
    showEstimate();
}

void ExploreControls::makeBoard() {
    auto* board = new QWidget(this);
    auto* grid = new QGridLayout(board);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(space::kSection);
    grid->setVerticalSpacing(space::kGrid);
    for (const auto* def : toggles::catalogue()) {
        auto* box = new QCheckBox(text(def->title), board);
        box->setToolTip(text(def->summary));
        box->setProperty("toggle", text(def->id));
        box->setChecked(std::ranges::find(kUsual, def->id) != std::end(kUsual));
        const int at = static_cast<int>(m_toggles.size());
        grid->addWidget(box, at / kBoardColumns, at % kBoardColumns);
        connect(box, &QCheckBox::toggled, this, &ExploreControls::showEstimate);
        m_toggles.push_back(box);
    }
    grid->setColumnStretch(kBoardColumns, 1);
    m_estimate = mutedLabel({}, board);
    grid->addWidget(m_estimate, 0, kBoardColumns, Qt::AlignRight);
    column()->addWidget(board);
}

void ExploreControls::makeFields() {
    m_base = new QComboBox(this);
    m_base->setAccessibleName(tr("Settings from"));
    m_base->setToolTip(
        tr("Toggles are studied with the settings of this profile; its others stay as they are"));
    m_workload = new WorkloadChooser(m_workspace, this);
    m_metric = new QComboBox(this);
    m_metric->setAccessibleName(tr("Metric"));
    m_metric->setToolTip(tr("What the recommendation is about; the others are shown too"));
    for (const char* metric : {"p50", "p95", "p99", "rps"})
        m_metric->addItem(metric == std::string_view("rps") ? tr("Throughput") : QString::fromLatin1(metric),
                          QString::fromLatin1(metric));
    m_metric->setCurrentIndex(1);
    m_design = new QComboBox(this);
    m_design->setAccessibleName(tr("Design"));
    m_design->addItems({tr("Automatic"), tr("Screen"), tr("Full"), tr("Fractional")});
    m_design->setToolTip(
        tr("Automatic: every combination for up to four toggles, half of them for five, beyond that a screen "
           "of\n"
           "40 runs (folded Plackett–Burman) whose strongest five are then resolved."));
    m_block =
        valueField(tr("Block"), tr("How long each setting is measured each time, for example 1s"), this);
    m_block->setText(QStringLiteral("1s"));
    m_replicates =
        valueField(tr("Repeats"), tr("How often every setting is measured; 2 or more give intervals"), this);
    m_replicates->setText(QStringLiteral("3"));
    for (QLineEdit* field : {m_block, m_replicates})
        connect(field, &QLineEdit::textChanged, this, &ExploreControls::showEstimate);
    connect(m_design, &QComboBox::currentIndexChanged, this, &ExploreControls::showEstimate);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    addField(*row, tr("Settings from"), m_base, 2);
    addField(*row, tr("Workload"), m_workload, 3);
    addField(*row, tr("Metric"), m_metric);
    addField(*row, tr("Design"), m_design);
    addField(*row, tr("Block"), m_block);
    addField(*row, tr("Repeats"), m_replicates);
    makeRun(*row, tr("Explore"), tr("Measure which toggle earns what (F5)"),
            tr("Stop and keep what was measured in whole (Esc)"));
    column()->addLayout(row);
}

void ExploreControls::refill() {
    const QString before = m_base->currentText();
    const QSignalBlocker quiet(m_base);
    m_base->clear();
    for (const model::Profile& profile : m_workspace.profiles())
        m_base->addItem(text(profile.name));
    m_base->setCurrentIndex(std::max(0, m_base->findText(before)));
}

std::vector<std::string> ExploreControls::chosenToggles() const {
    std::vector<std::string> chosen;
    for (const QCheckBox* box : m_toggles)
        if (box->isChecked())
            chosen.push_back(utf8(box->property("toggle").toString()));
    return chosen;
}

void ExploreControls::showEstimate() {
    if (!m_estimate)
        return;  // Fields announce their first values while the board is still being made.
    const auto plan = read();
    m_refused = nullptr;
    m_estimate->setText(plan ? tr("about %1").arg(clockTime(experiment::estimatedSeconds(*plan)))
                             : QString());
}

Result<experiment::AttributionPlan> ExploreControls::read() {
    experiment::AttributionPlan plan;
    m_refused = m_workload;
    const model::Workload* workload = m_workload->current();
    if (!workload)
        return fail(Error::InvalidArgument, "there is no workload")
            .hint("Make one with the plus beside the chooser.");
    plan.workload = *workload;
    m_refused = m_base;
    const auto base =
        std::ranges::find(m_workspace.profiles(), utf8(m_base->currentText()), &model::Profile::name);
    if (base == m_workspace.profiles().end())
        return fail(Error::InvalidArgument, "choose the profile whose settings are used");
    plan.base = *base;
    m_refused = nullptr;
    plan.toggles = chosenToggles();
    if (plan.toggles.empty())
        return fail(Error::InvalidArgument, "no toggle is chosen").hint("Tick at least one on the board.");
    plan.engine = m_workspace.engine();
    if (!plan.engine)
        return fail(Error::Unavailable, "the engine is not running")
            .hint("The toggles are measured on it; wait until it has started.");
    m_refused = m_block;
    auto block = readDuration(*m_block, std::chrono::milliseconds(100));
    if (!block)
        return fail(std::move(block.error()));
    plan.block = *block;
    m_refused = m_replicates;
    auto replicates = readCount(*m_replicates, 1, 50);
    if (!replicates)
        return fail(std::move(replicates.error()));
    plan.replicates = *replicates;
    m_refused = nullptr;
    plan.design = static_cast<experiment::DesignChoice>(m_design->currentIndex());
    plan.metric = utf8(m_metric->currentData().toString());
    plan.name = plan.workload.name;
    return plan;
}

std::optional<experiment::AttributionPlan> ExploreControls::plan() {
    return checked([this] { return read(); });
}

bool ExploreControls::selectWorkload(const QString& name) { return m_workload->select(name); }

void ExploreControls::setCare(const QString& block, const QString& replicates) {
    m_block->setText(block);
    m_replicates->setText(replicates);
}

}  // namespace hone::ui::compare

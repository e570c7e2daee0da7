#include "ui/panels/compare/compare_controls.h"

#include "core/base/units.h"
#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/forms/network_chooser.h"
#include "ui/forms/workload_chooser.h"
#include "ui/widgets/widgets.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <array>

namespace hone::ui::compare {

namespace {

struct MetricChoice {
    const char* id;
    const char* title;
};
constexpr std::array kMetrics{MetricChoice{"p50", QT_TRANSLATE_NOOP("Metric", "p50 latency")},
                              MetricChoice{"p95", QT_TRANSLATE_NOOP("Metric", "p95 latency")},
                              MetricChoice{"p99", QT_TRANSLATE_NOOP("Metric", "p99 latency")},
                              MetricChoice{"rps", QT_TRANSLATE_NOOP("Metric", "Throughput")}};

/// The settings that are on now but not saved under their name; an empty user data entry stands for them.
const QString kUnsaved;

/// A letter in the colour of its arm, before the arm's chooser.
QWidget* armLabel(const QString& letter, Role role, QWidget* control, QWidget* parent) {
    auto* cell = new QWidget(parent);
    auto* row = new QHBoxLayout(cell);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGrid);
    row->addWidget(new Tag(letter, role, cell));
    row->addWidget(control, 1);
    return cell;
}

}  // namespace

CompareControls::CompareControls(Workspace& workspace, QWidget* parent)
    : RunControls(parent), m_workspace(workspace) {
    makeFirstRow();
    makeSecondRow();
    finishColumn(tr("Progress of the comparison"), {m_arms[0], m_arms[1], m_swap, m_workload, m_metric,
                                                    m_pairs, m_block, m_band, m_network, m_stopEarly});
    for (auto signal : {&Workspace::profilesChanged, &Workspace::currentChanged})
        connect(&m_workspace, signal, this, &CompareControls::refill);
    refill();
    // The most useful first question: what does everything on bring over nothing?
    choose(QStringLiteral("baseline"), {});
    showEstimate();
}

void CompareControls::makeFirstRow() {
    const QString names[] = {tr("Profile A"), tr("Profile B")};
    for (int arm = 0; arm < 2; ++arm) {
        m_arms[arm] = new QComboBox(this);
        m_arms[arm]->setAccessibleName(names[arm]);
        m_arms[arm]->setMinimumWidth(130);
        m_arms[arm]->setToolTip(arm == 0 ? tr("What B is measured against") : tr("The profile in question"));
        connect(m_arms[arm], &QComboBox::currentIndexChanged, this, &CompareControls::profilesChosen);
    }
    auto* swapButton = plainButton({}, QStringLiteral("swap-panels"), this);
    swapButton->setToolTip(tr("Swap A and B"));
    swapButton->setAccessibleName(tr("Swap A and B"));
    m_swap = swapButton;
    connect(m_swap, &QPushButton::clicked, this, &CompareControls::swap);
    m_workload = new WorkloadChooser(m_workspace, this);
    m_metric = new QComboBox(this);
    for (const MetricChoice& metric : kMetrics)
        m_metric->addItem(QCoreApplication::translate("Metric", metric.title),
                          QString::fromLatin1(metric.id));
    m_metric->setCurrentIndex(1);
    m_metric->setAccessibleName(tr("Metric"));
    m_metric->setToolTip(tr("What the answer is about; the others are shown too"));

    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    addField(*row, tr("Profile A"), armLabel(QStringLiteral("A"), Role::ArmA, m_arms[0], this), 2);
    row->addWidget(m_swap, 0, Qt::AlignBottom);
    addField(*row, tr("Profile B"), armLabel(QStringLiteral("B"), Role::ArmB, m_arms[1], this), 2);
    addField(*row, tr("Workload"), m_workload, 3);
    addField(*row, tr("Metric"), m_metric, 1);
    makeRun(*row, tr("Compare"), tr("Measure both, block by block (F5)"),
            tr("Stop and keep the pairs measured so far (Esc)"));
    column()->addLayout(row);
}

void CompareControls::makeSecondRow() {
    m_pairs =
        valueField(tr("Pairs"), tr("Pairs of blocks, one of each arm in random order; at least 6"), this);
    m_block = valueField(tr("Block"), tr("How long each block is measured, for example 1s"), this);
    m_band =
        valueField(tr("Band"), tr("Changes smaller than this do not matter to you, for example 2 %"), this);
    m_pairs->setText(QStringLiteral("10"));
    m_block->setText(QStringLiteral("1s"));
    m_band->setText(tr("2 %"));
    m_stopEarly = new QCheckBox(tr("Stop when the answer is clear"), this);
    m_stopEarly->setChecked(true);
    m_stopEarly->setToolTip(tr("From pair 5 on, by an interval that is valid whenever one looks"));
    m_network = new NetworkChooser(m_workspace, this);
    m_estimate = mutedLabel({}, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kGap);
    const std::pair<QString, QLineEdit*> fields[] = {
        {tr("Pairs"), m_pairs}, {tr("Block"), m_block}, {tr("Band ±"), m_band}};
    for (const auto& [name, field] : fields) {
        auto* label = sectionLabel(name, this);
        label->setBuddy(field);
        field->setFixedWidth(64);
        row->addWidget(label);
        row->addWidget(field);
        row->addSpacing(space::kGap);
        connect(field, &QLineEdit::textChanged, this, &CompareControls::showEstimate);
    }
    auto* network = sectionLabel(tr("Network"), this);
    network->setBuddy(m_network);
    row->addWidget(network);
    row->addWidget(m_network);
    row->addSpacing(space::kGap);
    row->addWidget(m_stopEarly);
    row->addStretch();
    row->addWidget(m_estimate);
    column()->addLayout(row);
}

void CompareControls::refill() {
    for (QComboBox* box : m_arms) {
        const QString before = box->currentText();
        const QSignalBlocker quiet(box);
        box->clear();
        for (const model::Profile& profile : m_workspace.profiles()) {
            box->addItem(text(profile.name), text(profile.name));
            box->setItemData(box->count() - 1, text(profile.note), Qt::ToolTipRole);
        }
        if (m_workspace.isModified())
            box->addItem(tr("%1 (unsaved changes)").arg(text(m_workspace.current().name)), kUnsaved);
        if (const int at = box->findText(before); at >= 0)
            box->setCurrentIndex(at);
    }
    emit profilesChosen();
}

void CompareControls::choose(const QString& a, const QString& b) {
    const auto pick = [](QComboBox* box, const QString& name, int fallback) {
        const int at = name.isEmpty() ? -1 : box->findText(name);
        box->setCurrentIndex(at >= 0 ? at : fallback);
    };
    pick(m_arms[0], a, 0);
    const int tuned = m_arms[1]->findText(QStringLiteral("tuned"));
    pick(m_arms[1], b, tuned >= 0 ? tuned : m_arms[1]->count() - 1);
}

bool CompareControls::selectWorkload(const QString& name) { return m_workload->select(name); }

void CompareControls::setCare(const QString& pairs, const QString& block, const QString& band) {
    m_pairs->setText(pairs);
    m_block->setText(block);
    m_band->setText(band);
}

void CompareControls::swap() {
    const int a = m_arms[0]->currentIndex();
    m_arms[0]->setCurrentIndex(m_arms[1]->currentIndex());
    m_arms[1]->setCurrentIndex(a);
}

std::optional<model::Profile> CompareControls::profile(int arm) const {
    const QComboBox* box = m_arms[arm];
    if (box->currentIndex() < 0)
        return {};
    const QString name = box->currentData().toString();
    if (name.isEmpty()) {
        model::Profile unsaved = m_workspace.current();
        unsaved.name += "*";
        return unsaved;
    }
    for (const model::Profile& profile : m_workspace.profiles())
        if (text(profile.name) == name)
            return profile;
    return {};
}

void CompareControls::showEstimate() {
    const auto block = parseDuration(utf8(m_block->text().trimmed()));
    const auto pairs = parseCount(utf8(m_pairs->text().trimmed()));
    const experiment::ComparePlan defaults;
    m_estimate->setText(
        block && pairs ? tr("at most %1")
                             .arg(clockTime(static_cast<double>(*pairs) * 2 *
                                            std::chrono::duration<double>(*block + defaults.guard).count()))
                       : QString());
}

Result<experiment::ComparePlan> CompareControls::read() {
    experiment::ComparePlan plan;
    const model::Workload* workload = m_workload->current();
    m_refused = m_workload;
    if (!workload)
        return fail(Error::InvalidArgument, "there is no workload")
            .hint("Make one with the plus beside the chooser.");
    plan.workload = *workload;
    m_refused = m_arms[0];
    const auto a = profile(0), b = profile(1);
    if (!a || !b)
        return fail(Error::InvalidArgument, "choose a profile for each arm");
    plan.a = *a;
    plan.b = *b;
    plan.engine = m_workspace.engine();
    if (!plan.engine)
        return fail(Error::Unavailable, "the engine is not running")
            .hint("Both profiles are measured on it; wait until it has started.");
    m_refused = m_pairs;
    auto pairs = readCount(*m_pairs, 6, 200);
    if (!pairs)
        return fail(std::move(pairs.error()));
    plan.pairs = *pairs;
    m_refused = m_block;
    auto block = readDuration(*m_block, std::chrono::milliseconds(100));
    if (!block)
        return fail(std::move(block.error()));
    plan.block = *block;
    m_refused = m_band;
    bool isNumber = false;
    const double band = m_band->text().remove(QLatin1Char('%')).trimmed().toDouble(&isNumber);
    if (!isNumber || band < 0.1 || band > 50)
        return fail(Error::InvalidArgument, "band must be 0.1 … 50 %, got \"{}\"", utf8(m_band->text()))
            .hint("2 % means: a change of less than that does not matter.");
    plan.delta = band / 100;
    plan.metric = utf8(m_metric->currentData().toString());
    plan.stopEarly = m_stopEarly->isChecked();
    plan.name = plan.a.name + " / " + plan.b.name;
    m_refused = nullptr;
    return plan;
}

std::optional<experiment::ComparePlan> CompareControls::plan() {
    return checked([this] { return read(); });
}

}  // namespace hone::ui::compare

#include "ui/report/comparison_view.h"

#include "ui/format/format.h"
#include "ui/models/effect_model.h"
#include "ui/plots/blocks_strip.h"
#include "ui/plots/comparison_charts.h"
#include "ui/plots/cursor_group.h"
#include "ui/plots/distribution_charts.h"
#include "ui/report/differences_list.h"
#include "ui/report/interval_delegate.h"
#include "ui/report/tables.h"
#include "ui/widgets/widgets.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace hone::ui::report {

namespace {

/// A name for an arm that can be told from the other one's.
QString armName(const QString& letter, const model::RunResult& run) {
    return letter + QStringLiteral(" · ") + text(run.profile.name);
}

/// "2 %", not "2.00 %": what somebody chose has no measured digits.
QString plainPercent(double share) {
    return QString::number(share * 100, 'g', 3) + QStringLiteral("\u00a0%");
}

IntervalDelegate::Rows intervalRows(const EffectModel& model) {
    IntervalDelegate::Rows all{{}, model.delta()};
    for (int i = 0; i < model.rowCount(); ++i) {
        all.rows.push_back(plots::intervalRow(model.effect(i), false, model.delta()));
        all.rows.back().strong = model.isStrong(i);
    }
    return all;
}

/// Charts below each other on one surface.
QFrame* chartCard(const QList<QWidget*>& charts, QWidget* parent) {
    QFrame* card = frame("card", parent);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(10, 8, 2, 4);
    column->setSpacing(space::kGrid);
    for (QWidget* chart : charts)
        column->addWidget(chart, 1);
    card->setMinimumHeight(150);
    return card;
}

}  // namespace

ComparisonView::ComparisonView(QWidget* parent) : QWidget(parent) {
    m_sentence = titleLabel({}, this);
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pairs = new Tag({}, Role::Muted, this);
    m_early = new Tag(tr("stopped early"), Role::Muted, this);
    m_early->setToolTip(
        tr("The anytime-valid interval had left the band, or lay inside it; looking did no harm"));
    m_partial = new Tag(tr("partial"), Role::Warn, this);
    m_partial->setToolTip(tr("Stopped by hand; it holds the pairs measured until then"));
    m_noise = new Tag({}, Role::Muted, this);
    m_noise->setToolTip(tr("What A measured against itself reached; smaller effects are not claimed"));
    m_warnings = new InlineMessage(this);
    auto* tags = new QHBoxLayout;
    tags->setSpacing(space::kGap);
    for (Tag* tag : {m_pairs, m_early, m_partial, m_noise})
        tags->addWidget(tag);
    tags->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_sentence);
    column->addLayout(tags);
    column->addWidget(m_warnings);
    column->addWidget(makeTop());
    column->addWidget(makeCharts(), 1);
}

QWidget* ComparisonView::makeTop() {
    m_effects = new EffectModel(this);
    m_table = new QTableView;
    m_table->setModel(m_effects);
    m_table->setAccessibleName(tr("Effects of B against A"));
    m_table->setItemDelegateForColumn(
        EffectModel::Interval, new IntervalDelegate([this] { return intervalRows(*m_effects); }, m_table));
    styleTable(*m_table, EffectModel::Interval);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_differences = new DifferencesList;
    // The blocks below show the metric whose row is current.
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& now) {
                if (!now.isValid())
                    return;
                m_blocks->setBlocks(m_shownBlocks, m_effects->effect(now.row()).metric);
                m_violins->setBlocks(m_shownBlocks, m_effects->effect(now.row()).metric);
            });
    QFrame* left = frame("card", this);
    auto* leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(2, 2, 2, 2);
    leftColumn->addWidget(m_table);
    QFrame* right = frame("card", this);
    auto* rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(10, 8, 4, 4);
    rightColumn->addWidget(m_differences);
    auto* top = new QWidget(this);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(left, 5);
    row->addWidget(right, 2);
    return top;
}

QWidget* ComparisonView::makeCharts() {
    m_ecdf = new plots::EcdfOverlay;
    m_spectrum = new plots::PercentileSpectrum;
    m_shift = new plots::ShiftChart;
    m_blocks = new plots::BlocksStrip;
    m_violins = new plots::ArmViolins;
    auto* latencies = new plots::CursorGroup(this);  // Both have latency along x.
    latencies->add(m_ecdf);
    latencies->add(m_shift);
    auto* charts = new QWidget(this);
    auto* row = new QHBoxLayout(charts);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kGap);
    row->addWidget(chartCard({m_ecdf, m_shift}, charts), 1);
    row->addWidget(chartCard({m_spectrum}, charts), 1);
    row->addWidget(chartCard({m_blocks, m_violins}, charts), 1);
    return charts;
}

void ComparisonView::showTags(const model::Comparison& comparison) {
    const int pairs = static_cast<int>(comparison.blocks.size()) / 2;
    m_pairs->setTag(tr("%1 of %2 pairs · band ±%3")
                        .arg(pairs)
                        .arg(comparison.plannedPairs)
                        .arg(plainPercent(comparison.delta)),
                    Role::Muted);
    m_early->setVisible(comparison.stoppedEarly);
    m_partial->setVisible(comparison.partial);
    m_noise->setVisible(comparison.noiseFloor > 0);
    m_noise->setTag(tr("noise floor ±%1").arg(plainPercent(std::expm1(comparison.noiseFloor))), Role::Muted);
}

void ComparisonView::show(const model::Comparison& comparison) {
    m_sentence->setText(
        text(comparison.sentence.empty() ? model::describe(comparison) : comparison.sentence));
    showTags(comparison);
    QStringList warnings;
    for (const std::string& warning : comparison.warnings)
        warnings << text(warning);
    warnings.isEmpty() ? m_warnings->clear()
                       : m_warnings->show(InlineMessage::Kind::Warning, warnings.join(QLatin1Char('\n')));
    m_effects->setEffects(comparison.effects, comparison.metric, comparison.delta);
    // As high as its rows: what is left belongs to the charts.
    m_table->parentWidget()->parentWidget()->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                                                            std::max(5, m_effects->rowCount()) * space::kRow +
                                                            8);
    m_differences->show(comparison);
    const auto curves = plots::armCurves(armName(QStringLiteral("A"), comparison.a), comparison.a.latency,
                                         armName(QStringLiteral("B"), comparison.b), comparison.b.latency);
    m_ecdf->setCurves(curves);
    m_spectrum->setCurves(curves);
    m_shownBlocks = comparison.blocks;
    m_blocks->setBlocks(m_shownBlocks, comparison.metric);
    m_violins->setBlocks(m_shownBlocks, comparison.metric);
    m_shift->setComparison(comparison);
}

}  // namespace hone::ui::report

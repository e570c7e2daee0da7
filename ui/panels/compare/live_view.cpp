#include "ui/panels/compare/live_view.h"

#include "ui/format/format.h"
#include "ui/forms/fields.h"
#include "ui/plots/blocks_strip.h"
#include "ui/plots/interval_bars.h"
#include "ui/widgets/widgets.h"

#include <QVBoxLayout>

namespace hone::ui::compare {

LiveView::LiveView(QWidget* parent) : QWidget(parent) {
    m_phase = titleLabel({}, this);
    m_note = mutedLabel({}, this);
    m_bars = new plots::IntervalBars;
    m_blocks = new plots::BlocksStrip;
    QFrame* upper = frame("card", this);
    auto* upperColumn = new QVBoxLayout(upper);
    upperColumn->setContentsMargins(12, 10, 12, 8);
    upperColumn->setSpacing(space::kGap);
    upperColumn->addWidget(sectionLabel(tr("B against A, interval valid whenever you look"), upper));
    upperColumn->addWidget(m_bars);
    QFrame* lower = frame("card", this);
    auto* lowerColumn = new QVBoxLayout(lower);
    lowerColumn->setContentsMargins(10, 8, 2, 4);
    lowerColumn->addWidget(m_blocks);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kGap);
    column->addWidget(m_phase);
    column->addWidget(m_note);
    column->addWidget(upper);
    column->addWidget(lower, 1);
}

void LiveView::begin(const experiment::ComparePlan& plan) {
    m_metric = plan.metric;
    m_delta = plan.delta;
    m_pairs = plan.pairs;
    m_phase->setText(tr("Warming up"));
    m_note->setText(tr("Blocks of both profiles in random order, the same requests for both"));
    m_bars->setRows({}, plan.delta);
    m_blocks->setBlocks({}, plan.metric, 2 * plan.pairs);
}

void LiveView::advance(const experiment::CompareProgress& progress) {
    m_phase->setText(progress.phase.empty() ? tr("Pair %1 of %2").arg(progress.pair).arg(progress.pairs)
                                            : sentence(progress.phase));
    std::vector<plots::IntervalRow> rows;
    for (const model::Effect& effect : progress.effects) {
        plots::IntervalRow row = plots::intervalRow(effect, true, m_delta);
        row.strong = effect.metric == m_metric;
        rows.push_back(std::move(row));
    }
    m_bars->setRows(std::move(rows), m_delta);
    if (progress.effects.empty())
        m_note->setText(tr("The first interval needs two pairs"));
    else
        m_note->setText(tr("Effect so far; the shaded band is ±%1, where changes do not matter")
                            .arg(QString::number(m_delta * 100, 'g', 3) + QStringLiteral("\u00a0%")));
    m_blocks->setBlocks(progress.blocks, m_metric, 2 * m_pairs);
}

}  // namespace hone::ui::compare

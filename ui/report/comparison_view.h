#pragma once

#include "core/model/comparison.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace hone::ui {
class EffectModel;
class InlineMessage;
class Tag;
namespace plots {
class ArmViolins;
class BlocksStrip;
class EcdfOverlay;
class PercentileSpectrum;
class ShiftChart;
}  // namespace plots
}  // namespace hone::ui

namespace hone::ui::report {

class DifferencesList;

/// A finished comparison: the sentence first, then effects against the band, overlays, blocks, what differed.
/// Compare and Runs show the same.
class ComparisonView : public QWidget {
    Q_OBJECT
public:
    explicit ComparisonView(QWidget* parent = nullptr);
    void show(const model::Comparison& comparison);

private:
    QWidget* makeTop();
    QWidget* makeCharts();
    void showTags(const model::Comparison& comparison);

    std::vector<model::Block> m_shownBlocks;
    QLabel* m_sentence;
    Tag *m_pairs, *m_early, *m_partial, *m_noise;
    InlineMessage* m_warnings;
    EffectModel* m_effects;
    QTableView* m_table;
    DifferencesList* m_differences;
    plots::EcdfOverlay* m_ecdf;
    plots::PercentileSpectrum* m_spectrum;
    plots::ShiftChart* m_shift;
    plots::BlocksStrip* m_blocks;
    plots::ArmViolins* m_violins;
};

}  // namespace hone::ui::report

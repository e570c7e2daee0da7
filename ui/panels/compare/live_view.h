#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/experiment.h"

#include <QWidget>

class QLabel;

namespace hone::ui {
namespace plots {
class BlocksStrip;
class IntervalBars;
}  // namespace plots
}  // namespace hone::ui

namespace hone::ui::compare {

/// A comparison while it is measured: which pair, the intervals as they narrow (only those that are valid
/// whenever one looks), every block.
class LiveView : public QWidget {
    Q_OBJECT
public:
    explicit LiveView(QWidget* parent = nullptr);
    void begin(const experiment::ComparePlan& plan);
    void advance(const experiment::CompareProgress& progress);

private:
    QLabel *m_phase, *m_note;
    plots::IntervalBars* m_bars;
    plots::BlocksStrip* m_blocks;
    std::string m_metric;
    double m_delta = 0.02;
    int m_pairs = 10;
};

}  // namespace hone::ui::compare

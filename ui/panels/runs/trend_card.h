#pragma once

#include "ui/models/workspace.h"
#include "ui/panels/runs/trend_story.h"

#include <QFrame>

#include <vector>

class QLabel;

namespace hone::ui::plots {
class TrendChart;
}

namespace hone::ui::runs {

/// One workload and profile from run to run: the figures at once; where the level or the machine changed as
/// soon as a job has read it.
class TrendCard : public QFrame {
    Q_OBJECT
public:
    explicit TrendCard(Workspace& workspace, QWidget* parent = nullptr);
    /// Oldest first; fewer than two make no trend.
    void show(std::vector<store::RunSummary> runs);
    [[nodiscard]] bool hasTrend() const { return m_runs.size() > 1; }

private:
    void tellStory();

    Workspace& m_workspace;
    plots::TrendChart* m_chart;
    QLabel* m_words;
    std::vector<store::RunSummary> m_runs;  ///< On screen: those that answered.
    Environments m_environments;            ///< Read once for each run.
};

}  // namespace hone::ui::runs

#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/attribution.h"

#include <QWidget>

#include <memory>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace hone::ui::report {
class AttributionView;
}

namespace hone::ui::compare {

class ExploreControls;

/// The toggle board of Compare: choose toggles, press Explore, watch which one earns what.
///
/// Thread: GUI; the attribution is a job. Invariant: at most one at a time.
class ExplorePage : public QWidget {
    Q_OBJECT
public:
    explicit ExplorePage(Workspace& workspace, QWidget* parent = nullptr);
    void run();
    void stop();
    [[nodiscard]] bool isRunning() const { return m_job != 0; }
    /// Small and quick, for pictures.
    void demonstrate();

signals:
    void said(const QString& words);

private:
    QWidget* makeFoot();
    void advance(const experiment::AttributionProgress& progress);
    void finish(Result<model::Attribution> attribution);
    void useRecommended();

    Workspace& m_workspace;
    ExploreControls* m_controls;
    QStackedWidget* m_stack;
    report::AttributionView* m_view;
    QWidget* m_result;
    QWidget* m_foot;
    QLabel* m_what;
    QPushButton* m_use;
    std::shared_ptr<const model::Attribution> m_attribution;  ///< On screen; null before the first.
    std::string m_metric;
    double m_delta = 0.02;
    int m_job = 0;
};

}  // namespace hone::ui::compare

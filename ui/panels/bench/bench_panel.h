#pragma once

#include "ui/widgets/panel.h"

#include "core/experiment/experiment.h"

#include <memory>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace hone::ui {
namespace report {
class ChangesLine;
class RunView;
}  // namespace report
}  // namespace hone::ui

namespace hone::ui::bench {

class BenchControls;

/// Fires a workload and shows what came back, live; every run is kept, also one that was stopped.
///
/// Thread: GUI; the run is a job. Owner: the shell. Invariant: at most one run of this panel at a time.
class BenchPanel : public Panel {
    Q_OBJECT
public:
    explicit BenchPanel(Workspace& workspace, QWidget* parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Bench"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("speedometer"); }
    void activated() override;
    bool demonstrate(const QString& state) override;
    /// A run's id, a workload's name or a URL.
    void open(const QString& argument) override;

private:
    /// What a job hands back: the run, and whether it was kept.
    struct Outcome {
        Result<model::RunResult> run;
        Result<> saved;
    };
    QWidget* makeFoot();
    void run();
    void stop();
    void advance(const load::LoadProgress& progress);
    void finish(Outcome outcome);
    void showRun(std::shared_ptr<const model::RunResult> run);
    void keepAnnotations();
    void overlay(bool on);

    BenchControls* m_controls;
    QStackedWidget* m_stack;
    report::RunView* m_view;
    report::ChangesLine* m_changes;  ///< What was not as in the run before.
    QWidget* m_foot;
    QLabel* m_what;
    QPushButton* m_overlay;
    std::shared_ptr<const model::RunResult> m_run;  ///< On screen; null before the first.
    int m_job = 0;                                  ///< 0: none under way.
};

}  // namespace hone::ui::bench

#pragma once

#include "ui/widgets/panel.h"

#include "core/experiment/experiment.h"

#include <memory>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace hone::ui {
class Segmented;
namespace report {
class ComparisonView;
}
}  // namespace hone::ui

namespace hone::ui::compare {

class CompareControls;
class ExplorePage;
class LiveView;
class MatrixPage;

/// Measures two profiles against each other and says which is faster, by how much, and how sure that is.
///
/// Thread: GUI; the comparison is a job. Owner: the shell. Invariant: at most one comparison of this panel at
/// a time.
class ComparePanel : public Panel {
    Q_OBJECT
public:
    explicit ComparePanel(Workspace& workspace, QWidget* parent = nullptr);
    [[nodiscard]] QString title() const override { return tr("Compare"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("hone-ab"); }
    void activated() override;
    bool demonstrate(const QString& state) override;
    /// A comparison's id, or the name of a profile to be B against baseline.
    void open(const QString& argument) override;

private:
    struct Outcome {
        Result<model::Comparison> comparison;
        Result<> saved;
    };
    QWidget* makePairPage();
    void showQuestion(int question);
    QWidget* makeFoot();
    void run();
    void stop();
    void advance(const experiment::CompareProgress& progress);
    void finish(Outcome outcome);
    void showComparison(std::shared_ptr<const model::Comparison> comparison);
    void keepB();
    void promoteB();
    void exportB();
    /// The profile everything is measured against: "baseline" until another one was promoted.
    [[nodiscard]] QString baseline() const;

    Segmented* m_question;    ///< Two profiles, several, or the toggle board.
    QStackedWidget* m_pages;  ///< A page for each question.
    MatrixPage* m_matrix;
    ExplorePage* m_explore;
    CompareControls* m_controls;
    QStackedWidget* m_stack;
    LiveView* m_live;
    report::ComparisonView* m_view;
    QWidget* m_result;  ///< m_view, scrolled on small windows.
    QWidget* m_foot;
    QLabel* m_what;
    QPushButton *m_keep, *m_promote;
    std::shared_ptr<const model::Comparison> m_comparison;  ///< On screen; null before the first.
    int m_job = 0;
};

}  // namespace hone::ui::compare

#pragma once

#include "ui/models/workspace.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace hone::ui {
class InlineMessage;
namespace report {
class AttributionView;
class ChangesLine;
class ComparisonView;
class RunView;
}  // namespace report
}  // namespace hone::ui

namespace hone::ui::runs {

class PairView;

/// The lower half of Runs: what was opened, read from the store in a job.
class RunDetails : public QWidget {
    Q_OBJECT
public:
    explicit RunDetails(Workspace& workspace, QWidget* parent = nullptr);
    void open(const store::RunSummary& summary);
    /// Two runs as an overlay; the older one is A.
    void openPair(const store::RunSummary& one, const store::RunSummary& other);
    void showError(const Error& error);
    [[nodiscard]] const std::string& openId() const { return m_id; }

signals:
    void closed();
    void wanted(const QString& panel, const QString& argument);

private:
    void showing(QWidget* view, const QString& title);
    void waitFor(const QString& title);

    Workspace& m_workspace;
    QLabel* m_title;
    QPushButton* m_elsewhere;
    InlineMessage* m_message;
    report::ChangesLine* m_changes;  ///< Of a run: what was not as in the run before.
    QStackedWidget* m_stack;
    QLabel* m_waiting;
    report::RunView* m_run;
    report::ComparisonView* m_comparison;
    report::AttributionView* m_attribution;
    PairView* m_pair;
    std::string m_id;              ///< What is open, or being read.
    QString m_target, m_argument;  ///< Where "open elsewhere" leads.
};

}  // namespace hone::ui::runs

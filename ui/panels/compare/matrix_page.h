#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/matrix.h"

#include <QWidget>

#include <memory>

class QLabel;
class QStackedWidget;

namespace hone::ui::report {
class MatrixView;
}

namespace hone::ui::compare {

class MatrixControls;

/// Several profiles beside each other: choose them, press Measure, see which leads in what.
///
/// Thread: GUI; the matrix is a job. Invariant: at most one at a time.
class MatrixPage : public QWidget {
    Q_OBJECT
public:
    explicit MatrixPage(Workspace& workspace, QWidget* parent = nullptr);
    void run();
    void stop();
    /// Small and quick, for pictures.
    void demonstrate();

signals:
    void said(const QString& words);

private:
    struct Outcome {
        Result<model::Matrix> matrix;
        Result<> saved;
    };
    QWidget* makeFoot();
    void advance(const experiment::MatrixProgress& progress);
    void finish(Outcome outcome);
    void exportData();

    Workspace& m_workspace;
    MatrixControls* m_controls;
    QStackedWidget* m_stack;
    QLabel* m_phase;
    report::MatrixView* m_view;
    QWidget *m_result, *m_foot;
    QLabel* m_what;
    std::shared_ptr<const model::Matrix> m_matrix;  ///< On screen; null before the first.
    int m_job = 0;
};

}  // namespace hone::ui::compare

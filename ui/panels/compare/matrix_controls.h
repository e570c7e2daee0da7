#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/matrix.h"
#include "ui/forms/run_controls.h"

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;

namespace hone::ui {
class WorkloadChooser;
}

namespace hone::ui::compare {

/// Which profiles are measured beside each other, on what, how carefully.
class MatrixControls : public RunControls {
    Q_OBJECT
public:
    explicit MatrixControls(Workspace& workspace, QWidget* parent);

    /// What the fields say, or which of them does not read (it is marked and the reason shown).
    [[nodiscard]] std::optional<experiment::MatrixPlan> plan();
    bool selectWorkload(const QString& name);
    void setCare(const QString& rounds, const QString& block);

private:
    void makeFields();
    void refill();
    void showEstimate();
    [[nodiscard]] Result<experiment::MatrixPlan> read();

    Workspace& m_workspace;
    QWidget* m_board;  ///< A box per profile, made anew when profiles change.
    QHBoxLayout* m_row;
    std::vector<QCheckBox*> m_profiles;
    WorkloadChooser* m_workload;
    QComboBox* m_metric;
    QLineEdit *m_rounds, *m_block;
    QLabel* m_estimate;
};

}  // namespace hone::ui::compare

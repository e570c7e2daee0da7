#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/experiment.h"
#include "ui/forms/run_controls.h"

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace hone::ui {
class NetworkChooser;
class WorkloadChooser;
}  // namespace hone::ui

namespace hone::ui::compare {

/// Which two profiles are measured on what, and how carefully.
class CompareControls : public RunControls {
    Q_OBJECT
public:
    explicit CompareControls(Workspace& workspace, QWidget* parent);

    /// What the fields say, or which of them does not read (it is marked and the reason shown).
    [[nodiscard]] std::optional<experiment::ComparePlan> plan();
    [[nodiscard]] std::optional<model::Profile> profile(int arm) const;
    void choose(const QString& a, const QString& b);
    bool selectWorkload(const QString& name);
    void setCare(const QString& pairs, const QString& block, const QString& band);

signals:
    void profilesChosen();

private:
    void makeFirstRow();
    void makeSecondRow();
    void refill();
    void swap();
    void showEstimate();
    [[nodiscard]] Result<experiment::ComparePlan> read();

    Workspace& m_workspace;
    QComboBox* m_arms[2];
    WorkloadChooser* m_workload;
    NetworkChooser* m_network;
    QComboBox* m_metric;
    QLineEdit *m_pairs, *m_block, *m_band;
    QCheckBox* m_stopEarly;
    QLabel* m_estimate;
    QPushButton* m_swap;
};

}  // namespace hone::ui::compare

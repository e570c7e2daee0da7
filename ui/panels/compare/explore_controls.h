#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/attribution.h"
#include "ui/forms/run_controls.h"

#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace hone::ui {
class WorkloadChooser;
}

namespace hone::ui::compare {

/// The toggle board: which toggles are studied, with whose settings, on what, how carefully.
class ExploreControls : public RunControls {
    Q_OBJECT
public:
    explicit ExploreControls(Workspace& workspace, QWidget* parent);

    /// What the fields say, or which of them does not read (it is marked and the reason shown).
    [[nodiscard]] std::optional<experiment::AttributionPlan> plan();
    bool selectWorkload(const QString& name);
    void setCare(const QString& block, const QString& replicates);

private:
    void makeBoard();
    void makeFields();
    void refill();
    void showEstimate();
    [[nodiscard]] std::vector<std::string> chosenToggles() const;
    [[nodiscard]] Result<experiment::AttributionPlan> read();

    Workspace& m_workspace;
    std::vector<QCheckBox*> m_toggles;
    QComboBox *m_base, *m_metric, *m_design;
    WorkloadChooser* m_workload;
    QLineEdit *m_block, *m_replicates;
    QLabel* m_estimate = nullptr;
};

}  // namespace hone::ui::compare

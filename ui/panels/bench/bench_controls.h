#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/experiment.h"
#include "ui/forms/run_controls.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace hone::ui {
class Segmented;
class NetworkChooser;
class WorkloadChooser;
}  // namespace hone::ui

namespace hone::ui::bench {

/// The row that says what is fired at whom: workload, model, rate or clients, duration, warm-up, target,
/// Run/Stop. A chosen workload fills the fields; what is typed over it holds for this run alone.
class BenchControls : public RunControls {
    Q_OBJECT
public:
    explicit BenchControls(Workspace& workspace, QWidget* parent);

    /// What the fields say, or which of them does not read (it is marked and the reason shown).
    [[nodiscard]] std::optional<experiment::BenchPlan> plan();
    bool selectWorkload(const QString& name);
    void setUrl(const QString& url);  ///< Empty: our own engine.
    void setAmount(const QString& text);
    void setDuration(const QString& duration, const QString& warmup);

private:
    void makeRow();
    void makeUrlRow();
    void takeWorkload();
    void takeModel();
    void updateTarget();
    [[nodiscard]] Result<experiment::BenchPlan> read();
    [[nodiscard]] bool isForeign() const;

    Workspace& m_workspace;
    WorkloadChooser* m_workload;
    NetworkChooser* m_network;
    Segmented* m_model;
    QLabel* m_amountLabel;
    QLineEdit *m_amount, *m_duration, *m_warmup, *m_url;
    QComboBox* m_target;
    QCheckBox* m_allowRemote;
    QWidget* m_urlRow;
    QLabel* m_urlNote;
};

}  // namespace hone::ui::bench

#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/experiment.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace hone::ui {
class InlineMessage;
class WorkloadChooser;
}  // namespace hone::ui

namespace hone::ui::compare {

/// Which two profiles are measured on what, and how carefully.
class CompareControls : public QWidget {
    Q_OBJECT
public:
    explicit CompareControls(Workspace& workspace, QWidget* parent = nullptr);

    /// What the fields say, or which of them does not read (it is marked and the reason shown).
    [[nodiscard]] std::optional<experiment::ComparePlan> plan();
    [[nodiscard]] std::optional<model::Profile> profile(int arm) const;
    void showError(const Error& error);
    void setRunning(bool running);
    void setProgress(double fraction, const QString& words);
    void choose(const QString& a, const QString& b);
    bool selectWorkload(const QString& name);
    void setCare(const QString& pairs, const QString& block, const QString& band);

signals:
    void runRequested();
    void stopRequested();
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
    QComboBox* m_metric;
    QLineEdit *m_pairs, *m_block, *m_band;
    QCheckBox* m_stopEarly;
    QLabel *m_estimate, *m_words;
    QPushButton *m_run, *m_stop, *m_swap;
    QProgressBar* m_bar;
    InlineMessage* m_message;
    QWidget* m_refused = nullptr;
};

}  // namespace hone::ui::compare

#pragma once

#include "ui/models/workspace.h"

#include "core/experiment/experiment.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace hone::ui {
class InlineMessage;
class Segmented;
class WorkloadChooser;
}  // namespace hone::ui

namespace hone::ui::bench {

/// The row that says what is fired at whom: workload, model, rate or clients, duration, warm-up, target,
/// Run/Stop. A chosen workload fills the fields; what is typed over it holds for this run alone.
class BenchControls : public QWidget {
    Q_OBJECT
public:
    explicit BenchControls(Workspace& workspace, QWidget* parent = nullptr);

    /// What the fields say, or which of them does not read (it is marked and the reason shown).
    [[nodiscard]] std::optional<experiment::BenchPlan> plan();
    void showError(const Error& error);
    void setRunning(bool running);
    void setProgress(double fraction, const QString& words);

    bool selectWorkload(const QString& name);
    void setUrl(const QString& url);  ///< Empty: our own engine.
    void setAmount(const QString& text);
    void setDuration(const QString& duration, const QString& warmup);

signals:
    void runRequested();
    void stopRequested();

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
    Segmented* m_model;
    QLabel* m_amountLabel;
    QLineEdit *m_amount, *m_duration, *m_warmup, *m_url;
    QComboBox* m_target;
    QCheckBox* m_allowRemote;
    QWidget* m_urlRow;
    QLabel* m_urlNote;
    QPushButton *m_run, *m_stop;
    QProgressBar* m_bar;
    QLabel* m_words;
    InlineMessage* m_message;
    QWidget* m_refused = nullptr;  ///< The field the last error was about.
};

}  // namespace hone::ui::bench

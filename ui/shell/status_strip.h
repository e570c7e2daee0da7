#pragma once

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QToolButton;

namespace hone::ui {

class Sparkline;
class Workspace;
struct JobInfo;

/// The bottom line: what the engine does right now, what was just said, which job runs and how to stop it.
class StatusStrip : public QFrame {
    Q_OBJECT
public:
    explicit StatusStrip(Workspace& workspace, QWidget* parent = nullptr);
    /// Shown for a few seconds.
    void say(const QString& message);

private:
    void showEngine();
    void showJobs();
    /// "0:12 left": what the job says itself, else by how far it came in its time.
    [[nodiscard]] QString timeLeft(const JobInfo& job) const;

    Workspace& m_workspace;
    QLabel* m_live;
    Sparkline* m_rate;
    QLabel* m_said;
    QWidget* m_job;
    QLabel* m_jobTitle;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
    QTimer m_silence;
    int m_jobId = 0;
    QElapsedTimer m_jobSince;  ///< Since m_jobId was first seen.
};

}  // namespace hone::ui

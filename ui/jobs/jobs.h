#pragma once

#include <QList>
#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace hone::ui {

/// What the status bar shows of one job.
struct JobInfo {
    int id = 0;
    QString title;
    double fraction = -1;  ///< < 0: unknown.
    QString detail;        ///< "0:12 left"
    bool cancellable = true;
};

/// Reports from inside a job; callable on the worker thread.
class JobReporter {
public:
    virtual ~JobReporter() = default;
    virtual void progress(double fraction, const QString& detail = {}) = 0;
};

/// Background work: runs on its own thread, delivers its value on the GUI thread by a queued call. Cancel is
/// a request.
///
/// Thread: GUI. Owner: the application; the destructor cancels and joins all jobs.
class Jobs : public QObject {
    Q_OBJECT
public:
    explicit Jobs(QObject* parent = nullptr);
    ~Jobs() override;

    /// `work(stop, reporter)` on a worker; `done(value)` on the GUI thread, unless `context` died meanwhile.
    template <class Work, class Done>
    int start(const QString& title, QObject* context, Work work, Done done) {
        using T = std::invoke_result_t<Work, std::stop_token, JobReporter&>;
        return launch(title, [this, context = QPointer<QObject>(context), work = std::move(work),
                              done = std::move(done)](std::stop_token stop, JobReporter& reporter) mutable {
            auto value = std::make_shared<T>(work(stop, reporter));
            deliver([context, value, done = std::move(done)]() mutable {
                if (context)
                    done(std::move(*value));
            });
        });
    }
    void cancel(int id);
    [[nodiscard]] QList<JobInfo> running() const;

signals:
    void changed();  ///< Some job started, progressed or ended.
    void finished(int id, const QString& title, double seconds);

private:
    struct Job;
    int launch(const QString& title, std::move_only_function<void(std::stop_token, JobReporter&)> body);
    void deliver(std::move_only_function<void()> call);  ///< Queued to the GUI thread. Any thread.

    std::vector<std::unique_ptr<Job>> m_jobs;
    int m_nextId = 1;
};

}  // namespace hone::ui

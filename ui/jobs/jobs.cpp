#include "ui/jobs/jobs.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/thread.h"

#include <QCoreApplication>
#include <QMetaObject>

#include <algorithm>
#include <mutex>

namespace hone::ui {

/// One piece of work and what is known of it.
struct Jobs::Job {
    JobInfo info;
    Nanos startedAt{0};
    std::jthread thread;
};

namespace {

/// Forwards progress to the GUI thread, at most one call under way: a chatty worker cannot flood the event
/// loop.
class QueuedReporter : public JobReporter {
public:
    explicit QueuedReporter(std::move_only_function<void(double, QString)> show)
        : m_shared(std::make_shared<Shared>()) {
        m_shared->show = std::move(show);
    }
    ~QueuedReporter() override {
        const std::scoped_lock lock(m_shared->mutex);
        m_shared->over = true;
    }
    void progress(double fraction, const QString& detail) override {
        {
            const std::scoped_lock lock(m_shared->mutex);
            m_shared->fraction = fraction;
            m_shared->detail = detail;
            if (std::exchange(m_shared->underWay, true))
                return;
        }
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [shared = m_shared] {
                std::unique_lock lock(shared->mutex);
                shared->underWay = false;
                if (shared->over)
                    return;
                const double fractionNow = shared->fraction;
                const QString detailNow = shared->detail;
                lock.unlock();
                shared->show(fractionNow, detailNow);
            },
            Qt::QueuedConnection);
    }

private:
    struct Shared {
        std::mutex mutex;
        double fraction = -1;
        QString detail;
        bool underWay = false, over = false;
        std::move_only_function<void(double, QString)> show;  ///< GUI thread only.
    };
    std::shared_ptr<Shared> m_shared;
};

}  // namespace

Jobs::Jobs(QObject* parent) : QObject(parent) {}

Jobs::~Jobs() {
    for (const auto& job : m_jobs)
        job->thread.request_stop();
    for (const auto& job : m_jobs)
        if (job->thread.joinable())
            job->thread.join();
}

int Jobs::launch(const QString& title, std::move_only_function<void(std::stop_token, JobReporter&)> body) {
    auto job = std::make_unique<Job>();
    const int id = m_nextId++;
    job->info = {.id = id, .title = title};
    job->startedAt = monotonicNow();
    Job& kept = *job;
    m_jobs.push_back(std::move(job));
    const auto show = [self = QPointer<Jobs>(this), id](double fraction, const QString& detail) {
        if (!self)
            return;
        for (const auto& each : self->m_jobs)
            if (each->info.id == id) {
                each->info.fraction = fraction;
                each->info.detail = detail;
                emit self->changed();
            }
    };
    kept.thread = std::jthread([this, id, title, show, body = std::move(body)](std::stop_token stop) mutable {
        nameThread("hone-job");
        try {
            QueuedReporter reporter(show);
            body(stop, reporter);
        } catch (const std::exception& thrown) {
            log::error("job \"{}\" ended early: {}", title.toStdString(), thrown.what());
        }
        deliver([this, id] {
            const auto ended =
                std::ranges::find_if(m_jobs, [id](const auto& each) { return each->info.id == id; });
            const auto over = std::move(*ended);
            m_jobs.erase(ended);
            over->thread.join();  // It has nothing left to do: this returns at once.
            emit changed();
            emit finished(id, over->info.title,
                          std::chrono::duration<double>(monotonicNow() - over->startedAt).count());
        });
    });
    emit changed();
    return id;
}

void Jobs::deliver(std::move_only_function<void()> call) {
    // As an event for this object: what has not been delivered when we die is dropped with us.
    auto shared = std::make_shared<std::move_only_function<void()>>(std::move(call));
    QMetaObject::invokeMethod(this, [shared] { (*shared)(); }, Qt::QueuedConnection);
}

void Jobs::cancel(int id) {
    for (const auto& job : m_jobs)
        if (job->info.id == id)
            job->thread.request_stop();
}

QList<JobInfo> Jobs::running() const {
    QList<JobInfo> infos;
    for (const auto& job : m_jobs)
        infos.append(job->info);
    return infos;
}

}  // namespace hone::ui

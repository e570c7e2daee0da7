#pragma once

#include "core/base/clock.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hone {

/// Names the calling thread as `ps -T` and debuggers show it (cut to 15 characters).
void nameThread(const std::string& name);
/// Pins the calling thread to one CPU; false when the system refuses.
bool pinThread(int cpu);

/// A fixed number of named threads that run tasks in order of arrival. Tasks get the index of their thread.
///
/// Thread: `post` from any. The destructor lets running tasks finish and drops queued ones.
class ThreadPool {
public:
    using Task = std::move_only_function<void(int thread)>;

    ThreadPool(const std::string& name, int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    void post(Task task);
    [[nodiscard]] int size() const { return static_cast<int>(m_threads.size()); }
    /// May be stale by the time it is read.
    [[nodiscard]] std::size_t approxQueueDepth() const;
    /// CPU time all pool threads have used.
    [[nodiscard]] Nanos cpuTime() const;

private:
    void run(std::stop_token stop, int index);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;             ///< Guarded by m_mutex.
    std::vector<std::jthread> m_threads;  ///< Last: joins before the members it uses go away.
};

}  // namespace hone

#pragma once

#include "core/net/client.h"

#include <mutex>
#include <thread>

namespace hone::engine::upstream {

/// The way to a loop that may already have ended. Thread: any. Owner: shared by all who may have a task.
class LoopDoor {
public:
    explicit LoopDoor(net::Loop& loop) : m_loop(&loop) {}
    /// Runs `task` on the loop; dropped when the loop has ended.
    void post(std::move_only_function<void()> task) {
        const std::lock_guard lock(m_mutex);
        if (m_loop)
            m_loop->post(std::move(task));
    }
    void close() {
        const std::lock_guard lock(m_mutex);
        m_loop = nullptr;
    }

private:
    std::mutex m_mutex;
    net::Loop* m_loop;  ///< Guarded by m_mutex.
};

/// A net::Loop on a thread of its own. Thread: any. The destructor stops and joins; tasks left are dropped
/// with the loop, after everything declared behind this object has gone.
class LoopThread {
public:
    explicit LoopThread(const char* name);
    ~LoopThread();
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    [[nodiscard]] net::Loop& loop() { return *m_loop; }
    [[nodiscard]] const std::shared_ptr<LoopDoor>& door() const { return m_door; }
    /// Closes the door and joins: from now on nothing runs on the loop. Idempotent.
    void stop();
    /// CPU time the thread has used; its last known value once it has ended.
    [[nodiscard]] Nanos cpuTime() const;

private:
    const std::unique_ptr<net::Loop> m_loop;
    const std::shared_ptr<LoopDoor> m_door;
    mutable std::mutex m_mutex;
    Nanos m_cpuAtEnd{0};   ///< Guarded by m_mutex.
    std::thread m_thread;  ///< Guarded by m_mutex for cpuTime().
};

}  // namespace hone::engine::upstream

#include "core/base/thread.h"

#include <pthread.h>
#include <sched.h>

namespace hone {

void nameThread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

bool pinThread(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(cpu), &set);
    return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

ThreadPool::ThreadPool(const std::string& name, int threads) {
    m_threads.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this, name, i](std::stop_token stop) {
            nameThread(name + "-" + std::to_string(i));
            run(stop, i);
        });
}

ThreadPool::~ThreadPool() {
    for (auto& thread : m_threads)
        thread.request_stop();
    m_wake.notify_all();
    m_threads.clear();
}

void ThreadPool::post(Task task) {
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

std::size_t ThreadPool::approxQueueDepth() const {
    const std::lock_guard lock(m_mutex);
    return m_tasks.size();
}

Nanos ThreadPool::cpuTime() const {
    Nanos total{0};
    for (const auto& thread : m_threads) {
        clockid_t clock{};
        timespec t{};
        if (pthread_getcpuclockid(const_cast<std::jthread&>(thread).native_handle(), &clock) == 0 &&
            clock_gettime(clock, &t) == 0)
            total += Nanos(t.tv_sec * 1'000'000'000LL + t.tv_nsec);
    }
    return total;
}

void ThreadPool::run(std::stop_token stop, int index) {
    while (!stop.stop_requested()) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        task(index);
    }
}

}  // namespace hone

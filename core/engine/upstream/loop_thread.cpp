#include "core/engine/upstream/loop_thread.h"

#include "core/base/thread.h"

#include <pthread.h>

namespace hone::engine::upstream {
namespace {

Nanos cpuOf(std::thread& thread) {
    clockid_t clock{};
    timespec time{};
    if (pthread_getcpuclockid(thread.native_handle(), &clock) != 0 || clock_gettime(clock, &time) != 0)
        return Nanos(0);
    return Nanos(time.tv_sec * 1'000'000'000LL + time.tv_nsec);
}

}  // namespace

LoopThread::LoopThread(const char* name)
    : m_loop(net::Loop::create()), m_door(std::make_shared<LoopDoor>(*m_loop)) {
    m_loop->setSpin(Nanos(0));  // Forwarding needs no microseconds, and a polling loop would eat a core.
    m_thread = std::thread([this, name] {
        nameThread(name);
        m_loop->run();
    });
}

LoopThread::~LoopThread() { stop(); }

void LoopThread::stop() {
    m_door->close();
    const std::lock_guard lock(m_mutex);
    if (!m_thread.joinable())
        return;
    m_cpuAtEnd = cpuOf(m_thread);
    m_loop->stop();
    m_thread.join();
}

Nanos LoopThread::cpuTime() const {
    const std::lock_guard lock(m_mutex);
    return m_thread.joinable() ? cpuOf(const_cast<std::thread&>(m_thread)) : m_cpuAtEnd;
}

}  // namespace hone::engine::upstream

#include "core/net/loop_impl.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace hone::net {

namespace {
// Due timers and ready sockets take turns in portions of this size, so that neither starves the other when
// the generator is behind its schedule.
constexpr int kPortion = 32;
}  // namespace

std::unique_ptr<Loop> Loop::create() { return std::make_unique<AsioLoop>(); }

AsioLoop::AsioLoop() : m_work(m_io.get_executor()), m_alarm(m_io) {}

bool AsioLoop::later(const Timer& a, const Timer& b) {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
}

void AsioLoop::run() {
    while (!m_io.stopped()) {
        if (m_heap.empty()) {
            m_io.run_one();
            continue;
        }
        const Nanos now = monotonicNow();
        const Nanos due = m_heap.front().due;
        if (due <= now) {
            fireDue(now);
            serveReady();
        } else if (due - now <= m_spin) {
            m_io.poll_one();
        } else {
            wakeAt(due - m_spin);
            m_io.run_one();
        }
    }
    m_io.restart();
}

void AsioLoop::post(std::move_only_function<void()> task) { boost::asio::post(m_io, std::move(task)); }

void AsioLoop::at(Nanos due, std::move_only_function<void()> task) {
    m_heap.push_back({due, m_order++, std::move(task)});
    std::push_heap(m_heap.begin(), m_heap.end(), later);
}

void AsioLoop::fireDue(Nanos now) {
    for (int i = 0; i < kPortion && !m_heap.empty() && m_heap.front().due <= now && !m_io.stopped(); ++i) {
        std::pop_heap(m_heap.begin(), m_heap.end(), later);
        auto task = std::move(m_heap.back().task);
        m_heap.pop_back();
        task();
    }
}

void AsioLoop::serveReady() {
    for (int i = 0; i < kPortion; ++i)
        if (m_io.poll_one() == 0)
            return;
}

void AsioLoop::wakeAt(Nanos time) {
    if (m_alarmDue <= time)
        return;  // It wakes us before that, and we look at the heap again then.
    m_alarmDue = time;
    m_alarm.expires_at(std::chrono::steady_clock::time_point(time));
    m_alarm.async_wait([this](const boost::system::error_code& error) {
        if (error != boost::asio::error::operation_aborted)
            m_alarmDue = Nanos::max();
    });
}

}  // namespace hone::net

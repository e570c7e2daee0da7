#pragma once

#include "core/net/client.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <vector>

namespace hone::net {

/// Loop over one Asio io_context with a heap of due times of its own. Asio's timers alone wake 44 µs late;
/// this one sleeps on a timerfd (Asio's steady_timer) until `spin` before the next due time, then polls
/// sockets and clock in turn.
///
/// Thread: the one inside run(); stop() and post() from any. Owner: whoever runs it; outlives its clients.
/// Invariant: m_heap is a min-heap by (due, order): equal due times fire in the order they were asked for.
class AsioLoop final : public Loop {
public:
    AsioLoop();

    void run() override;
    void stop() override { m_io.stop(); }
    void post(std::move_only_function<void()> task) override;
    void at(Nanos due, std::move_only_function<void()> task) override;
    void setSpin(Nanos spin) override { m_spin = spin; }

    [[nodiscard]] boost::asio::io_context& io() { return m_io; }

private:
    struct Timer {
        Nanos due;
        std::uint64_t order;
        std::move_only_function<void()> task;
    };
    static bool later(const Timer& a, const Timer& b);
    void fireDue(Nanos now);
    void serveReady();
    void wakeAt(Nanos time);

    boost::asio::io_context m_io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    boost::asio::steady_timer m_alarm;
    std::vector<Timer> m_heap;
    std::uint64_t m_order = 0;
    Nanos m_spin{60'000};
    Nanos m_alarmDue = Nanos::max();  ///< When m_alarm will wake us; max: it is not set.
};

}  // namespace hone::net

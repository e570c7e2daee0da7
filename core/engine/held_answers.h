#pragma once

#include "core/net/server.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace hone::engine {

/// Finished answers that wait for their time: the simulated distance of a client (Exchange::heldBack).
///
/// Thread: its loop's. Owner: the Worker. Answers that still wait when it is destroyed are answered by their
/// Responder, whose connection has ended by then. Invariant: m_heap is a min-heap by (due, order): equal due
/// times go out in the order in which they were held.
class HeldAnswers {
public:
    /// Runs a task on this loop after a while; set before the first answer is held.
    using After = std::function<void(Nanos delay, std::function<void()> task)>;

    explicit HeldAnswers(const Clock& clock);
    ~HeldAnswers();
    HeldAnswers(const HeldAnswers&) = delete;
    HeldAnswers& operator=(const HeldAnswers&) = delete;

    void setAfter(After after) { m_after = std::move(after); }
    /// Without a way to wait, the answer goes out at once.
    void hold(Nanos delay, net::Responder respond, http::Response response);
    [[nodiscard]] std::size_t size() const { return m_heap.size(); }

private:
    struct Held {
        Nanos due;
        std::uint64_t order;
        net::Responder respond;
        http::Response response;
    };
    static bool later(const Held& a, const Held& b);
    void wakeFor(Nanos due, Nanos now);
    void wake();

    const Clock& m_clock;
    After m_after;
    std::vector<Held> m_heap;
    std::uint64_t m_order = 0;
    std::optional<Nanos> m_wakesAt;  ///< The earliest alarm that is set.
    /// What alarms hold weakly, as they may go off when this is gone.
    std::shared_ptr<HeldAnswers*> m_self = std::make_shared<HeldAnswers*>(this);
};

}  // namespace hone::engine

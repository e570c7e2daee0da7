#include "core/engine/held_answers.h"

#include <algorithm>

namespace hone::engine {

HeldAnswers::HeldAnswers(const Clock& clock) : m_clock(clock) {}

HeldAnswers::~HeldAnswers() = default;

bool HeldAnswers::later(const Held& a, const Held& b) {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
}

void HeldAnswers::hold(Nanos delay, net::Responder respond, http::Response response) {
    if (!m_after)
        return respond(std::move(response));
    const Nanos now = m_clock.now(), due = now + delay;
    m_heap.push_back({due, m_order++, std::move(respond), std::move(response)});
    std::push_heap(m_heap.begin(), m_heap.end(), later);
    wakeFor(due, now);
}

void HeldAnswers::wakeFor(Nanos due, Nanos now) {
    if (m_wakesAt && *m_wakesAt <= due)
        return;
    m_wakesAt = due;
    m_after(std::max(due - now, Nanos(0)), [weak = std::weak_ptr(m_self)] {
        if (const auto self = weak.lock())
            (*self)->wake();
    });
}

void HeldAnswers::wake() {
    m_wakesAt.reset();
    const Nanos now = m_clock.now();
    while (!m_heap.empty() && m_heap.front().due <= now) {
        std::pop_heap(m_heap.begin(), m_heap.end(), later);
        Held held = std::move(m_heap.back());
        m_heap.pop_back();
        // The connection may hand over its next request at once, and so add to the heap.
        held.respond(std::move(held.response));
    }
    if (!m_heap.empty())
        wakeFor(m_heap.front().due, now);
}

}  // namespace hone::engine

#include "core/caching/flights.h"

namespace hone::caching {

Flights::Leadership& Flights::Leadership::operator=(Leadership&& other) noexcept {
    if (this != &other) {
        finish(nullptr);
        m_flights = std::move(other.m_flights);
        m_key = std::move(other.m_key);
    }
    return *this;
}

void Flights::Leadership::finish(const Answer& answer) {
    if (const auto flights = std::exchange(m_flights, nullptr))
        flights->land(m_key, answer);
}

Flights::Leadership Flights::tryLead(std::string_view key) {
    const std::scoped_lock lock(m_mutex);
    if (m_waiting.contains(key))
        return {};
    const auto it = m_waiting.try_emplace(std::string(key)).first;
    return {shared_from_this(), it->first};
}

Flights::Leadership Flights::leadOrWait(std::string_view key, const std::function<Waiter()>& makeWaiter) {
    const std::scoped_lock lock(m_mutex);
    if (const auto it = m_waiting.find(key); it != m_waiting.end()) {
        it->second.push_back(makeWaiter());
        return {};
    }
    const auto it = m_waiting.try_emplace(std::string(key)).first;
    return {shared_from_this(), it->first};
}

std::size_t Flights::size() const {
    const std::scoped_lock lock(m_mutex);
    return m_waiting.size();
}

void Flights::land(const std::string& key, const Answer& answer) {
    std::vector<Waiter> waiters;
    {
        const std::scoped_lock lock(m_mutex);
        const auto it = m_waiting.find(key);
        if (it == m_waiting.end())
            return;
        waiters = std::move(it->second);
        m_waiting.erase(it);
    }
    // Outside the lock: a waiter may ask for the next flight at once.
    for (Waiter& waiter : waiters)
        waiter(answer);
}

}  // namespace hone::caching

#pragma once

#include "core/caching/response_store.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hone::caching {

/// Requests under way: the first one that asks for a key leads and computes, those who come meanwhile may
/// wait for it.
///
/// Thread: any; one lock, taken on misses only. Owner: the toggle's State and every Leadership (shared).
/// Invariant: a waiter is called exactly once, with the leader's answer or with null ("compute it yourself"),
/// whatever becomes of the leader: giving up is the destructor of its Leadership.
class Flights : public std::enable_shared_from_this<Flights> {
public:
    using Waiter = std::move_only_function<void(const Answer&)>;

    /// Held by the request that computes.
    class Leadership {
    public:
        Leadership() = default;
        Leadership(Leadership&& other) noexcept
            : m_flights(std::move(other.m_flights)), m_key(std::move(other.m_key)) {}
        Leadership& operator=(Leadership&& other) noexcept;
        ~Leadership() { finish(nullptr); }

        /// Hands the answer to everybody who waits. Later calls do nothing.
        void finish(const Answer& answer);
        explicit operator bool() const { return m_flights != nullptr; }

    private:
        friend class Flights;
        Leadership(std::shared_ptr<Flights> flights, std::string key)
            : m_flights(std::move(flights)), m_key(std::move(key)) {}
        std::shared_ptr<Flights> m_flights;
        std::string m_key;
    };

    /// Empty when somebody leads already.
    [[nodiscard]] Leadership tryLead(std::string_view key);
    /// Leads, or calls `makeWaiter` and keeps what it returns; empty in that case.
    [[nodiscard]] Leadership leadOrWait(std::string_view key, const std::function<Waiter()>& makeWaiter);
    [[nodiscard]] std::size_t size() const;

private:
    void land(const std::string& key, const Answer& answer);

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    mutable std::mutex m_mutex;
    std::unordered_map<std::string, std::vector<Waiter>, Hash, std::equal_to<>>
        m_waiting;  ///< Guarded by m_mutex.
};

}  // namespace hone::caching

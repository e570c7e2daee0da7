#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hone::net {

/// How many connections each client address may have at once.
///
/// Thread: any; every method locks, once per connection. Owner: the loops together. Invariant: an address
/// without connections has no entry.
class PeerLimit {
public:
    explicit PeerLimit(int most) : m_most(most) {}
    /// False when `peer` has all it may have.
    [[nodiscard]] bool tryTake(const std::string& peer) {
        const std::lock_guard lock(m_mutex);
        int& open = m_open[peer];
        if (open >= m_most)
            return false;
        ++open;
        return true;
    }
    void give(const std::string& peer) {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_open.find(peer); found != m_open.end() && --found->second == 0)
            m_open.erase(found);
    }

private:
    const int m_most;
    std::mutex m_mutex;
    std::unordered_map<std::string, int> m_open;  ///< Guarded by m_mutex.
};

}  // namespace hone::net

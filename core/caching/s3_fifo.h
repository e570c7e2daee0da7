#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace hone::caching {

/// A byte-budgeted map with S3-FIFO admission and eviction: new keys enter a small queue (a tenth of the
/// budget) and only those asked for again before they reach its end move to the main queue; a ghost queue
/// remembers the hashes of what was thrown out, and a key found there goes straight to main.
///
/// Why this policy: most keys of a long-tailed workload are asked for once and leave through the small queue
/// without displacing popular ones (the scan resistance of TinyLFU), and a hit only raises a two-bit counter:
/// no list is relinked, so the lock around it is short.
///
/// Thread: one at a time; ResponseStore's shard lock guards it. Invariant: bytes() <= budget.
/// Source: Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache eviction", SOSP 2023,
/// algorithm 1.
template <class Value>
class S3Fifo {
public:
    explicit S3Fifo(std::size_t budget) : m_budget(budget) {}

    /// Null when absent. `hash` must be the same function of `key` in every call.
    [[nodiscard]] const Value* find(std::uint64_t hash, std::string_view key) {
        const auto it = m_index.find(hash);
        if (it == m_index.end() || it->second->key != key)
            return nullptr;
        Node& node = *it->second;
        node.frequency = static_cast<std::uint8_t>(std::min(node.frequency + 1, kMaxFrequency));
        return &node.value;
    }

    /// Stores or replaces; false when it is larger than the whole budget (an older value of the key is then
    /// gone too).
    bool insert(std::uint64_t hash, std::string_view key, Value value, std::size_t bytes) {
        // A replaced value keeps its popularity: refreshing an entry says nothing against it.
        const auto known = m_index.find(hash);
        const bool wasInMain = known != m_index.end() && known->second->inMain && known->second->key == key;
        const std::uint8_t frequency = wasInMain ? known->second->frequency : std::uint8_t{0};
        if (known != m_index.end())
            remove(known->second);
        if (bytes > m_budget)
            return false;
        while (m_bytes + bytes > m_budget)
            evict();
        const bool toMain = wasInMain || forgetGhost(hash);
        auto& queue = toMain ? m_main : m_small;
        queue.push_front(Node{std::string(key), hash, std::move(value), bytes, frequency, toMain});
        m_index[hash] = queue.begin();
        m_bytes += bytes;
        m_smallBytes += toMain ? 0 : bytes;
        return true;
    }

    bool erase(std::uint64_t hash, std::string_view key) {
        const auto it = m_index.find(hash);
        if (it == m_index.end() || it->second->key != key)
            return false;
        remove(it->second);
        return true;
    }

    /// Removes every value that `matches`; how many that were.
    std::uint64_t eraseIf(const auto& matches) {
        std::uint64_t count = 0;
        for (Queue* queue : {&m_small, &m_main})
            for (auto node = queue->begin(); node != queue->end();) {
                const auto next = std::next(node);
                if (matches(node->value)) {
                    remove(node);
                    ++count;
                }
                node = next;
            }
        return count;
    }

    void clear() {
        m_index.clear();
        m_small.clear();
        m_main.clear();
        m_ghosts.clear();
        m_ghostSet.clear();
        m_bytes = m_smallBytes = 0;
    }

    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    [[nodiscard]] std::size_t size() const { return m_index.size(); }
    [[nodiscard]] std::uint64_t evictions() const { return m_evictions; }

private:
    static constexpr int kMaxFrequency = 3;
    static constexpr int kPromoteAbove = 1;  ///< Asked for at least twice while in the small queue.
    static constexpr std::size_t kLeastGhosts = 64;

    struct Node {
        std::string key;
        std::uint64_t hash;
        Value value;
        std::size_t bytes;
        std::uint8_t frequency = 0;
        bool inMain = false;
    };
    using Queue = std::list<Node>;  ///< Newest first.
    /// Keys are hashes already.
    struct Identity {
        std::size_t operator()(std::uint64_t hash) const { return hash; }
    };

    void evict() {
        if (!m_small.empty() && (m_main.empty() || m_smallBytes * 10 >= m_budget))
            evictSmall();
        else
            evictMain();
    }

    void evictSmall() {
        while (!m_small.empty()) {
            const auto oldest = std::prev(m_small.end());
            if (oldest->frequency <= kPromoteAbove) {
                rememberGhost(oldest->hash);
                ++m_evictions;
                return remove(oldest);
            }
            m_smallBytes -= oldest->bytes;
            oldest->frequency = 0;
            oldest->inMain = true;
            m_main.splice(m_main.begin(), m_small, oldest);
        }
    }

    void evictMain() {
        // Ends: every turn lowers a frequency or evicts.
        for (;;) {
            const auto oldest = std::prev(m_main.end());
            if (oldest->frequency == 0) {
                ++m_evictions;
                return remove(oldest);
            }
            --oldest->frequency;
            m_main.splice(m_main.begin(), m_main, oldest);
        }
    }

    void remove(typename Queue::iterator node) {
        m_index.erase(node->hash);
        m_bytes -= node->bytes;
        if (node->inMain) {
            m_main.erase(node);
        } else {
            m_smallBytes -= node->bytes;
            m_small.erase(node);
        }
    }

    /// As many ghosts as entries in main, as in the paper.
    void rememberGhost(std::uint64_t hash) {
        m_ghosts.push_back(hash);
        m_ghostSet.insert(hash);
        while (m_ghosts.size() > std::max(m_main.size(), kLeastGhosts)) {
            m_ghostSet.erase(m_ghosts.front());
            m_ghosts.pop_front();
        }
    }
    bool forgetGhost(std::uint64_t hash) { return m_ghostSet.erase(hash) > 0; }

    std::size_t m_budget;
    std::size_t m_bytes = 0;
    std::size_t m_smallBytes = 0;
    std::uint64_t m_evictions = 0;
    Queue m_small, m_main;
    std::unordered_map<std::uint64_t, typename Queue::iterator, Identity> m_index;
    std::deque<std::uint64_t> m_ghosts;
    std::unordered_set<std::uint64_t, Identity> m_ghostSet;
};

}  // namespace hone::caching

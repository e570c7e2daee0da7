#pragma once

#include "core/toggles/ratelimit/token_bucket.h"

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hone::toggles::ratelimit {

/// One token bucket per key, in shards, at most `maxKeys` of them.
///
/// Thread: any; each call takes one shard's lock. Owner: the toggle's State, one per pipeline.
/// Invariant: a shard never holds more than its part of maxKeys. A bucket that is full again is forgotten
/// when its shard is next visited, which nobody can notice; when a shard is full of busy keys, the least
/// recently seen one is forgotten (it starts with a full burst when it comes back: the price of bounded
/// memory under a flood of keys).
class KeyedLimiter {
public:
    KeyedLimiter(const Clock& clock, double ratePerSecond, int burst, std::size_t maxKeys);

    Decision take(std::string_view key);
    [[nodiscard]] std::size_t keyCount() const;
    void clear();

private:
    static constexpr std::size_t kShards = 16;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct Node {
        TokenBucket bucket;
        std::list<std::string_view>::iterator seen;  ///< Into Shard::order; views the map's own key.
    };
    struct Shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, Node, Hash, std::equal_to<>> nodes;  ///< Guarded by mutex.
        std::list<std::string_view> order;  ///< Least recently seen first. Guarded by mutex.
    };

    Node& nodeFor(Shard& shard, std::string_view key);
    void forgetOldest(Shard& shard);

    const Clock& m_clock;
    double m_rate;
    int m_burst;
    std::size_t m_keysPerShard;
    std::array<Shard, kShards> m_shards;
};

}  // namespace hone::toggles::ratelimit

#include "core/toggles/ratelimit/keyed_limiter.h"

#include <algorithm>

namespace hone::toggles::ratelimit {

KeyedLimiter::KeyedLimiter(const Clock& clock, double ratePerSecond, int burst, std::size_t maxKeys)
    : m_clock(clock),
      m_rate(ratePerSecond),
      m_burst(burst),
      m_keysPerShard(std::max<std::size_t>(1, maxKeys / kShards)) {}

Decision KeyedLimiter::take(std::string_view key) {
    // The map uses the low bits of the same hash; the shard takes the high ones.
    const std::size_t hash = Hash{}(key);
    Shard& shard = m_shards[(hash >> 48) % kShards];
    const std::scoped_lock lock(shard.mutex);
    return nodeFor(shard, key).bucket.take();
}

std::size_t KeyedLimiter::keyCount() const {
    std::size_t count = 0;
    for (const Shard& shard : m_shards) {
        const std::scoped_lock lock(shard.mutex);
        count += shard.nodes.size();
    }
    return count;
}

void KeyedLimiter::clear() {
    for (Shard& shard : m_shards) {
        const std::scoped_lock lock(shard.mutex);
        shard.order.clear();
        shard.nodes.clear();
    }
}

KeyedLimiter::Node& KeyedLimiter::nodeFor(Shard& shard, std::string_view key) {
    if (const auto it = shard.nodes.find(key); it != shard.nodes.end()) {
        shard.order.splice(shard.order.end(), shard.order, it->second.seen);
        return it->second;
    }
    // Two at a time, so that idle keys go faster than new ones come and no visit is long.
    for (int i = 0; i < 2 && !shard.order.empty(); ++i)
        if (shard.nodes.find(shard.order.front())->second.bucket.isFull())
            forgetOldest(shard);
    if (shard.nodes.size() >= m_keysPerShard)
        forgetOldest(shard);
    const auto [it, isNew] =
        shard.nodes.emplace(std::string(key), Node{TokenBucket(m_clock, m_rate, m_burst), shard.order.end()});
    it->second.seen = shard.order.insert(shard.order.end(), it->first);
    return it->second;
}

void KeyedLimiter::forgetOldest(Shard& shard) {
    const auto it = shard.nodes.find(shard.order.front());
    shard.order.pop_front();
    shard.nodes.erase(it);
}

}  // namespace hone::toggles::ratelimit

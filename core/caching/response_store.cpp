#include "core/caching/response_store.h"

#include <bit>

namespace hone::caching {
namespace {

// A shard must be able to hold a large list; few shards are enough, a lock is held for tens of nanoseconds.
constexpr std::size_t kLeastShardBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kMostShards = 16;
// List node, index entry, two shared_ptr control blocks, StoredAnswer: measured once, rounded up.
constexpr std::size_t kEntryOverhead = 512;

std::size_t shardCountFor(std::size_t budget) {
    return std::bit_floor(std::clamp<std::size_t>(budget / kLeastShardBytes, 1, kMostShards));
}

std::size_t preparedBytes(const http::Prepared* prepared) {
    if (!prepared)
        return 0;
    std::size_t bytes = prepared->body.capacity() + prepared->head11.capacity();
    for (const auto& [name, value] : prepared->fields.lines())
        bytes += sizeof(http::Fields::Line) + name.size() + value.size();
    return bytes;
}

}  // namespace

ResponseStore::ResponseStore(std::size_t budgetBytes) {
    const std::size_t count = shardCountFor(budgetBytes);
    m_shardBudget = budgetBytes / count;
    for (std::size_t i = 0; i < count; ++i)
        m_shards.push_back(std::make_unique<Shard>(m_shardBudget));
}

Answer ResponseStore::find(std::uint64_t hash, std::string_view key) const {
    Shard& shard = shardOf(hash);
    const std::scoped_lock lock(shard.mutex);
    const Answer* found = shard.answers.find(hash, key);
    return found ? *found : nullptr;
}

bool ResponseStore::insert(std::uint64_t hash, std::string_view key, Answer answer) {
    const std::size_t bytes = bytesOf(key, *answer);
    Shard& shard = shardOf(hash);
    const std::scoped_lock lock(shard.mutex);
    return shard.answers.insert(hash, key, std::move(answer), bytes);
}

bool ResponseStore::erase(std::uint64_t hash, std::string_view key, const Answer& answer) {
    Shard& shard = shardOf(hash);
    const std::scoped_lock lock(shard.mutex);
    const Answer* found = shard.answers.find(hash, key);
    return found && *found == answer && shard.answers.erase(hash, key);
}

void ResponseStore::clear() {
    for (const auto& shard : m_shards) {
        const std::scoped_lock lock(shard->mutex);
        shard->answers.clear();
    }
}

std::uint64_t ResponseStore::eraseIf(const std::function<bool(const StoredAnswer&)>& matches) {
    std::uint64_t count = 0;
    for (const auto& shard : m_shards) {
        const std::scoped_lock lock(shard->mutex);
        count += shard->answers.eraseIf([&](const Answer& answer) { return matches(*answer); });
    }
    return count;
}

std::size_t ResponseStore::bytes() const {
    std::size_t sum = 0;
    for (const auto& shard : m_shards) {
        const std::scoped_lock lock(shard->mutex);
        sum += shard->answers.bytes();
    }
    return sum;
}

std::size_t ResponseStore::size() const {
    std::size_t sum = 0;
    for (const auto& shard : m_shards) {
        const std::scoped_lock lock(shard->mutex);
        sum += shard->answers.size();
    }
    return sum;
}

std::uint64_t ResponseStore::evictions() const {
    std::uint64_t sum = 0;
    for (const auto& shard : m_shards) {
        const std::scoped_lock lock(shard->mutex);
        sum += shard->answers.evictions();
    }
    return sum;
}

std::size_t ResponseStore::bytesOf(std::string_view key, const StoredAnswer& answer) {
    std::size_t tags = 0;
    for (const auto& tag : answer.tags)
        tags += sizeof tag + tag.size();
    return kEntryOverhead + key.size() + answer.etag.size() + answer.lastModified.size() +
           answer.target.size() + tags + preparedBytes(answer.full.get()) +
           preparedBytes(answer.notModified.get());
}

ResponseStore::Shard& ResponseStore::shardOf(std::uint64_t hash) const {
    // The index inside uses the low bits.
    return *m_shards[(hash >> 56) & (m_shards.size() - 1)];
}

}  // namespace hone::caching

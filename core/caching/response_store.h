#pragma once

#include "core/base/clock.h"
#include "core/caching/s3_fifo.h"
#include "core/http/message.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hone::caching {

/// When an answer was computed, in counts of writes: of its table and, where several tables may be behind it,
/// of all. Equal stamps mean that nothing was written in between.
using WriteStamp = std::uint64_t;

/// An answer as it is kept: immutable, shared with everybody who is sending it.
struct StoredAnswer {
    std::shared_ptr<const http::Prepared> full;
    std::shared_ptr<const http::Prepared> notModified;  ///< The 304 for it; null when it has no validator.
    std::string etag;                                   ///< May be empty.
    std::string lastModified;                           ///< May be empty.
    Nanos storedAt{0};
    Nanos ageWhenStored{0};  ///< It may have been kept before by others.
    Nanos freshFor{0};       ///< From its making, not from its storing.
    Nanos staleFor{0};       ///< How long after that it may still be of use in some case.
    Nanos swr{0};            ///< Of that: served while another is computed.
    Nanos staleIfError{0};
    bool mustRevalidate = false;  ///< Never used stale.
    bool alwaysAsk = false;       ///< no-cache: never used without the origin's word.
    bool mayBeShared = false;     ///< Good for requests that name a user, too (RFC 9111 section 3.5).
    bool isRelayed = false;       ///< Of an upstream.
    bool hasOriginTag = false;    ///< `etag` is the upstream's own, which it will know again.
    bool isFromBackend = false;   ///< Just read from Redis or Memcached.
    WriteStamp stamp = 0;
    std::string target;             ///< As first asked for; what a purge by URL compares.
    std::vector<std::string> tags;  ///< Surrogate keys.

    [[nodiscard]] Nanos age(Nanos now) const {
        return ageWhenStored + (now > storedAt ? now - storedAt : Nanos(0));
    }
    [[nodiscard]] bool isExpired(Nanos now) const { return age(now) > freshFor + staleFor; }
    /// The upstream can say whether it still holds.
    [[nodiscard]] bool canBeValidated() const {
        return isRelayed && full->status == 200 && (hasOriginTag || !lastModified.empty());
    }
};
using Answer = std::shared_ptr<const StoredAnswer>;

/// Answers by key within a byte budget, in shards.
///
/// Thread: any; each call takes one shard's lock, level reads take all in turn. Owner: the toggle's State,
/// one per pipeline. Invariant: bytes() <= budget. The policy is S3Fifo's; what has expired leaves when it is
/// found or evicted.
class ResponseStore {
public:
    explicit ResponseStore(std::size_t budgetBytes);

    /// Also what is stale by now or outdated by a write: the caller knows what it may still use. Null when
    /// absent.
    [[nodiscard]] Answer find(std::uint64_t hash, std::string_view key) const;
    /// False when it is too large for a shard.
    bool insert(std::uint64_t hash, std::string_view key, Answer answer);
    /// Removes `answer` unless it was replaced meanwhile.
    bool erase(std::uint64_t hash, std::string_view key, const Answer& answer);
    void clear();
    /// Removes what `matches`; how many that were. Looks at everything: for purges.
    std::uint64_t eraseIf(const std::function<bool(const StoredAnswer&)>& matches);

    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::uint64_t evictions() const;
    /// The largest answer that is kept.
    [[nodiscard]] std::size_t shardBudget() const { return m_shardBudget; }

    /// What keeping it costs, with its share of the containers.
    [[nodiscard]] static std::size_t bytesOf(std::string_view key, const StoredAnswer& answer);

private:
    struct Shard {
        explicit Shard(std::size_t budget) : answers(budget) {}
        mutable std::mutex mutex;
        S3Fifo<Answer> answers;  ///< Guarded by mutex.
    };
    [[nodiscard]] Shard& shardOf(std::uint64_t hash) const;

    std::size_t m_shardBudget;
    std::vector<std::unique_ptr<Shard>> m_shards;
};

}  // namespace hone::caching

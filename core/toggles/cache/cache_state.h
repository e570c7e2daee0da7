#pragma once

#include "core/caching/flights.h"
#include "core/caching/purge_rules.h"
#include "core/caching/response_store.h"
#include "core/caching/rules.h"
#include "core/caching/vary_index.h"
#include "core/engine/stage.h"
#include "core/toggles/cache/remote_store.h"
#include "core/toggles/cache/write_stamps.h"

#include <array>
#include <atomic>

namespace hone::engine {
class Endpoint;
struct ToggleContext;
}  // namespace hone::engine

namespace hone::toggles::cache {

using namespace caching;

/// In the order of the definition's counters.
enum class Count : std::uint8_t {
    Hits,         ///< Answered from the store without computing, fresh or stale, 200 or 304.
    Misses,       ///< Computed.
    Coalesced,    ///< Answered with what another request computed meanwhile.
    Revalidated,  ///< 304 answers; also counted as what they were otherwise.
    Stale,        ///< Of the hits: past their time.
    Bypassed,     ///< Not looked up: no-store, Range, a user's credentials, an endpoint that is never kept.
    Invalidated,  ///< Found outdated by a write.
    Evictions,
    Entries,
    Bytes,
    Validated,      ///< Kept answers that the upstream said still hold (its 304).
    Purged,         ///< Removed on demand.
    BackendErrors,  ///< Answers neither read from nor written to Redis or Memcached, which failed.
};
inline constexpr std::size_t kCountCount = 13;

/// Keys whose answers turned out not to be kept: their requests do not wait for each other. Approximate: keys
/// share places. Thread: any. Owner: the state.
class HitForPass {
public:
    void remember(std::uint64_t hash) { place(hash).store(hash, std::memory_order_relaxed); }
    void forget(std::uint64_t hash) {
        if (contains(hash))
            place(hash).store(0, std::memory_order_relaxed);
    }
    [[nodiscard]] bool contains(std::uint64_t hash) const {
        return place(hash).load(std::memory_order_relaxed) == hash;
    }
    void clear() {
        for (auto& one : *m_places)
            one.store(0, std::memory_order_relaxed);
    }

private:
    static constexpr std::size_t kPlaces = 4096;
    [[nodiscard]] std::atomic<std::uint64_t>& place(std::uint64_t hash) const {
        return (*m_places)[hash % kPlaces];
    }
    std::unique_ptr<std::array<std::atomic<std::uint64_t>, kPlaces>> m_places =
        std::make_unique<std::array<std::atomic<std::uint64_t>, kPlaces>>();
};

/// What the workers of one pipeline share: store, flights, write stamps, counters. Thread: any.
class CacheState final : public engine::State, public std::enable_shared_from_this<CacheState> {
public:
    /// `remote`: where answers are kept instead of here; null: here.
    CacheState(const engine::ToggleContext& context, std::unique_ptr<RemoteStore> remote);

    std::unique_ptr<engine::Stage> makeStage() override;  // cache_stage.cpp
    void readCounters(std::span<double> out) const override;
    void reset() override;
    std::uint64_t purge(const engine::Purge& what) override;
    std::string trouble() const override;

    void count(Count what) {
        m_counts[static_cast<std::size_t>(what)].value.fetch_add(1, std::memory_order_relaxed);
    }
    /// Answers `exchange` from `answer`, with 304 when the client has it; `status` is the Cache-Status (RFC
    /// 9211).
    void answerFrom(engine::Exchange& exchange, const StoredAnswer& answer, const Asked& asked,
                    std::string_view status);

    /// Endpoints whose answers turned out not to be cacheable are not looked up again: coalescing their
    /// requests would only make them wait. Remembers the first sixteen; more would be another kind of API.
    void rememberPass(const engine::Endpoint* endpoint);
    [[nodiscard]] bool isPass(const engine::Endpoint* endpoint) const;

    const Clock& clock;
    const Rules rules;
    const bool coalesce;
    ResponseStore store;
    const std::shared_ptr<Flights> flights = std::make_shared<Flights>();
    WriteStamps stamps;
    VaryIndex vary;
    HitForPass passes;
    PurgeRules purges;
    const std::unique_ptr<RemoteStore> remote;  ///< Null: in this process.

private:
    struct alignas(64) Padded {  // a cache line each: every worker writes them
        std::atomic<std::uint64_t> value{0};
    };
    std::array<Padded, kCountCount> m_counts;
    std::array<std::atomic<const engine::Endpoint*>, 16> m_passes{};
};

}  // namespace hone::toggles::cache

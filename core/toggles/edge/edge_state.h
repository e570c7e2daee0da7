#pragma once

#include "core/caching/flights.h"
#include "core/caching/purge_rules.h"
#include "core/caching/response_store.h"
#include "core/caching/rules.h"
#include "core/caching/vary_index.h"
#include "core/engine/toggle_def.h"
#include "core/toggles/edge/clients.h"
#include "core/toggles/edge/places.h"

#include <array>
#include <atomic>
#include <vector>

namespace hone::toggles::edge {

using namespace caching;

/// In the order of the definition's counters; after them hits and misses of each point of presence.
enum class Count : std::uint8_t {
    Hits,        ///< Answered by the client's point of presence.
    ShieldHits,  ///< Answered by the shield.
    Misses,      ///< Went to the origin.
    Coalesced,   ///< Of the rest: got what another request fetched meanwhile.
    Validated,   ///< Of the misses: the origin said that the kept answer still holds.
    Stale,       ///< Answers past their time.
    Bypassed,    ///< Not for a cache.
    Purged,
    Evictions,
    Entries,
    Bytes,
    Distance,  ///< Simulated milliseconds, all requests together,
    Direct,    ///< and what they would have been straight to the origin.
};
inline constexpr std::size_t kCountCount = 13;

/// What a write through the API makes the edge forget.
enum class OnWrite : std::uint8_t { Everything, Table, Nothing };

/// A point of presence at work. Thread: any.
struct Site {
    Site(const Pop& where, std::size_t budget) : place(where), store(budget) {}
    const Pop& place;
    ResponseStore store;
    std::atomic<std::uint64_t> hits{0}, misses{0};
};

/// What the workers of one pipeline share: sites, distances, counters. Thread: any. Invariant: sites stand in
/// the order of pops().
class EdgeState final : public engine::State, public std::enable_shared_from_this<EdgeState> {
public:
    /// Errors: InvalidArgument for clients that are nowhere.
    [[nodiscard]] static Result<std::shared_ptr<engine::State>> create(const engine::ToggleContext& context);
    EdgeState(const engine::ToggleContext& context, Clients whereClientsAre);

    std::unique_ptr<engine::Stage> makeStage() override;  // edge_stage.cpp
    void readCounters(std::span<double> out) const override;
    void reset() override;
    std::uint64_t purge(const engine::Purge& what) override;

    void count(Count what, std::uint64_t by = 1) {
        m_counts[static_cast<std::size_t>(what)].fetch_add(by, std::memory_order_relaxed);
    }
    /// After a write; forgets what it may have changed.
    void wrote(const engine::Exchange& exchange);

    [[nodiscard]] int nearestPop(int region) const { return m_nearest[static_cast<std::size_t>(region)]; }
    [[nodiscard]] Site& site(int pop) { return *m_sites[static_cast<std::size_t>(pop)]; }
    [[nodiscard]] bool hasShieldFor(int pop) const { return isTiered && pop != shield; }
    /// Round trips: from a client to a point of presence (or the origin's city), and between two.
    [[nodiscard]] Nanos fromClient(int region, int pop) const;
    [[nodiscard]] Nanos between(int pop, int other) const;

    const Clock& clock;
    const Rules rules;
    const Clients clients;
    const Network network;
    const bool caches;  ///< Off: only the distance to the origin is there.
    const bool coalesce;
    const bool isTiered;
    const OnWrite onWrite;
    const int origin;  ///< Index in pops() of where it stands,
    const int shield;  ///< and of the one in front of it.
    const std::shared_ptr<Flights> flights = std::make_shared<Flights>();
    VaryIndex vary{32};
    PurgeRules purges;

private:
    void forget(const PurgeRule& rule, std::uint64_t& count);

    std::vector<std::unique_ptr<Site>> m_sites;
    std::vector<int> m_nearest;  ///< By region.
    std::array<std::atomic<std::uint64_t>, kCountCount> m_counts{};
};

}  // namespace hone::toggles::edge

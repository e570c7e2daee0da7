#pragma once

#include "core/engine/pipeline.h"

#include <mutex>

namespace hone::engine {

/// The two arms: the profile of each and the pipeline it was compiled to.
///
/// Thread: any. A worker keeps its own reference to a pipeline and asks for a new one only when the
/// generation moved, so that a request takes no lock and touches no shared count. Owner: the engine.
class Arms {
public:
    Arms(Catalogue catalogue, std::vector<std::shared_ptr<data::Dataset>> datasets, const Clock& clock,
         int workers);

    Result<> apply(Arm arm, const model::Profile& profile);
    [[nodiscard]] model::Profile profile(Arm arm) const;
    [[nodiscard]] std::shared_ptr<const Pipeline> pipeline(Arm arm) const;
    /// Of both arms together, for connections that have no arm yet.
    [[nodiscard]] net::Offer offer() const;
    /// Grows with every apply().
    [[nodiscard]] std::uint64_t generation(Arm arm) const {
        return of(arm).generation.load(std::memory_order_acquire);
    }
    /// "cache.hits" → value, for the toggles that are on.
    [[nodiscard]] std::map<std::string, double> counters(Arm arm) const;
    /// Toggle id → what keeps it from its work, for those that are on and in trouble.
    [[nodiscard]] std::map<std::string, std::string> troubles(Arm arm) const;
    /// Toggle id → time its stages took since this pipeline was made, for those that are on.
    [[nodiscard]] std::map<std::string, Nanos> stageTimes(Arm arm) const;

    [[nodiscard]] Catalogue catalogue() const { return m_catalogue; }
    [[nodiscard]] std::span<const std::shared_ptr<data::Dataset>> datasets() const { return m_datasets; }

private:
    struct Side {
        std::atomic<std::uint64_t> generation{1};
        model::Profile profile;                    ///< Guarded by m_mutex.
        std::shared_ptr<const Pipeline> pipeline;  ///< Guarded by m_mutex.
    };
    [[nodiscard]] Result<std::shared_ptr<const Pipeline>> compile(std::vector<ResolvedToggle> toggles,
                                                                  const Pipeline* previous) const;
    [[nodiscard]] Side& of(Arm arm) { return m_sides[static_cast<std::size_t>(arm)]; }
    [[nodiscard]] const Side& of(Arm arm) const { return m_sides[static_cast<std::size_t>(arm)]; }

    const Catalogue m_catalogue;
    const std::vector<std::shared_ptr<data::Dataset>> m_datasets;
    const Clock& m_clock;
    const int m_workers;
    const Connections m_otherwise;  ///< Naive when the catalogue has a toggle that governs connections.
    std::mutex m_applyMutex;        ///< One compilation at a time; taken before m_mutex.
    mutable std::mutex m_mutex;
    std::array<Side, 2> m_sides;
};

}  // namespace hone::engine

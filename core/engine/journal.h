#pragma once

#include "core/engine/engine.h"

#include <mutex>

namespace hone::engine {

/// The newest exchanges of one loop. Under load only some are kept, spread over time, so that writing them
/// down costs nothing that shows: at most 20 each tenth of a second.
///
/// Thread: wants() its loop's; add() and read() any, under a lock taken a few hundred times a second.
class Journal {
public:
    static constexpr std::size_t kCapacity = 512;

    /// Whether the exchange that ends `now` is to be kept; counts it when so.
    [[nodiscard]] bool wants(Nanos now);
    void add(JournalEntry entry);
    /// Appends what is kept, in no order.
    void read(std::vector<JournalEntry>& out) const;

private:
    static constexpr Nanos kWindow{100'000'000};
    static constexpr int kPerWindow = 20;

    Nanos m_windowBegan{0};
    int m_inWindow = 0;
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<const JournalEntry>> m_ring;  ///< Guarded by m_mutex.
    std::size_t m_next = 0;  ///< Guarded by m_mutex. Where the next one goes once the ring is full.
};

}  // namespace hone::engine

#pragma once

#include "core/base/thread.h"
#include "core/coding/codec.h"
#include "core/http/message.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace hone::toggles::encoding {

using Prepared = std::shared_ptr<const http::Prepared>;

/// Answers that somebody keeps and sends again and again, compressed once more at a high level by a thread of
/// its own: what is sent a thousand times may cost a hundred times the CPU once.
///
/// Whoever keeps an answer need not know: the copies belong to the kept object itself and go when it goes.
/// Thread: any; every method locks, the compressing is done outside the lock. Owner: the toggle's State.
/// Invariant: bytes() <= budget. A copy has its own strong tag, since other bytes are another representation
/// (RFC 9110 section 8.8.1); a weak tag stays.
class BetterCopies {
public:
    struct Counts {
        std::uint64_t made = 0, bytesBefore = 0, bytesAfter = 0;
    };

    BetterCopies(const coding::Levels& levels, std::size_t budgetBytes);
    ~BetterCopies();
    BetterCopies(const BetterCopies&) = delete;
    BetterCopies& operator=(const BetterCopies&) = delete;

    /// The copy of `kept`; null when there is none (yet). Asking for one without makes one, once.
    [[nodiscard]] Prepared of(const Prepared& kept);
    void clear();

    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] Counts counts() const;
    /// Waits until nothing is left to be done; for tests and benchmarks.
    void settle();

private:
    struct Entry {
        std::weak_ptr<const http::Prepared> kept;
        Prepared copy;  ///< Null while it is being made, and when it would be no smaller.
    };
    void make(const std::weak_ptr<const http::Prepared>& weak);
    void keep(const Prepared& kept, Prepared copy);
    void dropDead();

    const std::size_t m_budget;
    mutable std::mutex m_mutex;
    std::condition_variable m_idle;
    std::unordered_map<const http::Prepared*, Entry> m_entries;  ///< Guarded by m_mutex.
    static constexpr std::size_t kFirstSweep = 1024;
    std::size_t m_nextSweep = kFirstSweep;  ///< Likewise: entries at which those of dead answers go.
    std::size_t m_bytes = 0;                ///< Likewise.
    std::size_t m_waiting = 0;              ///< Likewise.
    Counts m_counts;                        ///< Likewise.
    coding::Compressor m_compressor;        ///< The thread's.
    ThreadPool m_thread;                    ///< One; last, so that it ends before what it uses.
};

/// Counts how often one worker sends the same kept answer, without locks, and remembers its better copy.
///
/// Thread: one at a time. Owner: the Stage. Forgets by overwriting: a place for each few answers in use.
class Popularity {
public:
    Popularity(BetterCopies& copies, int sendsBefore) : m_copies(copies), m_sendsBefore(sendsBefore) {}
    /// What to send instead of `kept`; null: itself.
    [[nodiscard]] const Prepared& swap(const Prepared& kept);

private:
    struct Place {
        std::weak_ptr<const http::Prepared> kept;  ///< Keeps the address from being used by another.
        const http::Prepared* address = nullptr;
        int sends = 0;
        int nextAsk = 0;
        Prepared copy;
    };
    BetterCopies& m_copies;
    const int m_sendsBefore;
    std::array<Place, 256> m_places;
    const Prepared m_none;
};

}  // namespace hone::toggles::encoding

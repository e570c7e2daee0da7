#pragma once

#include "core/stats/histogram.h"

#include <atomic>
#include <memory>

namespace hone::engine {

/// A latency histogram one thread fills while others read it: the buckets of stats::Histogram as relaxed
/// atomics, so that recording takes neither a lock nor a locked instruction.
///
/// Thread: record() its owner's; addTo() any. What a reader sees is approximate while requests are running.
/// The buckets (188 KB) come with the first value.
class LatencyCounts {
public:
    LatencyCounts() = default;
    LatencyCounts(const LatencyCounts&) = delete;
    LatencyCounts& operator=(const LatencyCounts&) = delete;
    ~LatencyCounts() { delete[] m_counts.load(std::memory_order_relaxed); }

    void record(std::int64_t us);
    /// Adds what is here; minimum and maximum stay exact.
    void addTo(stats::Histogram& sum) const;

private:
    using Count = std::atomic<std::uint64_t>;

    std::atomic<Count*> m_counts{nullptr};
    std::atomic<std::int64_t> m_min{INT64_MAX}, m_max{-1};
};

}  // namespace hone::engine

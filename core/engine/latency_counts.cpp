#include "core/engine/latency_counts.h"

#include <algorithm>

namespace hone::engine {
namespace {

/// Only for its arithmetic.
const stats::Histogram& buckets() {
    static const stats::Histogram kBuckets;
    return kBuckets;
}

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

void LatencyCounts::record(std::int64_t us) {
    us = std::clamp<std::int64_t>(us, 0, buckets().highest());
    auto* counts = m_counts.load(kRelaxed);
    if (!counts) {
        counts = new Count[buckets().countsLength()]();
        m_counts.store(counts, std::memory_order_release);
    }
    auto& count = counts[buckets().indexOf(us)];
    count.store(count.load(kRelaxed) + 1, kRelaxed);
    if (us < m_min.load(kRelaxed))
        m_min.store(us, kRelaxed);
    if (us > m_max.load(kRelaxed))
        m_max.store(us, kRelaxed);
}

void LatencyCounts::addTo(stats::Histogram& sum) const {
    const auto* counts = m_counts.load(std::memory_order_acquire);
    if (!counts)
        return;
    const std::int64_t min = m_min.load(kRelaxed), max = m_max.load(kRelaxed);
    if (min > max)
        return;  // The first value is being recorded at this moment.
    for (std::size_t i = 0; i < buckets().countsLength(); ++i) {
        auto left = static_cast<std::int64_t>(counts[i].load(kRelaxed));
        // A bucket stands for its lowest value; the extremes are known exactly and go in as themselves.
        for (const std::int64_t extreme : {min, max})
            if (left > 0 && extreme >= 0 && extreme <= buckets().highest() &&
                buckets().indexOf(extreme) == i) {
                sum.record(extreme);
                --left;
            }
        if (left > 0)
            sum.recordN(std::clamp(buckets().valueAt(i), min, max), left);
    }
}

}  // namespace hone::engine

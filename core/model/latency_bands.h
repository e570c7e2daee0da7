#pragma once

#include "core/stats/histogram.h"

#include <cstdint>
#include <vector>

namespace hone::model {

/// How many requests of one slice of a run lay in each band of latency: what a heat map over time is drawn
/// from, and small enough to keep for every second of an hour-long run (some fifty numbers a slice).
///
/// Band i is [2^(i/8), 2^((i+1)/8)) µs, 9 % wide; the first also holds what was faster than 1 µs. A value
/// type; thread: any. Invariant: the counts add up to the requests they were made from.
struct LatencyBands {
    static constexpr int kPerOctave = 8;
    static constexpr int kMax = 320;  ///< 2^40 µs: far beyond the hour a histogram can hold.

    int first = 0;                      ///< The band of counts[0].
    std::vector<std::uint32_t> counts;  ///< Without zeros at either end; empty: nothing was answered.

    /// Shares buckets that lie over a border; values are thought to be spread evenly inside a bucket.
    [[nodiscard]] static LatencyBands of(const stats::Histogram& histogram);
    void merge(const LatencyBands& other);
    [[nodiscard]] std::uint64_t total() const;

    [[nodiscard]] static double lowerUs(int band);
    [[nodiscard]] static int bandOf(double us);
    bool operator==(const LatencyBands&) const = default;
};

}  // namespace hone::model

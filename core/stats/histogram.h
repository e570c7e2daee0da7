#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone::stats {

/// HdrHistogram (same bucket arithmetic, percentile rule of the Java version: count to reach = ceil(q·n)).
///
/// A value type; one writer, no locks. Merging is exact when the configurations are equal. Values above
/// `highest` are recorded as `highest` and counted in saturated(). Source: HdrHistogram/HdrHistogram;
/// BENCH_SCIENCE section 2.
class Histogram {
public:
    /// The default everywhere in Hone: microseconds, 1 µs … 1 h, 3 significant digits.
    Histogram() : Histogram(1, 3'600'000'000, 3) {}
    Histogram(std::int64_t lowest, std::int64_t highest, int significantDigits);

    void record(std::int64_t value) { recordN(value, 1); }
    void recordN(std::int64_t value, std::int64_t count);
    void merge(const Histogram& other);  ///< Same configuration (asserted).
    void reset();
    /// After decoding, which knows only buckets: the exact facts somebody kept beside. False, and nothing
    /// changes, when they do not belong to these counts.
    bool setExact(std::int64_t smallest, std::int64_t largest, std::int64_t saturatedCount);

    [[nodiscard]] std::int64_t count() const { return m_total; }
    [[nodiscard]] std::int64_t saturated() const { return m_saturated; }
    [[nodiscard]] std::int64_t min() const;
    [[nodiscard]] std::int64_t max() const;  ///< Exact: the largest recorded value, not its bucket's end.
    [[nodiscard]] double mean() const;
    [[nodiscard]] double stddev() const;  ///< Population.
    /// q in [0, 1]. Highest equivalent value of the bucket where the cumulative count reaches ceil(q·n); 0
    /// when empty.
    [[nodiscard]] std::int64_t quantile(double q) const;
    /// How many values are ≤ value's bucket.
    [[nodiscard]] std::int64_t countAtOrBelow(std::int64_t value) const;

    struct Bucket {
        std::int64_t from = 0, to = 0, count = 0;  ///< Inclusive bounds.
    };
    [[nodiscard]] std::vector<Bucket> buckets() const;  ///< Non-empty ones in order.

    [[nodiscard]] std::int64_t lowest() const { return m_lowest; }
    [[nodiscard]] std::int64_t highest() const { return m_highest; }
    [[nodiscard]] int significantDigits() const { return m_digits; }

    // Arithmetic, public for tests and codecs.
    [[nodiscard]] std::size_t indexOf(std::int64_t value) const;
    [[nodiscard]] std::int64_t lowestEquivalent(std::int64_t value) const;
    [[nodiscard]] std::int64_t highestEquivalent(std::int64_t value) const;
    [[nodiscard]] std::int64_t medianEquivalent(std::int64_t value) const;
    [[nodiscard]] std::int64_t valueAt(std::size_t index) const;
    [[nodiscard]] std::int64_t countAt(std::size_t index) const {
        return index < m_counts.size() ? m_counts[index] : 0;
    }
    [[nodiscard]] std::size_t countsLength() const { return m_countsLength; }
    [[nodiscard]] int bucketCount() const { return m_bucketCount; }
    [[nodiscard]] int subBucketCount() const { return m_subBucketCount; }
    [[nodiscard]] int unitMagnitude() const { return m_unitMagnitude; }

private:
    std::int64_t m_lowest, m_highest;
    int m_digits, m_unitMagnitude, m_halfMagnitude, m_subBucketCount, m_bucketCount;
    std::size_t m_countsLength;
    std::int64_t m_mask;
    std::vector<std::int64_t>
        m_counts;  ///< Grows to the largest index seen, so that small histograms stay small.
    std::int64_t m_total = 0, m_saturated = 0;
    std::int64_t m_min = INT64_MAX, m_max = 0;
};

/// V2 payload (ZigZag LEB128 counts behind the 40-byte header), and the compressed base64 form that begins
/// "HISTF".
[[nodiscard]] std::string encodeV2(const Histogram& histogram);
[[nodiscard]] std::string encodeBase64(const Histogram& histogram);
[[nodiscard]] Result<Histogram> decodeBase64(std::string_view text);
/// The `.hgrm` percentile spectrum, C layout; values divided by `scale` (1000: µs → ms).
[[nodiscard]] std::string toHgrm(const Histogram& histogram, double scale = 1000.0, int ticksPerHalf = 5);

}  // namespace hone::stats

#include "core/stats/histogram.h"

#include "core/base/assert.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace hone::stats {
namespace {

/// Sub-buckets needed so that neighbours differ by less than one part in 10^digits.
int halfMagnitudeFor(int digits) {
    const auto largest = 2 * static_cast<std::uint64_t>(std::llround(std::pow(10.0, digits)));
    return std::bit_width(largest - 1) - 1;  // ceil(log2(largest)) − 1
}

/// How often the sub-buckets must be doubled until they reach `highest`; stops before the shift overflows.
int bucketsFor(std::int64_t highest, int subBuckets, int unitMagnitude) {
    int buckets = 1;
    for (std::int64_t reach = std::int64_t{subBuckets} << unitMagnitude; reach <= highest; reach <<= 1) {
        ++buckets;
        if (reach > INT64_MAX / 2)
            break;
    }
    return buckets;
}

}  // namespace

Histogram::Histogram(std::int64_t lowest, std::int64_t highest, int significantDigits)
    : m_lowest(lowest), m_highest(highest), m_digits(significantDigits) {
    HONE_ASSERT(lowest >= 1 && highest / 2 >= lowest, "a histogram spans at least one doubling above 1");
    HONE_ASSERT(m_digits >= 1 && m_digits <= 5, "HdrHistogram has 1 to 5 significant digits");
    m_unitMagnitude = std::bit_width(static_cast<std::uint64_t>(lowest)) - 1;
    m_halfMagnitude = halfMagnitudeFor(m_digits);
    m_subBucketCount = 2 << m_halfMagnitude;
    HONE_ASSERT(m_unitMagnitude + m_halfMagnitude < 62, "one sub-bucket row must fit 63 bits");
    m_bucketCount = bucketsFor(highest, m_subBucketCount, m_unitMagnitude);
    m_countsLength = (static_cast<std::size_t>(m_bucketCount) + 1) << m_halfMagnitude;
    m_mask = (std::int64_t{m_subBucketCount} - 1) << m_unitMagnitude;
}

void Histogram::recordN(std::int64_t value, std::int64_t count) {
    // One comparison for both ends: a negative value is a huge unsigned one.
    if (static_cast<std::uint64_t>(value) > static_cast<std::uint64_t>(m_highest)) [[unlikely]] {
        m_saturated += value < 0 ? 0 : count;
        value = value < 0 ? 0 : m_highest;
    }
    const std::size_t index = indexOf(value);
    if (index >= m_counts.size()) [[unlikely]]
        m_counts.resize(index + 1);
    m_counts[index] += count;
    m_total += count;
    m_min = std::min(m_min, value);
    m_max = std::max(m_max, value);
}

void Histogram::merge(const Histogram& other) {
    HONE_ASSERT(m_lowest == other.m_lowest && m_highest == other.m_highest && m_digits == other.m_digits,
                "only histograms of one configuration merge exactly");
    if (m_counts.size() < other.m_counts.size())
        m_counts.resize(other.m_counts.size());
    for (std::size_t i = 0; i < other.m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_total += other.m_total;
    m_saturated += other.m_saturated;
    m_min = std::min(m_min, other.m_min);
    m_max = std::max(m_max, other.m_max);
}

void Histogram::reset() {
    m_counts.clear();  // keeps its memory: recorders reset every interval
    m_total = m_saturated = 0;
    m_min = INT64_MAX;
    m_max = 0;
}

bool Histogram::setExact(std::int64_t smallest, std::int64_t largest, std::int64_t saturatedCount) {
    const bool fits = m_total > 0 && smallest >= 0 && smallest <= largest && largest <= m_highest &&
                      indexOf(smallest) == indexOf(m_min) && indexOf(largest) == indexOf(m_max) &&
                      saturatedCount >= 0 && saturatedCount <= m_total;
    if (!fits)
        return false;
    m_min = smallest;
    m_max = largest;
    m_saturated = saturatedCount;
    return true;
}

std::int64_t Histogram::min() const { return m_total > 0 ? m_min : 0; }

std::int64_t Histogram::max() const { return m_max; }

double Histogram::mean() const {
    if (m_total == 0)
        return 0;
    double sum = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        if (m_counts[i] != 0)
            sum += static_cast<double>(m_counts[i]) * static_cast<double>(medianEquivalent(valueAt(i)));
    return sum / static_cast<double>(m_total);
}

double Histogram::stddev() const {
    if (m_total == 0)
        return 0;
    const double centre = mean();
    double squares = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        if (m_counts[i] == 0)
            continue;
        const double gap = static_cast<double>(medianEquivalent(valueAt(i))) - centre;
        squares += static_cast<double>(m_counts[i]) * gap * gap;
    }
    return std::sqrt(squares / static_cast<double>(m_total));
}

std::int64_t Histogram::quantile(double q) const {
    if (m_total == 0)
        return 0;
    // As in Java: one step down, so that 0.07 · 100 asks for the 7th value and not for the 8th.
    const double below = std::nextafter(std::clamp(q, 0.0, 1.0), 0.0);
    const auto wanted = static_cast<std::int64_t>(std::ceil(below * static_cast<double>(m_total)));
    const std::int64_t target = std::clamp<std::int64_t>(wanted, 1, m_total);
    std::int64_t seen = 0;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        seen += m_counts[i];
        if (seen >= target)
            return q <= 0 ? valueAt(i) : highestEquivalent(valueAt(i));
    }
    return highestEquivalent(m_max);
}

std::int64_t Histogram::countAtOrBelow(std::int64_t value) const {
    if (value < 0)
        return 0;
    const std::size_t end = std::min(indexOf(std::min(value, m_highest)) + 1, m_counts.size());
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < end; ++i)
        sum += m_counts[i];
    return sum;
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    std::vector<Bucket> result;
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        if (m_counts[i] != 0)
            result.push_back({valueAt(i), highestEquivalent(valueAt(i)), m_counts[i]});
    return result;
}

std::size_t Histogram::indexOf(std::int64_t value) const {
    const int bucket =
        std::bit_width(static_cast<std::uint64_t>(value | m_mask)) - m_unitMagnitude - (m_halfMagnitude + 1);
    const std::int64_t sub = value >> (bucket + m_unitMagnitude);
    // Written without subtracting half first: sub is below it in bucket 0.
    const std::int64_t row = std::int64_t{bucket} << m_halfMagnitude;
    return static_cast<std::size_t>(row + sub);
}

std::int64_t Histogram::valueAt(std::size_t index) const {
    const std::size_t half = std::size_t{1} << m_halfMagnitude;
    if (index < 2 * half)  // bucket 0 has both halves
        return static_cast<std::int64_t>(index) << m_unitMagnitude;
    const int bucket = static_cast<int>(index >> m_halfMagnitude) - 1;
    const auto sub = static_cast<std::int64_t>((index & (half - 1)) + half);
    return sub << (bucket + m_unitMagnitude);
}

std::int64_t Histogram::lowestEquivalent(std::int64_t value) const { return valueAt(indexOf(value)); }

std::int64_t Histogram::highestEquivalent(std::int64_t value) const {
    const std::size_t index = indexOf(value);
    const int bucket = std::max(static_cast<int>(index >> m_halfMagnitude) - 1, 0);
    return valueAt(index) + ((std::int64_t{1} << (bucket + m_unitMagnitude)) - 1);
}

std::int64_t Histogram::medianEquivalent(std::int64_t value) const {
    const std::int64_t low = lowestEquivalent(value);
    return low + (highestEquivalent(value) - low + 1) / 2;
}

}  // namespace hone::stats

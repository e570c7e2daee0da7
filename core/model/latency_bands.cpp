#include "core/model/latency_bands.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hone::model {

double LatencyBands::lowerUs(int band) { return std::exp2(static_cast<double>(band) / kPerOctave); }

int LatencyBands::bandOf(double us) {
    if (us <= 1)
        return 0;
    // The tiny summand keeps a band's own lower border in it, whatever the logarithm rounds to.
    return std::min(kMax - 1, static_cast<int>(std::floor(std::log2(us) * kPerOctave + 1e-9)));
}

LatencyBands LatencyBands::of(const stats::Histogram& histogram) {
    LatencyBands bands;
    if (histogram.count() == 0)
        return bands;
    const auto buckets = histogram.buckets();
    bands.first = bandOf(static_cast<double>(buckets.front().from));
    const int last = bandOf(static_cast<double>(buckets.back().to));
    bands.counts.resize(static_cast<std::size_t>(last - bands.first) + 1);
    for (const auto& bucket : buckets) {
        const double from = std::max(1.0, static_cast<double>(bucket.from));
        const double to = std::max(from + 1, static_cast<double>(bucket.to) + 1);
        const auto count = static_cast<double>(bucket.count);
        std::uint32_t given = 0;
        for (int band = bandOf(from); band <= last; ++band) {
            const double end = lowerUs(band + 1);
            const bool isLast = end >= to || band == last;
            // Rounded sums rather than rounded parts, so that none is lost.
            const auto until =
                isLast ? static_cast<std::uint32_t>(bucket.count)
                       : static_cast<std::uint32_t>(std::lround(count * (end - from) / (to - from)));
            bands.counts[static_cast<std::size_t>(band - bands.first)] += until - given;
            given = until;
            if (isLast)
                break;
        }
    }
    const auto isEmpty = [](std::uint32_t count) { return count == 0; };
    while (isEmpty(bands.counts.back()))
        bands.counts.pop_back();
    const auto start = std::ranges::find_if_not(bands.counts, isEmpty);
    bands.first += static_cast<int>(start - bands.counts.begin());
    bands.counts.erase(bands.counts.begin(), start);
    return bands;
}

void LatencyBands::merge(const LatencyBands& other) {
    if (other.counts.empty())
        return;
    if (counts.empty()) {
        *this = other;
        return;
    }
    const int end = std::max(first + static_cast<int>(counts.size()),
                             other.first + static_cast<int>(other.counts.size()));
    if (other.first < first) {
        counts.insert(counts.begin(), static_cast<std::size_t>(first - other.first), 0);
        first = other.first;
    }
    counts.resize(static_cast<std::size_t>(end - first));
    for (std::size_t i = 0; i < other.counts.size(); ++i)
        counts[static_cast<std::size_t>(other.first - first) + i] += other.counts[i];
}

std::uint64_t LatencyBands::total() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace hone::model

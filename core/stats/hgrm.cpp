#include "core/stats/histogram.h"

#include <fmt/format.h>

#include <cmath>

// The percentile spectrum as HdrHistogram_c prints it (BENCH_SCIENCE section 2.3).

namespace hone::stats {

std::string toHgrm(const Histogram& histogram, double scale, int ticksPerHalf) {
    std::string out = fmt::format("{:>12} {:>12} {:>12} {:>12}\n\n", "Value", "Percentile", "TotalCount",
                                  "1/(1-Percentile)");
    const auto row = [&](std::int64_t value, double level, std::int64_t seen) {
        out += fmt::format("{:12.{}f} {:12f} {:12d} {:>12.2f}\n", static_cast<double>(value) / scale,
                           histogram.significantDigits(), level / 100, seen,
                           level < 100 ? 1 / (1 - level / 100) : INFINITY);
    };
    std::int64_t seen = 0;
    double level = 0;
    const auto total = static_cast<double>(histogram.count());
    for (const auto& bucket : histogram.buckets()) {
        seen += bucket.count;
        // The last bucket gets one row here, as in C: the loop there ends once everything was counted.
        bool isFirst = true;
        while (level <= 100.0 * static_cast<double>(seen) / total && (isFirst || seen < histogram.count())) {
            row(bucket.to, level, seen);
            const double half = std::exp2(std::floor(std::log2(100 / (100 - level))) + 1);
            level += 100.0 / (ticksPerHalf * half);
            isFirst = false;
        }
    }
    const std::int64_t largest = histogram.count() > 0 ? histogram.highestEquivalent(histogram.max()) : 0;
    row(largest, 100, seen);
    out += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", histogram.mean() / scale,
                       histogram.stddev() / scale);
    out += fmt::format("#[Max     = {:12.3f}, Total count    = {:12d}]\n",
                       static_cast<double>(largest) / scale, histogram.count());
    out += fmt::format("#[Buckets = {:12d}, SubBuckets     = {:12d}]\n", histogram.bucketCount(),
                       histogram.subBucketCount());
    return out;
}

}  // namespace hone::stats

#include "ui/plots/curves.h"

#include <algorithm>
#include <cmath>

namespace hone::ui::plots {

namespace {

/// Shares every bucket out over the bins it overlaps; a bucket is uniform over [from, to + 1).
void fill(std::vector<Bin>& bins, const stats::Histogram& histogram) {
    std::size_t first = 0;
    for (const auto& bucket : histogram.buckets()) {
        const auto from = static_cast<double>(bucket.from), to = static_cast<double>(bucket.to) + 1;
        const auto count = static_cast<double>(bucket.count);
        while (first + 1 < bins.size() && bins[first].to <= from)
            ++first;
        double left = count;
        for (std::size_t i = first; i < bins.size() && left > 0; ++i) {
            const bool isLast = i + 1 == bins.size() || bins[i].to >= to;
            const double part =
                isLast ? left : count * (bins[i].to - std::max(from, bins[i].from)) / (to - from);
            bins[i].count += part;
            left -= part;
            if (isLast)
                break;
        }
    }
}

}  // namespace

std::vector<Point> ecdfPoints(const stats::Histogram& histogram) {
    std::vector<Point> points;
    const auto total = static_cast<double>(histogram.count());
    std::int64_t below = 0;
    for (const auto& bucket : histogram.buckets()) {
        if (points.empty())
            points.push_back({std::max(1.0, static_cast<double>(bucket.from)), 0});
        below += bucket.count;
        points.push_back(
            {static_cast<double>(std::max<std::int64_t>(1, bucket.to)), static_cast<double>(below) / total});
    }
    return points;
}

std::vector<Point> spectrumPoints(const stats::Histogram& histogram) {
    std::vector<Point> points;
    const auto total = static_cast<double>(histogram.count());
    const double end = total / 3.69;
    std::int64_t below = 0;
    for (const auto& bucket : histogram.buckets()) {
        // A quantile up to this bucket's start is reached by the values before it.
        const double x = 1 / (1 - static_cast<double>(below) / total);
        if (x > std::max(1.0, end))
            break;
        points.push_back({x, static_cast<double>(bucket.to)});
        below += bucket.count;
    }
    return points;
}

std::vector<Bin> logBins(const stats::Histogram& histogram, int perDecade) {
    if (histogram.count() == 0)
        return {};
    const auto at = [perDecade](double value) {
        return std::floor(std::log10(std::max(1.0, value)) * perDecade);
    };
    const int first = static_cast<int>(at(static_cast<double>(histogram.min())));
    const int last = static_cast<int>(at(static_cast<double>(histogram.max())));
    std::vector<Bin> bins;
    for (int i = first; i <= last; ++i)
        bins.push_back(
            {std::pow(10, static_cast<double>(i) / perDecade), std::pow(10, (i + 1.0) / perDecade), 0});
    fill(bins, histogram);
    return bins;
}

std::vector<Bin> linearBins(const stats::Histogram& histogram, int count) {
    if (histogram.count() == 0)
        return {};
    const auto low = static_cast<double>(histogram.min());
    const double high = std::max(low + count, static_cast<double>(histogram.quantile(0.999)));
    const double width = (high - low) / count;
    std::vector<Bin> bins;
    for (int i = 0; i < count; ++i)
        bins.push_back({low + i * width, low + (i + 1) * width, 0});
    fill(bins, histogram);
    return bins;
}

}  // namespace hone::ui::plots

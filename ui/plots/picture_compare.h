#pragma once

#include "ui/plots/chart_base.h"

#include <cstdlib>

namespace hone::ui::plots::test {

/// How far a channel may be off before a pixel counts as another one: fonts are smoothed a little differently
/// from machine to machine.
inline constexpr int kChannelTolerance = 24;

/// Share of pixels that differ; 1 for pictures of different sizes.
[[nodiscard]] inline double difference(const QImage& a, const QImage& b) {
    if (a.size() != b.size() || a.isNull())
        return 1;
    const auto isOff = [](int p, int q) { return std::abs(p - q) > kChannelTolerance; };
    int differing = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y), q = b.pixel(x, y);
            differing += isOff(qRed(p), qRed(q)) || isOff(qGreen(p), qGreen(q)) || isOff(qBlue(p), qBlue(q));
        }
    return static_cast<double>(differing) / (a.width() * a.height());
}

[[nodiscard]] inline QImage picture(ChartBase& chart) { return chart.toPixmap(400, 200).toImage(); }

}  // namespace hone::ui::plots::test

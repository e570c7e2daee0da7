#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Small charts as inline SVG for documents that must open anywhere without script. Colours are CSS classes
/// of the document ("a", "b", "p50" …), so that light, dark and print each look right.
namespace hone::report {

using Point = std::pair<double, double>;

struct ChartAxis {
    std::string label;                                  ///< With its unit where the ticks have none.
    bool log = false;                                   ///< Values must be above 0.
    std::function<std::string(double)> format;          ///< Tick text.
    std::vector<std::pair<double, std::string>> ticks;  ///< Instead of automatic ones.
    bool fromZero = false;
};

struct ChartSeries {
    std::string label;
    std::string style;  ///< CSS class.
    std::vector<Point> points;
    bool dots = false;  ///< Points instead of a line.
};

struct Chart {
    std::string title;  ///< Also what a screen reader says.
    ChartAxis x, y;
    std::vector<ChartSeries> series;
    std::vector<Point> shaded;  ///< x ranges in the background (warm-up).
    int width = 640, height = 260;
};

/// Escaped and complete; an empty string when no series has a point.
[[nodiscard]] std::string svg(const Chart& chart);

/// A ratio's interval against the band 1 ± delta on a shared log scale [min, max].
[[nodiscard]] std::string svgInterval(double ratio, double lo, double hi, double delta, double min,
                                      double max, const std::string& style);

}  // namespace hone::report

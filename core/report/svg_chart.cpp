#include "core/report/svg_chart.h"

#include "core/report/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hone::report {
namespace {

constexpr double kLeft = 64, kRight = 16, kTop = 30, kBottom = 42;

/// Data → pixels on one axis.
struct Scale {
    double min = 0, max = 1, from = 0, to = 1;
    bool log = false;
    [[nodiscard]] double place(double value) const {
        const double a = log ? std::log(min) : min, b = log ? std::log(max) : max;
        const double v = log ? std::log(std::max(value, min)) : value;
        return from + (to - from) * (b > a ? (v - a) / (b - a) : 0.5);
    }
};

std::pair<double, double> range(const Chart& chart, bool vertical) {
    const auto& axis = vertical ? chart.y : chart.x;
    double min = INFINITY, max = -INFINITY;
    for (const auto& series : chart.series)
        for (const auto& [x, y] : series.points) {
            const double value = vertical ? y : x;
            if (!std::isfinite(value) || (axis.log && value <= 0))
                continue;
            min = std::min(min, value);
            max = std::max(max, value);
        }
    if (axis.fromZero && !axis.log)
        min = 0;
    if (!(max > min)) {
        const double pad = max != 0 ? std::abs(max) * 0.1 : 1;
        min -= axis.log ? 0 : pad;
        max += pad;
    } else if (vertical) {
        max = axis.log ? max * 1.1 : max + (max - min) * 0.06;
    }
    return {min, max};
}

std::vector<double> linearTicks(double min, double max, int about) {
    const double raw = (max - min) / about, magnitude = std::pow(10, std::floor(std::log10(raw)));
    double step = magnitude;
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (raw <= factor * magnitude) {
            step = factor * magnitude;
            break;
        }
    std::vector<double> ticks;
    for (double tick = std::ceil(min / step) * step; tick <= max + step * 1e-9; tick += step)
        ticks.push_back(std::abs(tick) < step * 1e-9 ? 0 : tick);
    return ticks;
}

std::vector<double> logTicks(double min, double max) {
    std::vector<double> ticks;
    const bool few = max / min < 50;
    for (double decade = std::pow(10, std::floor(std::log10(min))); decade <= max; decade *= 10)
        for (const double factor : few ? std::vector<double>{1, 2, 5} : std::vector<double>{1})
            if (const double tick = decade * factor; tick >= min * 0.999 && tick <= max * 1.001)
                ticks.push_back(tick);
    return ticks;
}

std::vector<std::pair<double, std::string>> ticksOf(const ChartAxis& axis, const Scale& scale, int about) {
    if (!axis.ticks.empty())
        return axis.ticks;
    std::vector<std::pair<double, std::string>> ticks;
    for (const double value :
         axis.log ? logTicks(scale.min, scale.max) : linearTicks(scale.min, scale.max, about))
        ticks.emplace_back(value, axis.format ? axis.format(value) : fmt::format("{:g}", value));
    return ticks;
}

void drawAxes(std::string& out, const Chart& chart, const Scale& x, const Scale& y) {
    for (const auto& [value, text] : ticksOf(chart.y, y, 5)) {
        if (value < y.min || value > y.max)
            continue;
        const double at = y.place(value);
        out += fmt::format(R"(<line class="grid" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)", kLeft,
                           chart.width - kRight, at, at);
        out += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)",
                           kLeft - 6, at + 4, html(text));
    }
    for (const auto& [value, text] : ticksOf(chart.x, x, 8)) {
        if (value < x.min || value > x.max)
            continue;
        out += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                           x.place(value), chart.height - kBottom + 16, html(text));
    }
    out += fmt::format(R"(<line class="axis" x1="{0:.1f}" x2="{1:.1f}" y1="{2:.1f}" y2="{2:.1f}"/>)", kLeft,
                       chart.width - kRight, chart.height - kBottom);
    out += fmt::format(R"(<text class="label" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                       (kLeft + chart.width - kRight) / 2, chart.height - 6.0, html(chart.x.label));
    out += fmt::format(R"(<text class="label" x="8" y="18">{}</text>)", html(chart.y.label));
}

void drawLegend(std::string& out, const Chart& chart) {
    double at = chart.width - kRight;
    for (auto series = chart.series.rbegin(); series != chart.series.rend(); ++series) {
        at -= 8.0 * static_cast<double>(series->label.size()) + 8;
        out += fmt::format(R"(<text class="legend" x="{:.1f}" y="18">{}</text>)", at, html(series->label));
        out += fmt::format(R"(<line class="line {}" x1="{:.1f}" x2="{:.1f}" y1="14" y2="14"/>)",
                           series->style, at - 24, at - 6);
        at -= 32;
    }
}

void drawSeries(std::string& out, const ChartSeries& series, const Scale& x, const Scale& y) {
    std::string path;
    bool pen = false;
    for (const auto& [px, py] : series.points) {
        if (!std::isfinite(px) || !std::isfinite(py) || (y.log && py <= 0) || (x.log && px <= 0)) {
            pen = false;
            continue;
        }
        if (series.dots) {
            out += fmt::format(R"(<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="3.5"/>)", series.style,
                               x.place(px), y.place(py));
            continue;
        }
        path += fmt::format("{}{:.1f} {:.1f}", pen ? "L" : "M", x.place(px), y.place(py));
        pen = true;
    }
    if (!path.empty())
        out += fmt::format(R"(<path class="line {}" d="{}"/>)", series.style, path);
}

}  // namespace

std::string svg(const Chart& chart) {
    if (std::ranges::all_of(chart.series, [](const auto& series) { return series.points.empty(); }))
        return {};
    const auto [xMin, xMax] = range(chart, false);
    const auto [yMin, yMax] = range(chart, true);
    const Scale x{xMin, xMax, kLeft, chart.width - kRight, chart.x.log};
    const Scale y{yMin, yMax, chart.height - kBottom, kTop, chart.y.log};
    std::string out = fmt::format(R"(<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">)",
                                  chart.width, chart.height, html(chart.title));
    out += fmt::format("<title>{}</title>", html(chart.title));
    for (const auto& [from, to] : chart.shaded)
        out += fmt::format(R"(<rect class="shade" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                           x.place(from), kTop, std::max(0.0, x.place(to) - x.place(from)),
                           chart.height - kBottom - kTop);
    drawAxes(out, chart, x, y);
    for (const auto& series : chart.series)
        drawSeries(out, series, x, y);
    drawLegend(out, chart);
    return out + "</svg>\n";
}

std::string svgInterval(double ratio, double lo, double hi, double delta, double min, double max,
                        const std::string& style) {
    constexpr double kWidth = 220, kHeight = 22, kMiddle = kHeight / 2;
    const Scale x{min, max, 4, kWidth - 4, true};
    const auto place = [&](double value) { return x.place(std::clamp(value, min, max)); };
    std::string out = fmt::format(
        R"(<svg class="interval" viewBox="0 0 {} {}" role="img" aria-label="ratio {:.3f}, {:.3f} to {:.3f}">)",
        kWidth, kHeight, ratio, lo, hi);
    out += fmt::format(R"(<rect class="band" x="{:.1f}" y="0" width="{:.1f}" height="{}"/>)",
                       place(1 - delta), place(1 + delta) - place(1 - delta), kHeight);
    out +=
        fmt::format(R"(<line class="axis" x1="{0:.1f}" x2="{0:.1f}" y1="0" y2="{1}"/>)", place(1), kHeight);
    out += fmt::format(R"(<line class="line {0}" x1="{1:.1f}" x2="{2:.1f}" y1="{3}" y2="{3}"/>)", style,
                       place(lo), place(hi), kMiddle);
    out += fmt::format(R"(<circle class="dot {}" cx="{:.1f}" cy="{}" r="4"/>)", style, place(ratio), kMiddle);
    return out + "</svg>";
}

}  // namespace hone::report

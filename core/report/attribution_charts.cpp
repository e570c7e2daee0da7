#include "core/base/units.h"
#include "core/report/attribution_tables.h"
#include "core/report/escape.h"
#include "core/report/svg_chart.h"

#include <algorithm>
#include <cmath>

namespace hone::report {
namespace {

/// The curve of a metric along the values, its interval as thin lines beside it.
Chart curveChart(const model::Sweep& sweep, const model::SweepCurve& curve) {
    Chart chart{.title = fmt::format("{} against {}", curve.title, sweep.what()),
                .x = {.label = sweep.what()},
                .y = {.label = curve.title, .format = [metric = curve.metric](double value) {
                          return metricValue(metric, value);
                      }}};
    for (std::size_t i = 0; i < sweep.values.size(); ++i)
        chart.x.ticks.emplace_back(sweep.positions[i], sweep.values[i]);
    ChartSeries mean{.label = "mean", .style = "a"}, dots{.label = "", .style = "a", .dots = true},
        lo{.label = "95 %", .style = "p50"}, hi{.label = "", .style = "p50"};
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
        const auto& point = curve.points[i];
        mean.points.emplace_back(sweep.positions[i], point.value);
        dots.points.emplace_back(sweep.positions[i], point.value);
        if (std::isfinite(point.hi)) {
            lo.points.emplace_back(sweep.positions[i], point.lo);
            hi.points.emplace_back(sweep.positions[i], point.hi);
        }
    }
    chart.series = {mean, dots, lo, hi};
    return chart;
}

}  // namespace

std::string svgWaterfall(const model::Attribution& attribution) {
    const auto change =
        std::ranges::find(attribution.predicted, attribution.metric, &model::PredictedChange::metric);
    if (attribution.waterfall.empty() || change == attribution.predicted.end())
        return {};
    auto steps = attribution.waterfall;
    std::ranges::sort(steps, std::greater{}, &model::ToggleShare::part);
    constexpr double kWidth = 640, kLeft = 110, kRight = 110, kRow = 26, kTop = 24;
    double largest = std::max(change->from, change->to), at = change->from;
    for (const auto& step : steps)
        largest = std::max(largest, at += step.amount);
    const auto x = [&](double value) { return kLeft + value / largest * (kWidth - kLeft - kRight); };
    const double height = kTop + kRow * static_cast<double>(steps.size() + 2) + 8;
    std::string out = fmt::format(
        R"(<svg class="chart" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}"><text x="8" y="16">{}</text>)",
        kWidth, height, html(change->title + " from the base to the recommended profile"),
        html(change->title));
    double y = kTop;
    const auto bar = [&](const std::string& label, double from, double to, std::string_view style,
                         const std::string& text) {
        const double left = x(std::min(from, to)), width = std::max(1.0, std::abs(x(to) - x(from)));
        out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)", kLeft - 8, y + 15,
                           html(label));
        out += fmt::format(R"(<rect class="dot {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}"/>)",
                           style, left, y + 2, width, kRow - 8);
        out += fmt::format(R"(<text x="{:.1f}" y="{:.1f}">{}</text>)", left + width + 6, y + 15, html(text));
        y += kRow;
    };
    bar("base", 0, change->from, "muted", metricValue(change->metric, change->from));
    at = change->from;
    for (const auto& step : steps) {
        const bool gain = (step.amount < 0) == change->lowerIsBetter;
        bar(step.toggle, at, at + step.amount, gain ? "good" : "bad",
            (step.amount < 0 ? "−" : "+") + metricValue(change->metric, std::abs(step.amount)));
        at += step.amount;
    }
    bar("recommended", 0, change->to, "a", metricValue(change->metric, change->to));
    return out + "</svg>\n";
}

std::vector<std::string> svgCurves(const model::Sweep& sweep) {
    std::vector<std::string> pictures;
    for (const auto& curve : sweep.curves)
        if (curve.metric == sweep.metric || curve.metric == "bytes" || curve.metric == "cpu")
            pictures.push_back(svg(curveChart(sweep, curve)));
    return pictures;
}

}  // namespace hone::report

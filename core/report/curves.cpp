#include "core/report/curves.h"

#include "core/base/units.h"

#include <algorithm>
#include <cmath>

namespace hone::report {
namespace {

const char* styleOf(std::size_t arm, std::size_t arms) { return arms == 1 ? "a" : arm == 0 ? "a" : "b"; }

std::string secondsText(double seconds) { return fmt::format("{:g} s", seconds); }

}  // namespace

Chart percentilesOverTime(const model::RunResult& run) {
    Chart chart{.title = "Latency percentiles over time"};
    chart.x = {.label = "time since start", .format = secondsText, .fromZero = true};
    chart.y = {.label = "latency", .format = formatMicros, .fromZero = true};
    ChartSeries p50{"p50", "p50", {}}, p95{"p95", "p95", {}}, p99{"p99", "p99", {}};
    for (const auto& interval : run.series) {
        if (interval.requests == 0)
            continue;
        const double at = interval.startS + interval.lengthS;
        p50.points.emplace_back(at, interval.p50Us);
        p95.points.emplace_back(at, interval.p95Us);
        p99.points.emplace_back(at, interval.p99Us);
        if (interval.warmup)
            chart.shaded.emplace_back(interval.startS, at);
    }
    chart.series = {p50, p95, p99};
    return chart;
}

Chart throughputOverTime(const model::RunResult& run) {
    Chart chart{.title = "Throughput over time", .height = 180};
    chart.x = {.label = "time since start", .format = secondsText, .fromZero = true};
    chart.y = {.label = "requests", .format = formatRate, .fromZero = true};
    ChartSeries rps{"answered", "a", {}}, errors{"errors", "bad", {}};
    for (const auto& interval : run.series) {
        const double at = interval.startS + interval.lengthS;
        rps.points.emplace_back(at, interval.rps());
        errors.points.emplace_back(at,
                                   static_cast<double>(interval.errors) / std::max(interval.lengthS, 1e-9));
    }
    chart.series = {rps};
    if (run.errors > 0)
        chart.series.push_back(errors);
    return chart;
}

Chart spectrum(const std::vector<std::pair<std::string, const stats::Histogram*>>& arms) {
    Chart chart{.title = "Latency by percentile"};
    chart.x = {.label = "percentile", .log = true};
    for (const auto& [inverse, text] : std::vector<std::pair<double, std::string>>{{1, "0"},
                                                                                   {2, "50"},
                                                                                   {10, "90"},
                                                                                   {20, "95"},
                                                                                   {100, "99"},
                                                                                   {1000, "99.9"},
                                                                                   {10000, "99.99"},
                                                                                   {100000, "99.999"}})
        chart.x.ticks.emplace_back(inverse, text);
    chart.y = {.label = "latency", .log = true, .format = formatMicros};
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        const auto& histogram = *arms[arm].second;
        ChartSeries series{arms[arm].first, styleOf(arm, arms.size()), {}};
        for (double inverse = 1; histogram.count() > 0 && inverse <= static_cast<double>(histogram.count());
             inverse *= 1.12)
            series.points.emplace_back(
                inverse, static_cast<double>(std::max<std::int64_t>(1, histogram.quantile(1 - 1 / inverse))));
        chart.series.push_back(std::move(series));
    }
    return chart;
}

Chart distribution(const std::vector<std::pair<std::string, const stats::Histogram*>>& arms) {
    Chart chart{.title = "Share of requests answered within a latency"};
    chart.x = {.label = "latency", .log = true, .format = formatMicros};
    chart.y = {.label = "share of requests",
               .format = [](double share) { return fmt::format("{:.0f} %", share * 100); },
               .fromZero = true};
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        const auto& histogram = *arms[arm].second;
        ChartSeries series{arms[arm].first, styleOf(arm, arms.size()), {}};
        const auto total = static_cast<double>(std::max<std::int64_t>(1, histogram.count()));
        std::int64_t seen = 0;
        double lastShare = 0;
        for (const auto& bucket : histogram.buckets()) {
            seen += bucket.count;
            const double share = static_cast<double>(seen) / total;
            if (share - lastShare < 0.002 && seen != histogram.count())
                continue;  // 500 steps are all that a page can show
            lastShare = share;
            series.points.emplace_back(static_cast<double>(std::max<std::int64_t>(1, bucket.to)), share);
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

Chart blockStrip(const model::Comparison& comparison) {
    const auto* effect = comparison.effect(comparison.metric);
    Chart chart{.title = fmt::format("{} of every block, in the order they ran",
                                     effect != nullptr ? effect->title : comparison.metric),
                .height = 180};
    chart.x = {.label = "block", .fromZero = true};
    const bool micros =
        comparison.metric.starts_with('p') || comparison.metric == "mean" || comparison.metric == "cpu";
    chart.y = {.label = effect != nullptr ? effect->title : comparison.metric,
               .format = micros ? formatMicros : formatNumber,
               .fromZero = true};
    ChartSeries a{"A", "a", {}, true}, b{"B", "b", {}, true};
    for (const auto& block : comparison.blocks)
        if (const auto value = block.metrics.find(comparison.metric); value != block.metrics.end())
            (block.arm == 0 ? a : b).points.emplace_back(block.order + 1, value->second);
    chart.series = {a, b};
    return chart;
}

std::pair<double, double> ratioRange(const model::Comparison& comparison) {
    double spread = std::log(1 + comparison.delta) * 3;
    for (const auto& effect : comparison.effects)
        for (const double bound : {effect.paired.lo, effect.paired.hi, effect.paired.ratio})
            if (std::isfinite(bound) && bound > 0)
                spread = std::max(spread, std::abs(std::log(bound)) * 1.05);
    return {std::exp(-spread), std::exp(spread)};
}

}  // namespace hone::report

#include "core/model/sweep.h"

#include "core/base/units.h"
#include "core/model/result_json.h"

#include <algorithm>
#include <cmath>

namespace hone::model {
namespace {

using nlohmann::json;

json runJson(const SweepRun& run) {
    return {{"replicate", run.replicate}, {"order", run.order},
            {"point", run.point},         {"startS", run.startS},
            {"seconds", run.seconds},     {"requests", run.requests},
            {"errors", run.errors},       {"metrics", mapJson(run.metrics)}};
}

json curveJson(const SweepCurve& curve) {
    json points = json::array();
    for (const auto& point : curve.points)
        points.push_back({{"value", point.value},
                          {"lo", point.lo},
                          {"hi", point.hi},
                          {"toBest", point.toBest},
                          {"toBestHi", point.toBestHi}});
    return {{"metric", curve.metric}, {"title", curve.title}, {"lowerIsBetter", curve.lowerIsBetter},
            {"points", points},       {"best", curve.best},   {"enough", curve.enough},
            {"knee", curve.knee}};
}

std::string valueText(std::string_view metric, double value) {
    if (metric == "rps")
        return formatRate(value);
    if (metric == "bytes")
        return formatBytes(value);
    return formatMicros(value);
}

/// " Bytes per request have their knee at 4; at 9 they are 12 % lower than at 4."
std::string kneeText(const Sweep& sweep, const SweepCurve& curve) {
    if (curve.knee < 0)
        return {};
    const auto knee = static_cast<std::size_t>(curve.knee);
    const double rest = curve.points.back().value / curve.points[knee].value;
    return fmt::format(" {} bends at {}: from there to {} it changes by {} only.", curve.title,
                       sweep.values[knee], sweep.values.back(), formatChange(rest));
}

}  // namespace

const SweepCurve* Sweep::curve(std::string_view metricId) const {
    const auto found = std::ranges::find(curves, metricId, &SweepCurve::metric);
    return found == curves.end() ? nullptr : &*found;
}

json Sweep::toJson() const {
    json runList = json::array(), curveList = json::array();
    for (const auto& run : runs)
        runList.push_back(runJson(run));
    for (const auto& one : curves)
        curveList.push_back(curveJson(one));
    return {{"hone", 1},
            {"kind", "sweep"},
            {"id", id},
            {"name", name},
            {"note", note},
            {"startedAt", timeText(startedAt)},
            {"seed", seed},
            {"delta", delta},
            {"metric", metric},
            {"toggle", toggle},
            {"param", param},
            {"values", values},
            {"positions", positions},
            {"target", target},
            {"dataset", dataset},
            {"workload", workload.toJson()},
            {"base", base.toJson()},
            {"environment", environmentJson(environment)},
            {"plannedReplicates", plannedReplicates},
            {"replicates", replicates},
            {"runs", runList},
            {"curves", curveList},
            {"recommended", recommended.toJson()},
            {"sentence", sentence},
            {"warnings", warnings},
            {"partial", partial}};
}

std::string describe(const Sweep& sweep) {
    const std::string partial = sweep.partial ? " The sweep was interrupted." : "";
    const auto* curve = sweep.curve(sweep.metric);
    if (!curve || curve->best < 0)
        return "Cannot tell yet: no replicate was measured in whole." + partial;
    const auto best = static_cast<std::size_t>(curve->best), enough = static_cast<std::size_t>(curve->enough);
    std::string text;
    if (!std::isfinite(curve->points[best].hi))
        text =
            fmt::format("{} was lowest or highest at {} = {}, but one replicate tells nothing about chance.",
                        curve->title, sweep.what(), sweep.values[best]);
    else if (enough == best)
        text = fmt::format("{} = {} is best: {} {} ({} … {}).", sweep.what(), sweep.values[best],
                           curve->title, valueText(curve->metric, curve->points[best].value),
                           valueText(curve->metric, curve->points[best].lo),
                           valueText(curve->metric, curve->points[best].hi));
    else
        text = fmt::format("{} = {} is enough: {} {} is not told from the best, {} at {}, by more than {}.",
                           sweep.what(), sweep.values[enough], curve->title,
                           valueText(curve->metric, curve->points[enough].value),
                           valueText(curve->metric, curve->points[best].value), sweep.values[best],
                           formatPercent(sweep.delta));
    for (const auto& one : sweep.curves)
        if (one.metric == sweep.metric || one.metric == "bytes")
            text += kneeText(sweep, one);
    return text + partial;
}

}  // namespace hone::model

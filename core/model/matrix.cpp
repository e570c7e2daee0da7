#include "core/model/matrix.h"

#include "core/base/units.h"
#include "core/model/result_json.h"

#include <algorithm>

namespace hone::model {

namespace {

using nlohmann::json;

std::string valueText(std::string_view metric, double value) {
    if (metric == "rps")
        return formatRate(value);
    if (metric == "bytes")
        return formatBytes(value);
    return formatMicros(value);
}

json metricJson(const MatrixMetric& metric, const Matrix& matrix) {
    json pairs = json::array();
    for (const MatrixPair& pair : metric.pairs)
        pairs.push_back({{"a", matrix.arms[static_cast<std::size_t>(pair.a)].profile.name},
                         {"b", matrix.arms[static_cast<std::size_t>(pair.b)].profile.name},
                         {"rounds", pair.paired.pairs},
                         {"ratio", pair.paired.ratio},
                         {"lo", pair.paired.lo},
                         {"hi", pair.paired.hi},
                         {"p", pair.paired.p},
                         {"pHolm", pair.pHolm},
                         {"verdict", stats::verdictId(pair.verdict)}});
    json values = json::object(), best = json::array();
    for (std::size_t i = 0; i < metric.values.size(); ++i)
        values[matrix.arms[i].profile.name] = metric.values[i];
    for (const int arm : metric.best)
        best.push_back(matrix.arms[static_cast<std::size_t>(arm)].profile.name);
    return {{"title", metric.title},
            {"lowerIsBetter", metric.lowerIsBetter},
            {"values", values},
            {"best", best},
            {"pairs", pairs}};
}

std::string listed(const std::vector<std::string>& names) {
    std::string words;
    for (std::size_t i = 0; i < names.size(); ++i)
        words += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return words;
}

}  // namespace

const MatrixPair* MatrixMetric::pair(int a, int b) const {
    const auto found = std::ranges::find_if(
        pairs, [&](const MatrixPair& pair) { return pair.a == std::min(a, b) && pair.b == std::max(a, b); });
    return found == pairs.end() ? nullptr : &*found;
}

const MatrixMetric* Matrix::of(std::string_view metricId) const {
    const auto found = std::ranges::find(metrics, metricId, &MatrixMetric::metric);
    return found == metrics.end() ? nullptr : &*found;
}

std::string describe(const Matrix& matrix) {
    const MatrixMetric* chosen = matrix.of(matrix.metric);
    if (!chosen || chosen->best.empty())
        return "Nothing can be said: no profile was measured to its end.";
    const auto name = [&](int arm) { return matrix.arms[static_cast<std::size_t>(arm)].profile.name; };
    std::vector<std::string> best;
    for (const int arm : chosen->best)
        best.push_back(name(arm));
    const int leader = chosen->best.front();
    const double value = chosen->values[static_cast<std::size_t>(leader)];
    std::string words;
    if (best.size() == 1)
        words =
            fmt::format("{} is best: {} {}", best.front(), chosen->title, valueText(chosen->metric, value));
    else
        words = fmt::format("{} cannot be told apart as the best: {} {} for {}", listed(best), chosen->title,
                            valueText(chosen->metric, value), best.front());
    // Against the first one asked for, which is the one people know.
    if (const MatrixPair* pair = chosen->pair(0, leader);
        pair && pair->paired.pairs >= 2 && std::ranges::find(chosen->best, 0) == chosen->best.end()) {
        const bool isForward = pair->a == 0;
        const double ratio = isForward ? pair->paired.ratio : 1 / pair->paired.ratio;
        words += fmt::format(", {} against {}", formatChange(ratio), name(0));
    }
    words += ".";
    std::vector<std::string> odd;
    for (std::size_t i = 0; i < matrix.invalid.size(); ++i)
        if (!matrix.invalid[i].empty())
            odd.push_back(matrix.arms[i].profile.name);
    if (!odd.empty())
        words += fmt::format(" {} did not do the same work and {} left out.", listed(odd),
                             odd.size() == 1 ? "is" : "are");
    return words;
}

nlohmann::json Matrix::toJson() const {
    json profiles = json::array(), figures = json::object();
    for (std::size_t i = 0; i < arms.size(); ++i)
        profiles.push_back({{"profile", arms[i].profile.toJson()},
                            {"requests", arms[i].requests},
                            {"errors", arms[i].errors},
                            {"invalid", i < invalid.size() ? invalid[i] : std::string()}});
    for (const MatrixMetric& each : metrics)
        figures[each.metric] = metricJson(each, *this);
    return {{"hone", 1},
            {"kind", "matrix"},
            {"id", id},
            {"name", name},
            {"startedAt", timeText(startedAt)},
            {"seed", seed},
            {"delta", delta},
            {"metric", metric},
            {"plannedRounds", plannedRounds},
            {"rounds", rounds},
            {"profiles", profiles},
            {"metrics", figures},
            {"sentence", sentence},
            {"warnings", warnings},
            {"partial", partial}};
}

}  // namespace hone::model

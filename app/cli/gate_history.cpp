#include "app/cli/gate_options.h"
#include "core/base/units.h"
#include "core/report/figures.h"
#include "core/stats/change_points.h"
#include "core/store/store.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hone::cli {
namespace {

constexpr std::size_t kMostRuns = 500;  ///< Looking for splits is quadratic, and older code is another code.
constexpr std::size_t kFewestRuns = 10;
constexpr std::array kMetrics{"p50", "p90", "p95", "p99", "mean", "rps", "bytes", "cpu"};

struct Point {
    store::RunSummary summary;
    double value = 0;
};

bool isSeries(const model::RunResult& run, const model::Workload& workload, const std::string& hash,
              const model::Profile& profile) {
    return !run.partial && run.workload.name == workload.name && model::workloadHash(run.workload) == hash &&
           run.profile.sameSettings(profile);
}

/// Kept runs of the same workload and profile on the newest one's machine and data, oldest first.
Result<std::vector<Point>> pointsOf(store::Store& store, const model::Workload& workload,
                                    const model::Profile& profile, const std::string& metric) {
    auto summaries = store.list();
    if (!summaries)
        return fail(std::move(summaries.error()));
    const std::string hash = model::workloadHash(workload);
    std::vector<Point> points;
    std::optional<model::RunResult> newest;
    for (auto& summary : *summaries) {
        if (summary.kind != "run" || summary.source != "hone" || summary.partial ||
            points.size() == kMostRuns)
            continue;
        auto run = store.run(summary.id);
        if (!run)
            return fail(std::move(run.error()));
        if (!isSeries(*run, workload, hash, profile))
            continue;
        if (newest && (newest->dataset != run->dataset ||
                       !model::machineDifferences(newest->environment, run->environment).empty()))
            continue;
        const auto metrics = model::roundOf(*run).metrics;
        if (const auto value = metrics.find(metric); value != metrics.end())
            points.push_back({std::move(summary), value->second});
        if (!newest)
            newest = std::move(*run);
    }
    std::ranges::reverse(points);
    return points;
}

nlohmann::json changeJson(const stats::ChangePoint& change, const std::vector<Point>& points) {
    return {{"id", points[change.index].summary.id},
            {"startedAt", formatTimestamp(points[change.index].summary.startedAt)},
            {"index", change.index},
            {"p", change.p},
            {"before", change.before},
            {"after", change.after},
            {"change", change.ratio() - 1}};
}

void printJson(const std::vector<Point>& points, const std::vector<stats::ChangePoint>& changes,
               const std::string& metric, bool failed) {
    nlohmann::json document = {{"metric", metric}, {"passed", !failed}};
    document["runs"] = nlohmann::json::array();
    for (const auto& point : points)
        document["runs"].push_back({{"id", point.summary.id},
                                    {"startedAt", formatTimestamp(point.summary.startedAt)},
                                    {"value", point.value}});
    document["changes"] = nlohmann::json::array();
    for (const auto& change : changes)
        document["changes"].push_back(changeJson(change, points));
    print(document);
}

void printTable(const std::vector<Point>& points, const std::vector<stats::ChangePoint>& changes,
                const std::string& metric) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto change = std::ranges::find(changes, i, &stats::ChangePoint::index);
        if (change != changes.end())
            fmt::print("── {} changes here: {} → {} ({}, p = {:.3f})\n", metric,
                       report::metricValue(metric, change->before),
                       report::metricValue(metric, change->after), formatChange(change->ratio()), change->p);
        fmt::print("   {}  {:.10}  {}\n", formatTimestamp(points[i].summary.startedAt), points[i].summary.id,
                   report::metricValue(metric, points[i].value));
    }
}

}  // namespace

int gateHistory(const Session& session, const GateOptions& options, const model::Workload& workload,
                const model::Profile& profile, double tolerance) {
    if (std::ranges::find(kMetrics, options.metric) == kMetrics.end())
        return printError(
            fail(Error::InvalidArgument, "--metric \"{}\" is not kept in the history", options.metric)
                .hint("Known: {}.", fmt::join(kMetrics, ", "))
                .error());
    auto store = store::Store::open(session.workspace / "hone.db");
    if (!store)
        return printError(store.error());
    const auto points = pointsOf(**store, workload, profile, options.metric);
    if (!points)
        return printError(points.error());
    std::vector<double> values;
    for (const auto& point : *points)
        values.push_back(point.value);
    const auto changes = stats::changePoints(values);
    // What is old news was seen, mended or accepted: the gate is about the newest level.
    const bool lowerIsBetter = options.metric != "rps";
    const double change = changes.empty() ? 1 : changes.back().ratio();
    const bool failed = lowerIsBetter ? change > 1 + tolerance : change < 1 - tolerance;
    if (session.json) {
        printJson(*points, changes, options.metric, failed);
        return failed ? kFailed : kOk;
    }
    printTable(*points, changes, options.metric);
    if (points->size() < kFewestRuns)
        fmt::print("{} runs of this workload and profile are too few to find a change in; it takes {}\n",
                   points->size(), kFewestRuns);
    else if (failed)
        fmt::print("failed: the newest level of {} differs from the one before by {}\n", options.metric,
                   formatChange(change));
    else
        fmt::print("passed: {} runs, {} change{} of level, the newest is no regression beyond {}\n",
                   points->size(), changes.size(), changes.size() == 1 ? "" : "s", formatPercent(tolerance));
    return failed ? kFailed : kOk;
}

}  // namespace hone::cli

#include "core/report/attribution_tables.h"
#include "core/report/documents.h"
#include "core/report/escape.h"

#include <set>

// Attributions and sweeps for terminals and CSV.

namespace hone::report {
namespace {

template <class T>
std::string terminalText(const T& result, bool colour) {
    std::string out = "\n" + coloured(terminalSafe(result.sentence), "bold", colour) + "\n\n";
    for (const auto& table : tablesOf(result))
        out += terminalTable(table, colour);
    for (const auto& warning : result.warnings)
        out += coloured("  ! " + terminalSafe(warning), "warn", colour) + "\n";
    return out + "\n";
}

template <class Run>
std::set<std::string> metricsOf(const std::vector<Run>& runs) {
    std::set<std::string> metrics;
    for (const auto& run : runs)
        for (const auto& [metric, value] : run.metrics)
            metrics.insert(metric);
    return metrics;
}

template <class Run>
std::string metricCells(const Run& run, const std::set<std::string>& metrics) {
    std::string out;
    for (const auto& metric : metrics) {
        const auto found = run.metrics.find(metric);
        out += found == run.metrics.end() ? "," : fmt::format(",{:g}", found->second);
    }
    return out + "\n";
}

}  // namespace

std::string terminalTable(const model::Attribution& attribution, bool colour) {
    return terminalText(attribution, colour);
}

std::string terminalTable(const model::Sweep& sweep, bool colour) { return terminalText(sweep, colour); }

std::string csvReport(const model::Attribution& attribution) {
    std::set<std::string> metrics;
    for (const auto& stage : attribution.stages)
        metrics.merge(metricsOf(stage.runs));
    std::string out = "stage,replicate,order,cell";
    for (const auto& toggle : attribution.toggles)
        out += "," + csvField(toggle);
    out += ",start_s,seconds,requests,errors";
    for (const auto& metric : metrics)
        out += "," + csvField(metric);
    out += "\n";
    for (const auto& stage : attribution.stages)
        for (const auto& run : stage.runs) {
            out += fmt::format("{},{},{},{}", csvField(stage.kind), run.replicate + 1, run.order + 1,
                               run.cell + 1);
            for (const auto& toggle : attribution.toggles) {
                const auto at = std::ranges::find(stage.toggles, toggle) - stage.toggles.begin();
                const bool studied = at < static_cast<std::ptrdiff_t>(stage.toggles.size());
                out += fmt::format(",{}", studied && (run.setting >> at & 1) != 0 ? 1 : 0);
            }
            out += fmt::format(",{:.3f},{:.3f},{},{}", run.startS, run.seconds, run.requests, run.errors);
            out += metricCells(run, metrics);
        }
    return out;
}

std::string csvReport(const model::Sweep& sweep) {
    const auto metrics = metricsOf(sweep.runs);
    std::string out = "replicate,order," + csvField(sweep.what()) + ",start_s,seconds,requests,errors";
    for (const auto& metric : metrics)
        out += "," + csvField(metric);
    out += "\n";
    for (const auto& run : sweep.runs) {
        out += fmt::format("{},{},{},{:.3f},{:.3f},{},{}", run.replicate + 1, run.order + 1,
                           csvField(sweep.values[static_cast<std::size_t>(run.point)]), run.startS,
                           run.seconds, run.requests, run.errors);
        out += metricCells(run, metrics);
    }
    return out;
}

}  // namespace hone::report

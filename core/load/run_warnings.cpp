#include "core/load/run_warnings.h"

#include "core/base/units.h"
#include "core/stats/quantiles.h"

namespace hone::load {

namespace {

constexpr double kSaturated = 0.95;  ///< Share of its core from which the generator limits what it measures.
constexpr double kLateShare = 0.10;  ///< METHOD section 1: lateness p99 against latency p50.

std::string commonErrors(const model::RunResult& run) {
    std::string out;
    for (const auto& [kind, count] : run.errorsByKind)
        out += (out.empty() ? "" : ", ") + fmt::format("{} × {}", kind, count);
    return out;
}

std::string plannedRate(const model::Workload& workload) {
    if (!workload.replay.file.empty())
        return "the recorded arrivals";
    return workload.stages.empty() ? formatRate(workload.ratePerSecond) : stagesText(workload.stages);
}

}  // namespace

std::vector<std::string> warningsOf(const model::RunResult& run, std::uint64_t backlog,
                                    std::size_t connections, std::size_t maxConnections) {
    std::vector<std::string> out;
    const bool open = run.workload.model == model::LoadModel::Open;
    if (const auto hits = run.counters.find("client.cache.hits");
        hits != run.counters.end() && hits->second > 0)
        out.push_back(fmt::format(
            "{:.0f} requests were answered by the clients' own caches: they never left and are in no other "
            "figure.",
            hits->second));
    if (run.requests == 0) {
        out.push_back("No request was finished in the measured part: run longer, or check the target.");
        return out;
    }
    const double p50 = static_cast<double>(run.latency.quantile(0.50));
    const double late = static_cast<double>(run.lateness.quantile(0.99));
    const bool isLate = open && late > kLateShare * p50;
    if (isLate)
        out.push_back(fmt::format(
            "Requests left late: 99 % within {} of their due time, more than a tenth of the median "
            "latency of {}. Lower the rate, use more threads or quieten the machine.",
            formatMicros(late), formatMicros(p50)));
    // An open loop polls between sends, so a full core alone proves nothing there.
    if (run.generatorCpuShare > kSaturated && (!open || isLate || backlog > 0))
        out.push_back(fmt::format(
            "The load generator used {} of its core: the figures may show its limit rather than the "
            "server's. Use more threads.",
            formatPercent(run.generatorCpuShare)));
    if (backlog > 0)
        out.push_back(fmt::format(
            "{} due requests were never sent: the server did not keep up with {} on {} connections{}.",
            backlog, plannedRate(run.workload), connections,
            connections >= maxConnections ? " (the limit)" : ""));
    if (const int least = stats::minSamplesForQuantile(0.99);
        run.requests < static_cast<std::uint64_t>(least))
        out.push_back(
            fmt::format("Only {} requests were measured; p99 needs at least {}.", run.requests, least));
    if (run.errors > 0)
        out.push_back(fmt::format("{} of the requests failed ({}).", formatPercent(run.errorRate()),
                                  commonErrors(run)));
    if (const auto large = run.errorsByKind.find("answer too large"); large != run.errorsByKind.end())
        out.push_back(fmt::format(
            "{} answers were larger than {}, which is all that is read for checks, values and comparisons. "
            "Raise it with --max-body (\"maxBody\" in the workload), or leave them unread.",
            large->second, sizeText(run.workload.maxBodyBytes)));
    for (const auto& request : run.byRequest)
        for (const auto& check : request.checks)
            if (check.failed > 0)
                out.push_back(fmt::format("{} of {} answers to \"{}\" failed the check \"{}\".", check.failed,
                                          check.passed + check.failed, request.name, check.text));
    if (run.unfinished > backlog &&
        static_cast<double>(run.unfinished - backlog) > 0.01 * static_cast<double>(run.requests))
        out.push_back(
            fmt::format("{} requests were still under way at the end: high percentiles are lower bounds.",
                        run.unfinished - backlog));
    return out;
}

}  // namespace hone::load

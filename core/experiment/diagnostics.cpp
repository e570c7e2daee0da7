#include "core/experiment/diagnostics.h"

#include "core/base/clock.h"
#include "core/base/units.h"
#include "core/experiment/blocks.h"
#include "core/stats/quantiles.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace hone::experiment {

namespace {

constexpr double kDriftShare = 0.05;  ///< Change over the run worth telling …
constexpr double kDriftP = 0.01;      ///< … when chance makes it in fewer than one of a hundred runs.
constexpr double kSaturated = 0.95;
constexpr double kOtherCores = 0.05;  ///< METHOD section 7: another process above 5 % of a core.
constexpr double kStolen = 0.01;
constexpr std::uint64_t kFewInBlock = 1'000;

std::string drift(const char* arm, std::string_view metricId, const std::vector<double>& values) {
    if (values.size() < 5)
        return {};
    const auto trend = stats::linearTrend(values);
    if (trend.p > kDriftP || std::abs(trend.change) < kDriftShare)
        return {};
    return fmt::format("{} of {} drifted by {} over the run: something besides the profiles changed.",
                       metricId, arm, formatChange(1 + trend.change));
}

std::vector<std::string> pairNumbers(const std::vector<std::size_t>& indices) {
    std::vector<std::string> out;
    for (const auto index : indices)
        out.push_back(std::to_string(index + 1));
    return out;
}

std::uint64_t smallestBlock(const model::Comparison& comparison) {
    std::uint64_t least = UINT64_MAX;
    for (const auto& block : comparison.blocks)
        least = std::min(least, block.requests);
    return comparison.blocks.empty() ? 0 : least;
}

void addTo(std::vector<std::string>& out, std::string text) {
    if (!text.empty())
        out.push_back(std::move(text));
}

}  // namespace

std::vector<std::string> diagnose(const model::Comparison& comparison) {
    std::vector<std::string> out;
    const PairedValues values = pairedValues(comparison.blocks, comparison.metric);
    addTo(out, drift("A", comparison.metric, values.a));
    addTo(out, drift("B", comparison.metric, values.b));
    const auto ratios = values.logRatios();
    const double lag1 = stats::autocorrelation1(ratios);
    if (ratios.size() >= 8 && std::abs(lag1) > 2 / std::sqrt(static_cast<double>(ratios.size())))
        out.push_back(fmt::format(
            "Neighbouring pairs resemble each other (lag-1 autocorrelation {:.2f}): the interval may be "
            "too narrow.",
            lag1));
    if (const auto far = stats::farOutliers(ratios); !far.empty())
        out.push_back(fmt::format("Pair {} lies far from the others in {}; it was kept.",
                                  fmt::join(pairNumbers(far), ", "), comparison.metric));
    if (const auto least = smallestBlock(comparison); !comparison.blocks.empty() && least < kFewInBlock)
        out.push_back(
            fmt::format("A block holds as few as {} requests; longer blocks make p99 steadier.", least));
    for (const auto* run : {&comparison.a, &comparison.b})
        if (run->generatorCpuShare > kSaturated && run->workload.model == model::LoadModel::Closed)
            out.push_back(
                fmt::format("The load generator used {} of its core in {}: its own limit hides differences.",
                            formatPercent(run->generatorCpuShare), run == &comparison.a ? "A" : "B"));
    if (comparison.noiseFloor > 0)
        out.push_back(fmt::format(
            "Identical profiles differed by up to {} on this machine; smaller effects are not claimed.",
            formatPercent(std::expm1(comparison.noiseFloor))));
    return out;
}

std::vector<std::string> diagnose(const model::Environment& environment) {
    std::vector<std::string> out;
    if (!environment.optimised)
        out.push_back("This is a debug build: its figures say little about the release you would run.");
    if (environment.governor == "powersave")
        out.push_back(
            "The CPU governor is \"powersave\": clock changes add noise; \"performance\" is steadier.");
    if (environment.cores > 0 && environment.loadAverage > 0.5 * environment.cores)
        out.push_back(fmt::format("The machine was busy when the run started (load {:.1f} on {} cores).",
                                  environment.loadAverage, environment.cores));
    return out;
}

MachineWatch::MachineWatch() : m_start(now()) {}

MachineWatch::Sample MachineWatch::now() {
    Sample out;
    std::ifstream file("/proc/stat");
    std::string label;
    double field[8] = {};  // user nice system idle iowait irq softirq steal
    file >> label;
    for (double& value : field)
        file >> value;
    if (!file)
        return {};
    const double tick = static_cast<double>(sysconf(_SC_CLK_TCK));
    for (const double value : field)
        out.totalS += value / tick;
    out.stolenS = field[7] / tick;
    out.busyS = out.totalS - (field[3] + field[4] + field[7]) / tick;
    rusage own{};
    getrusage(RUSAGE_SELF, &own);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    out.ownS = seconds(own.ru_utime) + seconds(own.ru_stime);
    out.atS = static_cast<double>(monotonicNow().count()) * 1e-9;
    return out;
}

std::vector<std::string> MachineWatch::warnings() const {
    std::vector<std::string> out;
    const Sample end = now();
    const double elapsed = end.atS - m_start.atS, total = end.totalS - m_start.totalS;
    if (elapsed < 1 || total <= 0)
        return out;  // Shorter than what the kernel's ticks can tell.
    const double stolen = (end.stolenS - m_start.stolenS) / total;
    if (stolen > kStolen)
        out.push_back(fmt::format("The host took {} of the processor time away from this virtual machine.",
                                  formatPercent(stolen)));
    const double others = ((end.busyS - m_start.busyS) - (end.ownS - m_start.ownS)) / elapsed;
    if (others > kOtherCores)
        out.push_back(fmt::format("Other processes used {:.2f} of a core while this was measured.", others));
    return out;
}

}  // namespace hone::experiment

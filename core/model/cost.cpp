#include "core/model/cost.h"

#include "core/base/units.h"

#include <cmath>
#include <map>

namespace hone::model {

namespace {

constexpr double kMillion = 1e6;
constexpr double kBytesPerGiB = 1024.0 * 1024.0 * 1024.0;
constexpr double kUsPerHour = 3600e6;

double metricOf(const Block& block, const char* id) {
    const auto found = block.metrics.find(id);
    return found == block.metrics.end() ? 0 : found->second;
}

/// "−34 … −28 %"
std::string intervalText(double lo, double hi) {
    const auto share = [](double ratio) { return formatChange(ratio); };
    return fmt::format("{} … {}", share(lo), share(hi));
}

}  // namespace

Cost costPerMillion(double bytesPerRequest, double cpuUsPerRequest, const Prices& prices) {
    Cost cost;
    cost.gib = bytesPerRequest * kMillion / kBytesPerGiB;
    cost.coreHours = cpuUsPerRequest * kMillion / kUsPerHour;
    cost.egress = cost.gib * prices.perGiB;
    cost.cpu = cost.coreHours * prices.perCoreHour;
    if (prices.givesCo2())
        cost.co2Grams =
            (cost.coreHours * prices.wattsPerCore / 1000 + cost.gib * prices.kwhPerGiB) * prices.gramsPerKwh;
    return cost;
}

CostComparison compareCost(const Comparison& comparison, const Prices& prices) {
    CostComparison out;
    out.cpuMeasured = comparison.a.engineCpuUsPerRequest > 0 && comparison.b.engineCpuUsPerRequest > 0;
    const auto of = [&](double bytes, double cpuUs) {
        return costPerMillion(bytes, out.cpuMeasured ? cpuUs : 0, prices);
    };
    out.a = of(comparison.a.bytesPerRequest(), comparison.a.engineCpuUsPerRequest);
    out.b = of(comparison.b.bytesPerRequest(), comparison.b.engineCpuUsPerRequest);
    std::map<int, std::array<double, 2>> pairs;
    for (const Block& block : comparison.blocks)
        pairs[block.pair][block.arm == 0 ? 0 : 1] =
            of(metricOf(block, "bytes"), metricOf(block, "cpu")).money();
    std::vector<double> a, b;
    for (const auto& [pair, money] : pairs) {
        a.push_back(money[0]);
        b.push_back(money[1]);
    }
    if (const auto ratio = stats::pairedBlocks(a, b); ratio.pairs >= 2)
        out.ratio = ratio;
    return out;
}

std::string moneyText(double amount, const Prices& prices) {
    const double size = std::abs(amount);
    // Three digits that say something, never fewer than two behind the point.
    int decimals = 2;
    if (size > 0 && size < 1)
        decimals = std::min(9, 2 - static_cast<int>(std::floor(std::log10(size))));
    return fmt::format("{}{}{:.{}f}", amount < 0 ? "−" : "", prices.currency, size, decimals);
}

std::string describeCost(const CostComparison& cost, const Prices& prices) {
    if (!prices.givesMoney())
        return {};
    const double difference = cost.b.money() - cost.a.money();
    std::string words;
    const bool isSure = cost.ratio && (cost.ratio->lo > 1 || cost.ratio->hi < 1);
    if (cost.ratio && !isSure && !cost.ratio->exact)
        words = fmt::format("No difference in cost can be told: {} and {} per million requests",
                            moneyText(cost.a.money(), prices), moneyText(cost.b.money(), prices));
    else if (difference == 0)
        words = fmt::format("Both cost {} per million requests", moneyText(cost.a.money(), prices));
    else
        words = fmt::format("B costs {} {} per million requests", moneyText(std::abs(difference), prices),
                            difference < 0 ? "less" : "more");
    if (cost.ratio && !cost.ratio->exact)
        words += fmt::format(" ({}, 95 % interval {})", formatChange(cost.ratio->ratio),
                             intervalText(cost.ratio->lo, cost.ratio->hi));
    else if (cost.a.money() > 0 && difference != 0)
        words += fmt::format(" ({})", formatChange(cost.b.money() / cost.a.money()));
    words += ".";
    if (!cost.cpuMeasured && prices.perCoreHour > 0)
        words += " CPU is not in it: the server's was not measured.";
    return words;
}

}  // namespace hone::model

#pragma once

#include "core/model/comparison.h"

#include <optional>

namespace hone::model {

/// What a reader pays, as they set it; 0: not given, so nothing is said about it. No price is assumed.
struct Prices {
    std::string currency = "$";
    double perGiB = 0;        ///< Money for one GiB sent out.
    double perCoreHour = 0;   ///< Money for one core for one hour.
    double gramsPerKwh = 0;   ///< CO₂ of one kWh of electricity.
    double wattsPerCore = 0;  ///< What a busy core draws: turns CPU time into energy.
    double kwhPerGiB = 0;     ///< Energy of sending one GiB.
    bool operator==(const Prices&) const = default;

    [[nodiscard]] bool givesMoney() const { return perGiB > 0 || perCoreHour > 0; }
    /// Grams need the factor and something to multiply it with.
    [[nodiscard]] bool givesCo2() const { return gramsPerKwh > 0 && (wattsPerCore > 0 || kwhPerGiB > 0); }
};

/// What one million requests use and cost.
struct Cost {
    double gib = 0, coreHours = 0;
    double egress = 0, cpu = 0;  ///< Money.
    double co2Grams = 0;         ///< Operation only: neither hardware nor clients are in it.
    [[nodiscard]] double money() const { return egress + cpu; }
};
/// From what a request sends (bytes) and takes (µs of CPU).
[[nodiscard]] Cost costPerMillion(double bytesPerRequest, double cpuUsPerRequest, const Prices& prices);

/// Two arms in money: the sum of each, and how surely they differ.
struct CostComparison {
    Cost a, b;
    bool cpuMeasured = true;  ///< Else CPU is left out of both: the server was not ours.
    /// Of B's money over A's, pair by pair; empty without two pairs or without a price.
    std::optional<stats::PairedResult> ratio;
};
[[nodiscard]] CostComparison compareCost(const Comparison& comparison, const Prices& prices);

/// "B costs $0.41 less per million requests (−31 %, 95 % interval −34 … −28 %)." Empty without prices.
[[nodiscard]] std::string describeCost(const CostComparison& cost, const Prices& prices);
/// Two digits behind the point, more where the sum is small: "$0.41", "$0.0032".
[[nodiscard]] std::string moneyText(double amount, const Prices& prices);

}  // namespace hone::model

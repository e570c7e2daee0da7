// What follows from the blocks of a matrix.

#include "core/base/ids.h"
#include "core/base/units.h"
#include "core/experiment/blocks.h"
#include "core/experiment/matrix.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace hone::experiment {

namespace {

using stats::Verdict;

constexpr double kAlpha = 0.05;
constexpr double kErrorPoints = 0.005;  ///< As in comparisons: error rates further apart are other work.

/// The blocks of two profiles as those of arms A and B.
std::vector<model::Block> blocksOf(const model::Matrix& matrix, int a, int b) {
    std::vector<model::Block> out;
    for (const model::Block& block : matrix.blocks)
        if (block.arm == a || block.arm == b) {
            out.push_back(block);
            out.back().arm = block.arm == a ? 0 : 1;
        }
    return out;
}

double valueOf(const model::Block& block, std::string_view metricId) {
    const auto found = block.metrics.find(std::string(metricId));
    return found == block.metrics.end() ? 0 : found->second;
}

/// Per profile its values in the rounds in which every profile has one: means and pairs are then of the same
/// rounds, and agree.
std::vector<std::vector<double>> valuesOf(const model::Matrix& matrix, std::string_view metricId) {
    std::map<int, std::vector<double>> rounds;
    for (const model::Block& block : matrix.blocks) {
        auto& values = rounds[block.pair];
        values.resize(matrix.arms.size());
        values[static_cast<std::size_t>(block.arm)] = valueOf(block, metricId);
    }
    std::vector<std::vector<double>> out(matrix.arms.size());
    for (const auto& [round, values] : rounds)
        if (std::ranges::all_of(values, [](double value) { return value > 0; }))
            for (std::size_t arm = 0; arm < values.size(); ++arm)
                out[arm].push_back(values[arm]);
    return out;
}

double geometricMean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values)
        sum += std::log(value);
    return values.empty() ? 0 : std::exp(sum / static_cast<double>(values.size()));
}

/// Rounds in which some profile answered nothing: they cannot be used for latencies.
void warnOfEmptyBlocks(model::Matrix& matrix) {
    std::set<int> rounds;
    for (const model::Block& block : matrix.blocks)
        if (block.requests == 0)
            rounds.insert(block.pair);
    if (!rounds.empty())
        matrix.warnings.push_back(fmt::format(
            "In {} of {} rounds a profile answered nothing within its block; they are left out. Use "
            "longer blocks.",
            rounds.size(), matrix.rounds));
}

bool isValid(const model::Matrix& matrix, int arm) {
    const auto at = static_cast<std::size_t>(arm);
    return at >= matrix.invalid.size() || matrix.invalid[at].empty();
}

bool isShown(Verdict verdict, bool better) {
    return better ? verdict == Verdict::Better || verdict == Verdict::BetterMaybeTrivial
                  : verdict == Verdict::Worse || verdict == Verdict::WorseMaybeTrivial;
}

/// Is `other` shown to be better than `arm`?
bool beats(const model::MatrixMetric& metric, int other, int arm) {
    const model::MatrixPair* pair = metric.pair(arm, other);
    if (!pair)
        return false;
    return pair->b == other ? isShown(pair->verdict, true) : isShown(pair->verdict, false);
}

/// Those that the leader is not shown to beat, the leader first.
std::vector<int> bestOf(const model::Matrix& matrix, const model::MatrixMetric& metric) {
    std::vector<int> order;
    for (int arm = 0; arm < static_cast<int>(metric.values.size()); ++arm)
        if (isValid(matrix, arm) && metric.values[static_cast<std::size_t>(arm)] > 0)
            order.push_back(arm);
    if (order.empty())
        return {};
    std::ranges::sort(order, [&](int x, int y) {
        const double a = metric.values[static_cast<std::size_t>(x)],
                     b = metric.values[static_cast<std::size_t>(y)];
        return metric.lowerIsBetter ? a < b : a > b;
    });
    const int leader = order.front();
    std::erase_if(order, [&](int arm) { return arm != leader && beats(metric, leader, arm); });
    return order;
}

/// Error rates far from the first valid profile's: it refused or failed what others answered.
void judgeErrors(model::Matrix& matrix) {
    matrix.invalid.resize(matrix.arms.size());
    std::vector<double> rates;
    for (std::size_t i = 0; i < matrix.arms.size(); ++i) {
        std::uint64_t requests = 0, errors = 0;
        for (const model::Block& block : matrix.blocks)
            if (block.arm == static_cast<int>(i)) {
                requests += block.requests;
                errors += block.errors;
            }
        rates.push_back(requests > 0 ? static_cast<double>(errors) / static_cast<double>(requests) : 0);
    }
    const double least = rates.empty() ? 0 : *std::ranges::min_element(rates);
    for (std::size_t i = 0; i < rates.size(); ++i)
        if (matrix.invalid[i].empty() && rates[i] - least > kErrorPoints)
            matrix.invalid[i] = fmt::format("{} of its requests failed or were refused, {} of the best one's",
                                            formatPercent(rates[i]), formatPercent(least));
}

void addPairs(model::MatrixMetric& metric, const std::vector<std::vector<double>>& values, double alpha) {
    for (std::size_t a = 0; a < values.size(); ++a)
        for (std::size_t b = a + 1; b < values.size(); ++b) {
            model::MatrixPair pair{.a = static_cast<int>(a),
                                   .b = static_cast<int>(b),
                                   .paired = stats::pairedBlocks(values[a], values[b], alpha)};
            pair.pHolm = pair.paired.p;
            metric.pairs.push_back(std::move(pair));
        }
}

/// A claim needs its interval off the band, and its p to survive all the others asked at once.
void judgePairs(const model::Matrix& matrix, model::MatrixMetric& metric) {
    for (model::MatrixPair& pair : metric.pairs) {
        if (!isValid(matrix, pair.a) || !isValid(matrix, pair.b)) {
            pair.verdict = Verdict::Invalid;
            continue;
        }
        const auto& paired = pair.paired;
        pair.verdict = paired.pairs < 2
                           ? Verdict::CannotTell
                           : stats::judge(paired.lo, paired.hi, matrix.delta, metric.lowerIsBetter);
        const bool claims = isShown(pair.verdict, true) || isShown(pair.verdict, false);
        if (claims && metric.headline && !paired.exact && pair.pHolm > kAlpha)
            pair.verdict = Verdict::CannotTell;
    }
}

}  // namespace

void conclude(model::Matrix& matrix) {
    judgeErrors(matrix);
    warnOfEmptyBlocks(matrix);
    matrix.metrics.clear();
    const auto arms = matrix.arms.size();
    const double pairs = static_cast<double>(arms * (arms - 1)) / 2;
    for (const Metric& one : kMetrics) {
        model::MatrixMetric metric{.metric = std::string(one.id),
                                   .title = std::string(one.title),
                                   .lowerIsBetter = one.lowerIsBetter,
                                   .headline = one.headline};
        const auto values = valuesOf(matrix, one.id);
        std::ranges::transform(values, std::back_inserter(metric.values), geometricMean);
        if (values.empty() || values.front().empty())
            continue;  // Not measured here.
        addPairs(metric, values, kAlpha / std::max(1.0, pairs));
        matrix.metrics.push_back(std::move(metric));
    }
    std::vector<double> p;
    for (const auto& metric : matrix.metrics)
        if (metric.headline)
            std::ranges::transform(metric.pairs, std::back_inserter(p),
                                   [](const auto& pair) { return pair.paired.p; });
    const auto adjusted = stats::holm(p);
    std::size_t next = 0;
    for (auto& metric : matrix.metrics) {
        if (metric.headline)
            for (auto& pair : metric.pairs)
                pair.pHolm = adjusted[next++];
        judgePairs(matrix, metric);
        metric.best = bestOf(matrix, metric);
    }
    matrix.sentence = model::describe(matrix);
}

std::vector<model::Comparison> comparisonsOf(const model::Matrix& matrix) {
    std::vector<model::Comparison> out;
    for (int arm = 1; arm < static_cast<int>(matrix.arms.size()); ++arm) {
        model::Comparison comparison;
        comparison.id = newId();
        comparison.name = fmt::format("{} / {}", matrix.arms.front().profile.name,
                                      matrix.arms[static_cast<std::size_t>(arm)].profile.name);
        comparison.tags = {"matrix"};
        comparison.startedAt = matrix.startedAt;
        comparison.seed = matrix.seed;
        comparison.delta = matrix.delta;
        comparison.metric = matrix.metric;
        comparison.plannedPairs = matrix.plannedRounds;
        comparison.a = matrix.arms.front();
        comparison.b = matrix.arms[static_cast<std::size_t>(arm)];
        comparison.blocks = blocksOf(matrix, 0, arm);
        comparison.partial = matrix.partial;
        comparison.note = matrix.sentence;
        for (const int side : {0, arm})
            if (const auto at = static_cast<std::size_t>(side); !matrix.invalid[at].empty())
                comparison.warnings.push_back(
                    fmt::format("{}: {}.", matrix.arms[at].profile.name, matrix.invalid[at]));
        comparison.warnings.push_back(
            fmt::format("One of {} comparisons measured together; its interval stands for itself alone, the "
                        "matrix corrected for all of them.",
                        matrix.arms.size() - 1));
        conclude(comparison);
        out.push_back(std::move(comparison));
    }
    return out;
}

}  // namespace hone::experiment

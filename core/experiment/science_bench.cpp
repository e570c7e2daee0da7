// Does the statistics do what it promises? Simulated comparisons and factorial experiments with known truth,
// and real comparisons of an engine with itself. Prints a table; with a file name also writes Markdown.
//   bench.science [simulated = 400] [real A/A = 40] [FILE.md]
// A simulated block holds 1 000 latencies of a lognormal service whose neighbours are correlated (AR(1), 0.6)
// on a machine whose pace wanders from pair to pair: what the block-pair design has to cope with.

#include "core/base/random.h"
#include "core/engine/engine.h"
#include "core/experiment/blocks.h"
#include "core/experiment/power_estimate.h"
#include "core/stats/factorial.h"
#include "core/stats/power.h"
#include "core/toggles/catalogue.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

using namespace hone;
using namespace std::chrono_literals;

namespace {

struct Row {
    std::string study, result, bound;
    bool holds = true;
};

double normal(SplitMix64& random) {
    return std::sqrt(-2 * std::log1p(-random.uniform())) * std::cos(2 * M_PI * random.uniform());
}

/// One machine with its moods: blocks drawn from it differ as real ones do.
class Machine {
public:
    explicit Machine(std::uint64_t seed) : m_random(seed) {}

    model::Comparison compare(int pairs, double slowdownOfB, std::string metric = "p95") {
        model::Comparison out;
        out.metric = std::move(metric);
        out.plannedPairs = pairs;
        for (int pair = 0; pair < pairs; ++pair)
            addPair(out, pair, slowdownOfB);
        return out;
    }
    void addPair(model::Comparison& out, int pair, double slowdownOfB) {
        m_pace = 0.8 * m_pace + 0.03 * normal(m_random);
        const int first = m_random.uniform() < 0.5 ? 0 : 1;
        for (int order = 0; order < 2; ++order) {
            const int arm = order == 0 ? first : 1 - first;
            out.blocks.push_back(block(pair, arm, 2 * pair + order, arm == 1 ? slowdownOfB : 1));
            (arm == 0 ? out.a : out.b).requests += kRequests;
        }
    }

private:
    static constexpr std::uint64_t kRequests = 1'000;

    model::Block block(int pair, int arm, int order, double slowdown) {
        const double level = std::log(400 * slowdown) + m_pace + 0.01 * normal(m_random);
        std::vector<double> latencies(kRequests);
        double state = normal(m_random), sum = 0;
        for (double& latency : latencies) {
            state = 0.6 * state + 0.8 * normal(m_random);  // Variance one again.
            latency = std::exp(level + 0.4 * state);
            sum += latency;
        }
        const auto quantile = [&](double q) {
            const auto at = latencies.begin() + static_cast<std::ptrdiff_t>(std::ceil(q * kRequests)) - 1;
            std::ranges::nth_element(latencies, at);
            return *at;
        };
        const double mean = sum / kRequests;
        model::Block out{.pair = pair, .arm = arm, .order = order, .startS = 1.0 * order, .seconds = 1};
        out.requests = kRequests;
        out.metrics = {{"p50", quantile(0.5)},  {"p90", quantile(0.9)}, {"p95", quantile(0.95)},
                       {"p99", quantile(0.99)}, {"mean", mean},         {"rps", 8e6 / mean}};
        return out;
    }

    SplitMix64 m_random;
    double m_pace = 0;  ///< ln of how much slower the machine is than on its average.
};

bool isClaim(stats::Verdict verdict) {
    using enum stats::Verdict;
    return verdict == Better || verdict == Worse || verdict == BetterMaybeTrivial ||
           verdict == WorseMaybeTrivial;
}

std::string percent(int part, int whole) {
    return fmt::format("{:.1f} % ({} of {})", 100.0 * part / whole, part, whole);
}

/// At most 6 %, which 400 runs must keep; fewer are allowed two standard deviations above the level of 5 %.
bool areFew(int part, int whole) {
    const double allowed = whole >= 400 ? 0.06 : 0.05 + 2 * std::sqrt(0.05 * 0.95 / whole);
    return part <= std::max(0.06, allowed) * whole;
}

/// Identical arms: how often is any difference declared (the metric asked about, and any headline)?
Row simulatedSame(int runs) {
    int claims = 0, anyHeadline = 0;
    for (int i = 0; i < runs; ++i) {
        auto comparison = Machine(1'000 + static_cast<std::uint64_t>(i)).compare(10, 1);
        experiment::conclude(comparison);
        claims += isClaim(comparison.verdict);
        anyHeadline += std::ranges::any_of(comparison.effects, [](const model::Effect& effect) {
            return effect.headline && effect.pHolm < 0.05;
        });
    }
    return {"Simulated A/A: a difference in p95 is declared",
            fmt::format("{}; in any of p50, p95, p99, rps after Holm {}", percent(claims, runs),
                        percent(anyHeadline, runs)),
            "at most 6 %", areFew(claims, runs) && areFew(anyHeadline, runs)};
}

/// Plans each run from a pilot of its own, as `estimate` does, and counts how often 5 % are found.
Row plantedSlowdown(int runs) {
    int found = 0;
    std::vector<int> pairs;
    for (int i = 0; i < runs; ++i) {
        Machine machine(20'000 + static_cast<std::uint64_t>(i));
        auto pilot = machine.compare(8, 1);
        experiment::conclude(pilot);
        experiment::PowerPlan plan;
        plan.effect = 0.05;
        const auto estimate = experiment::powerFrom(pilot, plan);
        pairs.push_back(estimate ? estimate->pairs : 6);
        auto comparison = machine.compare(pairs.back(), 1.05);
        experiment::conclude(comparison);
        const auto* effect = comparison.effect("p95");
        found += isClaim(comparison.verdict) && effect->paired.ratio > 1 && effect->pHolm < 0.05;
    }
    std::ranges::nth_element(pairs, pairs.begin() + runs / 2);
    return {"Planted 5 % slowdown of p95, each run planned from a pilot of 8 pairs",
            fmt::format("found in {}, median length {} pairs", percent(found, runs),
                        pairs[static_cast<std::size_t>(runs / 2)]),
            "at least 90 %", 100 * found >= 90 * runs};
}

/// Whoever looks after every pair and stops at the first significant one.
Row earlyStopping(int runs, double slowdown) {
    int anytime = 0, naive = 0;
    double pairsUsed = 0;
    constexpr int kPairs = 40;
    for (int i = 0; i < runs; ++i) {
        Machine machine(40'000 + static_cast<std::uint64_t>(i));
        model::Comparison comparison;
        bool anytimeStopped = false, naiveStopped = false;
        for (int pair = 0; pair < kPairs && !(anytimeStopped && naiveStopped); ++pair) {
            machine.addPair(comparison, pair, slowdown);
            if (pair + 1 < 5)
                continue;
            const auto values = experiment::pairedValues(comparison.blocks, "p95");
            const auto bound = stats::anytimeT(values.logRatios());
            naiveStopped = naiveStopped || stats::pairedBlocks(values.a, values.b).p < 0.05;
            if (!anytimeStopped && (bound.lo > 1 || bound.hi < 1)) {
                anytimeStopped = true;
                pairsUsed += pair + 1;
            }
        }
        anytime += anytimeStopped;
        naive += naiveStopped;
        pairsUsed += anytimeStopped ? 0 : kPairs;
    }
    if (slowdown == 1)
        return {"Early stopping, identical arms, looked at after each of 40 pairs",
                fmt::format("stops wrongly in {}; an ordinary t test in {}", percent(anytime, runs),
                            percent(naive, runs)),
                "at most 6 %", areFew(anytime, runs)};
    return {fmt::format("Early stopping, B slower by {:.0f} %", 100 * (slowdown - 1)),
            fmt::format("stops in {}, after {:.1f} of 40 pairs on average", percent(anytime, runs),
                        pairsUsed / runs),
            "", true};
}

/// A 2^3 design with known effects: how often does an interval hold the truth, and what do shares add up to?
Row plantedFactorial(int runs) {
    const std::map<stats::FactorSet, double> planted{{1, -0.20}, {2, -0.05}, {3, 0.03}, {4, 0.01}};
    int covered = 0, intervals = 0, signs = 0;
    double worstSum = 0;
    for (int i = 0; i < runs; ++i) {
        SplitMix64 random(60'000 + static_cast<std::uint64_t>(i));
        const auto design = stats::fullFactorial(3);
        std::vector<std::vector<double>> y(4);
        for (auto& replicate : y) {
            const double level = 6 + 0.1 * normal(random);
            for (const auto run : design.runs) {
                replicate.push_back(level + 0.03 * normal(random));
                for (const auto& [set, q] : planted)
                    replicate.back() += q * stats::sign(set, run);
            }
        }
        const auto fit = stats::fitFactorial(design, y);
        for (const auto& coefficient : fit.coefficients) {
            const auto known = planted.find(coefficient.set);
            covered +=
                std::abs(coefficient.q - (known == planted.end() ? 0 : known->second)) <= coefficient.reach;
            ++intervals;
        }
        signs += fit.find(1)->q < 0 && fit.find(1)->p < 0.05;
        double sum = 0;
        for (const auto& share : stats::shapley(fit, 0b111))
            sum += share.value;
        worstSum = std::max(worstSum, std::abs(sum - (fit.at(0b111) - fit.at(0))));
    }
    const double rate = static_cast<double>(covered) / intervals;
    return {
        "Planted 2³ design, 4 replicates",
        fmt::format("intervals hold the truth in {}; the largest effect is found in {}; shares miss their "
                    "sum by at most {:.0e}",
                    percent(covered, intervals), percent(signs, runs), worstSum),
        "95 % ± 1.5", std::abs(rate - 0.95) < (runs >= 400 ? 0.015 : 0.03) && worstSum < 1e-9};
}

/// Short real comparisons of one profile with itself on an engine of ours.
Row realSame(int runs) {
    const auto cache = std::filesystem::temp_directory_path() / fmt::format("hone-science-{}", getpid());
    const auto dataset = data::openForServing("shop:2000", cache, {}, {});
    if (!dataset)
        return {"Real A/A", dataset.error().line(), "", false};
    engine::EngineOptions options;
    options.datasets = {*dataset};
    options.catalogue = toggles::catalogue();
    const auto engine = engine::Engine::create(std::move(options));
    if (!engine)
        return {"Real A/A", engine.error().line(), "", false};
    experiment::ComparePlan plan;
    plan.workload.requests = {{.name = "product", .url = "/api/products/{{id}}"}};
    plan.workload.variables["id"] = {.first = 1, .last = 1000};
    plan.workload.clients = 2;
    plan.engine = engine->get();
    plan.pairs = 8;
    plan.block = 120ms;
    plan.guard = 30ms;
    plan.stopEarly = false;
    int claims = 0, holm = 0, done = 0;
    for (int i = 0; i < runs; ++i) {
        plan.seed = plan.workload.seed = 7 + static_cast<std::uint64_t>(i);
        const auto comparison = experiment::runComparison(plan, {});
        if (!comparison) {
            fmt::print(stderr, "{}\n", comparison.error().line());
            continue;
        }
        ++done;
        claims += isClaim(comparison->verdict);
        holm += std::ranges::any_of(comparison->effects, [](const model::Effect& effect) {
            return effect.headline && effect.pHolm < 0.05;
        });
    }
    std::filesystem::remove_all(cache);
    return {"Real A/A against our engine, 8 pairs of 120 ms blocks",
            fmt::format("a difference in p95 is declared in {}; in any headline after Holm {}",
                        percent(claims, std::max(done, 1)), percent(holm, std::max(done, 1))),
            "at most 10 %", done == runs && 10 * claims <= done};
}

std::string markdown(const std::vector<Row>& rows) {
    std::string out = "| Study | Result | Promise | |\n| --- | --- | --- | --- |\n";
    for (const Row& row : rows)
        out += fmt::format("| {} | {} | {} | {} |\n", row.study, row.result, row.bound,
                           row.holds ? "holds" : "**broken**");
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    const int simulated = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 400;
    const int real = argc > 2 ? std::atoi(argv[2]) : 40;
    std::vector<Row> rows;
    const auto add = [&](Row row) {
        fmt::print("{:<8} {}: {}{}\n", row.holds ? "holds" : "BROKEN", row.study, row.result,
                   row.bound.empty() ? "" : " [" + row.bound + "]");
        std::fflush(stdout);
        rows.push_back(std::move(row));
    };
    add(simulatedSame(simulated));
    add(plantedSlowdown(simulated));
    add(earlyStopping(simulated, 1));
    add(earlyStopping(simulated, 1.05));
    add(plantedFactorial(simulated));
    if (real > 0)
        add(realSame(real));
    if (argc > 3)
        std::ofstream(argv[3]) << markdown(rows);
    return std::ranges::all_of(rows, &Row::holds) ? 0 : 1;
}

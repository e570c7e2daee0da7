#include "core/report/reproduction.h"

#include "core/base/units.h"
#include "core/model/baseline.h"
#include "core/report/figures.h"

#include <cmath>

namespace hone::report {
namespace {

constexpr double kMoreErrors = 0.01;

/// −1 B is worse, +1 B is better, 0 no difference; nothing when it could not be told.
std::optional<int> directionOf(stats::Verdict verdict) {
    using enum stats::Verdict;
    switch (verdict) {
        case Better:
        case BetterMaybeTrivial: return 1;
        case Worse:
        case WorseMaybeTrivial: return -1;
        case NoDifference: return 0;
        case CannotTell:
        case Invalid: break;
    }
    return std::nullopt;
}

bool overlap(const stats::PairedResult& a, const stats::PairedResult& b) {
    if (a.exact || b.exact)
        return std::abs(a.ratio - b.ratio) <= 1e-9 * std::max(a.ratio, b.ratio);
    return a.lo <= b.hi && b.lo <= a.hi;
}

}  // namespace

Reproduction reproductionOf(const model::RunResult& kept, const model::RunResult& now, double tolerance) {
    Reproduction out{
        .table = {.title = "Kept and measured again",
                  .columns = {{"Metric", false}, {"Kept"}, {"Now"}, {"Change"}, {"Outcome", false}}},
        .notes = model::machineDifferences(kept.environment, now.environment)};
    if (kept.dataset != now.dataset)
        out.notes.push_back(fmt::format("The data differ: {} then, {} now.", kept.dataset, now.dataset));
    std::vector<std::string> outside;
    const auto check = [&](const char* metric, const char* title, double before, double after) {
        const double ratio = before > 0 ? after / before : after > 0 ? INFINITY : 1;
        const bool within = ratio <= 1 + tolerance && ratio >= 1 / (1 + tolerance);
        out.table.add({title, metricValue(metric, before), metricValue(metric, after),
                       std::isfinite(ratio) ? changeText(ratio) : "–", within ? "✓ within" : "✗ outside"},
                      within ? "good" : "bad");
        if (!within)
            outside.emplace_back(title);
    };
    const auto at = [](const model::RunResult& run, double q) {
        return static_cast<double>(run.latency.quantile(q));
    };
    check("p50", "p50", at(kept, 0.5), at(now, 0.5));
    check("p95", "p95", at(kept, 0.95), at(now, 0.95));
    check("rps", "Throughput", kept.rps(), now.rps());
    const bool moreErrors = now.errorRate() > kept.errorRate() + kMoreErrors;
    out.table.add({"Failed requests", formatPercent(kept.errorRate()), formatPercent(now.errorRate()), "–",
                   moreErrors ? "✗ more" : "✓ no more"},
                  moreErrors ? "bad" : "good");
    if (moreErrors)
        outside.emplace_back("failed requests");
    out.reproduces = outside.empty();
    out.sentence =
        out.reproduces
            ? fmt::format("Reproduced: everything is within ±{:.0f} % of what was kept.", tolerance * 100)
            : fmt::format("Not reproduced: {} beyond ±{:.0f} % of what was kept.", fmt::join(outside, ", "),
                          tolerance * 100);
    return out;
}

Reproduction reproductionOf(const model::Comparison& kept, const model::Comparison& now) {
    Reproduction out{.table = {.title = "Kept and measured again",
                               .columns = {{"Metric", false}, {"Kept"}, {"Now"}, {"Outcome", false}}},
                     .notes = model::machineDifferences(kept.a.environment, now.a.environment)};
    if (kept.a.dataset != now.a.dataset)
        out.notes.push_back(fmt::format("The data differ: {} then, {} now.", kept.a.dataset, now.a.dataset));
    for (const auto& effect : kept.effects) {
        const auto* again = now.effect(effect.metric);
        if (again == nullptr)
            continue;
        const bool same = directionOf(effect.verdict) == directionOf(again->verdict);
        const bool common = overlap(effect.paired, again->paired);
        out.table.add({effect.title, effectText(effect), effectText(*again),
                       same     ? "✓ same finding"
                       : common ? "= intervals overlap"
                                : "✗ other finding"},
                      same || common ? "good" : "bad");
    }
    const auto *before = kept.effect(kept.metric), *after = now.effect(kept.metric);
    if (before == nullptr || after == nullptr) {
        out.sentence = fmt::format("Not reproduced: {} was not measured in both.", kept.metric);
        return out;
    }
    const auto was = directionOf(before->verdict), is = directionOf(after->verdict);
    const bool contradict = was && is && *was * *is < 0;
    const bool same = was && was == is;
    out.reproduces = same || (!contradict && overlap(before->paired, after->paired));
    out.sentence =
        same ? fmt::format("Reproduced: {} is {} again, {} then and {} now.", before->title,
                           model::verdictWords(after->verdict), effectText(*before), effectText(*after))
        : out.reproduces
            ? fmt::format(
                  "Reproduced as far as can be told: the intervals of {} have values in common, {} then and "
                  "{} now.",
                  before->title, effectText(*before), effectText(*after))
            : fmt::format("Not reproduced: {} was {} ({}), now it is {} ({}).", before->title,
                          model::verdictWords(before->verdict), effectText(*before),
                          model::verdictWords(after->verdict), effectText(*after));
    return out;
}

}  // namespace hone::report

#include "core/report/outline.h"

#include "core/base/units.h"
#include "core/report/attribution_tables.h"
#include "core/report/companions.h"
#include "core/report/curves.h"
#include "core/report/summary.h"

namespace hone::report {
namespace {

class Builder {
public:
    Builder(Outline& outline) : m_outline(outline) {}
    /// Empty parts fall away here, so that no document has a heading with nothing below it.
    void add(Section section) {
        std::erase_if(section.pictures, [](const auto& picture) { return picture.empty(); });
        std::erase_if(section.tables, [](const auto& table) { return table.empty(); });
        if (!section.empty())
            m_outline.sections.push_back(std::move(section));
    }

private:
    Outline& m_outline;
};

std::string subtitleOf(bool partial, std::chrono::system_clock::time_point at, const std::string& further) {
    return fmt::format("{}{} · {}", partial ? "Partial · " : "", formatTimestamp(at), further);
}

const char* toneOf(stats::Verdict verdict) {
    using enum stats::Verdict;
    switch (verdict) {
        case Better:
        case BetterMaybeTrivial: return "good";
        case Worse:
        case WorseMaybeTrivial:
        case Invalid: return "bad";
        default: return "muted";
    }
}

Table effects(const model::Comparison& comparison) {
    Table table{.columns = {{"Metric", false}, {"A"}, {"B"}, {"Change (95 % interval)"}, {"Verdict", false}},
                .drawingTitle = fmt::format("Against ±{:.0f} %", comparison.delta * 100)};
    const auto [min, max] = ratioRange(comparison);
    for (const auto& effect : comparison.effects) {
        const auto* tone = toneOf(effect.verdict);
        table.add({effect.title, metricValue(effect.metric, effect.a), metricValue(effect.metric, effect.b),
                   effectText(effect), verdictText(effect)},
                  tone);
        table.drawings.push_back(svgInterval(effect.paired.ratio, effect.paired.lo, effect.paired.hi,
                                             comparison.delta, min, max, tone));
    }
    return table;
}

Table settings(const model::Comparison& comparison) {
    Table table{.title = "What differs", .columns = {{"Setting", false}, {"A", false}, {"B", false}}};
    for (const auto& d : model::differences(comparison.a.profile, comparison.b.profile))
        table.add({d.param.empty() ? d.toggle : d.toggle + "." + d.param, d.a, d.b});
    return table;
}

Table answerDifferences(const model::Comparison& comparison) {
    Table table{.title = "Answers that differ",
                .columns = {{"Request", false}, {"A", false}, {"B", false}, {"Why", false}}};
    for (const auto& d : comparison.answerDifferences)
        table.add({d.request, d.a, d.b, d.explanation}, d.expected ? "muted" : "bad");
    return table;
}

Section felt(const Extras& extras) {
    Section section{.id = "feedback", .title = "How it felt"};
    for (const auto& answer : extras.answers)
        for (const auto& [question, value] : answer.values.items())
            section.facts.push_back(
                {question, value.is_string()
                               ? value.get<std::string>()
                               : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)});
    return section;
}

Outline designed(Outline outline, const Extras& extras) {
    if (extras.design)
        apply(*extras.design, outline);
    return outline;
}

}  // namespace

Outline outlineOf(const model::RunResult& run, const Extras& extras) {
    Outline outline{.title = run.name,
                    .subtitle = subtitleOf(run.partial, run.startedAt, run.profile.name),
                    .summary = summaryOf(run)};
    Builder builder(outline);
    builder.add({.id = "figures", .title = "In figures", .facts = headline(run)});
    builder.add({.id = "warnings", .title = "Take care", .paragraphs = run.warnings});
    builder.add({.id = "charts",
                 .title = "Charts",
                 .pictures = {svg(percentilesOverTime(run)), svg(throughputOverTime(run)),
                              svg(spectrum({{"latency", &run.latency}})),
                              svg(distribution({{"latency", &run.latency}}))}});
    builder.add({.id = "requests", .title = "Requests", .tables = {requestTable(run), checkTable(run)}});
    builder.add({.id = "phases", .title = "Phases of a request", .tables = {phaseTable(run)}});
    builder.add(felt(extras));
    builder.add({.id = "method", .title = "How it was measured", .facts = method(run)});
    return designed(std::move(outline), extras);
}

Outline outlineOf(const model::Comparison& comparison, const Extras& extras) {
    const auto &a = comparison.a, &b = comparison.b;
    Outline outline{.title = comparison.name,
                    .subtitle = subtitleOf(comparison.partial, comparison.startedAt,
                                           fmt::format("A = {} · B = {}", a.profile.name, b.profile.name)),
                    .verdict = model::verdictWords(comparison.verdict),
                    .tone = toneOf(comparison.verdict),
                    .summary = summaryOf(comparison)};
    Builder builder(outline);
    builder.add({.id = "effects", .title = "Effects", .tables = {effects(comparison)}});
    builder.add({.id = "warnings", .title = "Take care", .paragraphs = comparison.warnings});
    builder.add(
        {.id = "charts",
         .title = "Charts",
         .pictures = {svg(distribution({{"A", &a.latency}, {"B", &b.latency}})),
                      svg(spectrum({{"A", &a.latency}, {"B", &b.latency}})), svg(blockStrip(comparison))}});
    builder.add({.id = "companions",
                 .title = "Other views",
                 .tables = {companionTable(comparison), shiftTable(comparison), powerTable(comparison)}});
    builder.add({.id = "settings",
                 .title = "Settings and answers",
                 .tables = {settings(comparison), answerDifferences(comparison)}});
    builder.add(felt(extras));
    builder.add({.id = "method", .title = "How it was measured", .facts = method(comparison)});
    return designed(std::move(outline), extras);
}

Outline outlineOf(const model::Attribution& attribution, const Extras& extras) {
    Outline outline{.title = attribution.name,
                    .subtitle = subtitleOf(attribution.partial, attribution.startedAt, attribution.base.name),
                    .summary = summaryOf(attribution)};
    Builder builder(outline);
    builder.add({.id = "charts",
                 .title = "From the base to the recommended profile",
                 .pictures = {svgWaterfall(attribution)}});
    builder.add({.id = "effects", .title = "What each toggle earns", .tables = tablesOf(attribution)});
    builder.add({.id = "warnings", .title = "Take care", .paragraphs = attribution.warnings});
    if (attribution.confirmation)
        builder.add({.id = "confirmation",
                     .title = "Confirmation",
                     .paragraphs = {attribution.confirmation->sentence},
                     .tables = {effects(*attribution.confirmation)}});
    builder.add(felt(extras));
    builder.add({.id = "method", .title = "How it was measured", .facts = method(attribution)});
    return designed(std::move(outline), extras);
}

Outline outlineOf(const model::Sweep& sweep, const Extras& extras) {
    Outline outline{.title = sweep.name,
                    .subtitle = subtitleOf(sweep.partial, sweep.startedAt, sweep.what()),
                    .summary = summaryOf(sweep)};
    Builder builder(outline);
    builder.add({.id = "charts", .title = "Curves", .pictures = svgCurves(sweep)});
    builder.add({.id = "effects", .title = "Value by value", .tables = tablesOf(sweep)});
    builder.add({.id = "warnings", .title = "Take care", .paragraphs = sweep.warnings});
    builder.add(felt(extras));
    builder.add({.id = "method", .title = "How it was measured", .facts = method(sweep)});
    return designed(std::move(outline), extras);
}

}  // namespace hone::report

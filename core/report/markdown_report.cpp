#include "core/base/units.h"
#include "core/report/documents.h"
#include "core/report/escape.h"
#include "core/report/figures.h"

namespace hone::report {
namespace {

std::string factsTable(const std::vector<Fact>& facts, std::string_view left, std::string_view right) {
    std::string out = fmt::format("| {} | {} |\n| --- | --- |\n", left, right);
    for (const auto& fact : facts)
        out += fmt::format("| {} | {} |\n", markdown(fact.label), markdown(fact.value));
    return out;
}

std::string warningList(const std::vector<std::string>& warnings) {
    if (warnings.empty())
        return {};
    std::string out = "\n## Take care\n\n";
    for (const auto& warning : warnings)
        out += "- " + markdown(warning) + "\n";
    return out;
}

std::string answersOf(const Extras& extras) {
    if (extras.answers.empty())
        return {};
    std::string out = "\n## How it felt\n\n| Question | Answer |\n| --- | --- |\n";
    for (const auto& answer : extras.answers)
        for (const auto& [question, value] : answer.values.items())
            out += fmt::format("| {} | {} |\n", markdown(question),
                               markdown(value.is_string() ? value.get<std::string>() : value.dump()));
    return out;
}

}  // namespace

std::string markdownReport(const model::RunResult& run, const Extras& extras) {
    std::string out = fmt::format("# {}\n\n{}\n\n", markdown(run.name), markdown(summarySentence(run)));
    out += factsTable(headline(run), "Figure", "Value");
    out += warningList(run.warnings);
    if (run.byRequest.size() > 1) {
        out +=
            "\n## By request\n\n| Request | Requests | Errors | p50 | p95 | p99 |\n| --- | ---: | ---: | "
            "---: | ---: | ---: |\n";
        for (const auto& r : run.byRequest)
            out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown(r.name), r.requests, r.errors,
                               formatMicros(static_cast<double>(r.latency.quantile(0.5))),
                               formatMicros(static_cast<double>(r.latency.quantile(0.95))),
                               formatMicros(static_cast<double>(r.latency.quantile(0.99))));
    }
    out += answersOf(extras);
    return out + "\n## How it was measured\n\n" + factsTable(method(run), "What", "Value");
}

std::string markdownReport(const model::Comparison& comparison, const Extras& extras) {
    std::string out = fmt::format(
        "# {}\n\n**{}**\n\nVerdict: {}{}\n\n", markdown(comparison.name), markdown(comparison.sentence),
        markdown(model::verdictWords(comparison.verdict)), comparison.partial ? " (partial)" : "");
    out += "| Metric | A | B | Change (95 % interval) | Verdict |\n| --- | ---: | ---: | ---: | --- |\n";
    for (const auto& effect : comparison.effects)
        out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown(effect.title),
                           markdown(metricValue(effect.metric, effect.a)),
                           markdown(metricValue(effect.metric, effect.b)), markdown(effectText(effect)),
                           markdown(verdictText(effect)));
    out += warningList(comparison.warnings);
    if (const auto found = model::differences(comparison.a.profile, comparison.b.profile); !found.empty()) {
        out += "\n## What differs\n\n| Setting | A | B |\n| --- | --- | --- |\n";
        for (const auto& d : found)
            out += fmt::format("| {} | {} | {} |\n",
                               markdown(d.param.empty() ? d.toggle : d.toggle + "." + d.param), markdown(d.a),
                               markdown(d.b));
    }
    if (!comparison.answerDifferences.empty()) {
        out += "\n## Answers that differ\n\n| Request | Why |\n| --- | --- |\n";
        for (const auto& d : comparison.answerDifferences)
            out += fmt::format("| {} | {} |\n", markdown(d.request), markdown(d.explanation));
    }
    out += answersOf(extras);
    return out + "\n## How it was measured\n\n" + factsTable(method(comparison), "What", "Value");
}

}  // namespace hone::report

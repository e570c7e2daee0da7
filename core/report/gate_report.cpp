#include "core/report/gate_report.h"

#include "core/base/units.h"
#include "core/report/escape.h"
#include "core/report/figures.h"

#include <algorithm>

namespace hone::report {
namespace {

using Outcome = model::Check::Outcome;

std::string_view signOf(Outcome outcome) {
    return outcome == Outcome::Passed ? "✓" : outcome == Outcome::Failed ? "✗" : "?";
}

std::string warningsOf(const model::GateResult& gate) {
    std::string out;
    for (const auto* list : {&gate.warnings, &gate.run.warnings})
        for (const auto& warning : *list)
            out += "- " + markdown(warning) + "\n";
    return out.empty() ? out : "\n**Take care**\n\n" + out;
}

std::string factsOf(const std::vector<Fact>& facts) {
    std::string out = "| What | Value |\n| --- | --- |\n";
    for (const auto& fact : facts)
        out += fmt::format("| {} | {} |\n", markdown(fact.label), markdown(fact.value));
    return out;
}

std::string requestsOf(const model::RunResult& run) {
    if (run.byRequest.size() < 2)
        return {};
    std::string out =
        "\n| Request | Requests | Errors | p50 | p95 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: |\n";
    const auto at = [](const model::RequestResult& request, double q) {
        return formatMicros(static_cast<double>(request.latency.quantile(q)));
    };
    for (const auto& request : run.byRequest)
        out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown(request.name), request.requests,
                           request.errors, at(request, 0.5), at(request, 0.95), at(request, 0.99));
    return out;
}

/// Columns a terminal gives to a text: code points, which is right for what checks say.
std::size_t widthOf(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t used = widthOf(text);
    return text + std::string(used < width ? width - used : 0, ' ');
}

/// Text from outside must not steer the terminal.
std::string visible(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return text;
}

}  // namespace

std::string gateSentence(const model::GateResult& gate) {
    const auto all = gate.checks.size();
    if (all == 0)
        return "measured: nothing was to be checked";
    const int unclear = gate.count(Outcome::Unclear);
    const std::string open = unclear > 0 ? fmt::format(", {} unclear", unclear) : "";
    if (gate.passed())
        return fmt::format("passed: {} check{}{}", all, all == 1 ? "" : "s", open);
    std::string names;
    for (const auto& check : gate.checks)
        if (check.outcome == Outcome::Failed || (gate.strict && check.outcome == Outcome::Unclear))
            names += (names.empty() ? "" : ", ") + check.name;
    return fmt::format("failed: {} of {} checks{}: {}",
                       gate.count(Outcome::Failed) + (gate.strict ? unclear : 0), all, open, names);
}

std::string gateMarkdown(const model::GateResult& gate) {
    std::string out = fmt::format("### {} {}\n\n{}\n\n", gate.passed() ? "✅" : "❌",
                                  markdown(gateSentence(gate)), markdown(summarySentence(gate.run)));
    out += "| | Check | Observed | Limit | |\n| --- | --- | --- | --- | --- |\n";
    for (const auto& check : gate.checks) {
        const bool isRequest = check.group != gate.run.workload.name;
        out += fmt::format("| {} | {}{} | {} | {} | {} |\n", signOf(check.outcome), markdown(check.name),
                           isRequest && !check.name.contains('{') ? " · " + markdown(check.group) : "",
                           markdown(check.observed), markdown(check.limit), markdown(check.note));
    }
    out += warningsOf(gate);
    out += "\n<details><summary>Figures and how they were measured</summary>\n\n";
    out += factsOf(headline(gate.run)) + requestsOf(gate.run) + "\n" + factsOf(method(gate.run));
    if (gate.rounds.size() > 1)
        out += fmt::format("\n{} rounds, each on a freshly prepared target.\n", gate.rounds.size());
    return out + "\n</details>\n";
}

std::string gateTable(const model::GateResult& gate, bool colour) {
    std::size_t nameWidth = 0, valueWidth = 0;
    for (const auto& check : gate.checks) {
        nameWidth = std::max(nameWidth, widthOf(check.name));
        valueWidth = std::max(valueWidth, widthOf(check.observed));
    }
    std::string out = summarySentence(gate.run) + "\n\n";
    for (const auto& check : gate.checks) {
        const std::string_view code = check.outcome == Outcome::Passed   ? "\x1b[32m"
                                      : check.outcome == Outcome::Failed ? "\x1b[31m"
                                                                         : "\x1b[33m";
        out += fmt::format("{}{}{} {}  {}  {}{}\n", colour ? code : "", signOf(check.outcome),
                           colour ? "\x1b[0m" : "", padded(visible(check.name), nameWidth),
                           padded(visible(check.observed), valueWidth), visible(check.limit),
                           check.note.empty() ? "" : "  (" + visible(check.note) + ")");
    }
    for (const auto* list : {&gate.warnings, &gate.run.warnings})
        for (const auto& warning : *list)
            out += "! " + visible(warning) + "\n";
    return out + "\n" + visible(gateSentence(gate)) + "\n";
}

}  // namespace hone::report

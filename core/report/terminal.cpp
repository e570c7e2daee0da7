#include "core/base/units.h"
#include "core/report/figures.h"
#include "core/report/report.h"

#include <algorithm>

namespace hone::report {
namespace {

constexpr char kReset[] = "\033[0m", kBold[] = "\033[1m", kGood[] = "\033[32m", kBad[] = "\033[31m",
               kWarn[] = "\033[33m", kMuted[] = "\033[2m";

std::string styled(const std::string& text, const char* style, bool colour) {
    return colour ? style + text + kReset : text;
}

/// Characters, not bytes: "µ" and "−" are one column wide.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::size_t used = columns(text);
    const std::string space(used < width ? width - used : 0, ' ');
    return right ? space + text : text + space;
}

const char* tone(stats::Verdict verdict) {
    using enum stats::Verdict;
    if (verdict == Better || verdict == BetterMaybeTrivial)
        return kGood;
    return verdict == Worse || verdict == WorseMaybeTrivial || verdict == Invalid ? kBad : kMuted;
}

/// Control characters in foreign text must not steer the terminal.
std::string safe(std::string_view text) {
    std::string out(text);
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return out;
}

void addWarnings(std::string& out, const std::vector<std::string>& warnings, bool colour) {
    for (const auto& warning : warnings)
        out += styled("  ! " + safe(warning), kWarn, colour) + "\n";
}

}  // namespace

std::string terminalTable(const model::Comparison& comparison, bool colour) {
    std::string out = "\n" + styled(safe(comparison.sentence), kBold, colour) + "\n\n";
    std::vector<std::vector<std::string>> rows{{"", "A", "B", "change (95 % interval)", "verdict"}};
    for (const auto& effect : comparison.effects)
        rows.push_back({effect.title, metricValue(effect.metric, effect.a),
                        metricValue(effect.metric, effect.b), effectText(effect), verdictText(effect)});
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i]));
    for (std::size_t r = 0; r < rows.size(); ++r) {
        out += "  ";
        for (std::size_t i = 0; i < rows[r].size(); ++i) {
            const bool last = i + 1 == rows[r].size();
            const auto text = last ? rows[r][i] : padded(rows[r][i], widths[i], i > 0);
            const char* style = r == 0 ? kMuted : last ? tone(comparison.effects[r - 1].verdict) : "";
            out += styled(text, style, colour && *style != '\0') + (last ? "" : "   ");
        }
        out += "\n";
    }
    out += fmt::format("\n  A = {}\n  B = {}\n  {} block pairs, {} + {} requests, {} answers compared\n",
                       safe(profileText(comparison.a.profile)), safe(profileText(comparison.b.profile)),
                       comparison.blocks.size() / 2, comparison.a.requests, comparison.b.requests,
                       comparison.answersCompared);
    for (const auto& difference : comparison.answerDifferences)
        out += styled(fmt::format("  {} {}: {}", difference.expected ? "·" : "!", safe(difference.request),
                                  safe(difference.explanation)),
                      difference.expected ? kMuted : kBad, colour) +
               "\n";
    addWarnings(out, comparison.warnings, colour);
    return out + "\n";
}

std::string terminalSummary(const model::RunResult& run, bool colour) {
    std::string out = "\n" + styled(safe(summarySentence(run)), kBold, colour) + "\n\n";
    for (const auto& fact : headline(run))
        out += fmt::format("  {}{}\n", padded(fact.label, 16, false), fact.value);
    for (const auto& [status, count] : run.byStatus)
        out += fmt::format("  {}{}\n", padded(fmt::format("status {}", status), 16, false), count);
    for (const auto& [kind, count] : run.errorsByKind)
        out += styled(fmt::format("  {}{}", padded(safe(kind), 16, false), count), kBad, colour) + "\n";
    out += fmt::format("  {}{}\n", padded("profile", 16, false), safe(profileText(run.profile)));
    addWarnings(out, run.warnings, colour);
    return out + "\n";
}

}  // namespace hone::report

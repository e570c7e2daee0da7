#include "core/model/run_changes.h"

#include "core/base/units.h"

#include <algorithm>

namespace hone::model {

namespace {

using nlohmann::json;
using Kind = RunChange::Kind;

constexpr std::size_t kLongest = 60;  ///< Of a value: bodies can be pages long.

std::string valueText(const json& value) {
    std::string words = value.is_string() ? value.get<std::string>() : value.dump();
    if (words.size() <= kLongest)
        return words;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80)
        --end;  // Not through the middle of a character.
    return words.substr(0, end) + "…";
}

/// "/load/rate" → "load.rate"
std::string dotted(std::string pointer) {
    if (pointer.starts_with('/'))
        pointer.erase(0, 1);
    std::ranges::replace(pointer, '/', '.');
    return pointer;
}

void addWorkload(std::vector<RunChange>& out, const Workload& earlier, const Workload& later) {
    const json before = earlier.toJson().flatten(), after = later.toJson().flatten();
    const auto counts = [](const std::string& key) { return key != "/note" && key != "/seed"; };
    for (const auto& [key, value] : before.items())
        if (counts(key) && (!after.contains(key) || after[key] != value))
            out.push_back({Kind::Workload, dotted(key), valueText(value),
                           after.contains(key) ? valueText(after[key]) : std::string("–")});
    for (const auto& [key, value] : after.items())
        if (counts(key) && !before.contains(key))
            out.push_back({Kind::Workload, dotted(key), "–", valueText(value)});
}

void addText(std::vector<RunChange>& out, Kind kind, const char* what, const std::string& before,
             const std::string& after) {
    if (before != after)
        out.push_back({kind, what, before.empty() ? "–" : before, after.empty() ? "–" : after});
}

}  // namespace

std::vector<RunChange> changesOf(const Environment& earlier, const Environment& later) {
    std::vector<RunChange> out;
    addText(out, Kind::Machine, "build", earlier.build, later.build);
    if (earlier.optimised != later.optimised)
        out.push_back({Kind::Machine, "build kind", earlier.optimised ? "optimised" : "debug",
                       later.optimised ? "optimised" : "debug"});
    addText(out, Kind::Machine, "cpu", earlier.cpu, later.cpu);
    if (earlier.cores != later.cores)
        out.push_back({Kind::Machine, "cores", std::to_string(earlier.cores), std::to_string(later.cores)});
    addText(out, Kind::Machine, "governor", earlier.governor, later.governor);
    addText(out, Kind::Machine, "os", earlier.os, later.os);
    addText(out, Kind::Machine, "kernel", earlier.kernel, later.kernel);
    if (earlier.memoryBytes != later.memoryBytes)
        out.push_back({Kind::Machine, "memory", formatBytes(static_cast<double>(earlier.memoryBytes)),
                       formatBytes(static_cast<double>(later.memoryBytes))});
    // Half a processor each apart, and by half again: at 18 or 20 the machine was as busy either way.
    const int cores = std::max(1, std::max(earlier.cores, later.cores));
    const auto [least, most] = std::minmax(earlier.loadAverage, later.loadAverage);
    if (most - least >= 0.5 * cores && most >= 1.5 * least)
        out.push_back({Kind::Machine, "load average", formatNumber(earlier.loadAverage),
                       formatNumber(later.loadAverage)});
    return out;
}

std::vector<RunChange> changesBetween(const RunResult& earlier, const RunResult& later) {
    std::vector<RunChange> out;
    for (const ProfileDifference& d : differences(earlier.profile, later.profile))
        out.push_back({Kind::Setting, d.param.empty() ? d.toggle : d.toggle + "." + d.param,
                       d.a.empty() ? "–" : d.a, d.b.empty() ? "–" : d.b});
    addWorkload(out, earlier.workload, later.workload);
    addText(out, Kind::Data, "dataset", earlier.dataset, later.dataset);
    addText(out, Kind::Data, "target", earlier.target, later.target);
    const auto machine = changesOf(earlier.environment, later.environment);
    out.insert(out.end(), machine.begin(), machine.end());
    return out;
}

std::string describe(const std::vector<RunChange>& changes, std::size_t most) {
    if (changes.empty())
        return "nothing";
    std::string words;
    for (std::size_t i = 0; i < std::min(most, changes.size()); ++i)
        words += fmt::format("{}{}: {} → {}", i == 0 ? "" : ", ", changes[i].what, changes[i].before,
                             changes[i].after);
    if (changes.size() > most)
        words += fmt::format(" and {} more", changes.size() - most);
    return words;
}

}  // namespace hone::model

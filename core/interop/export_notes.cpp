#include "core/interop/export_notes.h"

#include "core/base/units.h"

#include <algorithm>

namespace hone::interop {
namespace {

void noteArrivals(std::vector<std::string>& lines, const model::Workload& workload, std::string_view tool,
                  const Carries& carries) {
    if (!workload.replay.file.empty())
        lines.push_back(fmt::format("Left out: the recorded arrivals of {}; {} is given {} instead.",
                                    workload.replay.file, tool, formatRate(workload.ratePerSecond)));
    else if (!workload.stages.empty() && !carries.stages)
        lines.push_back(fmt::format("Left out: the stages {}; {} is given their mean rate, {}.",
                                    stagesText(workload.stages), tool, formatRate(meanRate(workload))));
    if (workload.order == model::Order::Sequence)
        lines.push_back(fmt::format(
            "Left out: the order; {} picks requests by weight, Hone's clients send one after another.",
            tool));
    if (workload.clientCache)
        lines.push_back(fmt::format("Left out: clients that cache; {} asks every time.", tool));
}

void noteValues(std::vector<std::string>& lines, const model::Workload& workload) {
    for (const auto& request : workload.requests)
        for (const auto& extraction : request.extract)
            lines.push_back(
                fmt::format("Left out: {{{{{}}}}}, taken from answers to \"{}\"; it stays as it is.",
                            extraction.name, request.name));
    for (const auto& [name, variable] : workload.variables)
        if (!variable.file.empty())
            lines.push_back(
                fmt::format("Left out: the rows of {}; {{{{{}.…}}}} stays as it is.", variable.file, name));
}

void noteTls(std::vector<std::string>& lines, const model::Workload& workload, std::string_view tool,
             const Carries& carries) {
    if (!carries.trust && !workload.tls.caFile.empty())
        lines.push_back(fmt::format("Left out: the authorities of {}; make {} trust them where it runs.",
                                    workload.tls.caFile, tool));
    if (!carries.trust && !workload.tls.verify)
        lines.push_back(
            fmt::format("Not mapped: any certificate will do (tls.verify is off); see {}'s own "
                        "settings.",
                        tool));
    if (!workload.tls.resume)
        lines.push_back(fmt::format("Not mapped: connections without TLS resumption; {} decides.", tool));
}

}  // namespace

std::vector<std::string> lossesOf(const model::Workload& workload, std::string_view tool,
                                  const Carries& carries) {
    std::vector<std::string> lines;
    noteArrivals(lines, workload, tool, carries);
    noteValues(lines, workload);
    if (workload.http == model::HttpVersion::Http2 && !carries.http2)
        lines.push_back(fmt::format("Left out: HTTP/2 with {} streams a connection; {} speaks HTTP/1.1 here.",
                                    workload.streams, tool));
    noteTls(lines, workload, tool, carries);
    for (const auto& request : workload.requests)
        for (const auto& check : request.checks)
            if (!carries.check || !carries.check(check))
                lines.push_back(
                    fmt::format("Not mapped: the check \"{}\" of \"{}\".", check.text(), request.name));
    return lines;
}

double meanRate(const model::Workload& workload) {
    double requests = 0, seconds = 0;
    for (const auto& stage : workload.stages) {
        requests += secondsOf(stage.duration) * (stage.from + stage.to) / 2;
        seconds += secondsOf(stage.duration);
    }
    return seconds > 0 ? requests / seconds : workload.ratePerSecond;
}

double highestRate(const model::Workload& workload) {
    double most = workload.stages.empty() ? workload.ratePerSecond : 0;
    for (const auto& stage : workload.stages)
        most = std::max({most, stage.from, stage.to});
    return most;
}

bool usesTls(const model::Workload& workload, const ExportOptions& options) {
    const auto isSecure = [](std::string_view url) { return url.starts_with("https://"); };
    return std::ranges::any_of(workload.requests, [&](const auto& request) {
        return isSecure(request.url) || (!isAbsolute(request.url) && isSecure(options.target));
    });
}

std::optional<std::string> plainPath(std::string_view jsonPath) {
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.' || c == '[' || c == ']';
    };
    if (!jsonPath.starts_with('$') || jsonPath.size() < 2 ||
        !std::ranges::all_of(jsonPath.substr(1), isPlain))
        return std::nullopt;
    return std::string(jsonPath.substr(1));
}

}  // namespace hone::interop

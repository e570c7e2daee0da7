#include "core/interop/script.h"

#include <algorithm>

namespace hone::interop {
namespace {

struct Name {
    Tool tool;
    std::string_view id, ending;
};
constexpr Name kNames[] = {{Tool::K6, "k6", ".js"},
                           {Tool::Locust, "locust", ".py"},
                           {Tool::Gatling, "gatling", ".java"},
                           {Tool::Artillery, "artillery", ".yml"},
                           {Tool::Wrk, "wrk", ".sh"},
                           {Tool::Oha, "oha", ".sh"},
                           {Tool::H2load, "h2load", ".sh"},
                           {Tool::Curl, "curl", ".sh"}};

const Name& nameOf(Tool tool) { return *std::ranges::find(kNames, tool, &Name::tool); }

Result<> check(const model::Workload& workload, const ExportOptions& options) {
    if (workload.requests.empty())
        return fail(Error::InvalidArgument, "the workload \"{}\" has no requests to export", workload.name);
    const bool isUrl =
        isAbsolute(options.target) && options.target.find_first_of(" \"'`$\\#}\r\n\t") == std::string::npos;
    if (!isUrl || options.target.ends_with("://"))
        return fail(Error::InvalidArgument, "the target must be an http:// or https:// URL, got \"{}\"",
                    options.target)
            .hint("For example --target http://127.0.0.1:8080.");
    for (const auto& threshold : options.thresholds)
        if (auto known = model::checkAgainst(threshold, workload); !known)
            return known;
    return {};
}

}  // namespace

std::string_view toolId(Tool tool) { return nameOf(tool).id; }
std::string_view fileEnding(Tool tool) { return nameOf(tool).ending; }

Result<Tool> toolFrom(std::string_view id) {
    std::string known;
    for (const auto& name : kNames) {
        if (name.id == id)
            return name.tool;
        known += (known.empty() ? "" : ", ") + std::string(name.id);
    }
    return fail(Error::InvalidArgument, "\"{}\" is not a tool workloads are exported to", id)
        .hint("Known: {}.", known);
}

Result<std::string> exportWorkload(const model::Workload& workload, Tool tool, const ExportOptions& options) {
    if (auto checked = check(workload, options); !checked)
        return fail(std::move(checked.error()));
    ExportOptions tidy = options;
    while (tidy.target.ends_with('/'))
        tidy.target.pop_back();
    switch (tool) {
        case Tool::K6: return k6Script(workload, tidy);
        case Tool::Locust: return locustScript(workload, tidy);
        case Tool::Gatling: return gatlingScript(workload, tidy);
        case Tool::Artillery: return artilleryScript(workload, tidy);
        case Tool::Wrk: return wrkScript(workload, tidy);
        case Tool::Oha: return ohaScript(workload, tidy);
        case Tool::H2load: return h2loadScript(workload, tidy);
        case Tool::Curl: return curlScript(workload, tidy);
    }
    return fail(Error::Internal, "unknown tool");
}

}  // namespace hone::interop

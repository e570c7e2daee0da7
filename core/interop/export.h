#pragma once

#include "core/model/threshold.h"
#include "core/model/workload.h"

#include <string>
#include <vector>

/// The workload as a script or command line of another load tool: where a load outgrows one machine, theirs
/// is the distributed engine. Pure functions; the same input gives the same bytes. Thread: any.
namespace hone::interop {

enum class Tool : std::uint8_t { K6, Locust, Gatling, Artillery, Wrk, Oha, H2load, Curl };
inline constexpr Tool kTools[] = {Tool::K6,  Tool::Locust, Tool::Gatling, Tool::Artillery,
                                  Tool::Wrk, Tool::Oha,    Tool::H2load,  Tool::Curl};
[[nodiscard]] std::string_view toolId(Tool tool);  ///< "k6", "locust", …
[[nodiscard]] Result<Tool> toolFrom(std::string_view id);
/// Usual ending of a file for the tool: ".js", ".py", ".java", ".yml", ".sh".
[[nodiscard]] std::string_view fileEnding(Tool tool);

struct ExportOptions {
    std::string target = "http://127.0.0.1:8080";  ///< Where URLs that begin with / go.
    std::vector<model::Threshold> thresholds;
    std::size_t samples = 1'000;  ///< Draws in the lists of tools that know no distributions.
};

/// What a tool cannot express is named in a comment at the head of the result, never dropped in silence.
/// Errors: an empty workload, a target that is no http URL, a workload the tool cannot carry at all.
[[nodiscard]] Result<std::string> exportWorkload(const model::Workload& workload, Tool tool,
                                                 const ExportOptions& options);

}  // namespace hone::interop

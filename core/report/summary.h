#pragma once

#include "core/model/attribution.h"
#include "core/model/sweep.h"

#include <string>
#include <vector>

/// The executive summary: plain sentences made from the numbers alone. Raw text; thread: any.
namespace hone::report {

[[nodiscard]] std::vector<std::string> summaryOf(const model::RunResult& run);
[[nodiscard]] std::vector<std::string> summaryOf(const model::Comparison& comparison);
[[nodiscard]] std::vector<std::string> summaryOf(const model::Attribution& attribution);
[[nodiscard]] std::vector<std::string> summaryOf(const model::Sweep& sweep);

}  // namespace hone::report

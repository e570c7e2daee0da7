#pragma once

#include "core/report/report.h"

namespace hone::report {

[[nodiscard]] std::string htmlReport(const model::RunResult& run, const Extras& extras);
[[nodiscard]] std::string htmlReport(const model::Comparison& comparison, const Extras& extras);
[[nodiscard]] std::string markdownReport(const model::RunResult& run, const Extras& extras);
[[nodiscard]] std::string markdownReport(const model::Comparison& comparison, const Extras& extras);
/// One row an interval (run) or a block (comparison); the first row names the columns with their units.
[[nodiscard]] std::string csvReport(const model::RunResult& run);
[[nodiscard]] std::string csvReport(const model::Comparison& comparison);

}  // namespace hone::report

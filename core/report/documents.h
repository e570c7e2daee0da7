#pragma once

#include "core/report/report.h"

#include <string>

namespace hone::report {

[[nodiscard]] std::string htmlReport(const model::RunResult& run, const Extras& extras);
[[nodiscard]] std::string htmlReport(const model::Comparison& comparison, const Extras& extras);
[[nodiscard]] std::string markdownReport(const model::RunResult& run, const Extras& extras);
[[nodiscard]] std::string markdownReport(const model::Comparison& comparison, const Extras& extras);
/// One row an interval (run) or a block (comparison); the first row names the columns with their units.
[[nodiscard]] std::string csvReport(const model::RunResult& run);
[[nodiscard]] std::string csvReport(const model::Comparison& comparison);

[[nodiscard]] std::string htmlReport(const model::Attribution& attribution);
[[nodiscard]] std::string htmlReport(const model::Sweep& sweep);
[[nodiscard]] std::string markdownReport(const model::Attribution& attribution);
[[nodiscard]] std::string markdownReport(const model::Sweep& sweep);
/// One row a measured run, with what was on.
[[nodiscard]] std::string csvReport(const model::Attribution& attribution);
[[nodiscard]] std::string csvReport(const model::Sweep& sweep);

/// A whole self-contained document around `body`; the title is escaped here.
[[nodiscard]] std::string htmlPage(const std::string& title, const std::string& body);

}  // namespace hone::report

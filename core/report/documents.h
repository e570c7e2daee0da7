#pragma once

#include "core/report/outline.h"
#include "core/report/report.h"

#include <string>

/// The text documents, each made from one outline or from the numbers. Thread: any.
namespace hone::report {

/// One self-contained file with its style and its SVG charts; no script, no network.
[[nodiscard]] std::string htmlDocument(const Outline& outline);
/// GitHub's Markdown; the charts are left out.
[[nodiscard]] std::string markdownDocument(const Outline& outline);

/// One row an interval (run), a block (comparison) or a measured run with what was on (attribution, sweep);
/// the first row names the columns with their units.
[[nodiscard]] std::string csvReport(const model::RunResult& run);
[[nodiscard]] std::string csvReport(const model::Comparison& comparison);
[[nodiscard]] std::string csvReport(const model::Attribution& attribution);
[[nodiscard]] std::string csvReport(const model::Sweep& sweep);

/// A whole self-contained document around `body`; the title is escaped here.
[[nodiscard]] std::string htmlPage(const std::string& title, const std::string& body);

}  // namespace hone::report

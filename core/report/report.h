#pragma once

#include "core/model/attribution.h"
#include "core/model/comparison.h"
#include "core/model/survey.h"
#include "core/model/sweep.h"
#include "core/report/template.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hone::report {

enum class Format { Html, Markdown, Csv, Json, Hgrm };
/// By extension (.html .md .csv .json .hgrm) or name ("html", "md", "markdown" …); an unknown one lists the
/// known.
[[nodiscard]] Result<Format> formatFrom(std::string_view nameOrPath);

/// What may accompany a result in its report.
struct Extras {
    std::vector<model::SurveyAnswer> answers;
    std::optional<Template> design;  ///< Title, logo, sections left out: HTML, Markdown and PDF follow it.
};

/// A result as a document. HTML is one self-contained file with inline SVG charts: no script needed, no
/// network. Everything that came from outside is escaped for the format (HTML, Markdown, CSV formulas).
[[nodiscard]] std::string render(const model::RunResult& run, Format format, const Extras& extras = {});
[[nodiscard]] std::string render(const model::Comparison& comparison, Format format,
                                 const Extras& extras = {});

/// Attributions and sweeps hold no histogram: as Hgrm they are an empty text.
[[nodiscard]] std::string render(const model::Attribution& attribution, Format format,
                                 const Extras& extras = {});
[[nodiscard]] std::string render(const model::Sweep& sweep, Format format, const Extras& extras = {});

/// Writes beside, then renames; nothing half-written. Errors name the path and the reason.
Result<> writeFile(const std::filesystem::path& file, std::string_view content);

/// The verdict as a table for a terminal: sentence, effects with intervals, warnings. `colour` uses ANSI
/// codes.
[[nodiscard]] std::string terminalTable(const model::Comparison& comparison, bool colour);
/// What to turn on and why, effects, interactions, shares, confirmation.
[[nodiscard]] std::string terminalTable(const model::Attribution& attribution, bool colour);
[[nodiscard]] std::string terminalTable(const model::Sweep& sweep, bool colour);
[[nodiscard]] std::string terminalSummary(const model::RunResult& run, bool colour);

}  // namespace hone::report

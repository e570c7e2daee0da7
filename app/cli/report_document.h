#pragma once

#include "core/report/outline.h"
#include "core/report/report.h"

#include <string>

/// Every kind of report the command line writes: the text formats of core/report, and PDF, which needs Qt's
/// painter. Thread: main.
namespace hone::cli {

/// Refuses an unknown kind; a path tells by its extension.
[[nodiscard]] Result<> checkKind(std::string_view nameOrPath);

/// The bytes of a document. Errors: InvalidArgument for a kind this result does not have.
[[nodiscard]] Result<std::string> documentOf(std::string_view nameOrPath, const model::RunResult& run,
                                             const report::Extras& extras = {});
[[nodiscard]] Result<std::string> documentOf(std::string_view nameOrPath, const model::Comparison& comparison,
                                             const report::Extras& extras = {});
[[nodiscard]] Result<std::string> documentOf(std::string_view nameOrPath,
                                             const model::Attribution& attribution,
                                             const report::Extras& extras = {});
[[nodiscard]] Result<std::string> documentOf(std::string_view nameOrPath, const model::Sweep& sweep,
                                             const report::Extras& extras = {});

}  // namespace hone::cli

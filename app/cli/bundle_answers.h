#pragma once

#include "app/cli/cli.h"
#include "core/engine/engine.h"
#include "core/experiment/answer_check.h"
#include "core/report/bundle.h"

#include <memory>
#include <vector>

/// The answers of the API that travel in a bundle: asked for, and compared with those of today. Thread: main.
namespace hone::cli {

/// An engine over the datasets of a bundle. NotFound when it does not know them; InvalidArgument when they
/// are not the data the result was measured on.
Result<std::unique_ptr<engine::Engine>> engineFor(const Session& session,
                                                  const std::vector<std::string>& datasets,
                                                  const std::string& description);

/// Starts an engine and asks it the first questions of the workload, in each arm of the result. None when
/// they are too large to travel (8 MiB).
Result<std::vector<report::KeptAnswer>> freshAnswers(const Session& session, const report::Bundle& bundle);

/// The same from a running engine.
Result<std::vector<report::KeptAnswer>> freshAnswers(const Session& session,
                                                     const report::BundledResult& result,
                                                     engine::Engine& engine);

/// What the kept answers mean against those of now; arm by arm, each with its own profile.
[[nodiscard]] experiment::AnswerCheck compareKept(const report::Bundle& bundle,
                                                  const std::vector<report::KeptAnswer>& now);

}  // namespace hone::cli

#pragma once

#include "core/model/run.h"

#include <string>
#include <string_view>

/// Results of other load tools as runs, labelled by their source and comparable with ours. Pure functions.
/// Thread: any.
namespace hone::interop {

/// Kinds: k6 (summary export, CSV), Locust (CSV), Artillery (JSON), wrk (text), h2load (text), oha (JSON),
/// vegeta (JSON report), JMeter (JTL as CSV). Recognised by content; `name` is the file's and names the run.
///
/// Where a tool kept only some percentiles the histogram has those exactly (to its three digits) and steps
/// between; the run warns of it, as it does of a tool that counts latency from the send. Errors: Malformed
/// with line or member, Unsupported with the kinds there are.
[[nodiscard]] Result<model::RunResult> importResult(std::string_view text, std::string_view name);

}  // namespace hone::interop

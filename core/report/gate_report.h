#pragma once

#include "core/model/gate.h"

#include <string>

/// What a gate found, in the formats build servers read. Text from outside is escaped for each format;
/// byte-stable for the same result. Thread: any.
namespace hone::report {

/// One test case per check. Failure texts are in the body, which is what GitLab shows; unclear checks are
/// skipped cases. Practice recorded in testmoapp/junitxml; there is no official schema.
[[nodiscard]] std::string junit(const model::GateResult& gate);

/// Verdict first, checks as a table, the rest folded away: made for $GITHUB_STEP_SUMMARY and merge requests.
[[nodiscard]] std::string gateMarkdown(const model::GateResult& gate);

/// For benchmark-action/github-action-benchmark, tool customSmallerIsBetter: latencies, bytes, errors and CPU
/// of the run and the latencies of each request; `range` is the spread of the rounds. Throughput is given as
/// the time per request so that smaller is better.
[[nodiscard]] std::string githubBenchmark(const model::GateResult& gate);

/// Bencher Metric Format: benchmark → measure → value with bounds; latency in nanoseconds, as Bencher's
/// built-in measure has it.
[[nodiscard]] std::string bencherMetrics(const model::GateResult& gate);

/// For a terminal: one line a check, with ✓ ✗ ?, and colours when asked for.
[[nodiscard]] std::string gateTable(const model::GateResult& gate, bool colour);

/// "passed: 4 checks" or "failed: 1 of 4 checks, p95<20ms".
[[nodiscard]] std::string gateSentence(const model::GateResult& gate);

}  // namespace hone::report

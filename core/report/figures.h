#pragma once

#include "core/model/comparison.h"

#include <string>
#include <vector>

/// Numbers of a result as text, the same in every document.
namespace hone::report {

/// A label and its value: "p95", "3.10 ms".
struct Fact {
    std::string label, value;
};

[[nodiscard]] std::vector<Fact> headline(const model::RunResult& run);
/// How it was measured: workload, load model, warm-up, target, profile, seed, environment.
[[nodiscard]] std::vector<Fact> method(const model::RunResult& run);
[[nodiscard]] std::vector<Fact> method(const model::Comparison& comparison);

/// A value of a metric in its unit: µs for latencies and CPU, requests/s, bytes, share.
[[nodiscard]] std::string metricValue(std::string_view metric, double value);
/// A ratio as a change: "−31 %", and as a factor where percentages saturate: "÷8.2", "×41".
[[nodiscard]] std::string changeText(double ratio);
/// "−31 % (−34 … −28)"; "exactly −71 %" for deterministic metrics; "–" without an interval.
[[nodiscard]] std::string effectText(const model::Effect& effect);
/// "on: ttl 30s" per toggle that is on.
[[nodiscard]] std::string profileText(const model::Profile& profile);
/// A sign or shape beside the word, so that colour is never alone: "▼ better".
[[nodiscard]] std::string verdictText(const model::Effect& effect);

/// One sentence of a run: "12.5 k/s at p95 3.10 ms over 10 s; 0 errors."
[[nodiscard]] std::string summarySentence(const model::RunResult& run);

}  // namespace hone::report

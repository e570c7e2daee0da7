#pragma once

#include "core/model/run.h"

#include <optional>
#include <string>
#include <string_view>

namespace hone::model {

/// One condition on a run, in k6's grammar with units:
///
///   p95<20ms   p(99.9)<=200   mean<5ms   errors<0.1%   bytes<30KiB   rps>5000   apdex(50ms)>0.9
///   p95{list}<30ms            of one request of the workload, by name
///
/// Aggregates: p50 … p99.999 (also p(N)), mean/avg, median/med, min, max, errors/rate, rps, bytes (on the
/// wire, per request), requests/count, cpu (of the engine, per request), apdex(T). Operators: < <= > >= ==
/// !=. Values take the units used everywhere; after k6's own names (p(N), avg, med, min, max) a bare number
/// is milliseconds, as k6 means it. A value. Source: grafana/k6 metrics/thresholds_parser.go.
struct Threshold {
    enum class Figure : std::uint8_t {
        Quantile,
        Mean,
        Min,
        Max,
        Errors,
        Throughput,
        Bytes,
        Requests,
        Cpu,
        Apdex
    };
    enum class Op : std::uint8_t { Less, LessEqual, Greater, GreaterEqual, Equal, NotEqual };

    std::string text;  ///< As written, trimmed.
    Figure figure = Figure::Quantile;
    double quantile = 0;  ///< Of Quantile, in (0, 1).
    double apdexUs = 0;   ///< Of Apdex: satisfied up to here, tolerating up to four times it.
    std::string request;  ///< Empty: all requests together.
    Op op = Op::Less;
    double limit = 0;  ///< In µs, a share, requests/s, bytes or a count.

    /// "p95", "errors", "apdex(50ms)".
    [[nodiscard]] std::string figureText() const;
    [[nodiscard]] std::string_view opText() const;
    /// A value of this figure with its unit, for people.
    [[nodiscard]] std::string valueText(double value) const;
    [[nodiscard]] bool holds(double value) const;
    [[nodiscard]] bool isLatency() const;  ///< The value is a duration in µs.
};

/// Errors name the odd part; their hint shows the text with a caret under it, then what is known.
[[nodiscard]] Result<Threshold> parseThreshold(std::string_view text);

/// Refuses a request name that the workload does not have, and a figure that is not measured per request.
[[nodiscard]] Result<> checkAgainst(const Threshold& threshold, const Workload& workload);

/// The figure in a run; nothing when the run did not measure it.
[[nodiscard]] std::optional<double> observed(const Threshold& threshold, const RunResult& run);
/// Requests behind the figure.
[[nodiscard]] std::uint64_t samplesOf(const Threshold& threshold, const RunResult& run);

/// (satisfied + tolerating/2) / all; failures are frustrated however fast they were. Which latencies were the
/// failures' is not kept: they are taken off the satisfied, the fastest case. NaN without requests.
[[nodiscard]] double apdex(const stats::Histogram& latencyUs, std::uint64_t errors, double satisfiedUs);

}  // namespace hone::model

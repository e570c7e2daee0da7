#pragma once

#include "core/model/latency_bands.h"
#include "core/model/profile.h"
#include "core/model/workload.h"
#include "core/stats/histogram.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace hone::model {

/// The machine and build a result was measured on.
struct Environment {
    std::string os, kernel, cpu, governor, build;  ///< build: version and compiler.
    int cores = 0;
    std::int64_t memoryBytes = 0;
    double loadAverage = 0;  ///< When the run started.
    bool optimised = true;   ///< False for debug builds: verdicts carry a warning.
    bool operator==(const Environment&) const = default;
};
[[nodiscard]] Environment currentEnvironment();

/// One slice of the time series (one second unless the run is shorter).
struct Interval {
    double startS = 0, lengthS = 1;
    bool warmup = false;
    std::uint64_t requests = 0, errors = 0, bytes = 0;
    double p50Us = 0, p95Us = 0, p99Us = 0, maxUs = 0;
    std::uint64_t inFlight = 0, backlog = 0;  ///< At its end; backlog: due but not yet sent.
    LatencyBands bands;                       ///< Empty where only the percentiles were kept.
    [[nodiscard]] double rps() const { return lengthS > 0 ? static_cast<double>(requests) / lengthS : 0; }
};

/// What somebody wrote at a moment of a run: "deployed", "cache purged".
struct Annotation {
    double atS = 0;  ///< Since the start of the run, warm-up included.
    std::string text;
    bool operator==(const Annotation&) const = default;
};

/// How often a check of a request held.
struct CheckResult {
    std::string text;  ///< "status is 200"
    std::uint64_t passed = 0, failed = 0;
};

/// What one request of the workload contributed.
struct RequestResult {
    std::string name;
    std::uint64_t requests = 0, errors = 0, bytes = 0;
    stats::Histogram latency;
    std::vector<CheckResult> checks;  ///< In the workload's order.
};

/// A workload measured against a profile; immutable once made. Latencies in microseconds.
struct RunResult {
    std::string id, name, note;
    std::vector<std::string> tags;
    std::chrono::system_clock::time_point startedAt;
    std::string source = "hone";  ///< Another tool's name for imported results.
    std::string target;           ///< URL.
    std::string dataset;          ///< "cities (150 000 rows)"; empty for foreign targets.
    Workload workload;
    Profile profile;
    Environment environment;

    double measuredS = 0, warmupS = 0;
    std::uint64_t requests = 0, errors = 0;  ///< Measured part only; requests include errors.
    std::uint64_t warmupRequests = 0;
    std::uint64_t unfinished = 0;  ///< In flight at the end: censored.
    std::map<std::string, std::uint64_t> errorsByKind;
    std::map<int, std::uint64_t> byStatus;
    std::uint64_t wireBytes = 0, bodyBytes = 0;
    std::uint64_t tlsResumed = 0;  ///< Of the handshakes in `tls`: took up an earlier session.
    stats::Histogram latency;      ///< From the intended send time (open loop) or the send (closed loop).
    stats::Histogram serviceTime;  ///< From the actual send.
    stats::Histogram ttfb;
    stats::Histogram connect;   ///< Connections opened while measuring: TCP.
    stats::Histogram tls;       ///< … and their TLS handshakes.
    stats::Histogram lateness;  ///< Actual − intended send.
    std::vector<RequestResult> byRequest;
    std::vector<Interval> series;
    std::vector<Annotation> annotations;
    std::map<std::string, double> counters;  ///< "cache.hits" → difference over the measured part.
    double engineCpuUsPerRequest = 0;        ///< 0: not our engine.
    /// Toggle id → microseconds its stages took, a request; those in the profile of our own engine.
    std::map<std::string, double> toggleUsPerRequest;
    double generatorCpuShare = 0;       ///< Of one core.
    std::vector<std::string> warnings;  ///< In words.
    bool partial = false;               ///< Cancelled or interrupted.

    [[nodiscard]] double rps() const { return measuredS > 0 ? static_cast<double>(requests) / measuredS : 0; }
    [[nodiscard]] double errorRate() const {
        return requests > 0 ? static_cast<double>(errors) / static_cast<double>(requests) : 0;
    }
    [[nodiscard]] double bytesPerRequest() const {
        return requests > 0 ? static_cast<double>(wireBytes) / static_cast<double>(requests) : 0;
    }

    [[nodiscard]] nlohmann::json toJson() const;  ///< Histograms as base64 V2: everything can be recomputed.
    [[nodiscard]] static Result<RunResult> fromJson(const nlohmann::json& json);
};

}  // namespace hone::model

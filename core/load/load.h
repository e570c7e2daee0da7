#pragma once

#include "core/model/run.h"
#include "core/model/workload.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace hone::load {

/// What is fired at whom.
struct LoadPlan {
    model::Workload workload;
    std::string baseUrl;  ///< "http://127.0.0.1:8437"; absolute URLs in the workload win.
    std::vector<std::pair<std::string, std::string>> extraHeaders;  ///< On every request: "Hone-Arm: B".
    int firstCpu = -1;     ///< ≥ 0 pins generator thread i to firstCpu + i.
    int sampleBodies = 0;  ///< Keep the bodies of the first N answers per request (for the answer check).
    bool record = true;    ///< False: fire without recording (guard time before a block).
    /// Told on the thread that called runLoad when the measured part begins (true) and when it is over
    /// (false), so that counters of the target can be read at both ends. The generator does not wait for it.
    std::function<void(bool begins)> onMeasure;
};

/// Live figures, made once per interval by the generator; immutable.
struct LoadProgress {
    double elapsedS = 0, totalS = 0;
    bool warmup = false;
    std::uint64_t requests = 0, errors = 0;   ///< So far, warm-up included.
    double rps = 0;                           ///< In the last interval.
    model::Interval last;                     ///< The newest finished interval.
    std::uint64_t inFlight = 0, backlog = 0;  ///< Backlog: due but not yet sent.
    /// All of the measured part so far; set about twice a second, else null.
    std::shared_ptr<const stats::Histogram> latency;
};
using OnProgress = std::function<void(const LoadProgress&)>;

struct SampledAnswer {
    std::size_t request = 0;  ///< Index into workload.requests.
    std::string target;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;  ///< As on the wire (coded).
};

struct LoadResult {
    model::RunResult
        run;  ///< Measured fields filled; id, profile, environment, counters are the experiment's.
    std::vector<SampledAnswer> samples;
};

/// Fires the plan on its own threads and blocks until it is over, then returns. A stop request ends it early
/// with what there is, marked partial. `onProgress` is called on a generator thread, `progressEvery` apart.
///
/// Closed loop: `clients` connections, each sends, waits, thinks, sends. Open loop: sends are due by the
/// schedule whatever the server does; a due request takes an idle connection or opens another; latency counts
/// from when it was due. Errors: InvalidArgument for an empty or unresolvable workload, Unavailable when
/// nothing answers at the target.
Result<LoadResult> runLoad(const LoadPlan& plan, std::stop_token stop, const OnProgress& onProgress = {},
                           std::chrono::milliseconds progressEvery = std::chrono::milliseconds(100));

/// Sends the first `perRequest` draws of every safe request (GET, HEAD, OPTIONS) one at a time and keeps the
/// answers, in the order of the workload; the same seed draws the same targets. For the answer check of a
/// comparison.
Result<std::vector<SampledAnswer>> sampleAnswers(const LoadPlan& plan, int perRequest, std::stop_token stop);

/// Intended send times of an open loop from `start`, in nanoseconds; deterministic by seed. Never ends: a
/// schedule without further arrivals (rate 0, end of a recording) says "in a hundred years".
class ArrivalSchedule {
public:
    ArrivalSchedule(model::Arrival arrival, double ratePerSecond, std::uint64_t seed);
    /// By stages, of which there is at least one.
    ArrivalSchedule(model::Arrival arrival, std::vector<model::RateStage> stages, std::uint64_t seed);
    /// As recorded, `speed` times as fast.
    ArrivalSchedule(std::shared_ptr<const std::vector<Nanos>> recorded, double speed);
    [[nodiscard]] Nanos next();

private:
    [[nodiscard]] double exponential();  ///< Mean 1.
    [[nodiscard]] Nanos nextOfStages();

    model::Arrival m_arrival;
    double m_rate;  ///< By stages: after the last. Recorded: the speed.
    double m_seconds = 0;
    std::uint64_t m_count = 0;
    std::uint64_t m_state;
    std::shared_ptr<const std::vector<model::RateStage>> m_stages;
    std::shared_ptr<const std::vector<Nanos>> m_recorded;
    std::size_t m_stage = 0;                               ///< Where the last arrival was …
    double m_area = 0, m_stageArea = 0, m_stageStart = 0;  ///< … and arrivals before it and before its stage.
};

}  // namespace hone::load

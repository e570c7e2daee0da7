#pragma once

#include "core/load/request_set.h"
#include "core/model/run.h"
#include "core/net/client.h"

#include <array>
#include <map>

namespace hone::load {

/// What one generator thread measured.
struct Totals {
    explicit Totals(std::size_t requestKinds) : byRequest(requestKinds) {}

    std::uint64_t requests = 0, errors = 0, fired = 0, warmupRequests = 0, unfinished = 0, backlog = 0;
    std::map<std::string, std::uint64_t, std::less<>> errorsByKind;
    std::array<std::uint64_t, 1000> byStatus{};
    std::uint64_t wireBytes = 0, bodyBytes = 0, tlsResumed = 0;
    std::uint64_t localHits = 0;    ///< Clients' own caches had the answer: not among the requests.
    std::uint64_t revalidated = 0;  ///< … still held (304): among them.
    stats::Histogram serviceTime, ttfb, connect, tls,
        lateness;  ///< serviceTime: open loop only; equal to latency otherwise.
    std::vector<model::RequestResult> byRequest;
    double cpuShare = 0;  ///< Of one core over the measured part.
    double measuredS = 0;
    bool partial = false;

    void merge(const Totals& other);
};

/// The slice of time since the last one, for live figures and the series.
struct Tick {
    std::uint64_t requests = 0, errors = 0, bytes = 0, inFlight = 0, backlog = 0;
    stats::Histogram latency;
    void merge(const Tick& other);
    void reset();
};

/// Writes down every finished request of one thread; no locks. Owner and thread: its generator.
///
/// A request counts into the totals when it belongs to the measured part, into the tick always.
class Recorder {
public:
    Recorder(const RequestSet& set, bool openLoop);

    struct Aside {
        std::string_view missing;  ///< What a later step needs and the answer does not have.
        bool asksAgain = false;    ///< Whether a stored answer still holds.
    };
    void record(std::size_t request, Nanos due, bool measured, const net::Answer& answer, Aside aside);
    [[nodiscard]] Totals& totals() { return m_totals; }
    [[nodiscard]] Tick& tick() { return m_tick; }

private:
    const RequestSet& m_set;
    Totals m_totals;
    Tick m_tick;
    bool m_openLoop;
};

[[nodiscard]] inline std::int64_t micros(Nanos value) {
    return value.count() <= 0 ? 0 : (value.count() + 500) / 1000;
}

}  // namespace hone::load

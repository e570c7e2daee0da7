#pragma once

#include "core/engine/latency_counts.h"
#include "core/engine/pipeline.h"

namespace hone::engine {

/// What one loop counted since the engine started.
///
/// Thread: record() its loop's; requests() and sum() any, approximate while requests are running. On cache
/// lines of its own.
class alignas(64) Meter {
public:
    explicit Meter(std::size_t endpoints) : m_endpoints(endpoints) {}

    void record(int endpoint, int status, std::size_t bytes, Nanos duration);
    [[nodiscard]] std::uint64_t requests() const { return m_requests.get(); }

    /// Sums the meters of all loops; `names` by endpoint index. Endpoints never asked are left out.
    static void sum(std::span<const std::unique_ptr<Meter>> meters, std::span<const std::string> names,
                    Snapshot& into);

private:
    static constexpr int kStatusFrom = 100, kStatusTo = 600;
    struct PerEndpoint {
        WorkerCount requests, errors, bytes;
        LatencyCounts latency;
    };

    WorkerCount m_requests;
    std::vector<PerEndpoint> m_endpoints;  ///< Never resized: others read it.
    std::array<WorkerCount, kStatusTo - kStatusFrom> m_statuses;
};

}  // namespace hone::engine

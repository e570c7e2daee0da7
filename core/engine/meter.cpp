#include "core/engine/meter.h"

namespace hone::engine {
namespace {

/// A refusal (4xx) is an answer; a failure of ours is an error.
bool isError(int status) { return status >= 500; }

}  // namespace

void Meter::record(int endpoint, int status, std::size_t bytes, Nanos duration) {
    auto& at = m_endpoints[static_cast<std::size_t>(endpoint)];
    m_requests.add(1);
    at.requests.add(1);
    at.bytes.add(bytes);
    if (isError(status))
        at.errors.add(1);
    if (status >= kStatusFrom && status < kStatusTo)
        m_statuses[static_cast<std::size_t>(status - kStatusFrom)].add(1);
    at.latency.record((duration.count() + 500) / 1000);
}

void Meter::sum(std::span<const std::unique_ptr<Meter>> meters, std::span<const std::string> names,
                Snapshot& into) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        EndpointStats stats{.name = names[i]};
        stats::Histogram latency;
        for (const auto& meter : meters) {
            const auto& at = meter->m_endpoints[i];
            stats.requests += at.requests.get();
            stats.errors += at.errors.get();
            stats.bytesOut += at.bytes.get();
            at.latency.addTo(latency);
        }
        if (stats.requests == 0)
            continue;
        stats.p50Us = static_cast<double>(latency.quantile(0.50));
        stats.p99Us = static_cast<double>(latency.quantile(0.99));
        into.requests += stats.requests;
        into.errors += stats.errors;
        into.latency.merge(latency);
        into.endpoints.push_back(std::move(stats));
    }
    for (const auto& meter : meters)
        for (int status = kStatusFrom; status < kStatusTo; ++status)
            if (const auto count = meter->m_statuses[static_cast<std::size_t>(status - kStatusFrom)].get())
                into.byStatus[status] += count;
}

}  // namespace hone::engine

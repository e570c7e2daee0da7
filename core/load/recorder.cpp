#include "core/load/recorder.h"

namespace hone::load {

void Totals::merge(const Totals& other) {
    requests += other.requests;
    errors += other.errors;
    fired += other.fired;
    warmupRequests += other.warmupRequests;
    unfinished += other.unfinished;
    backlog += other.backlog;
    for (const auto& [kind, count] : other.errorsByKind)
        errorsByKind[kind] += count;
    for (std::size_t i = 0; i < byStatus.size(); ++i)
        byStatus[i] += other.byStatus[i];
    wireBytes += other.wireBytes;
    bodyBytes += other.bodyBytes;
    serviceTime.merge(other.serviceTime);
    ttfb.merge(other.ttfb);
    connect.merge(other.connect);
    tls.merge(other.tls);
    tlsResumed += other.tlsResumed;
    localHits += other.localHits;
    revalidated += other.revalidated;
    lateness.merge(other.lateness);
    for (std::size_t i = 0; i < byRequest.size(); ++i) {
        byRequest[i].requests += other.byRequest[i].requests;
        byRequest[i].errors += other.byRequest[i].errors;
        byRequest[i].bytes += other.byRequest[i].bytes;
        byRequest[i].latency.merge(other.byRequest[i].latency);
        byRequest[i].checks.resize(other.byRequest[i].checks.size());
        for (std::size_t k = 0; k < byRequest[i].checks.size(); ++k) {
            auto& check = byRequest[i].checks[k];
            check.text = other.byRequest[i].checks[k].text;
            check.passed += other.byRequest[i].checks[k].passed;
            check.failed += other.byRequest[i].checks[k].failed;
        }
    }
    cpuShare = std::max(cpuShare, other.cpuShare);  // One saturated thread is what spoils a run.
    measuredS = std::max(measuredS, other.measuredS);
    partial = partial || other.partial;
}

void Tick::merge(const Tick& other) {
    requests += other.requests;
    errors += other.errors;
    bytes += other.bytes;
    inFlight += other.inFlight;
    backlog += other.backlog;
    latency.merge(other.latency);
}

void Tick::reset() {
    requests = errors = bytes = inFlight = backlog = 0;
    latency.reset();
}

Recorder::Recorder(const RequestSet& set, bool openLoop)
    : m_set(set), m_totals(set.requests().size()), m_openLoop(openLoop) {
    for (std::size_t i = 0; i < set.requests().size(); ++i)
        m_totals.byRequest[i].checks = set.requests()[i].checks.results();
}

void Recorder::record(std::size_t request, Nanos due, bool measured, const net::Answer& answer, Aside aside) {
    const bool isError = answer.status == 0 || answer.status >= 400 || !aside.missing.empty();
    // Timeouts are recorded at the time they took: leaving them out would make a hanging server look fast.
    const std::int64_t latency = micros(answer.done - due);
    ++m_tick.requests;
    m_tick.errors += isError;
    m_tick.bytes += answer.wireBytes;
    m_tick.latency.record(latency);
    if (!measured) {
        ++m_totals.warmupRequests;
        return;
    }
    ++m_totals.requests;
    m_totals.errors += isError;
    m_totals.wireBytes += answer.wireBytes;
    m_totals.bodyBytes += answer.bodyBytes;
    auto& kind = m_totals.byRequest[request];
    ++kind.requests;
    kind.errors += isError;
    kind.bytes += answer.wireBytes;
    kind.latency.record(latency);
    const bool stillHolds = aside.asksAgain && answer.status == 304;
    m_totals.revalidated += stillHolds;
    if (!aside.missing.empty())
        ++m_totals.errorsByKind[fmt::format("no \"{}\" in the answer", aside.missing)];
    // What still holds has passed when it came.
    if (!kind.checks.empty() && !stillHolds)
        m_set.requests()[request].checks.count(answer, kind.checks);
    if (answer.status > 0) {
        ++m_totals.byStatus[static_cast<std::size_t>(answer.status) % m_totals.byStatus.size()];
        m_totals.ttfb.record(micros(answer.firstByte - answer.sent));
    } else if (const auto known = m_totals.errorsByKind.find(answer.errorText);
               known != m_totals.errorsByKind.end()) {
        ++known->second;
    } else {
        m_totals.errorsByKind.emplace(answer.errorText, 1);
    }
    if (answer.connected > Nanos::zero())
        m_totals.connect.record(micros(answer.connected - answer.connectStarted));
    if (answer.secured > Nanos::zero()) {
        m_totals.tls.record(micros(answer.secured - answer.connected));
        m_totals.tlsResumed += answer.isResumed;
    }
    if (m_openLoop) {
        m_totals.serviceTime.record(micros(answer.done - answer.sent));
        m_totals.lateness.record(micros(answer.sent - due));
    }
}

}  // namespace hone::load

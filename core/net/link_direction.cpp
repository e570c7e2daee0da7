#include "core/net/link_direction.h"

#include "core/net/link.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hone::net {

namespace {

constexpr std::size_t kEndless = std::numeric_limits<std::size_t>::max() / 4;  // can still be doubled

}  // namespace

std::size_t largestWindow(Nanos rtt, double bitsPerSecond) {
    if (rtt <= Nanos(0) || bitsPerSecond <= 0)
        return kEndless;
    const double bytes = bitsPerSecond / 8 * static_cast<double>(rtt.count()) / 1e9;
    return static_cast<std::size_t>(std::max(1.0, std::ceil(bytes / kSegmentBytes))) * kSegmentBytes;
}

Nanos retransmissionDelay(Nanos rtt) { return std::max(kRetransmissionTimeout, rtt); }

Bottleneck::Bottleneck(double bitsPerSecond, double burstBytes)
    : m_nanosPerByte(bitsPerSecond > 0 ? 8e9 / bitsPerSecond : 0),
      m_burst(std::llround(burstBytes * m_nanosPerByte)) {}

Nanos Bottleneck::send(Nanos now, std::size_t bytes) {
    const Nanos full = now - m_burst;
    if (!m_empty || *m_empty < full) {
        m_empty = full;
        m_fraction = 0;
    }
    const double cost = static_cast<double>(bytes) * m_nanosPerByte + m_fraction;
    const double whole = std::floor(cost);
    *m_empty += Nanos(static_cast<Nanos::rep>(whole));
    m_fraction = cost - whole;
    return std::max(now, *m_empty);
}

LinkDirection::LinkDirection(const LinkOptions& options, double bitsPerSecond, std::uint64_t seed)
    : m_rtt(options.rtt),
      m_jitter(options.jitter),
      m_loss(options.loss),
      m_firstWindow(m_rtt > Nanos(0) ? std::min(kInitialWindow, largestWindow(m_rtt, bitsPerSecond))
                                     : kEndless),
      m_largestWindow(largestWindow(m_rtt, bitsPerSecond)),
      m_pieceBytes(bitsPerSecond > 0 || m_loss > 0 ? kSegmentBytes : kEndless),
      m_random(seed),
      m_bottleneck(bitsPerSecond, options.burstBytes),
      m_window(m_firstWindow) {}

void LinkDirection::send(Nanos now, std::size_t bytes, std::deque<Arrival>& arrivals) {
    if (m_started && now > m_lastSent + m_rtt + kRetransmissionTimeout) {
        m_window = m_firstWindow;
        m_used = 0;  // nothing it could have learned from
    }
    while (bytes > 0) {
        if (!m_started || m_used == m_window || now >= flightEnd())
            startFlight(now);
        const std::size_t piece = std::min({bytes, m_pieceBytes, m_window - m_used});
        sendSegment(std::max(now, m_flightStart), piece, arrivals);
        m_used += piece;
        bytes -= piece;
    }
}

void LinkDirection::startFlight(Nanos now) {
    m_flightStart = m_started ? std::max(now, flightEnd()) : now;
    if (2 * m_used > m_window)
        m_window = std::min(2 * m_used, m_largestWindow);
    m_used = 0;
    m_flightDelay = Nanos(0);
    m_oneWay = drawOneWay();
    m_started = true;
}

void LinkDirection::sendSegment(Nanos now, std::size_t bytes, std::deque<Arrival>& arrivals) {
    m_lastSent = m_bottleneck.send(now, bytes);
    if (m_loss > 0 && m_random.uniform() < m_loss)
        m_flightDelay = retransmissionDelay(m_rtt);
    // What follows a lost segment waits for it in the receiver's kernel: TCP hands bytes on in order.
    m_lastArrival = std::max(m_lastArrival, m_lastSent + m_flightDelay + m_oneWay);
    if (!arrivals.empty() && arrivals.back().due == m_lastArrival)
        arrivals.back().bytes += bytes;
    else
        arrivals.push_back({m_lastArrival, bytes});
}

Nanos LinkDirection::flightEnd() const { return std::max(m_flightStart + m_rtt, m_lastSent) + m_flightDelay; }

Nanos LinkDirection::drawOneWay() {
    const Nanos half = m_rtt / 2;
    if (m_jitter <= Nanos(0))
        return half;
    // Box and Muller's transform; 1 - u is never 0.
    const double radius = std::sqrt(-2 * std::log(1 - m_random.uniform()));
    const double normal = radius * std::cos(2 * std::numbers::pi * m_random.uniform());
    const Nanos off(std::llround(static_cast<double>(m_jitter.count()) * normal));
    return std::max(Nanos(0), half + off);
}

}  // namespace hone::net

#include "core/net/link.h"

#include <algorithm>
#include <cmath>

namespace hone::net {

namespace {

/// Own random numbers for each connection and direction, so that reads and writes may interleave freely.
std::uint64_t seedOf(const LinkOptions& options, std::uint64_t connection, std::uint64_t direction) {
    SplitMix64 mixed(options.seed + connection * 2 + direction);
    return mixed.next();
}

/// One direction of a projection: as LinkDirection, but with the mean of what is random.
class MeanDirection {
public:
    MeanDirection(const LinkOptions& options, double bitsPerSecond)
        : m_rtt(options.rtt),
          m_loss(options.loss),
          m_largest(largestWindow(options.rtt, bitsPerSecond)),
          m_window(options.rtt > Nanos(0) ? std::min(kInitialWindow, m_largest) : m_largest),
          m_bottleneck(bitsPerSecond, options.burstBytes) {}

    /// When the last of `bytes` that are sent at `start` has left, retransmissions included.
    Nanos send(Nanos start, std::size_t bytes) {
        for (; bytes > m_window && m_window < m_largest; m_window = std::min(2 * m_window, m_largest)) {
            const Nanos sent = m_bottleneck.send(start, m_window);
            start = std::max(start + m_rtt, sent) + lossDelay(m_window);
            bytes -= m_window;
        }
        // A full path: one flight follows the other without a gap, so the rest is one.
        const Nanos sent = m_bottleneck.send(start, bytes);
        const auto fullFlights = static_cast<Nanos::rep>(bytes / m_window);
        const Nanos delay = fullFlights * lossDelay(m_window) + lossDelay(bytes % m_window);
        if (2 * bytes > m_window)
            m_window = std::min(2 * std::min(bytes, m_window), m_largest);
        return sent + delay;
    }

private:
    /// The chance that a flight loses a segment, times what that costs.
    [[nodiscard]] Nanos lossDelay(std::size_t bytes) const {
        if (m_loss <= 0 || bytes == 0)
            return Nanos(0);
        const double segments = std::ceil(static_cast<double>(bytes) / kSegmentBytes);
        const double chance = 1 - std::pow(1 - m_loss, segments);
        return Nanos(std::llround(chance * static_cast<double>(retransmissionDelay(m_rtt).count())));
    }

    const Nanos m_rtt;
    const double m_loss;
    const std::size_t m_largest;
    std::size_t m_window;
    Bottleneck m_bottleneck;
};

}  // namespace

Link::Link(const LinkOptions& options, std::uint64_t connection)
    : m_rtt(options.rtt),
      m_up(options, options.upBitsPerSecond, seedOf(options, connection, 0)),
      m_down(options, options.downBitsPerSecond, seedOf(options, connection, 1)) {}

Nanos Link::opened(Nanos now) {
    // The client's connect() returns a round trip after its SYN; here the kernel has answered it at once.
    m_clientOpen = now + m_rtt;
    m_serverOpen = m_clientOpen + m_rtt / 2;
    return m_serverOpen;
}

Nanos Link::received(Nanos now, std::size_t bytes) {
    m_arriving.clear();
    m_up.send(std::max(now, m_clientOpen), bytes, m_arriving);
    return std::max(now, m_up.lastArrival());
}

void Link::queued(Nanos now, std::size_t bytes) {
    m_down.send(std::max(now, m_serverOpen), bytes, m_leaving);
}

std::size_t Link::release(Nanos now) {
    std::size_t bytes = 0;
    while (!m_leaving.empty() && m_leaving.front().due <= now) {
        bytes += m_leaving.front().bytes;
        m_leaving.pop_front();
    }
    return bytes;
}

Nanos Link::nextRelease() const { return m_leaving.empty() ? Nanos::max() : m_leaving.front().due; }

Projection projectTransfer(const LinkOptions& options, const Transfer& transfer) {
    MeanDirection up(options, options.upBitsPerSecond), down(options, options.downBitsPerSecond);
    const auto trips = static_cast<std::size_t>(std::max(1, transfer.roundTrips));
    Projection projection;
    Nanos now = std::max(0, transfer.handshakeRoundTrips) * options.rtt;
    for (std::size_t trip = 0; trip < trips; ++trip) {
        // The first trips carry the bytes that do not divide evenly.
        const auto share = [&](std::size_t bytes) { return bytes / trips + (trip < bytes % trips ? 1 : 0); };
        const Nanos asked = up.send(now, share(transfer.upBytes)) + options.rtt / 2;
        projection.firstByte = asked + (options.rtt - options.rtt / 2);
        now = down.send(asked, share(transfer.downBytes)) + (options.rtt - options.rtt / 2);
    }
    projection.total = now;
    return projection;
}

}  // namespace hone::net

#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"

#include <cstddef>
#include <deque>
#include <optional>

namespace hone::net {

struct LinkOptions;

/// TCP as the model has it: Ethernet's segment and the initial window of RFC 6928.
inline constexpr std::size_t kSegmentBytes = 1'460;
inline constexpr std::size_t kInitialWindow = 10 * kSegmentBytes;
/// What Linux allows an answer beyond the round trip before it believes a segment lost (TCP_RTO_MIN).
inline constexpr Nanos kRetransmissionTimeout = std::chrono::milliseconds(200);

/// The window that fills the path for one round trip, in whole segments; without end when the path has no
/// rate or no round trip.
[[nodiscard]] std::size_t largestWindow(Nanos rtt, double bitsPerSecond);
/// What a lost segment costs its flight.
[[nodiscard]] Nanos retransmissionDelay(Nanos rtt);

/// The slowest hop of a path, a token bucket: bytes leave when there are tokens for them.
///
/// Kept as the time at which the bucket is empty instead of a level that would need refilling. Starts full.
/// Thread: its user's. Owner: a LinkDirection. Invariant: departures never go back in time.
class Bottleneck {
public:
    /// `bitsPerSecond` 0: not limited. `burstBytes` may leave at once after a rest; 0 is a plain line.
    Bottleneck(double bitsPerSecond, double burstBytes);
    /// When `bytes` that are offered at `now` have left. Calls must not go back in time.
    Nanos send(Nanos now, std::size_t bytes);

private:
    double m_nanosPerByte;
    Nanos m_burst;  ///< As time: what the bucket holds when it is full.
    std::optional<Nanos> m_empty;
    double m_fraction = 0;  ///< Of a nanosecond beyond m_empty, so that many small packets add up right.
};

/// One direction of one TCP connection: says when bytes that are sent now have arrived.
///
/// Bytes go in flights. A flight holds one window; the next one starts a round trip later, or when the
/// bottleneck is through with the flight if that takes longer. The window starts at ten segments and doubles
/// with each flight that used it, up to what fills the path (RFC 5681 section 3.1; like Linux, one that did
/// not limit the sender stays). After an idle time longer than the retransmission timeout it starts over
/// (section 4.1). A lost segment holds up the rest of its flight once; the window is not halved.
/// Thread: its connection's. Owner: Link. Invariant: arrivals never go back in time.
class LinkDirection {
public:
    struct Arrival {
        Nanos due;
        std::size_t bytes;
    };

    LinkDirection(const LinkOptions& options, double bitsPerSecond, std::uint64_t seed);

    /// Appends when these bytes arrive, in order: one entry per segment where segments differ in time.
    void send(Nanos now, std::size_t bytes, std::deque<Arrival>& arrivals);
    /// Of all bytes so far.
    [[nodiscard]] Nanos lastArrival() const { return m_lastArrival; }

private:
    void startFlight(Nanos now);
    void sendSegment(Nanos now, std::size_t bytes, std::deque<Arrival>& arrivals);
    [[nodiscard]] Nanos flightEnd() const;
    [[nodiscard]] Nanos drawOneWay();

    const Nanos m_rtt, m_jitter;
    const double m_loss;
    const std::size_t m_firstWindow, m_largestWindow;
    const std::size_t m_pieceBytes;  ///< What arrives as one: a segment, or a flight if they are all alike.
    SplitMix64 m_random;
    Bottleneck m_bottleneck;
    std::size_t m_window;
    std::size_t m_used = 0;  ///< Of the window, by the flight under way.
    bool m_started = false;  ///< Anything was sent.
    Nanos m_flightStart{0};
    Nanos m_flightDelay{0};  ///< Of its retransmission; 0 while nothing of it was lost.
    Nanos m_oneWay{0};       ///< Drawn for each flight.
    Nanos m_lastSent{0};
    Nanos m_lastArrival{0};
};

}  // namespace hone::net

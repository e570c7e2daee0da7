#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

/// The simulated network between a client and the server, acting on the server's side of each connection so
/// that any client feels it. Always labelled "simulated" where a number depends on it.
namespace hone::net {

/// One path, both directions. Times are of the path, not of the host; a value of 0 switches that part off.
struct LinkOptions {
    std::string name = "loopback";
    Nanos rtt{0};                  ///< Round trip without queueing.
    Nanos jitter{0};               ///< Standard deviation of the one-way delay; never reorders.
    double downBitsPerSecond = 0;  ///< To the client; 0: not limited.
    double upBitsPerSecond = 0;    ///< From the client.
    double loss = 0;               ///< Share of segments lost; each costs a retransmission delay.
    std::uint64_t seed = 1;
    bool operator==(const LinkOptions&) const = default;
};

/// A preset and where its numbers come from.
struct LinkPreset {
    LinkOptions options;
    std::string_view title, source;
};

/// loopback, lan, fibre, cable, 4g, 3g, cross-continent; in that order.
[[nodiscard]] std::span<const LinkPreset> linkPresets();
/// A preset by name, or "rtt=80ms,jitter=5ms,down=10Mbit,up=2Mbit,loss=1%". Errors: the part that is wrong,
/// with the known names.
[[nodiscard]] Result<LinkOptions> parseLink(std::string_view text);

/// One connection's path: says when bytes that are here now would have been there.
///
/// TCP as the client would see it: handshake, slow start from ten segments (RFC 6928) doubling each round
/// trip until the bottleneck is full, a lost segment costs one retransmission (fast retransmit, or a timeout
/// for the last in flight), TLS round trips by what the handshake sends. Deterministic by seed and connection
/// number. Thread: its connection's. Time is passed in, so tests need no clock.
class Link {
public:
    Link(const LinkOptions& options, std::uint64_t connection);

    /// The connection was accepted: from when on its first bytes can have arrived.
    Nanos opened(Nanos now);
    /// `bytes` were read from the socket at `now`: when the server may see them. Never earlier than before.
    Nanos received(Nanos now, std::size_t bytes);
    /// `bytes` more are to be sent.
    void queued(Nanos now, std::size_t bytes);
    /// How many of the queued bytes may have left by `now`; taken off the queue.
    std::size_t release(Nanos now);
    /// When release() will give more; Nanos::max() when nothing is queued.
    [[nodiscard]] Nanos nextRelease() const;

private:
    struct Piece {
        Nanos due;
        std::size_t bytes;
    };
    [[nodiscard]] double random();  ///< Uniform in [0, 1).
    [[nodiscard]] Nanos oneWay();
    void sendFlight(Nanos now, std::size_t bytes);

    LinkOptions m_options;
    std::uint64_t m_random;
    std::deque<Piece> m_pieces;
    std::size_t m_window;    ///< Bytes of one flight.
    Nanos m_lineFree{0};     ///< When the last queued byte has left the bottleneck.
    Nanos m_lastArrival{0};  ///< Towards the server.
    Nanos m_lastRelease{0};
    Nanos m_lastSent{0};  ///< Idle longer than a retransmission timeout restarts slow start (RFC 9293).
};

}  // namespace hone::net

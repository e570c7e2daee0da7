#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/net/link_direction.h"

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
    double burstBytes = 0;         ///< May pass a limited rate at once after a rest, as shapers allow.
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
/// A preset by name, or "rtt=80ms,jitter=5ms,down=10Mbit,up=2Mbit,loss=1%", or a preset with changes:
/// "3g,loss=1%"; also burst=3000B and seed=7. Errors: the part that is wrong, with the known names.
[[nodiscard]] Result<LinkOptions> parseLink(std::string_view text);
/// What parseLink() reads back: the preset's name where nothing differs from it, else every part that is on.
[[nodiscard]] std::string linkText(const LinkOptions& options);

/// One connection's path: says when bytes that are here now would have been there.
///
/// TCP as the client would see it: handshake, slow start from ten segments (RFC 6928) doubling each round
/// trip until the bottleneck is full, a lost segment costs its flight one retransmission, TLS round trips by
/// what the handshake sends. Each connection has the path to itself, as that of another client. Deterministic
/// by seed, connection number and calls. Thread: its connection's. Time is passed in, so tests need no clock.
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
    const Nanos m_rtt;
    LinkDirection m_up, m_down;
    Nanos m_clientOpen{0}, m_serverOpen{0};         ///< When each side knows it is connected and may send.
    std::deque<LinkDirection::Arrival> m_arriving;  ///< Of one received(); kept for its storage.
    std::deque<LinkDirection::Arrival> m_leaving;   ///< Queued for the client, by when it has them.
};

/// What the recorded sizes and round trips of an exchange would take on a path.
struct Transfer {
    std::size_t upBytes = 0, downBytes = 0;
    int handshakeRoundTrips =
        0;               ///< 1 for TCP, 1 more for TLS 1.3 and 2 more for TLS 1.2; 0 when kept alive.
    int roundTrips = 1;  ///< Exchanges one after the other that the bytes are spread over.
};
struct Projection {
    Nanos firstByte{0};  ///< When the first byte of the (last) answer is there.
    Nanos total{0};
};
/// The network's share of a transfer, an instant "what if" without holding anything back; the server's own
/// time is to be added. A new or rested connection (slow start from its beginning); jitter at its mean, loss
/// by the delay it is expected to cause. Simulated like the rest. Thread: any.
[[nodiscard]] Projection projectTransfer(const LinkOptions& options, const Transfer& transfer);

}  // namespace hone::net

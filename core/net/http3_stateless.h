#pragma once

#include <ngtcp2/ngtcp2.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

struct sockaddr;

namespace hone::net {

/// The packets a QUIC server sends without a connection, and the tokens that let it forget a client until
/// that has shown its address: version negotiation (RFC 8999 section 6), Retry and NEW_TOKEN (RFC 9000
/// section 8.1), stateless reset (section 10.3).
///
/// Thread: its endpoint's. Owner: the endpoint. Invariant: the secret never leaves, and goes with the
/// process.
class Http3Stateless {
public:
    static constexpr std::size_t kIdBytes = 18;  ///< Of the connection ids we give out.
    using Packet = std::span<const std::uint8_t>;

    Http3Stateless();

    [[nodiscard]] ngtcp2_cid newId() const;
    /// False when the library fails.
    [[nodiscard]] bool resetToken(const ngtcp2_cid& id, std::uint8_t* token) const;

    // Each is empty when there is nothing to send, and good until the next call.
    [[nodiscard]] Packet versionNegotiation(const ngtcp2_version_cid& ids);
    [[nodiscard]] Packet retry(const ngtcp2_pkt_hd& initial, const sockaddr* remote, socklen_t size,
                               ngtcp2_tstamp now);
    /// Against a datagram of `trigger` bytes; shorter than that, so that two servers cannot reset each other
    /// for ever.
    [[nodiscard]] Packet reset(const ngtcp2_cid& id, std::size_t trigger);
    /// Ends an attempt before a connection exists.
    [[nodiscard]] Packet refusal(const ngtcp2_pkt_hd& initial, std::uint64_t errorCode);

    [[nodiscard]] static bool isRetryToken(const ngtcp2_vec& token);
    /// The id the client chose first, when this is our Retry token for it.
    [[nodiscard]] std::optional<ngtcp2_cid> openRetryToken(const ngtcp2_pkt_hd& initial,
                                                           const sockaddr* remote, socklen_t size,
                                                           ngtcp2_tstamp now) const;
    /// Is it a token of an earlier connection from this address?
    [[nodiscard]] bool isValidToken(const ngtcp2_vec& token, const sockaddr* remote, socklen_t size,
                                    ngtcp2_tstamp now) const;
    /// For NEW_TOKEN.
    [[nodiscard]] Packet newToken(const sockaddr* remote, socklen_t size, ngtcp2_tstamp now);

private:
    std::array<std::uint8_t, 32> m_secret;
    std::array<std::uint8_t, 1'200> m_packet;
};

/// For keys and ids. Aborts when the system has no randomness.
void fillRandom(std::span<std::uint8_t> out);

}  // namespace hone::net

#include "core/net/http3_stateless.h"

#include "core/base/assert.h"

#include <gnutls/crypto.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <sys/socket.h>

#include <algorithm>

namespace hone::net {

namespace {

constexpr ngtcp2_duration kRetryLifetime = 10 * NGTCP2_SECONDS;
constexpr ngtcp2_duration kTokenLifetime = 3'600 * NGTCP2_SECONDS;
/// Looks like a short packet from outside (RFC 9000 section 10.3).
constexpr std::size_t kResetBytes = 43;
constexpr std::uint32_t kReservedVersion = 0x1a2a3a4a;  ///< RFC 9000 section 15: keeps clients tolerant.

}  // namespace

void fillRandom(std::span<std::uint8_t> out) {
    const int error = gnutls_rnd(GNUTLS_RND_RANDOM, out.data(), out.size());
    HONE_ASSERT(error == 0, "the system has randomness");
}

Http3Stateless::Http3Stateless() { fillRandom(m_secret); }

ngtcp2_cid Http3Stateless::newId() const {
    ngtcp2_cid id{};
    id.datalen = kIdBytes;
    fillRandom({id.data, kIdBytes});
    return id;
}

bool Http3Stateless::resetToken(const ngtcp2_cid& id, std::uint8_t* token) const {
    return ngtcp2_crypto_generate_stateless_reset_token(token, m_secret.data(), m_secret.size(), &id) == 0;
}

Http3Stateless::Packet Http3Stateless::versionNegotiation(const ngtcp2_version_cid& ids) {
    const std::uint32_t versions[] = {kReservedVersion, NGTCP2_PROTO_VER_V1};
    std::uint8_t unused = 0;
    fillRandom({&unused, 1});
    const auto size =
        ngtcp2_pkt_write_version_negotiation(m_packet.data(), m_packet.size(), unused, ids.scid, ids.scidlen,
                                             ids.dcid, ids.dcidlen, versions, std::size(versions));
    return {m_packet.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

Http3Stateless::Packet Http3Stateless::retry(const ngtcp2_pkt_hd& initial, const sockaddr* remote,
                                             socklen_t size, ngtcp2_tstamp now) {
    const ngtcp2_cid id = newId();
    std::uint8_t token[NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN];
    const auto tokenSize = ngtcp2_crypto_generate_retry_token(
        token, m_secret.data(), m_secret.size(), initial.version, remote, size, &id, &initial.dcid, now);
    if (tokenSize < 0)
        return {};
    const auto written =
        ngtcp2_crypto_write_retry(m_packet.data(), m_packet.size(), initial.version, &initial.scid, &id,
                                  &initial.dcid, token, static_cast<std::size_t>(tokenSize));
    return {m_packet.data(), written > 0 ? static_cast<std::size_t>(written) : 0};
}

Http3Stateless::Packet Http3Stateless::reset(const ngtcp2_cid& id, std::size_t trigger) {
    constexpr std::size_t kLeast = NGTCP2_MIN_STATELESS_RESET_RANDLEN + NGTCP2_STATELESS_RESET_TOKENLEN;
    std::uint8_t token[NGTCP2_STATELESS_RESET_TOKENLEN];
    if (trigger <= kLeast || !resetToken(id, token))
        return {};
    std::array<std::uint8_t, kResetBytes> noise;
    const std::size_t size = std::min(kResetBytes, trigger - 1) - NGTCP2_STATELESS_RESET_TOKENLEN;
    fillRandom({noise.data(), size});
    const auto written =
        ngtcp2_pkt_write_stateless_reset(m_packet.data(), m_packet.size(), token, noise.data(), size);
    return {m_packet.data(), written > 0 ? static_cast<std::size_t>(written) : 0};
}

Http3Stateless::Packet Http3Stateless::refusal(const ngtcp2_pkt_hd& initial, std::uint64_t errorCode) {
    const auto written =
        ngtcp2_crypto_write_connection_close(m_packet.data(), m_packet.size(), initial.version, &initial.scid,
                                             &initial.dcid, errorCode, nullptr, 0);
    return {m_packet.data(), written > 0 ? static_cast<std::size_t>(written) : 0};
}

bool Http3Stateless::isRetryToken(const ngtcp2_vec& token) {
    return token.len > 0 && token.base[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY;
}

std::optional<ngtcp2_cid> Http3Stateless::openRetryToken(const ngtcp2_pkt_hd& initial, const sockaddr* remote,
                                                         socklen_t size, ngtcp2_tstamp now) const {
    ngtcp2_cid original{};
    if (ngtcp2_crypto_verify_retry_token(&original, initial.token.base, initial.token.len, m_secret.data(),
                                         m_secret.size(), initial.version, remote, size, &initial.dcid,
                                         kRetryLifetime, now) != 0)
        return std::nullopt;
    return original;
}

bool Http3Stateless::isValidToken(const ngtcp2_vec& token, const sockaddr* remote, socklen_t size,
                                  ngtcp2_tstamp now) const {
    return token.len > 0 && token.base[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR &&
           ngtcp2_crypto_verify_regular_token(token.base, token.len, m_secret.data(), m_secret.size(), remote,
                                              size, kTokenLifetime, now) == 0;
}

Http3Stateless::Packet Http3Stateless::newToken(const sockaddr* remote, socklen_t size, ngtcp2_tstamp now) {
    static_assert(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN <= 1'200);
    const auto written = ngtcp2_crypto_generate_regular_token(m_packet.data(), m_secret.data(),
                                                              m_secret.size(), remote, size, now);
    return {m_packet.data(), written > 0 ? static_cast<std::size_t>(written) : 0};
}

}  // namespace hone::net

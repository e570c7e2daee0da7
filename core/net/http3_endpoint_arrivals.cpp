#include "core/net/http3_endpoint.h"

/// Whose a datagram is, and what is done with one that belongs to nobody yet.
namespace hone::net {

namespace {

constexpr std::size_t kInitialBytes = 1'200;  ///< RFC 9000 section 14.1: what a client's first must have.

std::uint64_t stamp(Nanos now) { return static_cast<std::uint64_t>(now.count()); }

}  // namespace

void Http3Endpoint::route(std::span<const std::uint8_t> datagram, UdpSocket::Received& from, Nanos now) {
    if (datagram.empty())
        return;  // the library aborts on one
    ngtcp2_version_cid ids{};
    const int known =
        ngtcp2_pkt_decode_version_cid(&ids, datagram.data(), datagram.size(), Http3Stateless::kIdBytes);
    if (known == NGTCP2_ERR_VERSION_NEGOTIATION && datagram.size() >= kInitialBytes)
        return sendTo(m_stateless.versionNegotiation(ids), from);
    if (known != 0)
        return;
    if (ids.dcidlen > NGTCP2_MAX_CIDLEN)
        return;  // of another version
    ngtcp2_cid id{};
    ngtcp2_cid_init(&id, ids.dcid, ids.dcidlen);
    const auto found = m_routes.find(keyOf(id));
    if (found == m_routes.end())
        return strayed(datagram, id, from, now);
    Http3Connection& connection = *found->second;
    touch(connection);
    connection.received(datagram, from.local, from.remote, now);
}

/// A datagram of no connection that we have.
void Http3Endpoint::strayed(std::span<const std::uint8_t> datagram, const ngtcp2_cid& id,
                            UdpSocket::Received& from, Nanos now) {
    const bool isShort = (datagram[0] & 0x80U) == 0;
    if (isShort)
        return sendTo(m_stateless.reset(id, datagram.size()), from);
    ngtcp2_pkt_hd initial{};
    switch (ngtcp2_accept(&initial, datagram.data(), datagram.size())) {
        case 0: return welcome(initial, datagram, from, now);
        case NGTCP2_ERR_RETRY:
            return sendTo(m_stateless.retry(initial, from.remote.raw(), from.remote.size, stamp(now)), from);
        default: return;
    }
}

/// Who comes while many handshakes are under way must first show that it is where it says (RFC 9000 section
/// 8.1.2).
void Http3Endpoint::welcome(const ngtcp2_pkt_hd& initial, std::span<const std::uint8_t> datagram,
                            UdpSocket::Received& from, Nanos now) {
    if (m_finishing)
        return refuse(initial, from, NGTCP2_CONNECTION_REFUSED);
    std::optional<ngtcp2_cid> firstId;
    if (Http3Stateless::isRetryToken(initial.token)) {
        firstId = m_stateless.openRetryToken(initial, from.remote.raw(), from.remote.size, stamp(now));
        if (!firstId)
            return refuse(initial, from, NGTCP2_INVALID_TOKEN);
    } else if (m_handshakes >= m_core->limits.http3Handshakes &&
               !m_stateless.isValidToken(initial.token, from.remote.raw(), from.remote.size, stamp(now))) {
        return sendTo(m_stateless.retry(initial, from.remote.raw(), from.remote.size, stamp(now)), from);
    }
    m_core->accepted.add(1);
    const std::string peer = from.remote.text();
    if (!m_mayEnter(peer)) {
        m_core->refused.add(1);
        return refuse(initial, from, NGTCP2_CONNECTION_REFUSED);
    }
    m_core->open.fetch_add(1, std::memory_order_relaxed);
    const auto connection =
        Http3Connection::create(*this, {.initial = initial,
                                        .local = from.local,
                                        .remote = from.remote,
                                        .firstId = firstId,
                                        .number = m_nextConnection->fetch_add(1, std::memory_order_relaxed)});
    if (!connection)
        return m_core->leave(peer);
    connection->index = m_connections.size();
    connection->isCounted = true;
    m_connections.push_back(connection);
    ++m_open;
    ++m_handshakes;
    addRoute(initial.dcid, *connection);
    touch(*connection);
    connection->received(datagram, from.local, from.remote, now);
}

void Http3Endpoint::refuse(const ngtcp2_pkt_hd& initial, const UdpSocket::Received& from,
                           std::uint64_t code) {
    sendTo(m_stateless.refusal(initial, code), from);
}

void Http3Endpoint::sendTo(Http3Stateless::Packet packet, const UdpSocket::Received& to) {
    if (!packet.empty() && m_socket.send(packet, to.local.raw(), to.remote.raw()) == UdpSocket::Sent::Done)
        m_core->bytesOut.add(packet.size());
}

}  // namespace hone::net

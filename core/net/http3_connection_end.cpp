#include "core/net/http3_endpoint.h"

#include <bit>
#include <cstring>

/// How a QUIC connection ends (RFC 9000 section 10).
namespace hone::net {

namespace {

constexpr std::size_t kPacketBytes = 1'200;
constexpr int kPtosClosed = 3;  ///< RFC 9000 section 10.2.

}  // namespace

void Http3Connection::failed(int error, Nanos now) {
    ngtcp2_connection_close_error reason;
    ngtcp2_connection_close_error_default(&reason);
    switch (error) {
        case NGTCP2_ERR_IDLE_CLOSE:
        case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
        case NGTCP2_ERR_DROP_CONN:
        case NGTCP2_ERR_RETRY:
            // Nobody listens, or nobody should learn of us: without a word.
            becomeClosed(now);
            return forget();
        case NGTCP2_ERR_DRAINING:
        case NGTCP2_ERR_CLOSING:
            return becomeClosed(now + kPtosClosed *
                                          Nanos(static_cast<std::int64_t>(ngtcp2_conn_get_pto(m_transport))));
        case NGTCP2_ERR_CRYPTO:
            ngtcp2_connection_close_error_set_transport_error_tls_alert(
                &reason, ngtcp2_conn_get_tls_alert(m_transport), nullptr, 0);
            break;
        default:
            if (m_sessionFailed && m_session)
                ngtcp2_connection_close_error_set_application_error(&reason, m_session->errorCode(), nullptr,
                                                                    0);
            else
                ngtcp2_connection_close_error_set_transport_error_liberr(&reason, error, nullptr, 0);
    }
    end(reason, now);
}

void Http3Connection::close() {
    if (m_state != State::Open)
        return;
    ngtcp2_connection_close_error reason;
    ngtcp2_connection_close_error_default(&reason);
    ngtcp2_connection_close_error_set_application_error(&reason, NGHTTP3_H3_NO_ERROR, nullptr, 0);
    end(reason, monotonicNow());
}

void Http3Connection::end(const ngtcp2_connection_close_error& reason, Nanos now) {
    m_lastWord.resize(kPacketBytes);
    ngtcp2_path_storage path;
    ngtcp2_path_storage_zero(&path);
    ngtcp2_pkt_info info{};
    const auto size = ngtcp2_conn_write_connection_close(m_transport, &path.path, &info, m_lastWord.data(),
                                                         m_lastWord.size(), &reason,
                                                         static_cast<ngtcp2_tstamp>(now.count()));
    m_lastWord.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    const auto copy = [](UdpAddress& to, const ngtcp2_addr& from) {
        std::memcpy(&to.storage, from.addr, from.addrlen);
        to.size = from.addrlen;
    };
    if (!m_lastWord.empty()) {
        copy(m_lastLocal, path.path.local);
        copy(m_lastRemote, path.path.remote);
        m_endpoint.send(m_lastWord, m_lastLocal.raw(), m_lastRemote.raw());
    }
    becomeClosed(now + kPtosClosed * Nanos(static_cast<std::int64_t>(ngtcp2_conn_get_pto(m_transport))));
}

/// Less and less often: the client's datagrams may be a flood (section 10.2.1).
void Http3Connection::repeatLastWord() {
    if (std::has_single_bit(++m_heardSince) && !m_lastWord.empty())
        m_endpoint.send(m_lastWord, m_lastLocal.raw(), m_lastRemote.raw());
}

void Http3Connection::becomeClosed(Nanos until) {
    if (m_state != State::Open)
        return;
    const auto self = shared_from_this();
    m_state = State::Closed;
    m_until = until;
    if (!ngtcp2_conn_get_handshake_completed(m_transport))
        m_endpoint.core()->handshakesFailed.add(1);
    m_session.reset();  // its streams are told
    ngtcp2_conn_del(std::exchange(m_transport, nullptr));
    m_tls.reset();
    armTimer(until);
    m_endpoint.left(*this);
}

void Http3Connection::forget() {
    if (m_state != State::Closed)
        return;
    const auto self = shared_from_this();
    m_state = State::Forgotten;
    m_timer.reset();
    for (const ngtcp2_cid& id : m_ids)
        m_endpoint.removeRoute(id);
    m_endpoint.remove(*this);
}

}  // namespace hone::net

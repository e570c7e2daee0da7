#include "core/net/http3_connection.h"

#include "core/net/http3_endpoint.h"

namespace hone::net {

namespace {

constexpr std::size_t kPacketBytes = 1'452;  ///< Of an Ethernet frame with IPv6; found out by probing.
constexpr std::size_t kStreamWindow = 64 * 1024;
constexpr std::size_t kWindow = 2 * 1024 * 1024;
constexpr std::uint64_t kClientStreams =
    8;  ///< Without requests: three are needed, some clients add empty ones.

ngtcp2_tstamp stamp(Nanos now) { return static_cast<ngtcp2_tstamp>(now.count()); }

ngtcp2_path pathOf(const UdpAddress& local, const UdpAddress& remote) {
    const auto address = [](const UdpAddress& from) {
        return ngtcp2_addr{const_cast<sockaddr*>(from.raw()), from.size};
    };
    return {address(local), address(remote), nullptr};
}

ngtcp2_settings settingsFor(const Limits& limits, const ngtcp2_pkt_hd& initial) {
    ngtcp2_settings out;
    ngtcp2_settings_default(&out);
    out.initial_ts = stamp(monotonicNow());
    out.max_tx_udp_payload_size = kPacketBytes;
    out.handshake_timeout = stamp(limits.headerTimeout);
    out.token = initial.token;
    return out;
}

ngtcp2_transport_params paramsFor(const Limits& limits) {
    ngtcp2_transport_params out;
    ngtcp2_transport_params_default(&out);
    out.initial_max_stream_data_bidi_remote = kStreamWindow;
    out.initial_max_stream_data_uni = kStreamWindow;
    out.initial_max_data = kWindow;
    out.initial_max_streams_bidi = limits.http2Streams;
    out.initial_max_streams_uni = kClientStreams;
    out.max_idle_timeout = stamp(limits.idleTimeout);
    out.stateless_reset_token_present = 1;
    return out;
}

}  // namespace

Http3Connection::Http3Connection(Http3Endpoint& endpoint, const Birth& birth)
    : peer(birth.remote.text()), m_endpoint(endpoint), m_number(birth.number) {}

Http3Connection::~Http3Connection() {
    if (m_transport)  // start() failed
        ngtcp2_conn_del(m_transport);
}

std::shared_ptr<Http3Connection> Http3Connection::create(Http3Endpoint& endpoint, const Birth& birth) {
    auto out = std::make_shared<Http3Connection>(endpoint, birth);
    return out->start(birth) ? std::move(out) : nullptr;
}

bool Http3Connection::start(const Birth& birth) {
    const Limits& limits = m_endpoint.core()->limits;
    const ngtcp2_callbacks callbacks = callbackTable();
    const ngtcp2_settings settings = settingsFor(limits, birth.initial);
    ngtcp2_transport_params params = paramsFor(limits);
    const ngtcp2_cid id = m_endpoint.stateless().newId();
    params.original_dcid = birth.firstId.value_or(birth.initial.dcid);
    if (birth.firstId) {
        params.retry_scid = birth.initial.dcid;
        params.retry_scid_present = 1;
    }
    if (!m_endpoint.stateless().resetToken(id, params.stateless_reset_token))
        return false;
    const ngtcp2_path path = pathOf(birth.local, birth.remote);
    m_tls = m_endpoint.tls().newSession();
    if (!m_tls || ngtcp2_conn_server_new(&m_transport, &birth.initial.scid, &id, &path, birth.initial.version,
                                         &callbacks, &settings, &params, nullptr, this) != 0)
        return false;
    m_ref = connectionOf(*this);
    gnutls_session_set_ptr(m_tls.get(), &m_ref);
    ngtcp2_conn_set_tls_native_handle(m_transport, m_tls.get());
    m_timer.emplace(m_endpoint.core()->context.get_executor());
    m_ids = {id, birth.initial.dcid};
    m_endpoint.addRoute(id, *this);
    return true;
}

bool Http3Connection::openSession() {
    if (m_session)
        return true;
    m_session = Http3Session::create({.core = m_endpoint.core(),
                                      .handler = &m_endpoint.handler(),
                                      .host = this,
                                      .transport = m_transport,
                                      .peer = peer,
                                      .connection = m_number});
    return m_session != nullptr;
}

bool Http3Connection::handshakeDone() {
    ServerCore& core = *m_endpoint.core();
    m_endpoint.handshakeEnded(*this);
    core.handshakes.add(1);
    core.http3Connections.add(1);
    if (gnutls_session_is_resumed(m_tls.get()))
        core.resumed.add(1);
    const ngtcp2_addr& remote = ngtcp2_conn_get_path(m_transport)->remote;
    const auto token = m_endpoint.stateless().newToken(remote.addr, remote.addrlen, stamp(monotonicNow()));
    return m_endpoint.tls().sendTicket(m_tls.get()) &&
           (token.empty() || ngtcp2_conn_submit_new_token(m_transport, token.data(), token.size()) == 0);
}

void Http3Connection::received(std::span<const std::uint8_t> datagram, UdpAddress& local, UdpAddress& remote,
                               Nanos now) {
    if (m_state != State::Open)
        return repeatLastWord();
    const ngtcp2_path path = pathOf(local, remote);
    const ngtcp2_pkt_info info{};
    const int result =
        ngtcp2_conn_read_pkt(m_transport, &path, &info, datagram.data(), datagram.size(), stamp(now));
    if (result != 0)
        failed(result, now);
}

void Http3Connection::proceed(Nanos now) {
    if (m_state != State::Open)
        return;
    const auto self = shared_from_this();
    if (m_session)
        m_session->dispatch(now);
    do {
        if (m_session)
            m_session->wakeSources();
        if (!sendPackets(now))
            return;
    } while (m_session && m_session->settle());
    if (m_session && m_session->isDone())
        return close();
    const ngtcp2_tstamp due = ngtcp2_conn_get_expiry(m_transport);
    if (due != UINT64_MAX && !m_endpoint.isBlocked())
        armTimer(Nanos(static_cast<std::int64_t>(due)));
}

/// False: no longer open, or the socket takes no more.
bool Http3Connection::sendPackets(Nanos now) {
    std::array<std::uint8_t, kPacketBytes> packet;
    ngtcp2_path_storage path;
    ngtcp2_path_storage_zero(&path);
    ngtcp2_pkt_info info{};
    for (;;) {
        Http3Session::Next next;
        if (m_endpoint.isBlocked()) {
            m_endpoint.touch(*this);
            return false;
        }
        if (m_session && ngtcp2_conn_get_max_data_left(m_transport) > 0 && !m_session->next(next)) {
            m_sessionFailed = true;
            failed(NGTCP2_ERR_CALLBACK_FAILURE, now);
            return false;
        }
        ngtcp2_ssize taken = -1;
        const std::uint32_t flags =
            NGTCP2_WRITE_STREAM_FLAG_MORE | (next.isLast ? NGTCP2_WRITE_STREAM_FLAG_FIN : 0U);
        const auto size = ngtcp2_conn_writev_stream(
            m_transport, &path.path, &info, packet.data(), packet.size(), &taken, flags, next.id,
            reinterpret_cast<const ngtcp2_vec*>(next.parts), next.count, stamp(now));
        if (!putInPacket(next, size, taken)) {
            failed(m_sessionFailed ? NGTCP2_ERR_CALLBACK_FAILURE : static_cast<int>(size), now);
            return false;
        }
        if (size == 0)
            return true;  // nothing more, or the path takes no more now
        if (size > 0)
            m_endpoint.send({packet.data(), static_cast<std::size_t>(size)}, path.path.local.addr,
                            path.path.remote.addr);
    }
}

/// Tells the session what became of what it offered; false when the connection fails.
bool Http3Connection::putInPacket(const Http3Session::Next& next, ngtcp2_ssize result, ngtcp2_ssize taken) {
    switch (result) {
        case NGTCP2_ERR_STREAM_DATA_BLOCKED: m_session->isBlocked(next.id); return true;
        case NGTCP2_ERR_STREAM_NOT_FOUND:
        case NGTCP2_ERR_STREAM_SHUT_WR: m_session->isShut(next.id); return true;
        default: break;
    }
    if (result < 0 && result != NGTCP2_ERR_WRITE_MORE)
        return false;
    if (taken < 0)
        return true;
    m_sessionFailed |= !m_session->wrote(next, static_cast<std::size_t>(taken));
    return !m_sessionFailed;
}

void Http3Connection::onTick(Nanos now) {
    if (m_state != State::Open || !m_session)
        return;
    switch (m_session->dropOverdue(now)) {
        case Http3Session::Overdue::None: return;
        case Http3Session::Overdue::Streams: return m_endpoint.touch(*this);
        case Http3Session::Overdue::Connection:
            m_sessionFailed = true;
            return failed(NGTCP2_ERR_CALLBACK_FAILURE, now);
    }
}

void Http3Connection::finishSoon() {
    if (m_state != State::Open)
        return;
    if (!m_session)
        return close();
    m_session->beginStop();
    m_endpoint.touch(*this);
}

void Http3Connection::writeSoon() {
    if (m_state == State::Open)
        m_endpoint.touch(*this);
}

void Http3Connection::armTimer(Nanos due) {
    if (due >= m_armed)
        return;  // it fires earlier, and looks again
    m_armed = due;
    m_timer->expires_at(std::chrono::steady_clock::time_point(due));
    m_timer->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!error && self && self->m_timer)
            self->onTimer();
    });
}

void Http3Connection::onTimer() {
    m_armed = Nanos::max();
    const Nanos now = monotonicNow();
    if (m_state == State::Closed)
        return now < m_until ? armTimer(m_until) : forget();
    const ngtcp2_tstamp due = ngtcp2_conn_get_expiry(m_transport);
    if (due > stamp(now))
        return due == UINT64_MAX ? void() : armTimer(Nanos(static_cast<std::int64_t>(due)));
    if (const int result = ngtcp2_conn_handle_expiry(m_transport, stamp(now)); result != 0)
        return failed(result, now);
    proceed(now);
}

}  // namespace hone::net

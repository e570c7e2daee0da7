#pragma once

#include "core/net/http3_session.h"
#include "core/net/http3_tls.h"
#include "core/net/udp_socket.h"

#include <ngtcp2/ngtcp2_crypto.h>
#include <boost/asio/steady_timer.hpp>

namespace hone::net {

class Http3Endpoint;

/// One client's QUIC connection (RFC 9000): packets in and out, its timer, how it ends.
///
/// Thread: its loop's; keep() any. Owner: the endpoint until the connection is forgotten; then whoever holds
/// a keep(). Invariant: transport, TLS session, HTTP session and timer exist only while it is Open, so that
/// the last reference may go away on any thread; afterwards it is a name to which the last word is repeated
/// (section 10.2).
class Http3Connection final : public std::enable_shared_from_this<Http3Connection>, public Http3Host {
public:
    /// How a connection comes about. The references are good during create().
    struct Birth {
        const ngtcp2_pkt_hd& initial;
        const UdpAddress& local;
        const UdpAddress& remote;
        std::optional<ngtcp2_cid> firstId;  ///< What the client asked for before our Retry; unset: no Retry.
        std::uint64_t number = 0;
    };

    /// Null when a library fails.
    [[nodiscard]] static std::shared_ptr<Http3Connection> create(Http3Endpoint& endpoint, const Birth& birth);
    Http3Connection(Http3Endpoint& endpoint, const Birth& birth);
    ~Http3Connection();

    void received(std::span<const std::uint8_t> datagram, UdpAddress& local, UdpAddress& remote, Nanos now);
    /// Hands over what came and sends what is ready.
    void proceed(Nanos now);
    void onTick(Nanos now);
    void finishSoon();
    /// Ends now, with a last word to the client.
    void close();
    /// Of a closed one: what still comes is answered as if it had never been.
    void forget();

    [[nodiscard]] bool isOpen() const { return m_state == State::Open; }
    [[nodiscard]] std::shared_ptr<void> keep() override { return shared_from_this(); }
    void writeSoon() override;

    std::size_t index = 0;   ///< Among the endpoint's connections.
    bool isTouched = false;  ///< Waits for its proceed().
    bool isCounted = false;  ///< Among the handshakes under way.
    const std::string peer;

private:
    enum class State : std::uint8_t {
        Open,
        Closed,     ///< Our last word is said; repeated when the client goes on.
        Forgotten,  ///< The endpoint knows it no more.
    };
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>,
                                                    boost::asio::io_context::executor_type>;
    struct Callbacks;  ///< The library's, in C.
    [[nodiscard]] static ngtcp2_callbacks callbackTable();
    /// How the TLS library finds the transport.
    [[nodiscard]] static ngtcp2_crypto_conn_ref connectionOf(Http3Connection& connection);

    [[nodiscard]] bool start(const Birth& birth);
    [[nodiscard]] bool openSession();
    [[nodiscard]] bool handshakeDone();
    [[nodiscard]] bool sendPackets(Nanos now);
    [[nodiscard]] bool putInPacket(const Http3Session::Next& next, ngtcp2_ssize result, ngtcp2_ssize taken);
    void failed(int error, Nanos now);
    void end(const ngtcp2_connection_close_error& reason, Nanos now);
    void repeatLastWord();
    void becomeClosed(Nanos until);
    void armTimer(Nanos due);
    void onTimer();

    Http3Endpoint& m_endpoint;
    const std::uint64_t m_number;
    State m_state = State::Open;
    ngtcp2_conn* m_transport = nullptr;
    ngtcp2_crypto_conn_ref m_ref{};
    Http3Tls::Session m_tls;
    std::unique_ptr<Http3Session> m_session;  ///< From when we can send 1-RTT packets.
    std::optional<Timer> m_timer;
    Nanos m_armed = Nanos::max();  ///< What the timer is set to; may be earlier than needed.
    std::vector<ngtcp2_cid> m_ids;
    bool m_sessionFailed = false;  ///< It is HTTP/3 that ends the connection, not QUIC.

    // When closed:
    std::vector<std::uint8_t> m_lastWord;
    UdpAddress m_lastLocal, m_lastRemote;
    Nanos m_until{0};
    unsigned m_heardSince = 0;
};

}  // namespace hone::net

#pragma once

#include "core/net/http3_connection.h"
#include "core/net/http3_listener.h"
#include "core/net/http3_stateless.h"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <string>
#include <unordered_map>

namespace hone::net {

/// One UDP socket and the QUIC connections on it: finds a datagram's connection by the connection id in it
/// (RFC 9000 section 5.2), answers what belongs to none, makes new ones, and gives all that got something a
/// turn after each batch of datagrams.
///
/// Thread: its loop's. Owner: the loop. Invariant: every id in m_routes leads to a connection in
/// m_connections; at most one datagram waits for the socket.
class Http3Endpoint final : public Http3Listener {
public:
    Http3Endpoint(std::shared_ptr<ServerCore> core, std::shared_ptr<Http3Tls> tls, UdpSocket socket);
    ~Http3Endpoint() override;

    void start(Handler& handler, std::atomic<std::uint64_t>& nextConnection,
               std::function<bool(const std::string& peer)> mayEnter) override;
    void finishSoon() override;
    void closeAll() override;
    [[nodiscard]] bool isEmpty() const override { return m_open == 0; }

    // For its connections.
    [[nodiscard]] const std::shared_ptr<ServerCore>& core() const { return m_core; }
    [[nodiscard]] Handler& handler() const { return *m_handler; }
    [[nodiscard]] const Http3Tls& tls() const { return *m_tls; }
    [[nodiscard]] Http3Stateless& stateless() { return m_stateless; }
    void addRoute(const ngtcp2_cid& id, Http3Connection& connection);
    void removeRoute(const ngtcp2_cid& id);
    /// It gets a proceed() soon.
    void touch(Http3Connection& connection);
    /// False: it waits, and so must whoever has more to send (touch() brings him back).
    bool send(std::span<const std::uint8_t> bytes, const sockaddr* local, const sockaddr* remote);
    [[nodiscard]] bool isBlocked() const { return !m_waiting.bytes.empty(); }
    void handshakeEnded(Http3Connection& connection);
    /// It is open no more.
    void left(Http3Connection& connection);
    void remove(Http3Connection& connection);

private:
    using ErrorCode = boost::system::error_code;
    using Executor = boost::asio::io_context::executor_type;
    using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;
    using Timer =
        boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                          boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
    struct Waiting {
        std::vector<std::uint8_t> bytes;
        UdpAddress local, remote;
    };

    [[nodiscard]] static std::string keyOf(const ngtcp2_cid& id) {
        return {reinterpret_cast<const char*>(id.data), id.datalen};
    }
    void waitReadable();
    void readSome();
    void route(std::span<const std::uint8_t> datagram, UdpSocket::Received& from, Nanos now);
    void strayed(std::span<const std::uint8_t> datagram, const ngtcp2_cid& id, UdpSocket::Received& from,
                 Nanos now);
    void welcome(const ngtcp2_pkt_hd& initial, std::span<const std::uint8_t> datagram,
                 UdpSocket::Received& from, Nanos now);
    void refuse(const ngtcp2_pkt_hd& initial, const UdpSocket::Received& from, std::uint64_t code);
    void sendTo(Http3Stateless::Packet packet, const UdpSocket::Received& to);
    void waitWritable();
    void flushSoon();
    void flush();
    void tickLater();

    const std::shared_ptr<ServerCore> m_core;
    const std::shared_ptr<Http3Tls> m_tls;
    const UdpSocket m_socket;
    std::optional<Descriptor> m_descriptor;  ///< Watches a duplicate of the socket.
    Timer m_tick;
    Handler* m_handler = nullptr;
    std::atomic<std::uint64_t>* m_nextConnection = nullptr;
    std::function<bool(const std::string&)> m_mayEnter;
    Http3Stateless m_stateless;
    std::vector<std::shared_ptr<Http3Connection>> m_connections;
    std::unordered_map<std::string, Http3Connection*> m_routes;
    std::vector<std::shared_ptr<Http3Connection>> m_touched;
    Waiting m_waiting;
    std::size_t m_open = 0;
    int m_handshakes = 0;  ///< Under way.
    bool m_flushPosted = false;
    bool m_isReading = false;
    bool m_finishing = false;
};

}  // namespace hone::net

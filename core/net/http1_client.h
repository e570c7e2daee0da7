#pragma once

#include "core/net/answer_parser.h"
#include "core/net/client_tls_channel.h"
#include "core/net/loop_impl.h"

#include <boost/asio/ip/tcp.hpp>

namespace hone::net {

/// One HTTP/1.1 client connection, plain or over TLS, and the request under way on it.
///
/// Requests go out by a direct ::send: the socket almost always has room, so the reactor is asked only when
/// it has not. One read is always pending while the connection is open: Asio then neither polls in vain nor
/// calls epoll_ctl, and a close by the server is seen while idle. Nothing is allocated per request once
/// buffers have grown to size. Thread: its loop's. Owner: its Client and the handlers under way. Invariant:
/// m_epoch changes with every socket, so handlers of an earlier one know they are stale.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
    Connection(AsioLoop& loop, Endpoint endpoint, ClientOptions options);

    void send(std::string_view wire, bool isHead, bool wantBody, std::chrono::milliseconds timeout,
              Client::Done done);
    [[nodiscard]] bool busy() const { return m_busy; }
    void setKeepAlive(bool on) { m_keepAlive = on; }
    [[nodiscard]] std::shared_ptr<Connection> another() const;
    void abandon();  ///< Closes; no callback will follow.

private:
    using Tcp = boost::asio::ip::tcp;
    using Code = boost::system::error_code;

    void connect();
    void connectNext(std::size_t index);
    void onConnected(const Code& error, std::size_t index);
    void secure();
    void shakeHands();
    void onOpen();
    void write();
    void writeSecure();
    void waitFor(Tcp::socket::wait_type event, void (Connection::*then)());
    void read();
    void readSecure();
    void onRead(const Code& error, std::size_t bytes);
    [[nodiscard]] bool take(std::size_t bytes);  ///< True when more may be read.
    bool parse(Nanos now);                       ///< True when more bytes are needed.
    void makeRoom();
    void onClosed(const Code& error);
    void finish(Nanos now);
    void failed(Error::Code code, std::string_view text);
    void failLater(Error::Code code, std::string_view text);
    void deliver();
    void close();
    void armTimeout();
    void onTimer();
    [[nodiscard]] bool mayRepeat() const;

    AsioLoop& m_loop;
    Endpoint m_endpoint;
    ClientOptions m_options;
    std::unique_ptr<ClientTlsChannel> m_secure;  ///< Of this socket; null while plain or closed.
    TlsSession m_session;                        ///< To be resumed.
    std::vector<Tcp::endpoint> m_addresses;      ///< Empty until the first connect.
    Tcp::resolver m_resolver;
    Tcp::socket m_socket;
    std::string m_in;  ///< Bytes received live in [0, m_filled): the head, then the part being parsed.
    std::size_t m_filled = 0;
    bool m_wasFull = false;  ///< A read filled m_in: grow it before the next answer.
    std::string m_wire;      ///< The request under way.
    std::size_t m_written = 0;
    AnswerParser m_parser;
    Client::Done m_done;
    Answer m_answer;
    Nanos m_deadline{0},
        m_timerDue = Nanos::max();  ///< m_timerDue: earliest timer in the loop's heap for us.
    std::chrono::milliseconds m_timeout{0};
    std::uint64_t m_epoch = 0;
    std::uint64_t m_answered = 0;  ///< On this socket.
    bool m_open = false, m_busy = false, m_keepAlive = true;
    bool m_isHead = false, m_wantBody = false, m_reused = false, m_repeated = false;
};

}  // namespace hone::net

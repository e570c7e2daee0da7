#pragma once

#include "core/net/client_failure.h"
#include "core/net/client_tls_channel.h"
#include "core/net/loop_impl.h"

#include <boost/asio/ip/tcp.hpp>

namespace hone::net {

/// One TCP connection a client opens, plain or over TLS: bytes out, bytes in, whatever they mean.
///
/// Thread: its loop's. Owner: its user and the handlers under way. Invariant: after close(), and after
/// broken(), its user hears nothing more.
class ClientSocket final : public std::enable_shared_from_this<ClientSocket> {
public:
    class User {
    public:
        virtual void opened() = 0;
        /// True when more may be read: the socket is still open.
        [[nodiscard]] virtual bool received(std::string_view bytes) = 0;
        virtual void drained() = 0;  ///< out() was sent after it had to wait.
        virtual void broken(ClientFailure failure) = 0;

    protected:
        ~User() = default;
    };

    /// `options` outlives us; `session` may be null.
    ClientSocket(AsioLoop& loop, const Endpoint& endpoint, const ClientOptions& options, User& user);

    /// Calls opened() or broken() later, never before it returns.
    void open(ssl_session_st* session);
    /// Bytes to be sent are appended here …
    [[nodiscard]] std::string& out() { return m_out; }
    /// … and leave as far as the socket takes them; the rest follows by itself.
    void flush();
    [[nodiscard]] bool isWaiting() const { return m_isWaiting; }  ///< To send the rest of out().
    void close();

    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] std::string_view protocol() const { return m_tls ? m_tls->protocol() : std::string_view{}; }
    [[nodiscard]] TlsSession takeSession() { return std::move(m_session); }  ///< After it was closed.
    [[nodiscard]] bool isResumed() const { return m_tls && m_tls->isResumed(); }
    Nanos connectStarted{0}, connected{0}, secured{0};

private:
    using Tcp = boost::asio::ip::tcp;
    using Code = boost::system::error_code;

    void connectTo(const Tcp::resolver::results_type& found);
    void onConnected(const Code& error);
    void shakeHands();
    void onOpen();
    void waitFor(Tcp::socket::wait_type event, void (ClientSocket::*then)());
    void read();
    void readSecure();
    void onRead(const Code& error, std::size_t bytes);
    void onWritable();
    void fail(ClientFailure failure);
    [[nodiscard]] std::size_t sendSome();

    const Endpoint& m_endpoint;
    const ClientOptions& m_options;
    User* m_user;  ///< Null once closed.
    Tcp::resolver m_resolver;
    Tcp::socket m_socket;
    std::unique_ptr<ClientTlsChannel> m_tls;
    TlsSession m_session;
    std::string m_in, m_out;
    bool m_isOpen = false, m_isWaiting = false;
};

}  // namespace hone::net

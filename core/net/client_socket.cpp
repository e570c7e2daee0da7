#include "core/net/client_socket.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/ssl.h>

#include <sys/socket.h>

namespace hone::net {

namespace asio = boost::asio;

namespace {
constexpr std::size_t kBuffer = 64 * 1024;
}  // namespace

ClientSocket::ClientSocket(AsioLoop& loop, const Endpoint& endpoint, const ClientOptions& options, User& user)
    : m_endpoint(endpoint),
      m_options(options),
      m_user(&user),
      m_resolver(loop.io()),
      m_socket(loop.io()),
      m_in(kBuffer, '\0') {}

void ClientSocket::open(ssl_session_st* session) {
    connectStarted = monotonicNow();
    if (session && SSL_SESSION_up_ref(session) == 1)
        m_session.reset(session);
    Code notAnAddress;
    const auto address = asio::ip::make_address(m_endpoint.host, notAnAddress);
    if (!notAnAddress)
        return connectTo(Tcp::resolver::results_type::create(Tcp::endpoint(address, m_endpoint.port),
                                                             m_endpoint.host, {}));
    m_resolver.async_resolve(m_endpoint.host, std::to_string(m_endpoint.port),
                             [self = shared_from_this()](const Code& error, const auto& found) {
                                 if (!self->m_user)
                                     return;
                                 if (error || found.empty())
                                     return self->fail({Error::NotFound, "host not found"});
                                 self->connectTo(found);
                             });
}

void ClientSocket::connectTo(const Tcp::resolver::results_type& found) {
    asio::async_connect(m_socket, found, [self = shared_from_this()](const Code& error, const auto&) {
        if (self->m_user)
            self->onConnected(error);
    });
}

void ClientSocket::onConnected(const Code& error) {
    if (error)
        return fail(failureOf(error));
    connected = monotonicNow();
    Code ignored;
    m_socket.set_option(Tcp::no_delay(true), ignored);
    if (!m_options.tls)
        return onOpen();
    auto channel =
        ClientTlsChannel::create(*m_options.tls, m_options.name, m_socket.native_handle(), m_session.get());
    if (!channel)
        return fail({Error::InvalidArgument, "TLS handshake failed"});
    m_tls = std::move(*channel);
    shakeHands();
}

void ClientSocket::shakeHands() {
    using Step = ClientTlsChannel::Step;
    switch (m_tls->shakeHands()) {
        case Step::Done: break;
        case Step::WantRead: return waitFor(Tcp::socket::wait_read, &ClientSocket::shakeHands);
        case Step::WantWrite: return waitFor(Tcp::socket::wait_write, &ClientSocket::shakeHands);
        default: return fail({Error::Unavailable, m_tls->failureKind()});
    }
    secured = monotonicNow();
    onOpen();
}

void ClientSocket::onOpen() {
    m_isOpen = true;
    read();
    m_user->opened();
}

void ClientSocket::waitFor(Tcp::socket::wait_type event, void (ClientSocket::*then)()) {
    m_socket.async_wait(event, [self = shared_from_this(), then](const Code& error) {
        if (!self->m_user)
            return;
        if (error)
            return self->fail(failureOf(error));
        ((*self).*then)();
    });
}

void ClientSocket::read() {
    if (m_tls)
        return waitFor(Tcp::socket::wait_read, &ClientSocket::readSecure);
    m_socket.async_read_some(asio::buffer(m_in),
                             [self = shared_from_this()](const Code& error, std::size_t bytes) {
                                 if (self->m_user)
                                     self->onRead(error, bytes);
                             });
}

void ClientSocket::onRead(const Code& error, std::size_t bytes) {
    if (error)
        return fail(failureOf(error));
    if (m_user->received({m_in.data(), bytes}) && m_user)
        read();
}

void ClientSocket::readSecure() {
    using Step = ClientTlsChannel::Step;
    do {
        // Records are decrypted until the buffer is full, so that their frames are handled together.
        std::size_t filled = 0, bytes = 0;
        Step step = Step::Done;
        do {
            step = m_tls->read(m_in.data() + filled, m_in.size() - filled, bytes);
            filled += bytes;
        } while (step == Step::Done && filled < m_in.size() && m_tls->hasPending());
        if (filled > 0 && (!m_user->received({m_in.data(), filled}) || !m_user))
            return;
        switch (step) {
            case Step::Done: break;
            case Step::WantRead: return read();
            case Step::WantWrite: return waitFor(Tcp::socket::wait_write, &ClientSocket::readSecure);
            case Step::Ended: return fail(failureOf(asio::error::eof));
            case Step::Truncated: return fail(failureOf(asio::ssl::error::stream_truncated));
            case Step::Failed: return fail(failureOf(asio::error::connection_reset));
        }
    } while (m_tls->hasPending());
    read();
}

std::size_t ClientSocket::sendSome() {
    if (m_tls) {
        std::size_t sent = 0;
        return m_tls->write(m_out, sent) == ClientTlsChannel::Step::Done ? sent : 0;
    }
    const auto sent =
        ::send(m_socket.native_handle(), m_out.data(), m_out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void ClientSocket::flush() {
    if (!m_isOpen || m_isWaiting)
        return;
    std::size_t sent = 0;
    while (!m_out.empty() && (sent = sendSome()) > 0)
        m_out.erase(0, sent);
    // A broken socket is "writable" once; the pending read sees the break, and what was sent before it.
    if (m_out.empty())
        return;
    m_isWaiting = true;
    waitFor(Tcp::socket::wait_write, &ClientSocket::onWritable);
}

void ClientSocket::onWritable() {
    m_isWaiting = false;
    const std::size_t before = m_out.size();
    flush();
    if (m_out.size() < before && m_out.empty())
        m_user->drained();
}

void ClientSocket::close() {
    if (!m_user)
        return;
    m_user = nullptr;
    m_isOpen = false;
    if (m_tls) {
        if (auto session = m_tls->session())
            m_session = std::move(session);
        m_tls->end();
        m_tls.reset();
    }
    m_resolver.cancel();
    Code ignored;
    m_socket.close(ignored);
}

void ClientSocket::fail(ClientFailure failure) {
    User* const user = m_user;
    close();
    user->broken(failure);
}

}  // namespace hone::net

#include "core/net/client_tls_channel.h"

#include "core/base/assert.h"
#include "core/net/tls_context.h"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <sys/socket.h>

namespace hone::net {

namespace {

/// OpenSSL's way to the socket. Its own one writes with write(), and a peer that closed would end the process
/// by SIGPIPE.
struct SocketBio {
    static int socketOf(BIO* bio) {
        return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
    }
    static bool wouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }
    static int read(BIO* bio, char* out, int size) {
        BIO_clear_retry_flags(bio);
        const auto got = ::recv(socketOf(bio), out, static_cast<std::size_t>(size), MSG_DONTWAIT);
        if (got < 0 && wouldBlock())
            BIO_set_retry_read(bio);
        else if (got == 0)
            BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
        return static_cast<int>(got);
    }
    static int write(BIO* bio, const char* bytes, int size) {
        BIO_clear_retry_flags(bio);
        const auto sent =
            ::send(socketOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && wouldBlock())
            BIO_set_retry_write(bio);
        return static_cast<int>(sent);
    }
    static long control(BIO* bio, int command, long, void*) {
        if (command == BIO_CTRL_EOF)
            return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }
    static int create(BIO* bio) {
        BIO_set_init(bio, 1);
        return 1;
    }
    static BIO_METHOD* method() {
        static BIO_METHOD* const kMethod = [] {
            BIO_METHOD* const out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "client socket");
            BIO_meth_set_read(out, read);
            BIO_meth_set_write(out, write);
            BIO_meth_set_ctrl(out, control);
            BIO_meth_set_create(out, create);
            return out;
        }();
        return kMethod;
    }
};

}  // namespace

void TlsSessionDeleter::operator()(ssl_session_st* session) const { SSL_SESSION_free(session); }

Result<std::unique_ptr<ClientTlsChannel>> ClientTlsChannel::create(ClientTlsContext& context,
                                                                   const std::string& name, int socket,
                                                                   ssl_session_st* session) {
    SSL* const ssl = SSL_new(context.context().native_handle());
    BIO* const bio = BIO_new(SocketBio::method());
    HONE_ASSERT(ssl && bio, "a TLS connection needs memory only");
    std::unique_ptr<ClientTlsChannel> out(new ClientTlsChannel(ssl));
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
    SSL_set_bio(ssl, bio, bio);
    SSL_set_connect_state(ssl);
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_options(ssl, SSL_OP_NO_RENEGOTIATION);
    SSL_set_read_ahead(ssl, 1);  // A record's header and content come with one system call.
    if (auto prepared = context.prepare(ssl, name); !prepared)
        return fail(std::move(prepared.error()));
    if (session)
        SSL_set_session(ssl, session);
    return out;
}

ClientTlsChannel::~ClientTlsChannel() { SSL_free(m_ssl); }

ClientTlsChannel::Step ClientTlsChannel::shakeHands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl);
    if (result != 1)
        return stepFor(result);
    m_isOpen = true;
    return Step::Done;
}

ClientTlsChannel::Step ClientTlsChannel::read(char* out, std::size_t room, std::size_t& bytes) {
    ERR_clear_error();
    bytes = 0;
    const int result = SSL_read_ex(m_ssl, out, room, &bytes);
    return result == 1 ? Step::Done : stepFor(result);
}

ClientTlsChannel::Step ClientTlsChannel::write(std::string_view bytes, std::size_t& written) {
    written = 0;
    if (m_isBroken)
        return Step::Failed;
    ERR_clear_error();
    const int result = SSL_write_ex(m_ssl, bytes.data(), bytes.size(), &written);
    return result == 1 ? Step::Done : stepFor(result);
}

ClientTlsChannel::Step ClientTlsChannel::stepFor(int result) {
    switch (SSL_get_error(m_ssl, result)) {
        case SSL_ERROR_WANT_READ: return Step::WantRead;
        case SSL_ERROR_WANT_WRITE: return Step::WantWrite;
        case SSL_ERROR_ZERO_RETURN: return Step::Ended;
        case SSL_ERROR_SYSCALL: m_isBroken = true; return Step::Truncated;
        default:
            m_isBroken = true;
            return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? Step::Truncated
                                                                                          : Step::Failed;
    }
}

bool ClientTlsChannel::hasPending() const { return SSL_has_pending(m_ssl) == 1; }

bool ClientTlsChannel::isResumed() const { return SSL_session_reused(m_ssl) == 1; }

std::string_view ClientTlsChannel::protocol() const {
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(m_ssl, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

TlsSession ClientTlsChannel::session() const {
    TlsSession session(m_isOpen && !m_isBroken ? SSL_get1_session(m_ssl) : nullptr);
    return session && SSL_SESSION_is_resumable(session.get()) == 1 ? std::move(session) : nullptr;
}

void ClientTlsChannel::end() {
    if (!m_isOpen || m_isBroken)
        return;
    ERR_clear_error();
    static_cast<void>(SSL_shutdown(m_ssl));
}

std::string_view ClientTlsChannel::failureKind() const {
    switch (SSL_get_verify_result(m_ssl)) {
        case X509_V_OK: return "TLS handshake failed";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH: return "certificate for another name";
        case X509_V_ERR_CERT_HAS_EXPIRED: return "certificate expired";
        default: return "certificate not trusted";
    }
}

Error ClientTlsChannel::failure(const std::string& name) const {
    const auto reason = ERR_peek_error();
    boost::system::error_code error = boost::asio::error::eof;
    if (reason != 0)
        error.assign(static_cast<int>(reason), boost::asio::error::get_ssl_category());
    return ClientTlsContext::failure(m_ssl, name, error);
}

}  // namespace hone::net

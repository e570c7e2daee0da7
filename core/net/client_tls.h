#pragma once

#include "core/net/client.h"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace hone::net {

/// What all TLS connections of one client share: trust, its own certificate, ALPN.
///
/// Thread: made on any; then any number of connections may be made from it. Owner: its Origin, or the clients
/// that share it.
class ClientTlsContext {
public:
    /// Errors: a file that cannot be read, with OpenSSL's reason.
    static Result<std::unique_ptr<ClientTlsContext>> create(const ClientTls& options);

    [[nodiscard]] boost::asio::ssl::context& context() { return m_context; }
    /// Before the handshake: the name is sent (SNI, RFC 6066 section 3) and will be checked against the
    /// certificate (RFC 9110 section 4.3.4); an address is only checked.
    Result<> prepare(SSL* ssl, const std::string& host) const;
    /// Why a handshake failed, for people: what about the certificate, or OpenSSL's own words.
    [[nodiscard]] static Error failure(SSL* ssl, const std::string& host,
                                       const boost::system::error_code& error);

private:
    explicit ClientTlsContext(bool verify)
        : m_context(boost::asio::ssl::context::tls_client), m_verify(verify) {}

    boost::asio::ssl::context m_context;
    const bool m_verify;
};

}  // namespace hone::net

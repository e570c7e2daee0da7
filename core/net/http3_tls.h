#pragma once

#include "core/base/error.h"
#include "core/net/server.h"

#include <gnutls/gnutls.h>

#include <memory>

namespace hone::net {

/// What the QUIC connections of a server share: certificate, client CA and ticket key, in GnuTLS, since that
/// is what the packaged QUIC library works with. TLS 1.3 only (RFC 9001 section 4.2), no early data: it can
/// be replayed.
///
/// Thread: its endpoint's. Owner: the endpoint, together with its connections.
class Http3Tls {
public:
    struct SessionDeleter {
        void operator()(gnutls_session_t session) const { gnutls_deinit(session); }
    };
    using Session = std::unique_ptr<gnutls_session_int, SessionDeleter>;

    /// Errors: InvalidArgument, naming the file, for certificate, key or client CA.
    [[nodiscard]] static Result<std::shared_ptr<Http3Tls>> create(const TlsOptions& options);
    Http3Tls(const Http3Tls&) = delete;
    Http3Tls& operator=(const Http3Tls&) = delete;
    ~Http3Tls();

    /// A server's session, not yet bound to a connection; null when the library fails.
    [[nodiscard]] Session newSession() const;
    /// After the handshake: lets the client resume. False when the library fails.
    [[nodiscard]] bool sendTicket(gnutls_session_t session) const;

private:
    Http3Tls() = default;
    Result<> load(const TlsOptions& options);

    gnutls_certificate_credentials_t m_credentials = nullptr;
    gnutls_priority_t m_priority = nullptr;
    gnutls_datum_t m_ticketKey{};
    bool m_asksClient = false;
    bool m_tickets = false;
};

}  // namespace hone::net

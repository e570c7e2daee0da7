#include "core/net/http3_tls.h"

#include <ngtcp2/ngtcp2_crypto_gnutls.h>

namespace hone::net {

namespace {

/// RFC 9001 section 8.4 forbids the compatibility mode; the ciphers are those QUIC has packet protection for.
constexpr const char* kPriority =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:-GROUP-ALL:"
    "+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:%DISABLE_TLS13_COMPAT_MODE";

}  // namespace

Result<std::shared_ptr<Http3Tls>> Http3Tls::create(const TlsOptions& options) {
    std::shared_ptr<Http3Tls> out(new Http3Tls);
    if (auto done = out->load(options); !done)
        return fail(std::move(done.error()));
    return out;
}

Result<> Http3Tls::load(const TlsOptions& options) {
    if (const int error = gnutls_certificate_allocate_credentials(&m_credentials); error < 0)
        return fail(Error::Internal, "TLS for HTTP/3 cannot start: {}", gnutls_strerror(error));
    const int loaded = gnutls_certificate_set_x509_key_file(m_credentials, options.certificateFile.c_str(),
                                                            options.keyFile.c_str(), GNUTLS_X509_FMT_PEM);
    if (loaded < 0)
        return fail(Error::InvalidArgument,
                    "certificate \"{}\" with key \"{}\" cannot be used for HTTP/3: {}",
                    options.certificateFile, options.keyFile, gnutls_strerror(loaded));
    m_asksClient = !options.clientCaFile.empty();
    if (m_asksClient && gnutls_certificate_set_x509_trust_file(m_credentials, options.clientCaFile.c_str(),
                                                               GNUTLS_X509_FMT_PEM) <= 0)
        return fail(Error::InvalidArgument, "\"{}\" holds no CA certificate", options.clientCaFile);
    if (const int error = gnutls_priority_init(&m_priority, kPriority, nullptr); error < 0)
        return fail(Error::Internal, "TLS 1.3 cannot be set up for HTTP/3: {}", gnutls_strerror(error));
    m_tickets = options.tickets && gnutls_session_ticket_key_generate(&m_ticketKey) == 0;
    return {};
}

Http3Tls::~Http3Tls() {
    if (m_credentials)
        gnutls_certificate_free_credentials(m_credentials);
    if (m_priority)
        gnutls_priority_deinit(m_priority);
    if (m_ticketKey.data) {
        gnutls_memset(m_ticketKey.data, 0, m_ticketKey.size);
        gnutls_free(m_ticketKey.data);
    }
}

Http3Tls::Session Http3Tls::newSession() const {
    gnutls_session_t raw = nullptr;
    if (gnutls_init(&raw, GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET) < 0)
        return {};
    Session session(raw);
    static unsigned char name[] = {'h', '3'};
    const gnutls_datum_t alpn{.data = name, .size = sizeof name};
    const bool done = gnutls_priority_set(raw, m_priority) == 0 &&
                      gnutls_credentials_set(raw, GNUTLS_CRD_CERTIFICATE, m_credentials) == 0 &&
                      gnutls_alpn_set_protocols(raw, &alpn, 1,
                                                GNUTLS_ALPN_MANDATORY | GNUTLS_ALPN_SERVER_PRECEDENCE) == 0 &&
                      (!m_tickets || gnutls_session_ticket_enable_server(raw, &m_ticketKey) == 0) &&
                      ngtcp2_crypto_gnutls_configure_server_session(raw) == 0;
    if (!done)
        return {};
    if (m_asksClient) {
        gnutls_certificate_server_set_request(raw, GNUTLS_CERT_REQUIRE);
        gnutls_session_set_verify_cert(raw, nullptr, 0);
    }
    return session;
}

bool Http3Tls::sendTicket(gnutls_session_t session) const {
    return !m_tickets || gnutls_session_ticket_send(session, 1, 0) == 0;
}

}  // namespace hone::net

#include "core/net/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <string_view>

namespace hone::net {

namespace {

/// Length-prefixed names, ours first (RFC 7301 section 3.1).
constexpr std::string_view kBothProtocols("\x02h2\x08http/1.1", 12);
constexpr std::string_view kHttp1Only("\x08http/1.1", 9);

constexpr std::uint32_t kEarlyData = 16 * 1024;  ///< A request with its fields; more waits for the handshake.

/// A client that offers ALPN but nothing we speak is told so, not served something else (RFC 7301 3.2).
int chooseProtocol(SSL*, const unsigned char** out, unsigned char* outSize, const unsigned char* offered,
                   unsigned int offeredSize, void* self) {
    const std::string_view ours =
        static_cast<const TlsContext*>(self)->offersHttp2() ? kBothProtocols : kHttp1Only;
    unsigned char* chosen = nullptr;
    const int result =
        SSL_select_next_proto(&chosen, outSize, reinterpret_cast<const unsigned char*>(ours.data()),
                              static_cast<unsigned int>(ours.size()), offered, offeredSize);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// Any name is acknowledged: there is one certificate, and the client decides whether it fits.
int acceptServerName(SSL*, int*, void*) { return SSL_TLSEXT_ERR_OK; }

Result<> checkReadable(const std::string& file, std::string_view what) {
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error))
        return {};
    return fail(Error::NotFound, "the {} file {} cannot be read", what, file.empty() ? "\"\"" : file)
        .hint("Name a PEM file.");
}

Result<int> versionNumber(int version) {
    if (version == 12)
        return TLS1_2_VERSION;
    if (version == 13)
        return TLS1_3_VERSION;
    return fail(Error::InvalidArgument, "TLS version {} is not one this server speaks", version)
        .hint("Use 12 for TLS 1.2 or 13 for TLS 1.3.");
}

}  // namespace

std::string tlsErrorText() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    const char* const reason = code ? ERR_reason_error_string(code) : nullptr;
    return reason ? reason : "unknown reason";
}

TlsContext::~TlsContext() { SSL_CTX_free(m_context); }

Result<std::shared_ptr<TlsContext>> TlsContext::create(const TlsOptions& options, bool http2,
                                                       bool earlyData) {
    SSL_CTX* const native = SSL_CTX_new(TLS_server_method());
    if (!native)
        return fail(Error::Internal, "TLS could not be set up: {}", tlsErrorText());
    const std::shared_ptr<TlsContext> out(
        new TlsContext(native, http2, earlyData && options.tickets && options.maxVersion >= 13));
    out->setModes(options.tickets);
    if (auto done = out->setVersions(options.minVersion, options.maxVersion); !done)
        return fail(std::move(done.error()));
    if (auto done = out->loadCertificate(options); !done)
        return fail(std::move(done.error()));
    if (!options.clientCaFile.empty())
        if (auto done = out->loadClientCa(options.clientCaFile); !done)
            return fail(std::move(done.error()));
    return out;
}

void TlsContext::setModes(bool tickets) {
    SSL_CTX_set_mode(m_context, SSL_MODE_RELEASE_BUFFERS);  // an idle connection keeps no record buffers
    SSL_CTX_set_read_ahead(m_context, 1);                   // record header and content in one read
    SSL_CTX_set_options(m_context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(m_context, m_earlyData ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
    if (m_earlyData) {
        SSL_CTX_set_max_early_data(m_context, kEarlyData);
        SSL_CTX_set_recv_max_early_data(m_context, kEarlyData);
    }
    static constexpr unsigned char kContextId[] = "hone";
    SSL_CTX_set_session_id_context(m_context, kContextId, sizeof kContextId - 1);
    if (!tickets) {
        SSL_CTX_set_options(m_context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(m_context, 0);
    }
    SSL_CTX_set_alpn_select_cb(m_context, chooseProtocol, this);
    SSL_CTX_set_tlsext_servername_callback(m_context, acceptServerName);
}

Result<> TlsContext::setVersions(int minVersion, int maxVersion) {
    const auto lowest = versionNumber(minVersion);
    const auto highest = versionNumber(maxVersion);
    if (!lowest)
        return fail(lowest.error());
    if (!highest)
        return fail(highest.error());
    if (minVersion > maxVersion)
        return fail(Error::InvalidArgument, "the lowest TLS version {} is above the highest {}", minVersion,
                    maxVersion);
    SSL_CTX_set_min_proto_version(m_context, *lowest);
    SSL_CTX_set_max_proto_version(m_context, *highest);
    return {};
}

Result<> TlsContext::loadCertificate(const TlsOptions& options) {
    if (auto readable = checkReadable(options.certificateFile, "certificate"); !readable)
        return readable;
    if (auto readable = checkReadable(options.keyFile, "key"); !readable)
        return readable;
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(m_context, options.certificateFile.c_str()) != 1)
        return fail(Error::Malformed, "{} holds no usable certificate: {}", options.certificateFile,
                    tlsErrorText())
            .hint("It must be PEM: the server's certificate first, then the intermediates.");
    if (SSL_CTX_use_PrivateKey_file(m_context, options.keyFile.c_str(), SSL_FILETYPE_PEM) != 1)
        return fail(Error::Malformed, "{} holds no key for {}: {}", options.keyFile, options.certificateFile,
                    tlsErrorText())
            .hint("It must be the PEM private key the certificate was made for, without a passphrase.");
    return {};
}

Result<> TlsContext::loadClientCa(const std::string& file) {
    if (auto readable = checkReadable(file, "client CA"); !readable)
        return readable;
    ERR_clear_error();
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(file.c_str());
    if (!names || SSL_CTX_load_verify_locations(m_context, file.c_str(), nullptr) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return fail(Error::Malformed, "{} holds no CA certificate: {}", file, tlsErrorText())
            .hint("It must be the PEM certificate that signed the clients' certificates.");
    }
    SSL_CTX_set_client_CA_list(m_context, names);  // takes it over
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return {};
}

}  // namespace hone::net

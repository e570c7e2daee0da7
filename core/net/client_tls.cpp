#include "core/net/client_tls.h"

#include <boost/asio/ip/address.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace hone::net {

namespace asio = boost::asio;

namespace {

using Code = boost::system::error_code;

Failure badFile(std::string_view what, const std::string& file, const Code& error) {
    return fail(Error::InvalidArgument, "the {} file \"{}\" cannot be used ({})", what, file, error.message())
        .hint("It must be a readable PEM file.");
}

}  // namespace

Result<std::shared_ptr<ClientTlsContext>> makeClientTls(const ClientTls& options) {
    auto made = ClientTlsContext::create(options);
    if (!made)
        return fail(std::move(made.error()));
    return std::move(*made);
}

Result<std::unique_ptr<ClientTlsContext>> ClientTlsContext::create(const ClientTls& options) {
    std::unique_ptr<ClientTlsContext> tls(new ClientTlsContext(options.verify));
    auto& context = tls->m_context;
    Code error;
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    static constexpr unsigned char kProtocols[] = "\x02h2\x08http/1.1";
    constexpr unsigned kH2Bytes = 3;
    SSL_CTX_set_alpn_protos(context.native_handle(), kProtocols + (options.http2 ? 0 : kH2Bytes),
                            sizeof kProtocols - 1 - (options.http2 ? 0 : kH2Bytes));
    context.set_verify_mode(options.verify ? asio::ssl::verify_peer : asio::ssl::verify_none, error);
    if (options.caFile.empty())
        context.set_default_verify_paths(error);
    else if (context.load_verify_file(options.caFile, error); error)
        return badFile("CA", options.caFile, error);
    if (options.certificateFile.empty())
        return tls;
    if (context.use_certificate_chain_file(options.certificateFile, error); error)
        return badFile("certificate", options.certificateFile, error);
    if (context.use_private_key_file(options.keyFile, asio::ssl::context::pem, error); error)
        return badFile("key", options.keyFile, error);
    return tls;
}

Result<> ClientTlsContext::prepare(SSL* ssl, const std::string& host) const {
    Code notAnAddress;
    asio::ip::make_address(host, notAnAddress);
    const bool isName = static_cast<bool>(notAnAddress);
    bool isSet = !isName || SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
    if (m_verify)
        isSet = isSet && (isName ? SSL_set1_host(ssl, host.c_str())
                                 : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str())) == 1;
    if (!isSet)
        return fail(Error::InvalidArgument, "\"{}\" is no host name TLS can ask for", host)
            .hint("Check the URL.");
    return {};
}

Error ClientTlsContext::failure(SSL* ssl, const std::string& host, const Code& error) {
    const auto unavailable = [](std::string what, std::string hint) {
        return Error{Error::Unavailable, std::move(what), std::move(hint)};
    };
    switch (const long verdict = SSL_get_verify_result(ssl)) {
        case X509_V_OK: break;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return unavailable(fmt::format("the certificate is not for {}", host),
                               "Use the name the certificate was made for.");
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return unavailable("the certificate has expired", "Renew the server's certificate.");
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return unavailable("the certificate is not valid yet", "Check the clocks of both machines.");
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return unavailable(fmt::format("the certificate is signed by nobody this machine trusts ({})",
                                           X509_verify_cert_error_string(verdict)),
                               "Name the authority that signed it, or the certificate itself, with --cacert "
                               "FILE (of an upstream: "
                               "--upstream-ca FILE).");
        default:
            return unavailable(
                fmt::format("the certificate was refused ({})", X509_verify_cert_error_string(verdict)), {});
    }
    return unavailable(fmt::format("the TLS handshake failed ({})", error.message()),
                       "Is it an https server? Try http:// in the URL.");
}

}  // namespace hone::net

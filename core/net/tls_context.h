#pragma once

#include "core/base/error.h"
#include "core/net/server.h"

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace hone::net {

/// What all TLS connections of a server share: certificate, key, versions, ALPN, ticket keys.
///
/// Resumption is stateless: the ticket holds the session, encrypted under a key this process made and never
/// stores (RFC 5077, RFC 8446 section 4.6.1). With early data a ticket is good for one use, kept track of
/// here, so that early requests cannot be replayed at this server (RFC 8446 section 8.1). Thread: any after
/// create(). Owner: the loops together. Invariant: certificate and key belong together.
class TlsContext {
public:
    /// Errors: InvalidArgument, NotFound or Malformed, naming the file, for certificate, key or client CA.
    [[nodiscard]] static Result<std::shared_ptr<TlsContext>> create(const TlsOptions& options, bool http2,
                                                                    bool earlyData = false);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

    [[nodiscard]] ssl_ctx_st* native() const { return m_context; }
    [[nodiscard]] bool offersHttp2() const { return m_http2; }
    [[nodiscard]] bool takesEarlyData() const { return m_earlyData; }

private:
    TlsContext(ssl_ctx_st* context, bool http2, bool earlyData)
        : m_context(context), m_http2(http2), m_earlyData(earlyData) {}
    Result<> setVersions(int minVersion, int maxVersion);
    Result<> loadCertificate(const TlsOptions& options);
    Result<> loadClientCa(const std::string& file);
    void setModes(bool tickets);

    ssl_ctx_st* const m_context;
    const bool m_http2, m_earlyData;
};

/// The first error OpenSSL noted on this thread, in its words; empties its list.
[[nodiscard]] std::string tlsErrorText();

}  // namespace hone::net

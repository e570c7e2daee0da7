#include "core/net/http3_listener.h"

#ifdef HONE_HTTP3
#include "core/net/http3_endpoint.h"
#endif

namespace hone::net {

bool Http3Listener::isBuiltIn() {
#ifdef HONE_HTTP3
    return true;
#else
    return false;
#endif
}

Result<std::unique_ptr<Http3Listener>> Http3Listener::create(
    [[maybe_unused]] const ServerOptions& options, [[maybe_unused]] std::shared_ptr<ServerCore> core,
    [[maybe_unused]] const UniqueFd& tcpListener) {
#ifdef HONE_HTTP3
    if (!options.tls)
        return fail(Error::InvalidArgument, "HTTP/3 needs TLS, and this server speaks plain TCP")
            .hint("Turn TLS on, or leave HTTP/3 off.");
    if (options.tls->maxVersion < 13)
        return fail(Error::InvalidArgument, "HTTP/3 needs TLS 1.3, and the highest version allowed is 1.{}",
                    options.tls->maxVersion - 10);
    if (options.link)
        return fail(Error::Unsupported, "the simulated network acts on TCP only, not on HTTP/3")
            .hint("Leave one of the two off.");
    auto tls = Http3Tls::create(*options.tls);
    if (!tls)
        return fail(std::move(tls.error()));
    auto socket = UdpSocket::besides(tcpListener);
    if (!socket)
        return fail(std::move(socket.error()));
    return std::make_unique<Http3Endpoint>(std::move(core), std::move(*tls), std::move(*socket));
#else
    return fail(Error::Unsupported, "HTTP/3 is not built into this program")
        .hint("Build it with libngtcp2-dev, libngtcp2-crypto-gnutls-dev and libnghttp3-dev installed.");
#endif
}

}  // namespace hone::net

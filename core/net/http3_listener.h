#pragma once

#include "core/net/listen_socket.h"
#include "core/net/server.h"

#include <atomic>

namespace hone::net {

class ServerCore;

/// HTTP/3 beside the TCP listener of a server, on the same port number; experimental.
///
/// The seam to a build without the QUIC libraries: there, create() says so. One loop serves all QUIC
/// connections. Thread: create() any, the rest its loop's. Owner: that loop.
class Http3Listener {
public:
    /// Errors: Unsupported when it is not built in or clashes with another option, Unavailable when the UDP
    /// port is taken, those of the certificate files.
    [[nodiscard]] static Result<std::unique_ptr<Http3Listener>> create(const ServerOptions& options,
                                                                       std::shared_ptr<ServerCore> core,
                                                                       const UniqueFd& tcpListener);
    [[nodiscard]] static bool isBuiltIn();
    virtual ~Http3Listener() = default;

    /// `mayEnter` takes a connection of that client address into account, or refuses it.
    virtual void start(Handler& handler, std::atomic<std::uint64_t>& nextConnection,
                       std::function<bool(const std::string& peer)> mayEnter) = 0;
    /// No new connections; the others end after their running requests. ServerCore::onEmpty is called when
    /// the last one has.
    virtual void finishSoon() = 0;
    virtual void closeAll() = 0;
    [[nodiscard]] virtual bool isEmpty() const = 0;
};

}  // namespace hone::net

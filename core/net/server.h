#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/http/message.h"
#include "core/net/link.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hone::net {

/// What a connection may cost. Every limit has an answer: 431, 414, 413, 408, or a close.
struct Limits {
    std::size_t headerBytes = 32 * 1024;
    std::size_t headerCount = 100;
    std::size_t targetBytes = 8 * 1024;
    std::size_t bodyBytes = 16 * 1024 * 1024;
    std::chrono::milliseconds headerTimeout{15'000};
    std::chrono::milliseconds bodyTimeout{30'000};
    std::chrono::milliseconds idleTimeout{75'000};
    std::chrono::milliseconds writeTimeout{30'000};
    int connections = 10'000;
    int connectionsPerPeer =
        0;  ///< From one address; 0: no limit of its own (a load generator is one address).
    std::uint32_t http2Streams = 128;             ///< Concurrent requests of one HTTP/2 or HTTP/3 connection.
    std::size_t http2Buffered = 4 * 1024 * 1024;  ///< Request bytes all its streams may hold unanswered.
    int http3Handshakes = 64;  ///< Under way at once before clients must prove their address (Retry).
};

/// How the server proves who it is. The files are PEM.
struct TlsOptions {
    std::string certificateFile;  ///< Leaf first, then intermediates.
    std::string keyFile;
    std::string clientCaFile;  ///< When set, clients must show a certificate signed by it.
    bool tickets = true;       ///< Session resumption.
    int minVersion = 12, maxVersion = 13;
};

/// What new connections may use of what the server was made able to; may change while it serves.
struct Offer {
    bool http2 = true;
    bool http3 = true;  ///< Advertised by Alt-Svc and accepted.
    int minTls = 12, maxTls = 13;
    bool tickets = true;  ///< Session resumption.
    bool earlyData =
        false;            ///< 0-RTT (RFC 8446 section 2.3): requests may come before the handshake is done.
    bool noDelay = true;  ///< Off: Nagle's algorithm may hold small segments back (RFC 9293 section 3.7.4).
    bool operator==(const Offer&) const = default;
};

struct ServerOptions {
    std::string bind = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one.
    int threads = 1;
    int firstCpu = -1;  ///< ≥ 0 pins loop i to CPU firstCpu + i.
    std::string name = "loop";
    Limits limits;
    std::optional<TlsOptions> tls;    ///< Unset: plain TCP.
    bool http2 = true;                ///< Offered by ALPN; on plain TCP by prior knowledge and Upgrade.
    bool http3 = false;               ///< Experimental: on the UDP port of the same number; needs TLS.
    std::optional<LinkOptions> link;  ///< Simulated network between the client and this server.
};

/// Where one answer goes. Move-only; call at most once, from any thread; destroyed unused, it answers 500.
/// Called on the connection's own loop inside Handler::handle it writes at once, else it is posted there.
class Responder {
public:
    /// The connection's side of an exchange.
    class Sink {
    public:
        virtual void respond(http::Response&& response) = 0;

    protected:
        ~Sink() = default;
    };

    Responder() = default;
    Responder(std::shared_ptr<void> owner, Sink* sink) : m_owner(std::move(owner)), m_sink(sink) {}
    Responder(Responder&& other) noexcept
        : m_owner(std::move(other.m_owner)), m_sink(std::exchange(other.m_sink, nullptr)) {}
    Responder& operator=(Responder&& other) noexcept;
    ~Responder();

    void operator()(http::Response&& response);
    explicit operator bool() const { return m_sink != nullptr; }

private:
    std::shared_ptr<void> m_owner;  ///< Keeps the connection alive until it is answered.
    Sink* m_sink = nullptr;
};

/// Answers the requests of one event loop. Thread: that loop's only.
class Handler {
public:
    virtual ~Handler() = default;
    /// `request` and what it views stay valid until `respond` was called.
    virtual void handle(const http::Request& request, Responder respond) = 0;
    /// Runs `task` on this handler's loop soon. Set by the server before the first request. Any thread may
    /// call it.
    std::function<void(std::function<void()>)> post;
    /// Runs `task` on this handler's loop after `delay`; dropped when the loop ends before. Set as `post`; on
    /// the loop.
    std::function<void(Nanos delay, std::function<void()> task)> after;
};

/// Makes the handler of loop `index` (0 … threads − 1); called on that loop's thread before it accepts.
using HandlerFactory = std::function<std::unique_ptr<Handler>(int index)>;

struct ServerCounters {
    std::uint64_t accepted = 0, open = 0, requests = 0, malformed = 0, refused = 0, bytesIn = 0, bytesOut = 0;
    std::uint64_t handshakes = 0, resumed = 0, handshakesFailed = 0, http2 = 0, http3 = 0;
};

/// An HTTP/1.1 and HTTP/2 server: N event loops (one thread and one io_context each), SO_REUSEPORT-free
/// single acceptor per loop sharing the port, keep-alive, pipelining, limits.
///
/// Thread: create, stop and counters from any. The destructor stops and joins.
class Server {
public:
    /// Errors: Unavailable when the port is taken (the hint names who holds it if /proc tells, and a free
    /// port), InvalidArgument for an address that does not parse.
    static Result<std::unique_ptr<Server>> create(const ServerOptions& options, HandlerFactory factory);
    virtual ~Server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual std::string url() const = 0;  ///< "http://127.0.0.1:8437"
    [[nodiscard]] virtual ServerCounters counters() const = 0;
    [[nodiscard]] virtual Nanos cpuTime() const = 0;  ///< Of the loop threads together.
    /// The simulated network of connections that are accepted from now on; none: the real one alone. Any
    /// thread.
    virtual void setLink(std::optional<LinkOptions> link) = 0;
    /// For connections that are accepted from now on; what the server was not made able to stays out. Any
    /// thread. Errors: as create() for certificate and key, which are read again when what is said of TLS
    /// changes.
    virtual Result<> setOffer(const Offer& offer) = 0;
    /// Stops accepting, lets in-flight requests finish for up to `grace`, closes the rest. Idempotent.
    virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace hone::net

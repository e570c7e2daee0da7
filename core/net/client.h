#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// The client side for the load generator and the gateway: one loop, many connections, callbacks.
namespace hone::net {

/// A single-threaded event loop that its owner drives. Timers fire within microseconds: the loop sleeps until
/// shortly before the next due time and polls the rest (METHOD section 1, lateness is the caller's to
/// record).
class Loop {
public:
    static std::unique_ptr<Loop> create();
    virtual ~Loop() = default;
    /// Runs until stop(); handlers and timers run on the calling thread.
    virtual void run() = 0;
    virtual void stop() = 0;                                      ///< Any thread.
    virtual void post(std::move_only_function<void()> task) = 0;  ///< Any thread.
    /// Calls `task` at `due` (monotonicNow's clock), precisely. Loop thread only.
    virtual void at(Nanos due, std::move_only_function<void()> task) = 0;
    /// How long before a due time the loop stops sleeping and polls; 0 switches polling off.
    virtual void setSpin(Nanos spin) = 0;
};

struct Endpoint {
    std::string host;  ///< Name or address.
    std::uint16_t port = 80;
};

/// Whom a client trusts and who it is itself. The files are PEM.
struct ClientTls {
    std::string caFile;           ///< Whose certificates count; empty: the system's authorities.
    bool verify = true;           ///< Chain, dates and name. Off only for experiments.
    std::string certificateFile;  ///< Shown when the server asks; empty: none.
    std::string keyFile;
    bool http2 = false;  ///< Offers HTTP/2 before HTTP/1.1 (ALPN).
};

/// A ClientTls with its files read; shared by the clients of all threads.
class ClientTlsContext;
/// Errors: InvalidArgument for a file that cannot be used, with the reason.
Result<std::shared_ptr<ClientTlsContext>> makeClientTls(const ClientTls& options);

/// How a client speaks to its endpoint.
struct ClientOptions {
    std::shared_ptr<ClientTlsContext> tls;  ///< Null: plain TCP.
    std::string name;    ///< The host as the URL writes it: what the certificate must be for.
    bool resume = true;  ///< A new connection takes up the TLS session of the one before.
    /// HTTP/2: over TLS the server must choose it (`tls` must offer it), in clear it must know (RFC 9113
    /// section 3.3).
    bool http2 = false;
    /// Of a body that is wanted; a larger one ends its request with "answer too large", and only what was
    /// read until then was ever kept. Bodies nobody wants are counted and dropped, whatever their size.
    std::uint64_t maxBodyBytes = std::uint64_t{64} << 20;
};

/// What came back for one request. Views are valid only inside the callback, until it sends the next one.
struct Answer {
    int status = 0;  ///< 0: failed, see `error`.
    Error::Code error = Error::Internal;
    std::string_view
        errorText;  ///< "connection reset", "timeout", "malformed answer": the kind, for counting.
    std::span<const http::FieldView> fields;
    std::string_view
        body;  ///< As on the wire (still content-coded), transfer coding removed; empty unless wanted.
    std::uint64_t wireBytes = 0;  ///< Head and body as received.
    std::uint64_t bodyBytes = 0;
    Nanos sent{0}, firstByte{0}, done{0};
    Nanos connectStarted{0}, connected{0};  ///< Non-zero when this request had to open the connection …
    Nanos secured{0};                       ///< … and to agree on TLS: then the handshake was done.
    bool isResumed = false;                 ///< That handshake took up an earlier session.
};

/// One connection to one endpoint, or over HTTP/2 one stream at a time of a shared connection, used for one
/// request after another; reconnects when it was closed.
/// Thread: its loop's only. Destroying it abandons the request under way without a callback.
class Client {
public:
    using Done = std::move_only_function<void(const Answer&)>;

    static std::unique_ptr<Client> create(Loop& loop, Endpoint endpoint, ClientOptions options = {});
    virtual ~Client() = default;

    /// Sends a request already in HTTP/1.1's wire form (request line, fields, body); the bytes are copied.
    /// One at a time (asserted). `isHead` because a HEAD answer has no body; `wantBody` keeps the bytes for
    /// the callback, up to ClientOptions::maxBodyBytes of them. `done` may send the next request or destroy
    /// the client; it is never called before send() returns. When a kept connection turns out to be closed
    /// before the first byte of the answer, an idempotent request is sent once more on a new one (RFC
    /// 9112, 9.3.1).
    virtual void send(std::string_view wire, bool isHead, bool wantBody, std::chrono::milliseconds timeout,
                      Done done) = 0;
    [[nodiscard]] virtual bool busy() const = 0;
    /// Closes after each answer, as `Connection: close` clients do.
    virtual void setKeepAlive(bool on) = 0;
    /// Another client like this one: over HTTP/2 on the same connection, else with its own.
    [[nodiscard]] virtual std::unique_ptr<Client> beside() const = 0;
};

/// Resolves the host and opens a connection to try it: the address that accepted, so that names are looked up
/// once. Blocks up to `timeout` per address. Errors: NotFound for a name, Unavailable when nothing listens
/// there, Timeout.
Result<Endpoint> reach(const Endpoint& endpoint, std::chrono::milliseconds timeout);

/// Opens a connection to try how the endpoint speaks: the protocol agreed on by ALPN, empty for none; without
/// TLS "h2" when it answers HTTP/2's preface, else empty. Blocks up to `timeout`. Errors: Unavailable for a
/// certificate or handshake that failed, with the reason; Timeout.
Result<std::string> greet(const Endpoint& endpoint, const ClientOptions& options,
                          std::chrono::milliseconds timeout);

}  // namespace hone::net

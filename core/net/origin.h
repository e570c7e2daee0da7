#pragma once

#include "core/net/client.h"

/// The client side for a gateway: one server, many kept connections, answers handed on while they arrive.
namespace hone::net {

struct OriginOptions {
    Endpoint endpoint;
    std::optional<ClientTls> tls;                     ///< Unset: plain TCP.
    std::chrono::milliseconds connectTimeout{5'000};  ///< Waiting for a turn, name, TCP and TLS, each once.
    std::chrono::milliseconds firstByteTimeout{30'000};
    std::chrono::milliseconds idleTimeout{30'000};  ///< Between two pieces of an answer, or of a request.
    /// How long a connection waits for its next request. Below the five seconds common servers keep theirs:
    /// who closes first loses no request.
    std::chrono::milliseconds keptFor{4'000};
    int maxConnections = 64;  ///< Further requests wait for a turn.
    int maxKept = 32;         ///< Idle ones.
};

/// A request in wire form.
struct OriginRequest {
    std::string wire;
    bool isHead = false;     ///< Its answer has no content.
    bool mayRepeat = false;  ///< Idempotent: sent once more when a kept connection died before it answered.
};

/// The head of an answer. Views are valid inside the call.
struct OriginHead {
    int status = 0;
    int version = 11;  ///< 10 or 11.
    std::span<const http::FieldView> fields;
    std::optional<std::uint64_t> length;  ///< Announced; for an answer to HEAD, that of GET.
    Nanos sent{0}, firstByte{0};
    bool isReused = false;  ///< Came on a connection that had answered before.
};

/// Who takes one answer. Calls come on the origin's loop: head, then body as often as there is some, then
/// end; or failed at any point, after which there is nothing more.
class OriginReader {
public:
    virtual ~OriginReader() = default;
    virtual void head(const OriginHead& head) = 0;
    virtual void body(std::string_view bytes) = 0;
    virtual void end() = 0;
    /// NotFound: the name; Unavailable: no connection, a broken one, or TLS; Timeout; Malformed: the answer;
    /// ResourceExhausted: our own sockets.
    virtual void failed(const Error& error) = 0;
};

/// A request under way. Thread: the origin's loop. May outlive the origin; its calls then do nothing.
class OriginCall {
public:
    virtual ~OriginCall() = default;
    virtual void pause() = 0;   ///< Read no more for now: back-pressure down to the server's socket.
    virtual void resume() = 0;  ///< May call the reader before it returns.
    virtual void cancel() = 0;  ///< Close; no call to the reader follows.
};

struct OriginCounters {
    std::uint64_t opened = 0, reused = 0, repeated = 0, failed = 0;
    int open = 0, idle = 0, waiting = 0;
};

/// A pool of HTTP/1.1 connections to one server.
///
/// Thread: its loop's, except create(). Owner: whoever runs the loop; destroyed on it, or after it has
/// stopped. Destroying it ends all calls without another word to their readers. Invariant: a connection
/// carries one request at a time and is kept only after an answer that was complete, said so, and had
/// nothing behind it.
class Origin {
public:
    /// Errors: what the TLS files have wrong.
    static Result<std::unique_ptr<Origin>> create(Loop& loop, OriginOptions options);
    virtual ~Origin() = default;
    /// The reader hears nothing before this returns.
    virtual std::shared_ptr<OriginCall> send(OriginRequest request, std::unique_ptr<OriginReader> reader) = 0;
    [[nodiscard]] virtual OriginCounters counters() const = 0;
};

}  // namespace hone::net

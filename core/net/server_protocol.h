#pragma once

#include "core/net/input_buffer.h"
#include "core/net/output_queue.h"
#include "core/net/server.h"

#include <memory>

/// The seam between a connection (socket, TLS, deadlines, simulated link) and what is spoken on it (HTTP/1.1,
/// HTTP/2). A protocol sees bytes in and bytes out, never a socket; so it can be driven in memory by tests
/// and fuzzers.
namespace hone::net {

class ServerCore;

/// What the connection tells and does for its protocol. Thread: the connection's loop, except keep().
class ProtocolHost {
public:
    /// A reference that keeps connection and protocol alive; for Responders. Any thread.
    [[nodiscard]] virtual std::shared_ptr<void> keep() = 0;
    /// The protocol has output or can go on, outside of a call from the connection: gives it a turn() now.
    virtual void resume() = 0;
    /// From the next turn on, `next` speaks (Upgrade: h2c). The bytes left in the input are its.
    virtual void become(std::unique_ptr<class Protocol> next) = 0;
    /// What is in the input now came as early data of a handshake that is not done: it may be a replay.
    [[nodiscard]] virtual bool isEarly() const { return false; }

protected:
    ~ProtocolHost() = default;
};

/// What a protocol needs to know of its connection. The references outlive it.
struct ProtocolContext {
    std::shared_ptr<ServerCore> core;  ///< Limits, counters, date, post() to the loop, `stopping`.
    Handler* handler = nullptr;
    ProtocolHost* host = nullptr;
    std::string_view peer;
    std::uint64_t connection = 0;
    bool isTls = false;
};

/// One protocol on one connection.
///
/// Thread: its connection's loop; the Sinks it hands out take answers on any thread and post them to the
/// loop. Owner: the connection. Invariant: after Turn::LastWrite it is not called again.
class Protocol {
public:
    enum class Turn : std::uint8_t {
        Read,       ///< Send what is queued and bring more bytes; what is left in the input waits for them.
        Wait,       ///< Send what is queued; do not read until resume() (back-pressure).
        LastWrite,  ///< Send what is queued, then end the connection; see lingers().
    };

    virtual ~Protocol() = default;
    /// Uses up what it can of `in`, hands requests to the handler, queues what is to be sent. Also called
    /// when everything queued earlier was sent, and after resume(). `now`: when the last bytes came.
    virtual Turn turn(InputBuffer& in, OutputQueue& out, Nanos now) = 0;
    /// By when something must have come or gone, as things stand; Nanos::max() for never. Asked about once a
    /// second and after each turn.
    [[nodiscard]] virtual Nanos deadline() const = 0;
    /// The deadline has passed: queues the answer to that (408, GOAWAY) or nothing, and ends the connection.
    virtual void expire(OutputQueue& out) = 0;
    /// The server stops: a last word to the client. True when nothing is under way: the connection may end.
    virtual bool finish(OutputQueue& out) = 0;
    /// The client may still be sending after LastWrite: closing at once could destroy the last answer (RFC
    /// 9112 section 9.6).
    [[nodiscard]] virtual bool lingers() const { return false; }
    /// The client has been silent for a while: gives back what only speeds up the next request.
    virtual void doze() {}
    /// The socket is gone; late answers are dropped from now on.
    virtual void closed() {}
};

}  // namespace hone::net

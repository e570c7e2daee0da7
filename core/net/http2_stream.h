#pragma once

#include "core/net/http2_content.h"
#include "core/net/http2_head.h"
#include "core/net/server_core.h"

#include <memory>
#include <string>

namespace hone::net {

class Http2Protocol;

/// One request and its answer on an HTTP/2 connection; the Sink of its Responder.
///
/// Thread: its connection's loop; respond() any, from elsewhere it is posted there and finds the stream alive
/// or given up. Owner: Http2Protocol, and the Responder while it is out (the request's views are in here).
/// Invariant: `protocol` is set exactly while the client knows the stream; all but respond() is the loop's.
class Http2Stream final : public Responder::Sink, public std::enable_shared_from_this<Http2Stream> {
public:
    enum class Phase : std::uint8_t {
        Head,       ///< Fields are coming.
        Body,       ///< Content is coming.
        Ready,      ///< All is here, or it is refused; to be handled after the bytes at hand.
        Handling,   ///< The handler has it.
        Answering,  ///< The answer is being sent.
        Closed,
    };

    Http2Stream(std::shared_ptr<ServerCore> core, Http2Protocol& owner, std::int32_t streamId);
    void respond(http::Response&& response) override;
    /// For another request of the same connection; nobody else may hold it.
    void reuse(Http2Protocol& owner, std::int32_t streamId);
    /// The client or the connection is gone: late answers are dropped.
    void giveUp();

    Http2Protocol* protocol;
    std::int32_t id;
    Phase phase = Phase::Head;
    Http2Head head;
    std::string body;
    http::Request request;
    Http2Content content;
    std::shared_ptr<void> keep;  ///< The connection, while the handler has the request.
    std::size_t index = 0;       ///< Among the protocol's streams.
    std::size_t withheld = 0;    ///< Received bytes the client's window was not opened for again.
    std::size_t moved = 0;       ///< Bytes sent since `lastMove`.
    Nanos lastMove{0};           ///< When content last came or went.
    bool waits = false;          ///< For its BodySource.
    bool answerSent = false;

private:
    const std::shared_ptr<ServerCore> m_core;
    std::optional<http::Response> m_late;  ///< Written by the answering thread, then read on the loop.
};

}  // namespace hone::net

#pragma once

#include "core/net/http2_content.h"
#include "core/net/http2_head.h"
#include "core/net/server_core.h"

#include <deque>
#include <memory>
#include <string>

namespace hone::net {

class Http3Session;

/// One request and its answer on an HTTP/3 connection; the Sink of its Responder. Fields and content are
/// those of HTTP/2 (RFC 9114 section 4 takes over the message format), only the bytes that were sent stay
/// here until the client has them.
///
/// Thread: its loop's; respond() any, from elsewhere it is posted there and finds the stream alive or given
/// up. Owner: Http3Session, and the Responder while it is out (the request's views are in here). Invariant:
/// `session` is set exactly while the connection knows the stream.
class Http3Stream final : public Responder::Sink, public std::enable_shared_from_this<Http3Stream> {
public:
    enum class Phase : std::uint8_t {
        Head,       ///< Fields are coming.
        Body,       ///< Content is coming.
        Ready,      ///< All is here, or it is refused; to be handled after the datagrams at hand.
        Handling,   ///< The handler has it.
        Answering,  ///< The answer is being sent.
        Closed,
    };

    Http3Stream(std::shared_ptr<ServerCore> core, Http3Session& owner, std::int64_t streamId);
    void respond(http::Response&& response) override;
    /// The client or the connection is gone: late answers are dropped.
    void giveUp();

    /// Puts the next `size` bytes of the content where they stay until acknowledged.
    [[nodiscard]] std::string& sendNext(std::size_t size);
    /// The client has `size` more bytes of the content.
    void acknowledged(std::size_t size);

    Http3Session* session;
    const std::int64_t id;
    Phase phase = Phase::Head;
    Http2Head head;
    std::string body;
    http::Request request;
    Http2Content content;
    std::shared_ptr<void> keep;  ///< The connection, while the handler has the request.
    std::size_t withheld = 0;    ///< Received bytes the client's window was not opened for again.
    std::size_t moved = 0;       ///< Bytes acknowledged since `lastMove`.
    Nanos lastMove{0};           ///< When content last came or went.
    bool waits = false;          ///< For its BodySource.
    bool requestEnded = false;   ///< The client has sent all.
    bool answerSent = false;

private:
    const std::shared_ptr<ServerCore> m_core;
    std::deque<std::string> m_unacknowledged;
    std::size_t m_acknowledged = 0;        ///< Of the first of them.
    std::optional<http::Response> m_late;  ///< Written by the answering thread, then read on the loop.
};

}  // namespace hone::net

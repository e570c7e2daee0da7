#pragma once

#include "core/http/message.h"
#include "core/net/output_queue.h"

#include <string_view>

namespace hone::net {

/// What the connection knows about an answer that the handler does not.
struct AnswerFraming {
    std::string_view dateLine;
    bool isHead = false;  ///< The fields of GET without its content (RFC 9110 section 9.3.2).
    bool close = false;   ///< Last answer on this connection.
    bool saysKeepAlive =
        false;                ///< HTTP/1.0 clients that asked for it must be told (RFC 9112 appendix C.2.2).
    bool isStreamed = false;  ///< Only the head is appended; the content follows from a BodyStream.
    bool isChunked = false;   ///< Of a streamed answer without a length.
};

/// Appends one HTTP/1.1 answer in wire form. A prepared answer's head is copied, not built again.
void appendAnswer(OutputQueue& out, http::Response&& response, const AnswerFraming& framing);

}  // namespace hone::net

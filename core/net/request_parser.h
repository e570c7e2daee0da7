#pragma once

#include "core/http/message.h"
#include "core/net/server.h"

#include <memory>
#include <string_view>

namespace hone::net {

/// Reads HTTP/1.x requests out of a connection's buffer without copying: it keeps offsets, fill() turns them
/// into views.
///
/// Strict where parsers are known to disagree (request smuggling): ambiguous framing, folded lines, bare CR
/// or LF, spaces before a colon, several Hosts are refused (RFC 9112 sections 2.2, 3.2, 5.1, 5.2, 6.3).
/// Chunked content is decoded in place. Thread: its connection's. Owner: the connection.
class RequestParser {
public:
    enum class Step { NeedMore, Complete, Refused };
    struct Refusal {
        int status = 400;
        std::string_view detail;  ///< Static text.
    };

    explicit RequestParser(const Limits& limits);
    ~RequestParser();
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    /// `data` holds everything received since the start of this request; it may have moved since the last
    /// call. Bytes of a chunked body are moved down inside it.
    [[nodiscard]] Step feed(char* data, std::size_t size);
    /// Ready for the next request.
    void reset();

    // After Complete.
    /// Writes views into `data` (the same bytes as fed) to `request`; they need the parser unreset.
    void fill(const char* data, http::Request& request);
    [[nodiscard]] std::size_t size() const;  ///< Of the request as received.
    [[nodiscard]] bool keepAlive() const;
    [[nodiscard]] bool isVersion10() const;
    [[nodiscard]] bool hasUpgrade() const;  ///< The client offers another protocol.

    // Any time.
    [[nodiscard]] Refusal refusal() const;  ///< After Refused.
    [[nodiscard]] bool isHead() const;      ///< False while the request line is not read.
    [[nodiscard]] bool inBody() const;      ///< The head is complete.
    /// True once when the client waits for "100 Continue" before it sends the content (RFC 9110
    /// section 10.1.1).
    [[nodiscard]] bool takeContinue();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;  ///< Keeps the parser library out of every other translation unit.
};

}  // namespace hone::net

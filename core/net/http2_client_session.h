#pragma once

#include "core/net/client_failure.h"
#include "core/net/http2_exchange.h"

#include <optional>
#include <utility>
#include <vector>

namespace hone::net {

/// nghttp2's client session as a C++ object: requests and bytes in, bytes and ended exchanges out; no socket.
///
/// Windows are as large as the protocol allows, as other load tools have them: what is measured is the
/// server, not our reading. Pushes are refused. Thread: its connection's. Owner: its Http2Connection.
/// Invariant: an exchange it was given is either under way, in takeEnded(), or was cancelled.
class Http2ClientSession {
public:
    /// An exchange that is over; without a failure it has an answer.
    struct Ended {
        Http2Exchange* exchange = nullptr;
        std::optional<ClientFailure> failure;
        bool mayRepeat = false;  ///< Behind the last stream of a GOAWAY: the server did nothing with it.
    };

    Http2ClientSession();
    ~Http2ClientSession();
    Http2ClientSession(const Http2ClientSession&) = delete;
    Http2ClientSession& operator=(const Http2ClientSession&) = delete;

    /// False when this session takes no more: it must be sent on another one.
    [[nodiscard]] bool submit(Http2Exchange& exchange);
    void cancel(Http2Exchange& exchange);
    /// False when the server broke the protocol beyond repair.
    [[nodiscard]] bool feed(std::string_view bytes, Nanos now);
    /// Appends frames to `out` until there are none or it holds `limit` bytes.
    [[nodiscard]] bool pull(std::string& out, std::size_t limit);
    [[nodiscard]] bool hasEnded() const { return !m_ended.empty(); }
    [[nodiscard]] std::vector<Ended> takeEnded() { return std::exchange(m_ended, {}); }
    /// The server said GOAWAY, or stream numbers ran out: what is under way may end, nothing may begin.
    [[nodiscard]] bool isClosing() const;
    [[nodiscard]] bool isOver() const;  ///< Nothing will come or go any more.

private:
    struct Callbacks;
    void onFrame(const nghttp2_frame& frame);
    void onClosed(std::int32_t stream, std::uint32_t code);
    [[nodiscard]] Http2Exchange* of(std::int32_t stream) const;

    nghttp2_session* m_session = nullptr;
    std::vector<Ended> m_ended;
    Nanos m_now{0};
    std::int32_t m_lastServed = 0;  ///< By GOAWAY.
    bool m_isGoing = false;         ///< GOAWAY came.
};

}  // namespace hone::net

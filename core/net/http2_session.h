#pragma once

#include "core/net/http2_content.h"
#include "core/net/output_queue.h"
#include "core/net/server.h"

#include <nghttp2/nghttp2.h>

#include <memory>
#include <span>
#include <string_view>

namespace hone::net {

/// nghttp2's server session as a C++ object: bytes in, bytes out, events as virtual calls.
///
/// Settings: RFC 9218 priorities (the `priority` field and PRIORITY_UPDATE; the dependency trees of RFC 7540
/// are off), windows opened by the owner only, the library's own limits (CONTINUATIONs, queued ACKs, entries
/// of SETTINGS) at their defaults. Thread: its connection's. Owner: Http2Protocol. Errors: the library's code
/// from feed(); an exception in an event is logged and ends the session.
class Http2Session {
public:
    using StreamId = std::int32_t;
    enum class Pumped : std::uint8_t { Dry, Full, Failed };

    /// What the client did. Returning false ends feed() with NGHTTP2_ERR_CALLBACK_FAILURE.
    class Events {
    public:
        virtual bool onRequestBegins(StreamId id) = 0;
        virtual bool onField(StreamId id, std::string_view name, std::string_view value, bool isTrailer,
                             bool isWellFormed) = 0;
        virtual bool onHeadEnds(StreamId id, bool endsStream) = 0;
        virtual bool onData(StreamId id, std::string_view bytes) = 0;
        virtual bool onRequestEnds(StreamId id) = 0;
        virtual bool onPingAck() = 0;
        /// A frame broke a rule; the library answers that itself. `error`: its code.
        virtual bool onViolation(int error) = 0;
        virtual bool onClosed(StreamId id, std::uint32_t errorCode) = 0;
        // While pump() runs:
        virtual Http2Content::Next nextContent(StreamId id, std::size_t room) = 0;
        virtual void takeContent(StreamId id, std::string& out, std::size_t size) = 0;
        virtual void onAnswerSent(StreamId id) = 0;  ///< END_STREAM is queued.

    protected:
        ~Events() = default;
    };

    Http2Session(Events& events, const Limits& limits);
    ~Http2Session();
    Http2Session(const Http2Session&) = delete;
    Http2Session& operator=(const Http2Session&) = delete;

    /// Everything is used up unless the result is negative: an nghttp2_error.
    [[nodiscard]] long feed(std::string_view bytes);
    /// Appends frames until there are none (Dry) or `out` holds `limit` bytes (Full).
    [[nodiscard]] Pumped pump(OutputQueue& out, std::size_t limit);
    /// Nothing will come or go any more.
    [[nodiscard]] bool ended() const;
    /// We were the ones to end it, so the client may still be sending.
    [[nodiscard]] bool saidGoAway() const { return m_saidGoAway; }

    /// Stream 1 becomes the request that upgraded (RFC 7540 section 3.2); false when `settings` is malformed.
    [[nodiscard]] bool upgrade(std::string_view settings, bool isHead);
    void answer(StreamId id, std::span<const nghttp2_nv> fields, bool hasContent);
    void sayContinue(StreamId id);
    void resumeContent(StreamId id);
    void reset(StreamId id, std::uint32_t errorCode);
    /// Opens the windows again by what was received.
    void consumeConnection(std::size_t bytes);
    void consumeStream(StreamId id, std::size_t bytes);
    void widen(StreamId id, std::size_t window);
    [[nodiscard]] bool isBlocked(StreamId id) const;  ///< By the stream's own window.
    [[nodiscard]] bool isBlocked() const;             ///< By the connection's.
    [[nodiscard]] bool clientDone(StreamId id) const;
    [[nodiscard]] StreamId lastProcessed() const;

    void noticeShutdown();  ///< GOAWAY that still accepts what is on the way, and a PING to learn when it is
                            ///< here.
    void goAway();          ///< The final one, with the last stream that is served.

    /// Gives back what the library keeps for the next frame, when none is under way.
    void doze();

    void setUser(StreamId id, void* user);
    [[nodiscard]] void* user(StreamId id) const;

private:
    struct Callbacks;
    struct Memory;

    Events& m_events;
    nghttp2_session* m_session = nullptr;
    OutputQueue* m_out = nullptr;  ///< During pump().
    std::size_t m_limit = 0;
    bool m_full = false;
    bool m_saidGoAway = false;
    void* m_frameBuffer = nullptr;  ///< The library's own, on pages of its own; null when it gave it up.
};

/// A GOAWAY frame (RFC 9113 section 6.8) by hand: it must go out when the library has given up.
void appendGoAway(std::string& out, std::int32_t lastStream, std::uint32_t errorCode);

}  // namespace hone::net

#pragma once

#include "core/net/http2_answer.h"
#include "core/net/http2_guard.h"
#include "core/net/http2_scanner.h"
#include "core/net/http2_session.h"
#include "core/net/http2_stream.h"
#include "core/net/server_protocol.h"

#include <memory>
#include <vector>

namespace hone::net {

/// HTTP/2 (RFC 9113) on one connection: many requests at a time, their answers in one write per turn.
///
/// nghttp2 keeps the protocol's state; here are requests, answers, limits, deadlines and the defence against
/// clients that cost more than they should (Http2Guard). Request content is held up to Limits::http2Buffered
/// for all streams together; beyond that only the oldest upload may go on, so that one can always finish
/// (plus what the initial windows had already allowed). A malformed request is answered 400 or reset, a
/// limit with its status; what breaks the connection ends it with GOAWAY.
///
/// Thread: its connection's loop. Owner: the connection. Invariant: a stream in m_streams is the one nghttp2
/// knows by that id, and the other way round.
class Http2Protocol final : public Protocol, private Http2Session::Events {
public:
    explicit Http2Protocol(ProtocolContext context);
    /// Goes on from an HTTP/1.1 request with `Upgrade: h2c`; it becomes stream 1 and is handled in the first
    /// turn. `settings`: HTTP2-Settings, decoded. Null when that is malformed: answer in HTTP/1.1 then.
    static std::unique_ptr<Protocol> upgraded(ProtocolContext context, std::string_view settings,
                                              const http::Request& request);
    ~Http2Protocol() override;

    Turn turn(InputBuffer& in, OutputQueue& out, Nanos now) override;
    [[nodiscard]] Nanos deadline() const override;
    void expire(OutputQueue& out) override;
    bool finish(OutputQueue& out) override;
    [[nodiscard]] bool lingers() const override { return m_lingers; }
    void doze() override;
    void closed() override;

    // For Http2Stream, on the loop.
    [[nodiscard]] bool answersNow() const { return m_dispatching; }
    void answer(Http2Stream& stream, http::Response&& response);
    void answerLate(Http2Stream& stream, http::Response&& response);

private:
    using StreamId = Http2Session::StreamId;
    using Events = Http2Session::Events;

    /// A header block longer than this many times the limit is no mistake any more: shorter ones get their
    /// 431. For the bytes on the wire, and again for what they decompress to.
    static constexpr std::size_t kBlockOverrun = 4;

    bool onRequestBegins(StreamId id) override;
    bool onField(StreamId id, std::string_view name, std::string_view value, bool isTrailer,
                 bool isWellFormed) override;
    bool onHeadEnds(StreamId id, bool endsStream) override;
    bool onData(StreamId id, std::string_view bytes) override;
    bool onRequestEnds(StreamId id) override;
    bool onPingAck() override;
    bool onViolation(int error) override;
    bool onClosed(StreamId id, std::uint32_t errorCode) override;
    Http2Content::Next nextContent(StreamId id, std::size_t room) override;
    void takeContent(StreamId id, std::string& out, std::size_t size) override;
    void onAnswerSent(StreamId id) override;

    [[nodiscard]] Http2Stream* find(StreamId id) const;
    Http2Stream& open(StreamId id);
    void makeReady(Http2Stream& stream);
    void dispatchReady();
    void handle(Http2Stream& stream);
    void refuse(Http2Stream& stream, Http2Head::Refusal refusal);
    void sourceReady(StreamId id);
    void wakeSources();
    void resumeSoon();

    void beginStop();
    bool feed(InputBuffer& in);
    bool countFrame(const Http2Scanner::Frame& frame);
    [[nodiscard]] Turn pump(OutputQueue& out);
    Turn end(OutputQueue& out, std::uint32_t errorCode);

    void holdBody(Http2Stream& stream, std::size_t bytes);
    void releaseBody(Http2Stream& stream);
    [[nodiscard]] const Http2Stream* oldestUpload() const;

    [[nodiscard]] Nanos deadlineOf(const Http2Stream& stream) const;
    void noteHeaderBlock();
    bool dropOverdue();

    const ProtocolContext m_context;
    const Limits& m_limits;
    std::unique_ptr<Http2Session> m_session;  ///< Gone after closed().
    std::vector<std::shared_ptr<Http2Stream>> m_streams;
    std::vector<std::shared_ptr<Http2Stream>> m_spare;  ///< Ended, with nobody holding them.
    std::vector<StreamId> m_ready;
    std::vector<StreamId> m_wake;  ///< Their BodySource has more.
    Http2AnswerFields m_fields;
    Http2Scanner m_scanner;
    Http2Guard m_guard;

    std::size_t m_held = 0;       ///< Bytes of request content in all streams.
    Nanos m_now;                  ///< Of the turn.
    Nanos m_lastUse;              ///< A stream was opened or closed.
    Nanos m_blockSince{0};        ///< A header block is under way; 0: none.
    Nanos m_lastSent;             ///< Content went out.
    Nanos m_nextCheck{0};         ///< Of overdue streams.
    std::size_t m_sentSince = 0;  ///< Bytes since m_lastSent.
    std::uint32_t m_endCode = 0;  ///< Why an event ended the session.
    bool m_unheard = false;       ///< After an Upgrade: the client has sent nothing in HTTP/2 yet.
    bool m_saidFirst = false;     ///< What it may be sent until then.
    bool m_hadStream = false;
    std::uint64_t m_handled = 0;  ///< Requests handed over.
    bool m_dispatching = false;
    bool m_inTurn = false;
    bool m_resumePosted = false;
    bool m_stopping = false;  ///< The client was told that this connection ends.
    bool m_saidLast = false;  ///< With the last stream that is served.
    bool m_lingers = false;
};

}  // namespace hone::net

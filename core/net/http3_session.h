#pragma once

#include "core/net/http2_answer.h"
#include "core/net/http2_guard.h"
#include "core/net/http3_stream.h"

#include <nghttp3/nghttp3.h>
#include <ngtcp2/ngtcp2.h>

#include <unordered_map>

namespace hone::net {

/// What the session asks of its connection. Thread: the loop's.
class Http3Host {
public:
    [[nodiscard]] virtual std::shared_ptr<void> keep() = 0;
    /// There is something to send, outside of a call from the connection.
    virtual void writeSoon() = 0;

protected:
    ~Http3Host() = default;
};

/// HTTP/3 (RFC 9114) on one QUIC connection: turns streams into requests for the handler and answers into
/// streams. The library frames and checks messages, the rules it leaves to us are those of Http2Head.
///
/// The library resets a stream with a malformed message (H3_MESSAGE_ERROR); what breaks the connection ends
/// it; what passes our limits is answered (431, 414, 413, 408). Thread: its loop's. Owner: the connection,
/// which gives all datagrams at hand to the transport before it calls dispatch(). Invariant: a stream in
/// m_streams is one the transport has open.
class Http3Session {
public:
    struct Context {
        std::shared_ptr<ServerCore> core;
        Handler* handler = nullptr;
        Http3Host* host = nullptr;
        ngtcp2_conn* transport = nullptr;
        std::string_view peer;
        std::uint64_t connection = 0;
    };
    using StreamId = std::int64_t;

    /// Null when the client does not let us open the three streams HTTP/3 needs.
    [[nodiscard]] static std::unique_ptr<Http3Session> create(Context context);
    Http3Session(const Http3Session&) = delete;
    Http3Session& operator=(const Http3Session&) = delete;
    ~Http3Session();

    // From the transport. False: the connection ends with errorCode().
    [[nodiscard]] bool received(StreamId id, std::string_view bytes, bool isLast);
    [[nodiscard]] bool acknowledged(StreamId id, std::uint64_t bytes);
    [[nodiscard]] bool streamClosed(StreamId id, std::uint64_t code);
    [[nodiscard]] bool streamReset(StreamId id);
    [[nodiscard]] bool unblocked(StreamId id);
    void mayOpen(std::uint64_t streams);
    [[nodiscard]] std::uint64_t errorCode() const { return m_errorCode; }

    /// Content that sources have meanwhile goes out with the next packets.
    void wakeSources();
    /// Hands complete requests to the handler.
    void dispatch(Nanos now);
    enum class Overdue : std::uint8_t { None, Streams, Connection };
    /// Ends streams that stand still and says what there was. Connection: it ends with errorCode().
    [[nodiscard]] Overdue dropOverdue(Nanos now);
    /// Says goodbye; requests that were already sent are answered.
    void beginStop();
    [[nodiscard]] bool isDone() const { return m_stopping && m_streams.empty(); }

    // While packets are made.
    struct Next {
        StreamId id = -1;
        bool isLast = false;
        nghttp3_vec parts[16];
        std::size_t count = 0;
    };
    /// False: the connection ends with errorCode().
    [[nodiscard]] bool next(Next& out);
    [[nodiscard]] bool wrote(const Next& what, std::size_t bytes);
    void isBlocked(StreamId id) { nghttp3_conn_block_stream(m_http, id); }
    void isShut(StreamId id) { nghttp3_conn_shutdown_stream_write(m_http, id); }
    /// After the last packet; true when there are more to make.
    [[nodiscard]] bool settle();

    // For Http3Stream, on the loop.
    [[nodiscard]] bool answersNow() const { return m_dispatching; }
    void answer(Http3Stream& stream, http::Response&& response);
    void answerLate(Http3Stream& stream, http::Response&& response);

private:
    using Phase = Http3Stream::Phase;
    struct Callbacks;  ///< The library's, in C.
    [[nodiscard]] static nghttp3_callbacks callbackTable();
    [[nodiscard]] static nghttp3_data_reader contentReader();

    explicit Http3Session(Context context);
    [[nodiscard]] bool bind();
    [[nodiscard]] bool check(long result);
    [[nodiscard]] Http3Stream* find(StreamId id) const;

    bool onRequestBegins(StreamId id);
    bool onField(Http3Stream& stream, std::string_view name, std::string_view value, bool isTrailer);
    void onHeadEnds(Http3Stream& stream, bool endsStream);
    void onContent(StreamId id, std::string_view bytes);
    void onRequestEnds(Http3Stream& stream);
    bool onClosed(StreamId id, std::uint64_t code);
    [[nodiscard]] long nextContent(Http3Stream& stream, nghttp3_vec& out, std::uint32_t& flags);

    [[nodiscard]] bool dropOverdue(Http3Stream& stream);
    void makeReady(Http3Stream& stream);
    void handle(Http3Stream& stream);
    void refuse(Http3Stream& stream, Http2Head::Refusal refusal);
    void submit(Http3Stream& stream, const http::Response& response, bool hasContent);
    void sourceReady(StreamId id);
    void consumed(StreamId id, std::size_t bytes);
    void holdBody(Http3Stream& stream, std::size_t bytes);
    void releaseBody(Http3Stream& stream);
    void withhold(Http3Stream& stream, std::size_t bytes);
    void giveRoom(Http3Stream& stream);
    [[nodiscard]] const Http3Stream* oldestUpload() const;

    const Context m_context;
    const Limits& m_limits;
    nghttp3_conn* m_http = nullptr;
    std::unordered_map<StreamId, std::shared_ptr<Http3Stream>> m_streams;
    std::vector<StreamId> m_ready;
    std::vector<StreamId> m_wake;  ///< Their BodySource has more.
    std::vector<StreamId> m_cut;   ///< Their source failed.
    std::vector<StreamId> m_sent;  ///< Answered before the request was complete.
    Http2AnswerFields m_fields;
    std::vector<nghttp3_nv> m_lines;
    std::string m_names;
    Http2Guard m_guard;
    Nanos m_now;
    Nanos m_lastUse;
    std::size_t m_held = 0;      ///< Bytes of request content in all streams.
    std::size_t m_withheld = 0;  ///< Of them, those their clients got no new room for.
    std::uint64_t m_errorCode = NGHTTP3_H3_INTERNAL_ERROR;
    std::uint64_t m_handled = 0;  ///< Requests handed over.
    bool m_dispatching = false;
    bool m_hadStream = false;
    bool m_stopping = false;
};

}  // namespace hone::net

#include "core/net/http2_protocol.h"

#include "core/base/log.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

namespace hone::net {

namespace {

constexpr std::size_t kOutputLimit = 256 * 1024;  ///< Made ahead of what the socket takes.
/// Sent behind 101 before the client is heard in HTTP/2, plus a frame: curl 7 gives up when more than 32 KiB
/// follow.
constexpr std::size_t kBeforePreface = 8 * 1024;

std::uint32_t codeFor(long error) {
    switch (error) {
        case NGHTTP2_ERR_FLOODED:
        case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS:
        case NGHTTP2_ERR_TOO_MANY_SETTINGS: return NGHTTP2_ENHANCE_YOUR_CALM;
        case NGHTTP2_ERR_BAD_CLIENT_MAGIC: return NGHTTP2_PROTOCOL_ERROR;
        default: return NGHTTP2_INTERNAL_ERROR;
    }
}

}  // namespace

Http2Protocol::Http2Protocol(ProtocolContext context)
    : m_context(std::move(context)),
      m_limits(m_context.core->limits),
      m_session(std::make_unique<Http2Session>(static_cast<Events&>(*this), m_limits)),
      m_guard(monotonicNow()),
      m_now(monotonicNow()),
      m_lastUse(m_now),
      m_lastSent(m_now) {}

Http2Protocol::~Http2Protocol() { closed(); }

std::unique_ptr<Protocol> Http2Protocol::upgraded(ProtocolContext context, std::string_view settings,
                                                  const http::Request& request) {
    auto protocol = std::make_unique<Http2Protocol>(std::move(context));
    if (!protocol->m_session->upgrade(settings, request.method == http::Method::Head))
        return nullptr;
    Http2Stream& stream = protocol->open(1);
    stream.head.adopt(request);
    stream.body = request.body;
    protocol->m_held += stream.body.size();
    protocol->makeReady(stream);
    protocol->m_unheard = true;
    return protocol;
}

Protocol::Turn Http2Protocol::turn(InputBuffer& in, OutputQueue& out, Nanos now) {
    m_inTurn = true;
    m_now = std::max(m_now, now);
    m_guard.advance(m_now);
    if (m_context.core->stopping)
        beginStop();
    wakeSources();
    Turn next = Turn::Wait;
    if (out.size() >= kOutputLimit)
        next = Turn::Wait;  // the client must take what is there before it may ask for more
    else if (!feed(in) || !dropOverdue())
        next = end(out, m_endCode);
    else {
        dispatchReady();
        next = pump(out);
    }
    m_inTurn = false;
    if (!m_wake.empty() && next != Turn::LastWrite)
        resumeSoon();
    return next;
}

/// False: the connection ends, with m_endCode.
bool Http2Protocol::feed(InputBuffer& in) {
    if (in.empty())
        return true;
    const std::string_view bytes(in.data(), in.size());
    m_unheard = false;
    m_endCode = NGHTTP2_ENHANCE_YOUR_CALM;  // what events that end the session mean
    if (!m_scanner.scan(bytes, [this](const Http2Scanner::Frame& frame) { return countFrame(frame); }))
        return false;
    const long used = m_session->feed(bytes);
    in.consume(bytes.size());
    noteHeaderBlock();
    if (used >= 0)
        return true;
    if (used != NGHTTP2_ERR_CALLBACK_FAILURE)
        m_endCode = codeFor(used);
    return false;
}

/// False when the client sends more frames without a purpose than we put up with.
bool Http2Protocol::countFrame(const Http2Scanner::Frame& frame) {
    if (m_scanner.blockBytes() > m_limits.headerBytes * kBlockOverrun)
        return false;
    switch (frame.type) {
        case Http2Scanner::kHeaders: return true;
        case Http2Scanner::kData:
            return frame.length > 0 || (frame.flags & Http2Scanner::kEndStream) || m_guard.chore();
        default: return m_guard.chore();
    }
}

/// Appends what is ready and says how the connection goes on.
Protocol::Turn Http2Protocol::pump(OutputQueue& out) {
    if (m_stopping && m_streams.empty() && !m_saidLast) {
        m_saidLast = true;
        m_session->goAway();
    }
    if (m_unheard && std::exchange(m_saidFirst, true))
        return Turn::Read;
    m_endCode = NGHTTP2_INTERNAL_ERROR;
    switch (m_session->pump(out, m_unheard ? out.size() + kBeforePreface : kOutputLimit)) {
        case Http2Session::Pumped::Failed: return end(out, m_endCode);
        case Http2Session::Pumped::Full: return m_unheard ? Turn::Read : Turn::Wait;
        case Http2Session::Pumped::Dry: break;
    }
    if (m_stopping && m_streams.empty() && !m_saidLast)
        return pump(out);  // the last answer went out just now
    if (!m_session->ended())
        return Turn::Read;
    m_lingers = m_session->saidGoAway();
    return Turn::LastWrite;
}

Protocol::Turn Http2Protocol::end(OutputQueue& out, std::uint32_t errorCode) {
    m_context.core->malformed.add(1);
    appendGoAway(out.text(), m_session->lastProcessed(), errorCode);
    m_lingers = true;
    return Turn::LastWrite;
}

void Http2Protocol::dispatchReady() {
    for (std::size_t i = 0; i < m_ready.size(); ++i) {
        Http2Stream* const stream = find(m_ready[i]);
        if (!stream || stream->phase != Http2Stream::Phase::Ready)
            continue;  // reset by bytes that came with it
        if (stream->head.refusal())
            refuse(*stream, *stream->head.refusal());
        else
            handle(*stream);
    }
    m_ready.clear();
}

void Http2Protocol::handle(Http2Stream& stream) {
    stream.phase = Http2Stream::Phase::Handling;
    http::Request& request = stream.request;
    stream.head.fill(request);
    request.body = stream.body;
    request.scheme = m_context.isTls ? "https" : "http";
    request.peer = m_context.peer;
    request.connection = m_context.connection;
    request.ordinal = m_handled++;
    request.isEarly = m_context.isTls && m_context.host->isEarly();
    request.received = m_now;
    stream.keep = m_context.host->keep();
    m_context.core->requests.add(1);
    m_dispatching = true;
    try {
        m_context.handler->handle(request, Responder(stream.shared_from_this(), &stream));
    } catch (const std::exception& error) {
        // The Responder went down with the stack and answered 500.
        log::error("a request handler threw: {}", error.what());
    }
    m_dispatching = false;
}

void Http2Protocol::refuse(Http2Stream& stream, Http2Head::Refusal refusal) {
    if (refusal.status != 408)
        m_context.core->malformed.add(1);
    stream.phase = Http2Stream::Phase::Handling;
    answer(stream, http::problem(refusal.status, refusal.detail));
}

void Http2Protocol::answer(Http2Stream& stream, http::Response&& response) {
    if (stream.phase != Http2Stream::Phase::Handling)
        return;
    stream.phase = Http2Stream::Phase::Answering;
    stream.lastMove = m_now;
    releaseBody(stream);
    if (response.close)
        beginStop();
    if (!m_context.core->altSvc.empty())
        response.fields.set("Alt-Svc", m_context.core->altSvc);
    std::string_view date = m_context.core->date.line();
    date = date.substr(date.find(' ') + 1);
    date.remove_suffix(2);
    const auto length = contentLength(response);
    const bool hasContent = !stream.head.isHead() && !http::statusHasNoContent(response.finalStatus()) &&
                            (response.source || !response.content().empty());
    const auto fields = m_fields.build(response, date, length);
    m_session->answer(stream.id, fields, hasContent);
    if (hasContent)
        stream.content.set(std::move(response), [weak = stream.weak_from_this()] {
            if (const auto self = weak.lock(); self && self->protocol)
                self->protocol->sourceReady(self->id);
        });
    stream.keep.reset();
}

void Http2Protocol::answerLate(Http2Stream& stream, http::Response&& response) {
    resumeSoon();  // first: it takes over keeping the connection
    answer(stream, std::move(response));
}

/// Answers that come one by one from other threads leave together: the turn is behind them in the queue.
void Http2Protocol::resumeSoon() {
    if (m_resumePosted || m_inTurn)
        return;
    m_resumePosted = m_context.core->post([this, keep = m_context.host->keep()] {
        m_resumePosted = false;
        if (m_session)
            m_context.host->resume();
    });
}

void Http2Protocol::sourceReady(StreamId id) {
    m_wake.push_back(id);
    resumeSoon();
}

void Http2Protocol::wakeSources() {
    for (const StreamId id : m_wake) {
        Http2Stream* const stream = find(id);
        if (!stream || !std::exchange(stream->waits, false))
            continue;
        stream->lastMove = m_now;
        m_session->resumeContent(id);
    }
    m_wake.clear();
}

bool Http2Protocol::finish(OutputQueue& out) {
    beginStop();
    return pump(out) == Turn::LastWrite;
}

/// New requests are still taken while the notice travels; pump() says the last word.
void Http2Protocol::beginStop() {
    if (!std::exchange(m_stopping, true) && !m_streams.empty())
        m_session->noticeShutdown();
}

void Http2Protocol::closed() {
    for (const auto& stream : m_streams)
        stream->giveUp();
    m_streams.clear();
    m_spare.clear();
    m_session.reset();
}

}  // namespace hone::net

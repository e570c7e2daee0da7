#include "core/net/http3_session.h"

#include "core/base/log.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"

/// The requests of an HTTP/3 connection: what comes for them, who answers, how long they may take.
namespace hone::net {

namespace {

constexpr std::size_t kUploadWindow = 1024 * 1024;  ///< Of an upload that has the connection to itself.
/// A reader that takes less than this per writeTimeout stands still.
constexpr std::size_t kProgressBytes = 4 * 1024;

}  // namespace

bool Http3Session::onRequestBegins(StreamId id) {
    auto stream = std::make_shared<Http3Stream>(m_context.core, *this, id);
    stream->lastMove = m_now;
    m_streams.emplace(id, std::move(stream));
    m_hadStream = true;
    m_lastUse = m_now;
    return true;
}

void Http3Session::onHeadEnds(Http3Stream& stream, bool endsStream) {
    stream.head.finish();
    if (stream.head.refusal())
        return makeReady(stream);
    stream.phase = Phase::Body;
    stream.lastMove = m_now;
    if (endsStream || !stream.head.expectsContinue())
        return;
    std::uint8_t name[] = ":status", value[] = "100";
    const nghttp3_nv status{name, value, sizeof name - 1, sizeof value - 1, NGHTTP3_NV_FLAG_NONE};
    nghttp3_conn_submit_info(m_http, stream.id, &status, 1);
}

void Http3Session::onRequestEnds(Http3Stream& stream) {
    stream.requestEnded = true;
    if (stream.phase == Phase::Body)
        makeReady(stream);
}

void Http3Session::makeReady(Http3Stream& stream) {
    stream.phase = Phase::Ready;
    m_ready.push_back(stream.id);
}

void Http3Session::onContent(StreamId id, std::string_view bytes) {
    ngtcp2_conn_extend_max_offset(m_context.transport, bytes.size());
    Http3Stream* const stream = find(id);
    if (!stream || stream->phase != Phase::Body)
        return;  // refused meanwhile: thrown away, and the client gets no more room
    stream->lastMove = m_now;
    if (stream->body.size() + bytes.size() > m_limits.bodyBytes) {
        stream->head.refuse({413, "the content is longer than this server takes"});
        return makeReady(*stream);
    }
    if (stream->body.empty() && m_streams.size() == 1)
        ngtcp2_conn_extend_max_stream_offset(m_context.transport, id, kUploadWindow);
    stream->body.append(bytes);
    holdBody(*stream, bytes.size());
}

/// Counts received content and lets the client send that much more, unless too much is held already.
void Http3Session::holdBody(Http3Stream& stream, std::size_t bytes) {
    m_held += bytes;
    if (m_held <= m_limits.http2Buffered || oldestUpload() == &stream)
        ngtcp2_conn_extend_max_stream_offset(m_context.transport, stream.id, bytes);
    else
        withhold(stream, bytes);
}

void Http3Session::withhold(Http3Stream& stream, std::size_t bytes) {
    stream.withheld += bytes;
    m_withheld += bytes;
}

void Http3Session::giveRoom(Http3Stream& stream) {
    m_withheld -= stream.withheld;
    ngtcp2_conn_extend_max_stream_offset(m_context.transport, stream.id, std::exchange(stream.withheld, 0));
}

void Http3Session::releaseBody(Http3Stream& stream) {
    m_held -= stream.body.size();
    stream.body = {};
    m_withheld -= std::exchange(stream.withheld, 0);
    if (m_withheld == 0)
        return;
    for (const auto& [id, other] : m_streams)
        if (other->withheld > 0 && (m_held <= m_limits.http2Buffered || other.get() == oldestUpload()))
            giveRoom(*other);
}

const Http3Stream* Http3Session::oldestUpload() const {
    const Http3Stream* oldest = nullptr;
    for (const auto& [id, stream] : m_streams)
        if (stream->phase == Phase::Body && (!oldest || id < oldest->id))
            oldest = stream.get();
    return oldest;
}

bool Http3Session::onClosed(StreamId id, std::uint64_t code) {
    const auto found = m_streams.find(id);
    if (found == m_streams.end())
        return true;
    const std::shared_ptr<Http3Stream> stream = found->second;
    m_streams.erase(found);
    m_lastUse = m_now;
    const bool cancelled = code != NGHTTP3_H3_NO_ERROR && !stream->answerSent;
    if (stream->phase == Phase::Handling) {  // the handler may still be reading it
        m_held -= stream->body.size();
        m_withheld -= std::exchange(stream->withheld, 0);
    } else {
        releaseBody(*stream);
    }
    stream->giveUp();
    if (!cancelled || m_guard.cancel())
        return true;
    m_errorCode = NGHTTP3_H3_EXCESSIVE_LOAD;
    return false;
}

void Http3Session::dispatch(Nanos now) {
    m_now = now;
    m_guard.advance(now);
    for (std::size_t i = 0; i < m_ready.size(); ++i) {
        Http3Stream* const stream = find(m_ready[i]);
        if (!stream || stream->phase != Phase::Ready)
            continue;  // reset by datagrams that came with it
        if (stream->head.refusal())
            refuse(*stream, *stream->head.refusal());
        else
            handle(*stream);
    }
    m_ready.clear();
}

void Http3Session::handle(Http3Stream& stream) {
    stream.phase = Phase::Handling;
    http::Request& request = stream.request;
    stream.head.fill(request);
    request.version = 30;
    request.body = stream.body;
    request.scheme = "https";
    request.peer = m_context.peer;
    request.connection = m_context.connection;
    request.ordinal = m_handled++;
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

void Http3Session::refuse(Http3Stream& stream, Http2Head::Refusal refusal) {
    if (refusal.status != 408)
        m_context.core->malformed.add(1);
    stream.phase = Phase::Handling;
    answer(stream, http::problem(refusal.status, refusal.detail));
}

void Http3Session::answer(Http3Stream& stream, http::Response&& response) {
    if (stream.phase != Phase::Handling)
        return;
    stream.phase = Phase::Answering;
    stream.lastMove = m_now;
    releaseBody(stream);
    if (response.close)
        beginStop();
    const bool hasContent = !stream.head.isHead() && !http::statusHasNoContent(response.finalStatus()) &&
                            (response.source || !response.content().empty());
    submit(stream, response, hasContent);
    if (hasContent)
        stream.content.set(std::move(response), [weak = stream.weak_from_this()] {
            if (const auto self = weak.lock(); self && self->session)
                self->session->sourceReady(self->id);
        });
    stream.keep.reset();
}

void Http3Session::answerLate(Http3Stream& stream, http::Response&& response) {
    m_context.host->writeSoon();  // first: it takes over keeping the connection
    answer(stream, std::move(response));
}

void Http3Session::sourceReady(StreamId id) {
    m_wake.push_back(id);  // later: this may be in the middle of asking that source
    m_context.host->writeSoon();
}

void Http3Session::wakeSources() {
    for (const StreamId id : std::exchange(m_wake, {})) {
        Http3Stream* const stream = find(id);
        if (!stream || !std::exchange(stream->waits, false))
            continue;
        stream->lastMove = m_now;
        nghttp3_conn_resume_stream(m_http, id);
    }
}

Http3Session::Overdue Http3Session::dropOverdue(Nanos now) {
    m_now = now;
    if (m_streams.empty()) {
        if (now < m_lastUse + (m_hadStream ? m_limits.idleTimeout : m_limits.headerTimeout))
            return Overdue::None;
        m_errorCode = NGHTTP3_H3_NO_ERROR;
        return Overdue::Connection;
    }
    Overdue found = Overdue::None;
    for (const auto& [id, stream] : m_streams)
        if (dropOverdue(*stream))
            found = Overdue::Streams;
    return found;
}

bool Http3Session::dropOverdue(Http3Stream& stream) {
    if (stream.moved >= kProgressBytes) {
        stream.moved = 0;
        stream.lastMove = m_now;
    }
    const Nanos waited = m_now - stream.lastMove;
    if (stream.phase == Phase::Head && waited > m_limits.headerTimeout) {
        ngtcp2_conn_shutdown_stream(m_context.transport, stream.id, NGHTTP3_H3_REQUEST_INCOMPLETE);
    } else if (stream.phase == Phase::Body && waited > m_limits.bodyTimeout) {
        stream.head.refuse({408, "the content did not arrive in time"});
        makeReady(stream);
    } else if (stream.phase == Phase::Answering && !stream.waits && waited > m_limits.writeTimeout) {
        ngtcp2_conn_shutdown_stream(m_context.transport, stream.id, NGHTTP3_H3_REQUEST_CANCELLED);
    } else {
        return false;
    }
    stream.lastMove = m_now;  // what was said now travels first
    return true;
}

}  // namespace hone::net

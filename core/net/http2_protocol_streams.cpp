#include "core/net/http2_protocol.h"

/// The streams of an HTTP/2 connection: what comes for them, what goes out, how long they may take.
namespace hone::net {

namespace {

using Phase = Http2Stream::Phase;

constexpr Nanos kNever = Nanos::max();
constexpr std::size_t kMaxSpare = 16;
constexpr std::size_t kUploadWindow = 1024 * 1024;  ///< Of an upload that has the connection to itself.
constexpr std::size_t kKeptBody = 16 * 1024;
/// A reader that takes less than this per writeTimeout stands still, whatever windows it hands out.
constexpr std::size_t kProgressBytes = 4 * 1024;
constexpr std::size_t kFullFrame = 512;  ///< Content that a client may answer with window updates.
constexpr double kChoresPerRequest = 4, kChoresPerFrame = 2;
constexpr std::chrono::seconds kCheckEvery{1};

}  // namespace

Http2Stream* Http2Protocol::find(StreamId id) const { return static_cast<Http2Stream*>(m_session->user(id)); }

Http2Stream& Http2Protocol::open(StreamId id) {
    std::shared_ptr<Http2Stream> stream;
    if (m_spare.empty()) {
        stream = std::make_shared<Http2Stream>(m_context.core, *this, id);
    } else {
        stream = std::move(m_spare.back());
        m_spare.pop_back();
        stream->reuse(*this, id);
    }
    stream->index = m_streams.size();
    stream->lastMove = m_now;
    m_session->setUser(id, stream.get());
    m_streams.push_back(std::move(stream));
    m_hadStream = true;
    m_lastUse = m_now;
    m_guard.earn(kChoresPerRequest);
    return *m_streams.back();
}

bool Http2Protocol::onRequestBegins(StreamId id) {
    open(id);
    return true;
}

bool Http2Protocol::onField(StreamId id, std::string_view name, std::string_view value, bool isTrailer,
                            bool isWellFormed) {
    Http2Stream* const stream = find(id);
    if (!stream)
        return true;
    if (isTrailer)
        stream->head.addTrailer(name, value);
    else if (isWellFormed)
        stream->head.add(name, value);
    else
        stream->head.addMalformed(name, value);
    // A few bytes on the wire can name a long table entry again and again (CVE-2016-6581).
    return stream->head.size() <= m_limits.headerBytes * kBlockOverrun;
}

bool Http2Protocol::onHeadEnds(StreamId id, bool endsStream) {
    Http2Stream* const stream = find(id);
    if (!stream)
        return true;
    stream->head.finish();
    if (stream->head.refusal()) {
        makeReady(*stream);
        return true;
    }
    stream->phase = Phase::Body;
    stream->lastMove = m_now;
    if (!endsStream && stream->head.expectsContinue())
        m_session->sayContinue(id);
    return true;
}

bool Http2Protocol::onRequestEnds(StreamId id) {
    Http2Stream* const stream = find(id);
    if (stream && stream->phase == Phase::Body)
        makeReady(*stream);
    return true;
}

void Http2Protocol::makeReady(Http2Stream& stream) {
    stream.phase = Phase::Ready;
    m_ready.push_back(stream.id);
}

bool Http2Protocol::onData(StreamId id, std::string_view bytes) {
    m_session->consumeConnection(bytes.size());
    Http2Stream* const stream = find(id);
    if (!stream || stream->phase != Phase::Body)
        return true;  // refused meanwhile: thrown away
    stream->lastMove = m_now;
    if (stream->body.size() + bytes.size() > m_limits.bodyBytes) {
        stream->head.refuse({413, "the content is longer than this server takes"});
        makeReady(*stream);
        return true;
    }
    if (stream->body.empty() && m_streams.size() == 1 && m_held == 0)
        m_session->widen(id, kUploadWindow);
    stream->body.append(bytes);
    holdBody(*stream, bytes.size());
    return true;
}

/// Counts received content and lets the client send that much more, unless too much is held already.
void Http2Protocol::holdBody(Http2Stream& stream, std::size_t bytes) {
    m_held += bytes;
    if (m_held <= m_limits.http2Buffered || oldestUpload() == &stream)
        m_session->consumeStream(stream.id, bytes);
    else
        stream.withheld += bytes;
}

void Http2Protocol::releaseBody(Http2Stream& stream) {
    m_held -= stream.body.size();
    if (stream.body.capacity() > kKeptBody)
        stream.body = {};
    stream.body.clear();
    stream.withheld = 0;
    for (const auto& other : m_streams)
        if (other->withheld > 0 && (m_held <= m_limits.http2Buffered || other.get() == oldestUpload()))
            m_session->consumeStream(other->id, std::exchange(other->withheld, 0));
}

const Http2Stream* Http2Protocol::oldestUpload() const {
    const Http2Stream* oldest = nullptr;
    for (const auto& stream : m_streams)
        if (stream->phase == Phase::Body && (!oldest || stream->id < oldest->id))
            oldest = stream.get();
    return oldest;
}

bool Http2Protocol::onPingAck() {
    if (m_stopping && !m_saidLast) {  // the client has seen the notice: what it had sent before is here
        m_saidLast = true;
        m_session->goAway();
    }
    return true;
}

bool Http2Protocol::onViolation(int error) {
    m_context.core->malformed.add(1);
    // A stream that was never opened is not closed either: counted here.
    return error != NGHTTP2_ERR_REFUSED_STREAM || m_guard.cancel();
}

bool Http2Protocol::onClosed(StreamId id, std::uint32_t errorCode) {
    Http2Stream* const found = find(id);
    if (!found)
        return true;
    const std::shared_ptr<Http2Stream> stream = m_streams[found->index];
    m_streams.back()->index = stream->index;
    std::swap(m_streams[stream->index], m_streams.back());
    m_streams.pop_back();
    m_lastUse = m_now;
    const bool cancelled = errorCode != NGHTTP2_NO_ERROR && !stream->answerSent;
    stream->giveUp();
    releaseBody(*stream);
    if (stream.use_count() == 1 && m_spare.size() < kMaxSpare) {
        stream->keep.reset();
        m_spare.push_back(stream);
    }
    if (!cancelled || m_guard.cancel())
        return true;
    m_endCode = NGHTTP2_ENHANCE_YOUR_CALM;
    return false;
}

Http2Content::Next Http2Protocol::nextContent(StreamId id, std::size_t room) {
    Http2Stream* const stream = find(id);
    if (!stream)
        return {Http2Content::State::Cut};
    stream->waits = true;  // before it is asked: it may call onReady at once
    const Http2Content::Next next = stream->content.next(room);
    if (next.state != Http2Content::State::Wait)
        stream->waits = false;
    else
        stream->lastMove = m_now;  // our own wait, not the client's
    return next;
}

void Http2Protocol::takeContent(StreamId id, std::string& out, std::size_t size) {
    Http2Stream& stream = *find(id);
    stream.content.take(out, size);
    stream.moved += size;
    m_sentSince += size;
    if (stream.moved >= kProgressBytes) {
        stream.moved = 0;
        stream.lastMove = m_now;
    }
    if (m_sentSince >= kProgressBytes) {
        m_sentSince = 0;
        m_lastSent = m_now;
    }
    if (size >= kFullFrame)
        m_guard.earn(kChoresPerFrame);
}

void Http2Protocol::onAnswerSent(StreamId id) {
    Http2Stream* const stream = find(id);
    if (!stream)
        return;
    stream->answerSent = true;
    // The rest of the request is not wanted (RFC 9113 section 8.1).
    if (!m_session->clientDone(id))
        m_session->reset(id, NGHTTP2_NO_ERROR);
}

void Http2Protocol::doze() {
    if (!m_streams.empty())
        return;
    m_spare = {};
    m_streams = {};
    m_ready = {};
    m_wake = {};
    m_fields = {};
    m_session->doze();
}

void Http2Protocol::noteHeaderBlock() {
    if (!m_scanner.inHeaderBlock())
        m_blockSince = Nanos{0};
    else if (m_blockSince == Nanos{0})
        m_blockSince = m_now;  // for the whole block: trickling bytes buy no time
}

/// By when content must come or go; never while we are the ones to act.
Nanos Http2Protocol::deadlineOf(const Http2Stream& stream) const {
    switch (stream.phase) {
        case Phase::Body: return stream.lastMove + m_limits.bodyTimeout;
        case Phase::Answering: return stream.waits ? kNever : stream.lastMove + m_limits.writeTimeout;
        case Phase::Head:
        case Phase::Closed: return stream.lastMove + m_limits.headerTimeout;
        case Phase::Ready:
        case Phase::Handling: return kNever;
    }
    return kNever;
}

/// Of the connection: when its last stream is overdue. Single ones are dropped by the turns that others
/// cause.
Nanos Http2Protocol::deadline() const {
    const Nanos block = m_blockSince == Nanos{0} ? kNever : m_blockSince + m_limits.headerTimeout;
    if (m_streams.empty())
        return std::min(block, m_lastUse + (m_hadStream ? m_limits.idleTimeout : m_limits.headerTimeout));
    Nanos last{0};
    for (const auto& stream : m_streams)
        last = std::max(last, deadlineOf(*stream));
    return std::min(block, last);
}

/// Ends streams whose client has stood still for too long; false when the connection as a whole has.
bool Http2Protocol::dropOverdue() {
    m_endCode = NGHTTP2_ENHANCE_YOUR_CALM;
    if (m_blockSince != Nanos{0} && m_now >= m_blockSince + m_limits.headerTimeout)
        return false;
    if (m_now < m_nextCheck)
        return true;
    m_nextCheck = m_now + kCheckEvery;
    bool allBlocked = false;
    for (const auto& stream : m_streams) {
        if (m_now < deadlineOf(*stream))
            continue;
        if (stream->phase == Phase::Body) {
            stream->head.refuse({408, "the content did not arrive in time"});
            makeReady(*stream);
        } else if (stream->phase == Phase::Answering && m_session->isBlocked(stream->id)) {
            m_session->reset(stream->id, NGHTTP2_ENHANCE_YOUR_CALM);
        } else if (stream->phase == Phase::Answering && m_session->isBlocked()) {
            allBlocked = true;
        }
    }
    return !allBlocked || m_now < m_lastSent + m_limits.writeTimeout;
}

void Http2Protocol::expire(OutputQueue& out) {
    const bool isIdle = m_streams.empty() && m_blockSince == Nanos{0};
    for (const auto& stream : m_streams)
        if (stream->phase == Phase::Body) {
            stream->head.refuse({408, "the content did not arrive in time"});
            makeReady(*stream);
        }
    dispatchReady();
    static_cast<void>(m_session->pump(out, out.size() + m_limits.headerBytes));
    appendGoAway(out.text(), m_session->lastProcessed(),
                 isIdle ? NGHTTP2_NO_ERROR : NGHTTP2_ENHANCE_YOUR_CALM);
    m_lingers = true;
}

}  // namespace hone::net

#include "core/net/http1_protocol.h"

#include "core/base/log.h"
#include "core/http/semantics.h"
#include "core/http/syntax.h"
#include "core/net/answer_writer.h"
#include "core/net/protocol_choice.h"

namespace hone::net {

namespace {

constexpr Nanos kNever = Nanos::max();
constexpr std::size_t kFlushAt = 256 * 1024;  ///< Pipelined answers are sent when this much is ready.

}  // namespace

Http1Protocol::Http1Protocol(ProtocolContext context)
    : m_context(std::move(context)),
      m_parser(m_context.core->limits),
      m_deadline(monotonicNow() + m_context.core->limits.headerTimeout) {
    m_request.peer = m_context.peer;
    m_request.connection = m_context.connection;
    if (m_context.isTls)
        m_request.scheme = "https";
}

Protocol::Turn Http1Protocol::turn(InputBuffer& in, OutputQueue& out, Nanos now) {
    m_in = &in;
    m_out = &out;
    m_now = now;
    if (std::exchange(m_lateCame, false)) {
        answer(std::move(*m_late));
        m_late.reset();
    }
    readRequests();
    m_inputEmpty = in.empty();
    m_in = nullptr;
    m_out = nullptr;
    if (m_state == State::Ended)
        return Turn::LastWrite;
    return m_state == State::Reading ? Turn::Read : Turn::Wait;
}

void Http1Protocol::readRequests() {
    while (m_out->size() < kFlushAt) {
        if (m_state == State::Streaming) {
            const BodyStream::Step step = m_stream->pull(*m_out);
            if (step == BodyStream::Step::Room || step == BodyStream::Step::Waiting)
                return;
            m_closeAfter = m_closeAfter || step == BodyStream::Step::Cut;
            m_stream.reset();
            answered();
        }
        if (m_state != State::Reading)
            return;
        if (!step())
            return setDeadline();
    }
}

/// One request further; false when more bytes are needed.
bool Http1Protocol::step() {
    if (m_in->size() == m_seen)
        return false;
    if (m_isFirst)
        if (const Preface preface = prefaceIn({m_in->data(), m_in->size()}, m_context);
            preface != Preface::Absent)
            return preface == Preface::Complete && giveWay(protocolByPreface(m_context));
    switch (m_parser.feed(m_in->data(), m_in->size())) {
        case RequestParser::Step::Complete: dispatch(); return true;
        case RequestParser::Step::Refused: {
            const RequestParser::Refusal why = m_parser.refusal();
            m_context.core->malformed.add(1);
            refuse(why.status, why.detail);
            return true;
        }
        case RequestParser::Step::NeedMore:
            if (m_parser.takeContinue())
                m_out->text().append("HTTP/1.1 100 Continue\r\n\r\n");
            m_seen = m_in->size();
            return false;
    }
    return false;
}

void Http1Protocol::dispatch() {
    m_parser.fill(m_in->data(), m_request);
    m_request.isEarly = m_context.isTls && m_context.host->isEarly();
    m_request.ordinal = m_handled++;
    m_request.received = m_now;
    if (m_parser.hasUpgrade() && upgrade())
        return;
    m_state = State::Handling;
    m_headStarted = false;
    m_isFirst = false;
    m_deadline = kNever;
    m_context.core->requests.add(1);
    m_inHandle = true;
    try {
        m_context.handler->handle(m_request, Responder(m_context.host->keep(), this));
    } catch (const std::exception& error) {
        // The Responder went down with the stack and answered 500.
        log::error("a request handler threw: {}", error.what());
    }
    m_inHandle = false;
}

/// True when the request is answered by the protocol it asked for.
bool Http1Protocol::upgrade() {
    auto next = protocolByUpgrade(m_request, m_context);
    if (!next)
        return false;
    m_out->text().append("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    m_in->consume(m_parser.size());
    return giveWay(std::move(next));
}

bool Http1Protocol::giveWay(std::unique_ptr<Protocol> next) {
    m_context.host->become(std::move(next));
    m_state = State::Ended;
    return true;
}

void Http1Protocol::respond(http::Response&& response) {
    if (m_context.core->onLoop() && m_inHandle)
        return answer(std::move(response));
    m_late = std::move(response);
    m_context.core->post([this, owner = m_context.host->keep()] {
        if (m_state != State::Handling)
            return;  // closed meanwhile
        m_lateCame = true;
        m_context.host->resume();
    });
}

void Http1Protocol::answer(http::Response&& response) {
    if (m_state != State::Handling)
        return;
    const bool isOld = m_parser.isVersion10();
    const bool hasContent = !m_parser.isHead() && !http::statusHasNoContent(response.finalStatus());
    auto framing = BodyStream::Framing::Chunked;
    if (response.source && response.sourceLength)
        framing = BodyStream::Framing::Length;
    else if (response.source && isOld)
        framing = BodyStream::Framing::UntilClose;
    const bool untilClose = response.source && hasContent && framing == BodyStream::Framing::UntilClose;
    m_closeAfter = response.close || m_context.core->stopping || !m_parser.keepAlive() || untilClose;
    if (!m_context.core->altSvc.empty())
        response.fields.set("Alt-Svc", m_context.core->altSvc);
    const auto source = std::move(response.source);
    const std::uint64_t length = response.sourceLength.value_or(0);
    appendAnswer(*m_out, std::move(response),
                 {.dateLine = m_context.core->date.line(),
                  .isHead = m_parser.isHead(),
                  .close = m_closeAfter,
                  .saysKeepAlive = isOld,
                  .isStreamed = source != nullptr,
                  .isChunked = framing == BodyStream::Framing::Chunked});
    if (!source || !hasContent)
        return answered();
    m_state = State::Streaming;
    m_stream.emplace(source, framing, length,
                     [host = m_context.host, owner = m_context.host->keep()] { host->resume(); });
}

void Http1Protocol::answered() {
    const bool clientKeeps = m_parser.keepAlive();
    m_in->consume(m_parser.size());
    m_parser.reset();
    m_seen = 0;
    m_state = m_closeAfter ? State::Ended : State::Reading;
    m_lingers = m_closeAfter && (clientKeeps || !m_in->empty());
}

void Http1Protocol::refuse(int status, std::string_view detail) {
    appendAnswer(*m_out, http::problem(status, detail),
                 {.dateLine = m_context.core->date.line(), .isHead = m_parser.isHead(), .close = true});
    m_state = State::Ended;
    m_lingers = true;
}

void Http1Protocol::setDeadline() {
    const Limits& limits = m_context.core->limits;
    if (m_parser.inBody()) {
        m_deadline = m_now + limits.bodyTimeout;  // since the last bytes: a big upload may take its time
    } else if (m_in->empty()) {
        m_deadline = m_now + (m_isFirst ? limits.headerTimeout : limits.idleTimeout);
    } else if (!m_headStarted) {
        m_headStarted = true;
        m_deadline = m_now + limits.headerTimeout;  // for the whole head: trickling bytes buy no time
    }
}

void Http1Protocol::expire(OutputQueue& out) {
    const bool isIncomplete = m_state == State::Reading && !m_inputEmpty;
    if (isIncomplete) {
        m_out = &out;
        refuse(408, m_parser.inBody() ? "the content did not arrive in time"
                                      : "the fields did not arrive in time");
        m_out = nullptr;
    }
    m_state = State::Ended;
}

bool Http1Protocol::finish(OutputQueue&) {
    // A handled request is answered with `Connection: close`, a half-read one may still arrive within the
    // grace period.
    return m_state == State::Reading && m_inputEmpty;
}

void Http1Protocol::closed() {
    m_state = State::Ended;
    m_stream.reset();  // here, on the loop: the last reference to us may go away on another thread
}

}  // namespace hone::net

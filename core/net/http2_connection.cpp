#include "core/net/http2_client.h"

#include <algorithm>

namespace hone::net {

namespace {
constexpr std::size_t kWriteAtOnce = 256 * 1024;
constexpr ClientFailure kMalformed{Error::Malformed, "malformed answer"};
constexpr ClientFailure kNoHttp2{Error::Unsupported, "no HTTP/2"};
constexpr ClientFailure kGoAway{Error::Unavailable, "goaway"};
}  // namespace

Http2Connection::Http2Connection(Http2Carrier& carrier)
    : m_loop(carrier.loop()),
      m_carrier(carrier.weak_from_this()),
      m_isSecure(carrier.options().tls != nullptr),
      m_socket(std::make_shared<ClientSocket>(m_loop, carrier.endpoint(), carrier.options(),
                                              static_cast<ClientSocket::User&>(*this))) {}

Http2Connection::~Http2Connection() { close(); }

void Http2Connection::open(ssl_session_st* session) { m_socket->open(session); }

void Http2Connection::carry(std::shared_ptr<Http2Call> call) {
    Http2Call& added = *m_calls.emplace_back(std::move(call));
    if (!m_socket->isOpen())
        return;  // opened() sends it.
    submit(added);
    flush();
}

void Http2Connection::cancel(Http2Call& call) {
    const auto self = shared_from_this();
    const auto taken = take(&call.exchange());
    m_session.cancel(call.exchange());
    flush();
    closeIfDone();
}

void Http2Connection::retire() {
    m_isRetired = true;
    closeIfDone();
}

void Http2Connection::opened() {
    const auto self = shared_from_this();
    if (m_isSecure && m_socket->protocol() != "h2") {
        m_socket->close();
        return broken(kNoHttp2);
    }
    if (!m_calls.empty())
        m_calls.front()->opened(*m_socket);
    for (const auto& call : m_calls)
        submit(*call);
    flush();
    closeIfDone();
}

void Http2Connection::submit(Http2Call& call) {
    // The carrier asks first, so this is the library being out of memory.
    if (!m_session.submit(call.exchange()))
        breakLater(kGoAway);
}

bool Http2Connection::received(std::string_view bytes) {
    const auto self = shared_from_this();
    const Nanos now = monotonicNow();
    m_isHandling = true;
    const bool isSound = m_session.feed(bytes, now);
    endCalls(now);
    m_isHandling = false;
    flush();
    if (!isSound || m_session.isOver()) {
        // Over with calls under way: it was the library that ended it, by a GOAWAY for what it had read.
        close();
        broken(kMalformed);
        return false;
    }
    closeIfDone();
    return m_socket->isOpen();
}

void Http2Connection::endCalls(Nanos now) {
    for (const auto& ended : m_session.takeEnded()) {
        const auto call = take(ended.exchange);
        if (!call)
            continue;  // Its client has gone meanwhile.
        m_hasAnswered = m_hasAnswered || !ended.failure;
        if (!ended.failure)
            call->answered(now);
        else if (ended.mayRepeat)
            call->repeatOr(*ended.failure, /*isUnseen=*/true);
        else
            call->failed(*ended.failure);
    }
}

void Http2Connection::flush() {
    if (m_isHandling || !m_socket->isOpen())
        return;
    while (!m_socket->isWaiting()) {
        if (!m_session.pull(m_socket->out(), kWriteAtOnce))
            return breakLater(kMalformed);
        if (m_socket->out().empty())
            break;
        m_socket->flush();
    }
    // Sending ends calls too: our RST_STREAM for a malformed answer, a request no longer let out. Told later,
    // since send() may be what brought us here.
    if (m_session.hasEnded())
        m_loop.post([self = shared_from_this()] {
            self->m_isHandling = true;
            self->endCalls(monotonicNow());
            self->m_isHandling = false;
            self->flush();
            self->closeIfDone();
        });
}

void Http2Connection::broken(ClientFailure failure) {
    const auto self = shared_from_this();
    m_isRetired = true;
    close();
    for (const auto& call : std::exchange(m_calls, {})) {
        if (!call->busy())
            continue;
        call->exchange().stream = -1;
        // As over HTTP/1.1: a kept connection that turned out to be closed (RFC 9112 section 9.3.1).
        if (m_hasAnswered && call->exchange().firstByte() == Nanos::zero() &&
            failure.code == Error::Unavailable)
            call->repeatOr(failure, /*isUnseen=*/false);
        else
            call->failed(failure);
    }
}

void Http2Connection::breakLater(ClientFailure failure) {
    m_isRetired = true;
    m_loop.post([self = shared_from_this(), failure] { self->broken(failure); });
}

void Http2Connection::closeIfDone() {
    if (m_calls.empty() && !m_isHandling && !takesMore())
        close();
}

void Http2Connection::close() {
    m_socket->close();
    if (const auto carrier = m_carrier.lock())
        carrier->keep(m_socket->takeSession());
}

std::shared_ptr<Http2Call> Http2Connection::take(const Http2Exchange* exchange) {
    const auto found = std::ranges::find_if(
        m_calls, [&](const std::shared_ptr<Http2Call>& call) { return &call->exchange() == exchange; });
    if (found == m_calls.end())
        return nullptr;
    auto call = std::move(*found);
    *found = std::move(m_calls.back());
    m_calls.pop_back();
    return call;
}

}  // namespace hone::net

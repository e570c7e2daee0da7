#include "core/net/server_connection.h"

#include "core/base/log.h"
#include "core/http/semantics.h"
#include "core/net/answer_writer.h"

#include <sys/socket.h>

namespace hone::net {

namespace {

constexpr Nanos kNever = Nanos::max();
constexpr std::size_t kFlushAt = 256 * 1024;  ///< Pipelined answers are sent when this much is ready.
constexpr std::chrono::seconds kLingerTime{2};

}  // namespace

ServerConnection::ServerConnection(std::shared_ptr<ServerCore> core, Handler& handler, Socket socket,
                                   std::string peer, std::uint64_t id)
    : m_core(std::move(core)),
      m_handler(handler),
      m_socket(std::move(socket)),
      m_fd(m_socket->native_handle()),
      m_peer(std::move(peer)),
      m_id(id),
      m_parser(m_core->limits),
      m_deadline(kNever) {}

void ServerConnection::start() {
    m_core->add(*this);
    m_now = monotonicNow();
    read(shared_from_this());
}

void ServerConnection::read(Self self) {
    setReadDeadline();
    const std::span<char> room = m_in.room();
    m_socket->async_read_some(boost::asio::buffer(room.data(), room.size()),
                              [self = std::move(self)](const ErrorCode& error, std::size_t bytes) mutable {
                                  ServerConnection& connection = *self;
                                  connection.onRead(std::move(self), error, bytes);
                              });
}

void ServerConnection::onRead(Self self, const ErrorCode& error, std::size_t bytes) {
    if (m_state == State::Closed)
        return;
    if (error)
        return close();  // end of stream or reset: with a request incomplete there is nobody to answer
    m_core->bytesIn.add(bytes);
    if (m_state == State::Lingering)
        return read(std::move(self));
    m_in.commit(bytes);
    m_now = monotonicNow();
    proceed(std::move(self));
}

void ServerConnection::proceed(Self self) {
    while (!m_writeWaiting) {
        const bool hungry = m_state == State::Reading && answerWhatIsThere();
        if (!flush(self))
            return;
        if (m_state == State::LastWrite)
            return endAfterLastWrite(std::move(self));
        if (m_state != State::Reading)
            return;
        if (hungry)
            return read(std::move(self));
    }
}

/// True when the bytes at hand are used up and more are needed.
bool ServerConnection::answerWhatIsThere() {
    while (m_state == State::Reading && m_out.size() < kFlushAt) {
        if (m_in.empty())
            return true;
        switch (m_parser.feed(m_in.data(), m_in.size())) {
            case RequestParser::Step::Complete: dispatch(); break;
            case RequestParser::Step::Refused: {
                const RequestParser::Refusal why = m_parser.refusal();
                m_core->malformed.add(1);
                refuse(why.status, why.detail);
                break;
            }
            case RequestParser::Step::NeedMore:
                if (m_parser.takeContinue())
                    m_out.text().append("HTTP/1.1 100 Continue\r\n\r\n");
                return true;
        }
    }
    return false;
}

void ServerConnection::dispatch() {
    m_parser.fill(m_in.data(), m_request);
    m_request.peer = m_peer;
    m_request.connection = m_id;
    m_request.received = m_now;
    m_state = State::Handling;
    m_headStarted = false;
    m_isFirst = false;
    m_deadline = kNever;
    m_core->requests.add(1);
    m_inHandle = true;
    try {
        m_handler.handle(m_request, Responder(shared_from_this(), this));
    } catch (const std::exception& error) {
        // The Responder went down with the stack and answered 500.
        log::error("a request handler threw: {}", error.what());
    }
    m_inHandle = false;
}

void ServerConnection::respond(http::Response&& response) {
    if (m_core->onLoop() && m_inHandle)
        return answer(std::move(response));
    m_late = std::move(response);
    m_core->post([self = shared_from_this()]() mutable {
        ServerConnection& connection = *self;
        if (connection.m_state != State::Handling)
            return;  // closed meanwhile
        connection.m_now = monotonicNow();
        connection.answer(std::move(*connection.m_late));
        connection.m_late.reset();
        connection.proceed(std::move(self));
    });
}

void ServerConnection::answer(http::Response&& response) {
    if (m_state != State::Handling)
        return;
    const bool clientKeeps = m_parser.keepAlive();
    const bool close = response.close || m_core->stopping || !clientKeeps;
    appendAnswer(m_out, std::move(response),
                 {.dateLine = m_core->date.line(),
                  .isHead = m_parser.isHead(),
                  .close = close,
                  .saysKeepAlive = m_parser.isVersion10()});
    m_in.consume(m_parser.size());
    m_parser.reset();
    m_state = close ? State::LastWrite : State::Reading;
    m_lingers = close && (clientKeeps || !m_in.empty());
}

void ServerConnection::refuse(int status, std::string_view detail) {
    appendAnswer(m_out, http::problem(status, detail),
                 {.dateLine = m_core->date.line(), .isHead = m_parser.isHead(), .close = true});
    m_state = State::LastWrite;
    m_lingers = true;
}

/// False when the caller must stop: the rest goes out later, or the connection is closed.
bool ServerConnection::flush(const Self& self) {
    if (m_out.empty())
        return true;
    std::uint64_t sent = 0;
    const OutputQueue::Outcome outcome = m_out.sendTo(m_fd, sent);
    m_core->bytesOut.add(sent);
    if (outcome == OutputQueue::Outcome::Done)
        return true;
    if (outcome == OutputQueue::Outcome::Blocked)
        waitWritable(self);
    else
        close();
    return false;
}

void ServerConnection::waitWritable(Self self) {
    m_writeWaiting = true;
    m_deadline = monotonicNow() + m_core->limits.writeTimeout;
    m_socket->async_wait(Socket::wait_write, [self = std::move(self)](const ErrorCode& error) mutable {
        ServerConnection& connection = *self;
        if (connection.m_state == State::Closed)
            return;
        if (error)
            return connection.close();
        connection.m_writeWaiting = false;
        connection.m_deadline = kNever;
        connection.m_now = monotonicNow();
        connection.proceed(std::move(self));
    });
}

void ServerConnection::endAfterLastWrite(Self self) {
    if (!m_lingers)
        return close();
    ::shutdown(m_fd, SHUT_WR);
    m_state = State::Lingering;
    m_in.consume(m_in.size());
    m_deadline = monotonicNow() + kLingerTime;
    read(std::move(self));
}

void ServerConnection::setReadDeadline() {
    const Limits& limits = m_core->limits;
    if (m_state == State::Lingering)
        return;  // from the shutdown on, whatever is still sent
    if (m_parser.inBody()) {
        m_deadline = m_now + limits.bodyTimeout;  // since the last bytes: a big upload may take its time
    } else if (m_in.empty()) {
        m_deadline = m_now + (m_isFirst ? limits.headerTimeout : limits.idleTimeout);
    } else if (!m_headStarted) {
        m_headStarted = true;
        m_deadline = m_now + limits.headerTimeout;  // for the whole head: trickling bytes buy no time
    }
}

void ServerConnection::onTick(Nanos now) {
    if (now < m_deadline)
        return;
    const Self self = shared_from_this();
    if (m_state != State::Reading || m_writeWaiting || m_in.empty())
        return close();
    refuse(408,
           m_parser.inBody() ? "the content did not arrive in time" : "the fields did not arrive in time");
    std::uint64_t sent = 0;
    const bool done = m_out.sendTo(m_fd, sent) == OutputQueue::Outcome::Done;
    m_core->bytesOut.add(sent);
    if (!done)
        return close();
    ::shutdown(m_fd, SHUT_WR);
    m_state = State::Lingering;  // the read is still pending and goes on as the lingering one
    m_deadline = now + kLingerTime;
}

void ServerConnection::finishSoon() {
    // A handled request is answered with `Connection: close`, a half-read one may still arrive within the
    // grace period.
    if (m_state == State::Reading && m_in.empty() && m_out.empty())
        close();
}

void ServerConnection::close() {
    if (m_state == State::Closed)
        return;
    const Self self = shared_from_this();
    m_state = State::Closed;
    m_deadline = kNever;
    m_socket.reset();  // here, on the loop: the last reference may go away on another thread, after the loop
    m_fd = -1;
    m_core->remove(*this);
}

}  // namespace hone::net

#include "core/net/server_connection.h"

#include "core/http/semantics.h"
#include "core/net/answer_writer.h"
#include "core/net/protocol_choice.h"

#include <sys/socket.h>

namespace hone::net {

namespace {

constexpr std::chrono::seconds kLingerTime{2};

}  // namespace

ServerConnection::ServerConnection(std::shared_ptr<ServerCore> core, Handler& handler, Socket socket,
                                   std::string peer, std::uint64_t id)
    : m_core(std::move(core)),
      m_socket(std::move(socket)),
      m_fd(m_socket->native_handle()),
      m_peer(std::move(peer)),
      m_context{.core = m_core,
                .handler = &handler,
                .host = this,
                .peer = m_peer,
                .connection = id,
                .isTls = m_core->tls != nullptr},
      m_tls(m_core->tls ? std::make_unique<TlsStream>(m_core->tls) : nullptr),
      m_protocol(firstProtocol(m_context)) {}

void ServerConnection::start() {
    m_core->add(*this);
    m_now = monotonicNow();
    read(shared_from_this());
}

void ServerConnection::read(Self self) {
    if (m_readWaiting)
        return;
    if (m_inputEnded)
        return close();
    m_readWaiting = true;
    InputBuffer& in = m_tls ? m_tls->wireIn() : m_in;
    if (m_tls)
        m_in.release();
    const std::span<char> room = in.room(readsMuch() ? 4 * kMuch : 1024);
    m_socket->async_read_some(boost::asio::buffer(room.data(), room.size()),
                              [self = std::move(self)](const ErrorCode& error, std::size_t bytes) mutable {
                                  ServerConnection& connection = *self;
                                  connection.onRead(std::move(self), error, bytes);
                              });
}

void ServerConnection::onRead(Self self, const ErrorCode& error, std::size_t bytes) {
    m_readWaiting = false;
    if (m_state == State::Closed)
        return;
    if (error)
        return close();  // end of stream or reset: with a request incomplete there is nobody to answer
    m_core->bytesIn.add(bytes);
    if (m_state == State::Lingering)
        return read(std::move(self));
    m_lastRead = bytes;
    m_now = monotonicNow();
    if (m_tls) {
        m_tls->wireIn().commit(bytes);
        return decrypt(std::move(self));
    }
    m_in.commit(bytes);
    proceed(std::move(self));
}

void ServerConnection::decrypt(Self self) {
    const bool wasOpen = m_tls->isOpen();
    const TlsStream::Step step = m_tls->receive(m_in);
    if (!wasOpen && m_tls->isOpen())
        shookHands();
    switch (step) {
        case TlsStream::Step::Ok: break;
        case TlsStream::Step::Ended: m_inputEnded = true; break;
        case TlsStream::Step::PlainText: refusePlainText(); break;
        case TlsStream::Step::Failed:
            m_state = State::LastWrite;  // the alert
            m_lingers = true;
            m_out.clear();
            break;
    }
    proceed(std::move(self));
}

void ServerConnection::shookHands() {
    m_core->handshakes.add(1);
    if (m_tls->isResumed())
        m_core->resumed.add(1);
    if (auto chosen = protocolByAlpn(m_tls->protocol(), m_context))
        m_protocol = std::move(chosen);
}

/// In clear, since that is what the client speaks.
void ServerConnection::refusePlainText() {
    appendAnswer(m_tls->wireOut(),
                 http::problem(400, "this port speaks TLS, the request came without", "Use https:// here."),
                 {.dateLine = m_core->date.line(), .close = true});
    m_state = State::LastWrite;
    m_lingers = true;
}

void ServerConnection::resume() {
    if (m_inTurn) {
        m_turnAgain = true;
        return;
    }
    m_now = monotonicNow();
    proceed(shared_from_this());
}

/// Turns and writes alternate until the protocol has nothing more to say or the socket takes no more.
void ServerConnection::proceed(Self self) {
    while (!m_writeWaiting && (m_state == State::Open || m_state == State::LastWrite)) {
        m_turnAgain = false;
        if (m_state == State::Open && isReady())
            takeTurn();
        const bool goesOn = !m_out.empty() || m_turnAgain;
        if (!flush(self))
            return;
        if (m_state == State::LastWrite)
            return endAfterLastWrite(std::move(self));
        if (goesOn)
            continue;
        if (m_turn == Protocol::Turn::Read)
            read(std::move(self));
        return;
    }
}

void ServerConnection::takeTurn() {
    m_inTurn = true;
    m_turn = m_protocol->turn(m_in, m_out, m_now);
    m_inTurn = false;
    if (m_next) {
        m_protocol->closed();
        m_protocol = std::move(m_next);
        m_turnAgain = true;
    } else if (m_turn == Protocol::Turn::LastWrite) {
        m_state = State::LastWrite;
    }
}

/// False when the caller must stop: the rest goes out later, or the connection is closed.
bool ServerConnection::flush(const Self& self) {
    OutputQueue& out = m_tls ? m_tls->wireOut() : m_out;
    do {
        if (m_tls && !m_out.empty() && !m_tls->send(m_out)) {
            close();
            return false;
        }
        if (out.empty())
            return true;
        std::uint64_t sent = 0;
        const OutputQueue::Outcome outcome = out.sendTo(m_fd, sent);
        m_core->bytesOut.add(sent);
        if (outcome == OutputQueue::Outcome::Blocked) {
            waitWritable(self);
            return false;
        }
        if (outcome == OutputQueue::Outcome::Failed) {
            close();
            return false;
        }
    } while (!m_out.empty());
    return true;
}

void ServerConnection::waitWritable(Self self) {
    m_writeWaiting = true;
    m_deadline = monotonicNow() + m_core->limits.writeTimeout;  // anew after each piece that went out
    m_socket->async_wait(Socket::wait_write, [self = std::move(self)](const ErrorCode& error) mutable {
        ServerConnection& connection = *self;
        if (connection.m_state == State::Closed)
            return;
        if (error)
            return connection.close();
        connection.m_writeWaiting = false;
        connection.m_now = monotonicNow();
        connection.proceed(std::move(self));
    });
}

void ServerConnection::endAfterLastWrite(Self self) {
    if (m_tls) {
        m_tls->end();
        if (!flush(self))
            return;
    }
    if (!m_lingers && !m_protocol->lingers())
        return close();
    linger(std::move(self), monotonicNow());
}

void ServerConnection::linger(Self self, Nanos now) {
    ::shutdown(m_fd, SHUT_WR);
    m_state = State::Lingering;
    m_deadline = now + kLingerTime;
    if (m_readWaiting)
        return;  // it goes on as the lingering one
    m_in.consume(m_in.size());
    read(std::move(self));
}

void ServerConnection::onTick(Nanos now) {
    const bool isOurs = m_writeWaiting || m_state == State::Lingering;
    if (now < (isOurs ? m_deadline : m_protocol->deadline()))
        return;
    const Self self = shared_from_this();
    if (isOurs)
        return close();
    m_protocol->expire(m_out);
    m_state = State::LastWrite;
    proceed(self);
    if (m_writeWaiting)
        close();  // who let a deadline pass gets one attempt
}

void ServerConnection::finishSoon() {
    if (m_state != State::Open || m_writeWaiting)
        return;
    const Self self = shared_from_this();
    if (m_protocol->finish(m_out))
        m_state = State::LastWrite;
    if (m_state == State::LastWrite || !m_out.empty())
        proceed(self);
}

void ServerConnection::close() {
    if (m_state == State::Closed)
        return;
    const Self self = shared_from_this();
    m_state = State::Closed;
    m_protocol->closed();
    if (!isReady())
        m_core->handshakesFailed.add(1);
    m_socket.reset();  // here, on the loop: the last reference may go away on another thread, after the loop
    m_fd = -1;
    m_core->remove(*this, m_peer);
}

}  // namespace hone::net

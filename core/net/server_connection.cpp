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
    if (m_core->link)
        m_path = std::make_unique<Path>(Path{.bytes = {*m_core->link, m_context.connection, m_now},
                                             .timer = Timer(m_core->context.get_executor())});
    read(shared_from_this());
}

void ServerConnection::chooseProtocol() {
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
            wantBytes(std::move(self));
        else if (m_path)
            schedulePath(self);
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

void ServerConnection::endAfterLastWrite(Self self) {
    if (m_tls) {
        m_tls->end();
        if (!flush(self))
            return;
    }
    if (m_path && m_path->bytes.hasOutput()) {
        m_deadline = Nanos::max();
        return schedulePath(self);
    }
    if (!m_lingers && !m_protocol->lingers())
        return close();
    linger(std::move(self), monotonicNow());
}

void ServerConnection::linger(Self self, Nanos now) {
    if (m_inputEnded)
        return close();  // nothing comes that a close could answer with a reset
    ::shutdown(m_fd, SHUT_WR);
    m_state = State::Lingering;
    m_deadline = now + kLingerTime;
    if (m_readWaiting)
        return;  // it goes on as the lingering one
    m_in.consume(m_in.size());
    read(std::move(self));
}

void ServerConnection::onTick(Nanos now) {
    const bool isOurs = m_writeWaiting || m_state != State::Open;
    if (now < (isOurs ? m_deadline : m_protocol->deadline())) {
        if (mayDoze(now)) {
            m_doze = Doze::Nods;
            ErrorCode ignored;
            m_socket->cancel(ignored);  // the read; onRead() goes on
        }
        return;
    }
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
    if (m_tls && !m_tls->isOpen())
        m_core->handshakesFailed.add(1);
    m_path.reset();
    m_socket.reset();  // here, on the loop: the last reference may go away on another thread, after the loop
    m_fd = -1;
    m_core->remove(*this, m_peer);
}

}  // namespace hone::net

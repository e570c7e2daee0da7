#include "core/net/server_connection.h"

// The bytes' way between socket and protocol: TLS, and the simulated link where there is one.

namespace hone::net {

namespace {

constexpr std::chrono::seconds kDozeAfter{2};  ///< Longer than people and probes usually think.

}  // namespace

/// The protocol wants more: from the link what has arrived, else from the socket.
void ServerConnection::wantBytes(Self self) {
    if (!m_path)
        return read(std::move(self));
    if (m_path->bytes.deliver(monotonicNow(), wireIn()))
        return onBytes(std::move(self));
    schedulePath(self);
    if (m_path->bytes.mayRead() && !(m_inputEnded && m_path->bytes.hasArrivals()))
        read(std::move(self));
}

void ServerConnection::read(Self self) {
    if (m_readWaiting)
        return;
    if (m_inputEnded) {
        m_state = State::LastWrite;
        return endAfterLastWrite(std::move(self));
    }
    m_readWaiting = true;
    if (m_tls)
        m_in.release();
    const std::size_t atLeast = m_lastRead >= kMuch ? 4 * kMuch : kMuch / 4;
    const std::span<char> room = m_path ? m_path->bytes.room(atLeast) : wireIn().room(atLeast);
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
    const bool nods = std::exchange(m_doze, Doze::Awake) == Doze::Nods;
    if (nods && error == boost::asio::error::operation_aborted)
        return mayDoze(m_now + kDozeAfter) ? doze(std::move(self)) : read(std::move(self));
    if (error) {
        m_inputEnded = true;
        if (!m_path || error != boost::asio::error::eof || m_state != State::Open)
            return close();  // with a request incomplete there is nobody to answer
        if (m_turn == Protocol::Turn::Read)
            wantBytes(std::move(self));  // what is under way on the link still counts
        return;
    }
    m_core->bytesIn.add(bytes);
    if (m_state == State::Lingering)
        return read(std::move(self));
    m_lastRead = bytes;
    m_now = monotonicNow();
    if (m_path) {
        m_path->bytes.received(m_now, bytes);
        if (m_turn == Protocol::Turn::Read && m_state == State::Open)
            wantBytes(std::move(self));
        return;
    }
    wireIn().commit(bytes);
    onBytes(std::move(self));
}

/// Not on a simulated link, which keeps the time of every byte, nor with bytes under way in either direction.
bool ServerConnection::mayDoze(Nanos now) const {
    return m_state == State::Open && m_doze == Doze::Awake && isReady() && !m_path && !m_writeWaiting &&
           m_turn == Protocol::Turn::Read && now >= m_now + kDozeAfter && m_in.empty() && m_out.empty() &&
           (!m_tls || (m_tls->wireIn().empty() && m_tls->wireOut().empty()));
}

/// Waiting costs a system call more than reading does, so only the silent wait.
void ServerConnection::doze(Self self) {
    m_doze = Doze::Sleeps;
    m_readWaiting = true;
    m_lastRead = 0;
    m_in.release();
    m_out.release();
    if (m_tls) {
        m_tls->wireIn().release();
        m_tls->wireOut().release();
    }
    m_protocol->doze();
    m_socket->async_wait(Socket::wait_read, [self = std::move(self)](const ErrorCode& error) mutable {
        ServerConnection& connection = *self;
        connection.m_readWaiting = false;
        connection.m_doze = Doze::Awake;
        if (connection.m_state == State::Closed)
            return;
        if (error)
            return connection.close();
        connection.read(std::move(self));
    });
}

void ServerConnection::onBytes(Self self) {
    if (m_tls)
        decrypt();
    proceed(std::move(self));
}

void ServerConnection::decrypt() {
    const bool wasOpen = m_tls->isOpen(), wasReady = isReady();
    const TlsStream::Step step = m_tls->receive(m_in);
    if (!wasReady && isReady())
        chooseProtocol();
    if (!wasOpen && m_tls->isOpen()) {
        m_core->handshakes.add(1);
        if (m_tls->isResumed())
            m_core->resumed.add(1);
    }
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
}

/// False when the caller must stop: the rest goes out later, or the connection is closed.
bool ServerConnection::flush(const Self& self) {
    OutputQueue& out = m_tls ? m_tls->wireOut() : m_out;
    do {
        if (m_tls && !m_out.empty() && !m_tls->send(m_out)) {
            close();
            return false;
        }
        if (out.empty() && !(m_path && m_path->bytes.hasOutput()))
            return true;
        switch (sendOut(out)) {
            case OutputQueue::Outcome::Done: break;
            case OutputQueue::Outcome::Blocked: waitWritable(self); return false;
            case OutputQueue::Outcome::Failed: close(); return false;
        }
        if (m_path && m_path->bytes.isFull()) {
            m_writeWaiting = m_pathWaiting = true;
            m_deadline = Nanos::max();  // the link is slow, not the client
            schedulePath(self);
            return false;
        }
    } while (!m_out.empty());
    return true;
}

OutputQueue::Outcome ServerConnection::sendOut(OutputQueue& out) {
    std::uint64_t sent = 0;
    auto outcome = OutputQueue::Outcome::Done;
    if (m_path) {
        const Nanos now = monotonicNow();
        m_path->bytes.queue(now, out);
        outcome = m_path->bytes.sendTo(m_fd, now, sent);
    } else {
        outcome = out.sendTo(m_fd, sent);
    }
    m_core->bytesOut.add(sent);
    return outcome;
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

/// A timer that fires early only costs a turn; so it is set anew only for something sooner.
void ServerConnection::schedulePath(const Self& self) {
    const Nanos due = m_path->bytes.next(m_turn == Protocol::Turn::Read);
    if (due >= m_path->due)
        return;
    m_path->due = due;
    m_path->timer.expires_at(std::chrono::steady_clock::time_point(due));
    m_path->timer.async_wait([self](const ErrorCode& error) mutable {
        ServerConnection& connection = *self;
        if (!error && connection.m_state != State::Closed)
            connection.onPath(std::move(self));
    });
}

void ServerConnection::onPath(Self self) {
    m_path->due = Nanos::max();
    m_now = monotonicNow();
    if (std::exchange(m_pathWaiting, false))
        m_writeWaiting = false;
    proceed(std::move(self));
}

}  // namespace hone::net

#include "core/net/http1_client.h"

#include "core/base/assert.h"
#include "core/net/client_failure.h"
#include "core/net/http2_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>

#include <sys/socket.h>

#include <cstring>

namespace hone::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kFirstBuffer = 16 * 1024;
constexpr std::size_t kLargestBuffer = 256 * 1024;
constexpr std::size_t kLeastRoom = 4 * 1024;

class Http1Client final : public Client {
public:
    Http1Client(AsioLoop& loop, Endpoint endpoint, ClientOptions options)
        : m_connection(std::make_shared<Connection>(loop, std::move(endpoint), std::move(options))) {}
    explicit Http1Client(std::shared_ptr<Connection> connection) : m_connection(std::move(connection)) {}
    ~Http1Client() override { m_connection->abandon(); }

    void send(std::string_view wire, bool isHead, bool wantBody, std::chrono::milliseconds timeout,
              Done done) override {
        m_connection->send(wire, isHead, wantBody, timeout, std::move(done));
    }
    [[nodiscard]] bool busy() const override { return m_connection->busy(); }
    void setKeepAlive(bool on) override { m_connection->setKeepAlive(on); }
    [[nodiscard]] std::unique_ptr<Client> beside() const override {
        return std::make_unique<Http1Client>(m_connection->another());
    }

private:
    std::shared_ptr<Connection> m_connection;
};

}  // namespace

std::unique_ptr<Client> Client::create(Loop& loop, Endpoint endpoint, ClientOptions options) {
    if (options.name.empty())
        options.name = endpoint.host;
    if (options.http2)
        return makeHttp2Client(static_cast<AsioLoop&>(loop), std::move(endpoint), std::move(options));
    return std::make_unique<Http1Client>(static_cast<AsioLoop&>(loop), std::move(endpoint),
                                         std::move(options));
}

Connection::Connection(AsioLoop& loop, Endpoint endpoint, ClientOptions options)
    : m_loop(loop),
      m_endpoint(std::move(endpoint)),
      m_options(std::move(options)),
      m_resolver(loop.io()),
      m_socket(loop.io()) {}

std::shared_ptr<Connection> Connection::another() const {
    auto out = std::make_shared<Connection>(m_loop, m_endpoint, m_options);
    out->setKeepAlive(m_keepAlive);
    return out;
}

void Connection::send(std::string_view wire, bool isHead, bool wantBody, std::chrono::milliseconds timeout,
                      Client::Done done) {
    HONE_ASSERT(!m_busy, "a connection carries one request at a time");
    m_wire.assign(wire);
    m_isHead = isHead;
    m_wantBody = wantBody;
    m_timeout = timeout;
    m_done = std::move(done);
    m_busy = true;
    m_repeated = false;
    m_reused = m_open && m_answered > 0;
    m_answer = Answer{};
    m_answer.sent = monotonicNow();
    m_deadline = m_answer.sent + timeout;
    armTimeout();
    m_written = 0;
    m_filled = 0;
    m_parser.start(isHead, wantBody, m_options.maxBodyBytes);
    if (m_open)
        write();
    else
        connect();
}

void Connection::abandon() {
    m_busy = false;
    m_done = nullptr;
    m_resolver.cancel();
    close();
}

void Connection::connect() {
    m_answer.connectStarted = monotonicNow();
    if (!m_addresses.empty())
        return connectNext(0);
    Code error;
    if (const auto address = asio::ip::make_address(m_endpoint.host, error); !error) {
        m_addresses.emplace_back(address, m_endpoint.port);
        return connectNext(0);
    }
    m_resolver.async_resolve(m_endpoint.host, std::to_string(m_endpoint.port),
                             [self = shared_from_this(), epoch = m_epoch](
                                 const Code& failure, const Tcp::resolver::results_type& found) {
                                 if (epoch != self->m_epoch || !self->m_busy)
                                     return;
                                 if (failure || found.empty())
                                     return self->failed(Error::NotFound, "host not found");
                                 for (const auto& entry : found)
                                     self->m_addresses.push_back(entry.endpoint());
                                 self->connectNext(0);
                             });
}

void Connection::connectNext(std::size_t index) {
    close();
    Code error;
    m_socket.open(m_addresses[index].protocol(), error);
    if (error) {
        const ClientFailure kind = failureOf(error);
        return failLater(kind.code, kind.text);
    }
    m_socket.set_option(Tcp::no_delay(true), error);
    m_socket.async_connect(m_addresses[index],
                           [self = shared_from_this(), epoch = m_epoch, index](const Code& failure) {
                               if (epoch == self->m_epoch)
                                   self->onConnected(failure, index);
                           });
}

void Connection::onConnected(const Code& error, std::size_t index) {
    if (error && index + 1 < m_addresses.size())
        return connectNext(index +
                           1);  // "localhost" often means ::1 first, while the server is on 127.0.0.1.
    if (error) {
        const ClientFailure kind = failureOf(error);
        return failed(kind.code, kind.text);
    }
    std::swap(m_addresses[0], m_addresses[index]);
    m_answer.connected = monotonicNow();
    if (m_options.tls)
        secure();
    else
        onOpen();
}

void Connection::onOpen() {
    m_open = true;
    m_answered = 0;
    if (m_in.empty())
        m_in.resize(kFirstBuffer);
    m_filled = 0;
    const auto epoch = m_epoch;
    read();
    if (epoch == m_epoch)
        write();
}

void Connection::secure() {
    auto channel = ClientTlsChannel::create(*m_options.tls, m_options.name, m_socket.native_handle(),
                                            m_options.resume ? m_session.get() : nullptr);
    if (!channel)
        return failed(Error::InvalidArgument, "TLS handshake failed");
    m_secure = std::move(*channel);
    shakeHands();
}

void Connection::shakeHands() {
    using Step = ClientTlsChannel::Step;
    switch (m_secure->shakeHands()) {
        case Step::Done: break;
        case Step::WantRead: return waitFor(Tcp::socket::wait_read, &Connection::shakeHands);
        case Step::WantWrite: return waitFor(Tcp::socket::wait_write, &Connection::shakeHands);
        default: return failed(Error::Unavailable, m_secure->failureKind());
    }
    m_answer.secured = monotonicNow();
    m_answer.isResumed = m_secure->isResumed();
    onOpen();
}

void Connection::waitFor(Tcp::socket::wait_type event, void (Connection::*then)()) {
    m_socket.async_wait(event, [self = shared_from_this(), epoch = m_epoch, then](const Code& error) {
        if (epoch != self->m_epoch)
            return;
        if (error)
            return self->onClosed(error);
        ((*self).*then)();
    });
}

void Connection::writeSecure() {
    std::size_t sent = 0;
    for (; m_busy && m_secure && m_written < m_wire.size(); m_written += sent) {
        const auto step = m_secure->write(std::string_view(m_wire).substr(m_written), sent);
        if (step == ClientTlsChannel::Step::WantWrite)
            return waitFor(Tcp::socket::wait_write, &Connection::writeSecure);
        if (step != ClientTlsChannel::Step::Done)
            return;  // As below.
    }
}

void Connection::write() {
    if (m_secure)
        return writeSecure();
    while (m_written < m_wire.size()) {
        const auto sent = ::send(m_socket.native_handle(), m_wire.data() + m_written,
                                 m_wire.size() - m_written, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            m_written += static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            m_socket.async_wait(Tcp::socket::wait_write,
                                [self = shared_from_this(), epoch = m_epoch](const Code& error) {
                                    if (epoch == self->m_epoch && !error && self->m_busy)
                                        self->write();
                                });
            return;
        } else if (errno != EINTR) {
            return;  // The pending read sees the same break, and perhaps an answer sent before it (a 413).
        }
    }
}

void Connection::read() {
    if (m_secure)
        return waitFor(Tcp::socket::wait_read, &Connection::readSecure);
    m_socket.async_read_some(
        asio::buffer(m_in.data() + m_filled, m_in.size() - m_filled),
        [self = shared_from_this(), epoch = m_epoch](const Code& error, std::size_t bytes) {
            if (epoch == self->m_epoch)
                self->onRead(error, bytes);
        });
}

/// A loop, not a recursion: a large body may lie in the library record after record.
void Connection::readSecure() {
    using Step = ClientTlsChannel::Step;
    do {
        std::size_t bytes = 0;
        switch (m_secure->read(m_in.data() + m_filled, m_in.size() - m_filled, bytes)) {
            case Step::Done: break;
            case Step::WantRead: return read();
            case Step::WantWrite: return waitFor(Tcp::socket::wait_write, &Connection::readSecure);
            case Step::Ended: return onClosed(asio::error::eof);
            case Step::Truncated: return onClosed(asio::ssl::error::stream_truncated);
            case Step::Failed: return onClosed(asio::error::connection_reset);
        }
        if (!take(bytes))
            return;
    } while (m_secure->hasPending());
    read();
}

void Connection::onRead(const Code& error, std::size_t bytes) {
    if (error)
        onClosed(error);
    else if (take(bytes))
        read();
}

bool Connection::take(std::size_t bytes) {
    if (!m_busy) {
        close();  // Nobody asked: RFC 9112 section 9.2.
        return false;
    }
    const Nanos now = monotonicNow();
    if (m_answer.firstByte == Nanos::zero())
        m_answer.firstByte = now;
    m_filled += bytes;
    m_wasFull = m_wasFull || m_filled == m_in.size();
    const auto epoch = m_epoch;
    if (parse(now))
        makeRoom();
    // Only now may more be read: the callback's views point into the buffer it is written to.
    return epoch == m_epoch && m_open;
}

bool Connection::parse(Nanos now) {
    for (;;) {
        std::size_t consumed = 0;
        const auto state = m_parser.feed({m_in.data(), m_filled}, consumed);
        if (state == AnswerParser::State::Malformed) {
            failed(Error::Malformed, "malformed answer");
            return false;
        }
        if (state == AnswerParser::State::TooLarge) {
            failed(Error::ResourceExhausted, "answer too large");
            return false;
        }
        const std::size_t head = m_parser.headBytes();
        if (state == AnswerParser::State::Done) {
            // Bytes behind a complete answer belong to nothing we asked for, and an answer before the request
            // was out leaves the rest of it unsent: such a connection cannot carry another one.
            if (!m_keepAlive || !m_parser.keepAlive() || m_filled > head + consumed ||
                m_written < m_wire.size())
                close();
            finish(now);
            return false;
        }
        const std::size_t left = m_filled - head - consumed;
        std::memmove(m_in.data() + head, m_in.data() + head + consumed, left);
        m_filled = head + left;
        if (consumed == 0 || left == 0)
            return true;
    }
}

void Connection::makeRoom() {
    if (m_in.size() - m_filled >= kLeastRoom)
        return;
    std::string larger;
    larger.resize(m_in.size() * 2);
    std::memcpy(larger.data(), m_in.data(), m_filled);
    m_parser.moved(m_in.data(), larger.data());
    m_in.swap(larger);
}

void Connection::onClosed(const Code& error) {
    if (!m_busy)
        return close();
    const bool untouched = m_answer.firstByte == Nanos::zero();
    if (untouched && m_reused && !m_repeated && mayRepeat()) {
        m_repeated = true;
        m_written = 0;
        return connect();
    }
    if (!untouched && error == asio::error::eof && m_parser.finish() == AnswerParser::State::Done) {
        close();
        return finish(monotonicNow());
    }
    const ClientFailure kind = failureOf(error);
    failed(kind.code, kind.text);
}

bool Connection::mayRepeat() const { return !m_wire.starts_with("POST ") && !m_wire.starts_with("PATCH "); }

void Connection::finish(Nanos now) {
    m_answer.status = m_parser.status();
    m_answer.fields = m_parser.fields();
    m_answer.body = m_wantBody ? m_parser.body() : std::string_view{};
    m_answer.wireBytes = m_parser.wireBytes();
    m_answer.bodyBytes = m_parser.bodyBytes();
    m_answer.done = now;
    ++m_answered;
    deliver();
    // The callback is over, and with it the views into m_in.
    if (m_wasFull && m_in.size() < kLargestBuffer && m_filled == 0)
        m_in.resize(m_in.size() * 4);
    m_wasFull = false;
}

void Connection::failed(Error::Code code, std::string_view text) {
    close();
    m_answer.error = code;
    m_answer.errorText = text;
    m_answer.wireBytes = m_parser.wireBytes();
    m_answer.bodyBytes = m_parser.bodyBytes();
    m_answer.done = monotonicNow();
    deliver();
}

void Connection::failLater(Error::Code code, std::string_view text) {
    m_loop.post([self = shared_from_this(), epoch = m_epoch, code, text] {
        if (epoch == self->m_epoch && self->m_busy)
            self->failed(code, text);
    });
}

void Connection::deliver() {
    const auto self = shared_from_this();  // The callback may destroy our Client.
    const Answer answer = m_answer;
    auto done = std::move(m_done);
    m_busy = false;
    m_filled = 0;
    done(answer);
}

void Connection::close() {
    ++m_epoch;
    m_open = false;
    if (m_secure) {
        if (auto session = m_secure->session())
            m_session = std::move(session);
        m_secure->end();
        m_secure.reset();
    }
    Code ignored;
    m_socket.close(ignored);
}

void Connection::armTimeout() {
    if (m_timerDue <= m_deadline)
        return;  // That timer looks at the deadline when it fires.
    m_timerDue = m_deadline;
    m_loop.at(m_deadline, [weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->onTimer();
    });
}

void Connection::onTimer() {
    const Nanos now = monotonicNow();
    if (m_timerDue <= now)
        m_timerDue = Nanos::max();
    if (!m_busy)
        return;
    if (m_deadline <= now)
        failed(Error::Timeout, "timeout");
    else
        armTimeout();
}

}  // namespace hone::net

#include "core/net/origin_connection.h"

#include "core/base/assert.h"
#include "core/net/origin_pool.h"

#include <boost/asio/connect.hpp>

#include <sys/socket.h>

#include <cstring>

namespace hone::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kBuffer = 64 * 1024;
/// More than the longest head; beyond it a chunk header or trailer section does not end.
constexpr std::size_t kLargestBuffer = 512 * 1024;
constexpr std::size_t kLeastRoom = 8 * 1024;

std::string placeOf(const Endpoint& endpoint) { return fmt::format("{}:{}", endpoint.host, endpoint.port); }

Error connectError(const boost::system::error_code& error, const Endpoint& endpoint) {
    const auto place = placeOf(endpoint);
    if (error == asio::error::connection_refused)
        return {Error::Unavailable, fmt::format("{} refused the connection", place),
                "Is the upstream running?"};
    if (error == asio::error::no_descriptors)
        return {Error::ResourceExhausted, "there are no more sockets",
                "Raise the limit of open files (ulimit -n)."};
    return {Error::Unavailable, fmt::format("no connection to {} ({})", place, error.message()), {}};
}

}  // namespace

OriginConnection::OriginConnection(AsioLoop& loop, OriginPool& pool, const OriginOptions& options,
                                   ClientTlsContext* tls)
    : m_loop(loop),
      m_pool(&pool),
      m_options(options),
      m_tls(tls),
      m_resolver(loop.io()),
      m_socket(loop.io()) {}

void OriginConnection::open(ExchangePtr exchange) {
    m_exchange = std::move(exchange);
    m_exchange->carrier = this;
    setDeadline(m_options.connectTimeout, "a connection");
    Code notAnAddress;
    if (const auto address = asio::ip::make_address(m_options.endpoint.host, notAnAddress); !notAnAddress)
        return m_socket.async_connect(
            {address, m_options.endpoint.port},
            [self = shared_from_this()](const Code& error) { self->onConnected(error); });
    resolve();
}

void OriginConnection::resolve() {
    m_resolver.async_resolve(m_options.endpoint.host, std::to_string(m_options.endpoint.port),
                             [self = shared_from_this()](const Code& error, const auto& found) {
                                 self->onResolved(error, found);
                             });
}

void OriginConnection::onResolved(const Code& error, const Tcp::resolver::results_type& found) {
    if (!m_pool)
        return;
    if (error || found.empty())
        return failed(
            {Error::NotFound,
             fmt::format("the host \"{}\" is not known ({})", m_options.endpoint.host, error.message()),
             "Check the upstream's URL and the name service."});
    // "localhost" often means ::1 first, while the server is on 127.0.0.1: each address is tried.
    asio::async_connect(m_socket, found, [self = shared_from_this()](const Code& failure, const auto&) {
        self->onConnected(failure);
    });
}

void OriginConnection::onConnected(const Code& error) {
    if (!m_pool)
        return;
    if (error)
        return failed(connectError(error, m_options.endpoint));
    Code ignored;
    m_socket.set_option(Tcp::no_delay(true), ignored);
    if (!m_tls)
        return onOpen();
    m_secure.emplace(m_socket, m_tls->context());
    if (auto prepared = m_tls->prepare(m_secure->native_handle(), m_options.endpoint.host); !prepared)
        return failed(prepared.error());
    m_secure->async_handshake(
        asio::ssl::stream_base::client, [self = shared_from_this()](const Code& failure) {
            if (!self->m_pool)
                return;
            if (failure)
                return self->failed(ClientTlsContext::failure(self->m_secure->native_handle(),
                                                              self->m_options.endpoint.host, failure));
            self->onOpen();
        });
}

void OriginConnection::onOpen() {
    m_isOpen = true;
    m_in.resize(kBuffer);
    carry(std::move(m_exchange));
    read();
}

void OriginConnection::carry(ExchangePtr exchange) {
    HONE_ASSERT(!m_exchange, "a connection carries one exchange at a time");
    m_exchange = std::move(exchange);
    m_exchange->carrier = this;
    m_written = m_filled = 0;
    m_gaveHead = false;
    m_firstByte = Nanos(0);
    m_sent = monotonicNow();
    m_parser.startStreaming(m_exchange->request.isHead, m_pieces);
    setDeadline(m_options.idleTimeout, "the request to be taken");
    write();
}

bool OriginConnection::isUsable() {
    char byte = 0;
    return m_isOpen && !m_exchange &&
           ::recv(m_socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

void OriginConnection::readOn() {
    if (!m_isOpen || !m_exchange || m_isReading)
        return;
    setDeadline(m_options.idleTimeout, "the rest of the answer");
    read();
}

void OriginConnection::abandon() {
    static_cast<void>(takeExchange());
    close();
}

void OriginConnection::close() {
    if (!m_pool)
        return;
    const auto self = shared_from_this();
    m_isOpen = false;
    m_deadline = Nanos::max();
    Code ignored;
    m_resolver.cancel();
    m_socket.close(ignored);
    std::exchange(m_pool, nullptr)->gone(*this);
}

void OriginConnection::write() {
    const auto& wire = m_exchange->request.wire;
    const auto rest = asio::buffer(wire.data() + m_written, wire.size() - m_written);
    // The exchange's bytes live as long as the handler, whatever becomes of the exchange.
    auto handler = [self = shared_from_this(), exchange = m_exchange](const Code& error, std::size_t bytes) {
        if (self->m_pool && self->m_exchange == exchange)
            self->onWritten(error, bytes);
    };
    if (m_secure)
        m_secure->async_write_some(rest, std::move(handler));
    else
        m_socket.async_write_some(rest, std::move(handler));
}

void OriginConnection::onWritten(const Code& error, std::size_t bytes) {
    if (error)
        return;  // The pending read sees the same break, and perhaps an answer sent before it (a 413).
    m_written += bytes;
    const bool isAll = m_written == m_exchange->request.wire.size();
    if (m_firstByte == Nanos(0))
        setDeadline(isAll ? m_options.firstByteTimeout : m_options.idleTimeout,
                    isAll ? "the answer to begin" : "the request to be taken");
    if (!isAll)
        write();
}

void OriginConnection::read() {
    m_isReading = true;
    const auto room = asio::buffer(m_in.data() + m_filled, m_in.size() - m_filled);
    auto handler = [self = shared_from_this()](const Code& error, std::size_t bytes) {
        self->m_isReading = false;
        if (self->m_pool)
            self->onRead(error, bytes);
    };
    if (m_secure)
        m_secure->async_read_some(room, std::move(handler));
    else
        m_socket.async_read_some(room, std::move(handler));
}

void OriginConnection::onRead(const Code& error, std::size_t bytes) {
    if (error)
        return onClosed(error);
    if (!m_exchange)
        return close();  // Nobody asked: RFC 9112 section 9.2.
    if (m_firstByte == Nanos(0))
        m_firstByte = monotonicNow();
    m_filled += bytes;
    setDeadline(m_options.idleTimeout, "the rest of the answer");
    parse();
    if (!m_isOpen || m_isReading)
        return;
    if (m_exchange && m_exchange->isPaused)
        m_deadline = Nanos::max();  // It is we who wait for the client; its own limits apply.
    else
        read();
}

void OriginConnection::parse() {
    for (;;) {
        std::size_t consumed = 0;
        const auto state = m_parser.feed({m_in.data(), m_filled}, consumed);
        if (state == AnswerParser::State::Malformed)
            return failed(
                {Error::Malformed, fmt::format("the answer is malformed: {}", m_parser.problem()), {}});
        const std::size_t head = m_parser.headBytes();
        // Bytes behind an answer belong to nothing we asked for: of two readings neither is to be trusted.
        if (state == AnswerParser::State::Done && m_filled > head + consumed)
            return failed({Error::Malformed, "the answer is malformed: bytes follow its end", {}});
        if (!handOver(state))
            return;
        const std::size_t left = m_filled - head - consumed;
        std::memmove(m_in.data() + head, m_in.data() + head + consumed, left);
        m_filled = head + left;
        if (consumed == 0 || left == 0)
            break;
    }
    if (!makeRoom())
        failed({Error::Malformed, "the answer is malformed: a chunk header or its trailer does not end", {}});
}

/// Gives the reader what is there; false when the answer is over or the reader has gone.
bool OriginConnection::handOver(AnswerParser::State state) {
    const ExchangePtr exchange = m_exchange;
    if (!m_gaveHead && m_parser.headBytes() > 0) {
        m_gaveHead = true;
        exchange->head({.status = m_parser.status(),
                        .version = m_parser.version(),
                        .fields = m_parser.fields(),
                        .length = m_parser.length(),
                        .sent = m_sent,
                        .firstByte = m_firstByte,
                        .isReused = m_answered > 0});
    }
    if (!m_pieces.empty() && !exchange->isOver())
        exchange->body(m_pieces);
    m_pieces.clear();
    if (m_exchange != exchange)
        return false;
    if (state != AnswerParser::State::Done)
        return true;
    finish();
    return false;
}

bool OriginConnection::makeRoom() {
    if (m_in.size() - m_filled >= kLeastRoom)
        return true;
    if (m_in.size() >= kLargestBuffer)
        return false;
    std::string larger;
    larger.resize(m_in.size() * 2);
    std::memcpy(larger.data(), m_in.data(), m_filled);
    m_parser.moved(m_in.data(), larger.data());
    m_in.swap(larger);
    return true;
}

void OriginConnection::finish() {
    const auto self = shared_from_this();
    // An answer before the request was out leaves the rest of it unsent: no other request may follow.
    const bool isKept = m_parser.keepAlive() && m_written == m_exchange->request.wire.size();
    const auto exchange = takeExchange();
    ++m_answered;
    m_filled = 0;
    m_idleSince = monotonicNow();
    if (isKept) {
        setDeadline(m_options.keptFor, "the next request");
        m_pool->free(*this);
    } else {
        close();
    }
    exchange->end();
}

void OriginConnection::onClosed(const Code& error) {
    if (!m_exchange)
        return close();
    const bool isUntouched = m_firstByte == Nanos(0);
    if (isUntouched && m_answered > 0 && m_exchange->request.mayRepeat && !m_exchange->isRepeated) {
        m_pool->repeat(takeExchange());
        return close();
    }
    // Over TLS an end without close_notify may be an attacker's (RFC 9112 section 9.8).
    const bool isOrderly = error == asio::error::eof;
    if (isOrderly && !isUntouched && m_parser.finish() == AnswerParser::State::Done) {
        if (handOver(AnswerParser::State::NeedMore))
            finish();
        return;
    }
    const auto place = placeOf(m_options.endpoint);
    if (isUntouched)
        return failed(
            {Error::Unavailable,
             fmt::format("{} {} the connection without an answer", place, isOrderly ? "closed" : "broke off"),
             {}});
    failed({Error::Malformed,
            isOrderly ? fmt::format("the answer is malformed: {}", m_parser.problem())
                      : fmt::format("{} broke off in the middle of an answer ({})", place, error.message()),
            {}});
}

void OriginConnection::failed(Error error) {
    const auto self = shared_from_this();
    const auto exchange = takeExchange();
    if (m_pool)
        m_pool->countFailure();
    close();
    if (exchange)
        exchange->fail(error);
}

ExchangePtr OriginConnection::takeExchange() {
    if (m_exchange)
        m_exchange->carrier = nullptr;
    return std::exchange(m_exchange, nullptr);
}

void OriginConnection::setDeadline(std::chrono::milliseconds timeout, std::string_view waitsFor) {
    m_deadline = monotonicNow() + timeout;
    m_waitsFor = waitsFor;
    armTimer();
}

void OriginConnection::armTimer() {
    if (m_timerDue <= m_deadline)
        return;  // That timer looks at the deadline when it fires.
    m_timerDue = m_deadline;
    m_loop.at(m_deadline, [weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->onTimer();
    });
}

void OriginConnection::onTimer() {
    const Nanos now = monotonicNow();
    if (m_timerDue <= now)
        m_timerDue = Nanos::max();
    if (!m_pool)
        return;
    if (m_deadline > now)
        return m_deadline == Nanos::max() ? void() : armTimer();
    if (!m_exchange)
        return close();
    failed({Error::Timeout,
            fmt::format("{} kept us waiting too long for {}", placeOf(m_options.endpoint), m_waitsFor),
            {}});
}

}  // namespace hone::net

#pragma once

#include "core/net/answer_parser.h"
#include "core/net/client_tls.h"
#include "core/net/loop_impl.h"
#include "core/net/origin_exchange.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace hone::net {

class OriginPool;

/// One connection to the origin, from its first packet to its last, and the exchange it carries.
///
/// One read is always pending while it is open, unless its reader paused: so a close, or bytes nobody asked
/// for, are seen while it is idle. Thread: its loop's. Owner: the pool; handlers under way keep it alive.
/// Invariant: after close() it never calls the pool or a reader again.
class OriginConnection final : public std::enable_shared_from_this<OriginConnection> {
public:
    OriginConnection(AsioLoop& loop, OriginPool& pool, const OriginOptions& options, ClientTlsContext* tls);

    /// Opens and then carries `exchange`.
    void open(ExchangePtr exchange);
    /// Carries another one; only when isUsable().
    void carry(ExchangePtr exchange);
    /// Idle, and nothing has come that would be taken for the next answer.
    [[nodiscard]] bool isUsable();
    /// Its reader can take more.
    void readOn();
    /// Its reader has gone: closes.
    void abandon();
    void close();
    [[nodiscard]] Nanos idleSince() const { return m_idleSince; }

private:
    using Tcp = boost::asio::ip::tcp;
    using Code = boost::system::error_code;

    void resolve();
    void onResolved(const Code& error, const Tcp::resolver::results_type& found);
    void onConnected(const Code& error);
    void onOpen();
    void write();
    void onWritten(const Code& error, std::size_t bytes);
    void read();
    void onRead(const Code& error, std::size_t bytes);
    void parse();
    [[nodiscard]] bool handOver(AnswerParser::State state);
    [[nodiscard]] bool makeRoom();
    void finish();
    void onClosed(const Code& error);
    void failed(Error error);
    [[nodiscard]] ExchangePtr takeExchange();
    void setDeadline(std::chrono::milliseconds timeout, std::string_view waitsFor);
    void armTimer();
    void onTimer();

    AsioLoop& m_loop;
    OriginPool* m_pool;  ///< Null once closed.
    const OriginOptions& m_options;
    ClientTlsContext* m_tls;  ///< Null: plain.
    Tcp::resolver m_resolver;
    Tcp::socket m_socket;
    std::optional<boost::asio::ssl::stream<Tcp::socket&>> m_secure;
    ExchangePtr m_exchange;
    AnswerParser m_parser;
    std::string m_in;  ///< Bytes received live in [0, m_filled): the head, then what is being parsed.
    std::string m_pieces;
    std::size_t m_filled = 0, m_written = 0;
    Nanos m_sent{0}, m_firstByte{0}, m_idleSince{0};
    Nanos m_deadline = Nanos::max(), m_timerDue = Nanos::max();
    std::string_view m_waitsFor;  ///< What the deadline is for, in words.
    std::uint64_t m_answered = 0;
    bool m_isOpen = false, m_isReading = false, m_gaveHead = false;
};

}  // namespace hone::net

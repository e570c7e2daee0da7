#pragma once

#include "core/net/input_buffer.h"
#include "core/net/output_queue.h"
#include "core/net/server_core.h"
#include "core/net/server_path.h"
#include "core/net/server_protocol.h"
#include "core/net/tls_stream.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace hone::net {

/// One client's socket: brings its bytes, decrypted where it is a TLS connection, to the protocol spoken on
/// it and sends what that has ready, at once.
///
/// Keeps the deadlines, lingers after a last answer, reads only when the protocol wants to, dozes when the
/// client is silent. Thread: its
/// loop's; keep() any. Owner: ServerCore until close(); then its last operation or whoever holds a keep().
/// Invariant: at most one read and one wait-for-write are pending; the socket exists until close().
class ServerConnection final : public std::enable_shared_from_this<ServerConnection>, public ProtocolHost {
public:
    /// Concrete executor: no type-erased call per operation.
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    ServerConnection(std::shared_ptr<ServerCore> core, Handler& handler, Socket socket, std::string peer,
                     std::uint64_t id);

    void start();
    /// Closes or lets the protocol answer when a deadline has passed; lets a silent connection doze. Called
    /// about once a second.
    void onTick(Nanos now);
    /// Silent for a while: it keeps no buffers and waits for the first byte. Thousands may be like that.
    [[nodiscard]] bool dozes() const { return m_doze == Doze::Sleeps; }
    /// Closes at once when idle, else after the answers under way.
    void finishSoon();
    void close();

    [[nodiscard]] std::shared_ptr<void> keep() override { return shared_from_this(); }
    void resume() override;
    void become(std::unique_ptr<Protocol> next) override { m_next = std::move(next); }
    [[nodiscard]] bool isEarly() const override { return m_tls && m_tls->isEarly(); }

    std::size_t indexInCore = 0;  ///< Kept by ServerCore.

private:
    enum class State {
        Open,
        LastWrite,  ///< The last answer is queued.
        Lingering,  ///< Sent and shut down; what the client still sends is thrown away.
        Closed,
    };
    enum class Doze : std::uint8_t {
        Awake,
        Nods,  ///< Its read was cancelled, which may come too late.
        Sleeps,
    };
    using Self = std::shared_ptr<ServerConnection>;
    using ErrorCode = boost::system::error_code;
    using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                    boost::asio::wait_traits<std::chrono::steady_clock>,
                                                    boost::asio::io_context::executor_type>;
    static constexpr std::size_t kMuch = 4 * 1024;  ///< A read that fills the smallest buffer: more follows.

    void read(Self self);
    void onRead(Self self, const ErrorCode& error, std::size_t bytes);
    [[nodiscard]] bool mayDoze(Nanos now) const;
    void doze(Self self);
    void onBytes(Self self);
    void onPath(Self self);
    void schedulePath(const Self& self);
    void decrypt();
    void chooseProtocol();
    void refusePlainText();
    void proceed(Self self);
    void takeTurn();
    void wantBytes(Self self);
    [[nodiscard]] bool flush(const Self& self);
    [[nodiscard]] OutputQueue::Outcome sendOut(OutputQueue& out);
    [[nodiscard]] bool isReady() const { return !m_tls || m_tls->isOpen() || m_tls->isEarly(); }
    [[nodiscard]] InputBuffer& wireIn() { return m_tls ? m_tls->wireIn() : m_in; }
    void waitWritable(Self self);
    void endAfterLastWrite(Self self);
    void linger(Self self, Nanos now);

    const std::shared_ptr<ServerCore> m_core;
    std::optional<Socket> m_socket;
    int m_fd;
    const std::string m_peer;
    const ProtocolContext m_context;  ///< What each protocol on this connection gets.

    InputBuffer m_in;
    OutputQueue m_out;
    std::unique_ptr<TlsStream> m_tls;  ///< Null on plain TCP.
    /// A simulated link lies between the socket and all of the above.
    struct Path {
        ServerPath bytes;
        Timer timer;
        Nanos due = Nanos::max();  ///< What the timer is set to.
    };
    std::unique_ptr<Path> m_path;
    std::unique_ptr<Protocol> m_protocol;
    std::unique_ptr<Protocol> m_next;  ///< Takes over after the turn that named it.
    Protocol::Turn m_turn = Protocol::Turn::Read;

    State m_state = State::Open;
    Doze m_doze = Doze::Awake;
    bool m_inTurn = false;
    bool m_turnAgain = false;  ///< resume() was called during a turn.
    bool m_readWaiting = false;
    bool m_writeWaiting = false;
    bool m_pathWaiting = false;  ///< It is the link that m_writeWaiting waits for.
    bool m_inputEnded = false;
    bool m_lingers = false;  ///< Whatever the protocol says.
    std::size_t m_lastRead = 0;
    Nanos m_now{0};      ///< When the last bytes came.
    Nanos m_deadline{};  ///< Of a pending write or of lingering; else the protocol's counts.
};

}  // namespace hone::net

#pragma once

#include "core/net/http3_listener.h"
#include "core/net/listen_socket.h"
#include "core/net/peer_limit.h"
#include "core/net/server_connection.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <future>
#include <mutex>
#include <thread>

namespace hone::net {

class ServerLoop;

/// What the loops of one server share. Owner: the server, which outlives them.
struct ServerShared {
    ServerOptions options;
    HandlerFactory factory;
    std::shared_ptr<TlsContext> tls;   ///< Null: plain TCP.
    std::shared_ptr<PeerLimit> peers;  ///< Null: no limit per client address.
    std::vector<std::unique_ptr<ServerLoop>> loops;
    std::atomic<std::uint64_t> nextConnection{1};
};

/// One event loop of a server: its thread, handler, acceptor, connections and one coarse timer for all their
/// deadlines.
///
/// Accepting: every loop waits on its own duplicate of the one listening socket, and hands what it accepts to
/// the loop with the fewest connections. Not SO_REUSEPORT: the kernel would spread by address hash (a dozen
/// clients land unevenly, and a benchmark would measure that), and a second server could share a taken port
/// unnoticed.
///
/// Thread: what is public, any. Owner: ServerShared. The destructor needs stop() first.
class ServerLoop {
public:
    ServerLoop(ServerShared& shared, int index, UniqueFd listener);

    /// Before start(): this loop serves HTTP/3 too.
    void setHttp3(std::unique_ptr<Http3Listener> listener) { m_http3 = std::move(listener); }
    [[nodiscard]] const std::shared_ptr<ServerCore>& sharedCore() const { return m_core; }
    /// Starts the thread; the future is ready when the handler is made (or its factory's exception is there).
    [[nodiscard]] std::future<void> start();
    void beginStop(std::chrono::milliseconds grace);
    void join();
    [[nodiscard]] ServerCore& core() const { return *m_core; }
    [[nodiscard]] Nanos cpuTime() const;
    [[nodiscard]] int approxOpen() const { return m_core->open.load(std::memory_order_relaxed); }
    [[nodiscard]] bool isCurrentThread() const { return std::this_thread::get_id() == m_thread.get_id(); }

private:
    using ErrorCode = boost::system::error_code;
    using Executor = boost::asio::io_context::executor_type;
    using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;
    using Timer =
        boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                          boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

    void run(std::promise<void> ready);
    void makeHandler();
    void drain();
    void waitAccept();
    void acceptReady();
    [[nodiscard]] bool acceptOne();
    [[nodiscard]] bool mayEnter(const std::string& peer);
    void pauseAccepting();
    void place(UniqueFd socket, std::string peer);
    void adopt(UniqueFd socket, std::string peer);
    void tickLater();
    void stopNow(std::chrono::milliseconds grace);
    void runUntilStopped();
    [[nodiscard]] bool isEmpty() const {
        return m_core->connections.empty() && (!m_http3 || m_http3->isEmpty());
    }

    ServerShared& m_shared;
    const int m_index;
    const std::shared_ptr<ServerCore> m_core;
    std::unique_ptr<Handler> m_handler;  ///< Made and destroyed on the loop's thread.
    std::optional<Descriptor> m_listener;
    std::unique_ptr<Http3Listener> m_http3;  ///< Null: TCP only.
    Timer m_tick;
    Timer m_acceptPause;
    Timer m_grace;
    Nanos m_tickEvery;
    int m_acceptError = 0;  ///< Why accepting pauses; 0 when it does not.
    mutable std::mutex m_cpuMutex;
    std::optional<clockid_t> m_cpuClock;  ///< Guarded by m_cpuMutex; set while the thread runs.
    Nanos m_cpuFinal{0};                  ///< Guarded by m_cpuMutex.
    std::jthread m_thread;
};

}  // namespace hone::net

#pragma once

#include "core/net/date_cache.h"
#include "core/net/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hone::net {

class ServerConnection;
class PeerLimit;
class TlsContext;

/// A counter one thread writes and any reads: no locked instruction on the hot path.
class LoopCounter {
public:
    void add(std::uint64_t n) {
        m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t get() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> m_value{0};
};

/// What the connections of one event loop share, and what a late answer needs of that loop after it has
/// ended.
///
/// Thread: the loop's, except where said. Owner: shared by the loop and its connections, so that a Responder
/// that outlives the server finds a closed door instead of freed memory.
class ServerCore {
public:
    explicit ServerCore(const Limits& limitsOfServer) : limits(limitsOfServer) {}

    /// Runs `task` on the loop; false (and the task dropped) when the loop has ended. Any thread.
    template <class Task>
    bool post(Task&& task) {
        const std::lock_guard lock(m_doorMutex);
        if (m_doorClosed)
            return false;
        boost::asio::post(context, std::forward<Task>(task));
        return true;
    }
    /// After this nothing is queued any more from outside. Any thread.
    void closeDoor() {
        const std::lock_guard lock(m_doorMutex);
        m_doorClosed = true;
    }
    [[nodiscard]] bool onLoop() const { return std::this_thread::get_id() == thread; }

    void add(ServerConnection& connection);
    void remove(ServerConnection& connection, const std::string& peer);
    /// A connection that was let in ended, or did not come about.
    void leave(const std::string& peer);

    const Limits limits;
    std::shared_ptr<TlsContext> tls;  ///< Null: plain TCP. Set before the first connection, as what follows;
                                      ///< later on the loop, for the next one.
    bool offersHttp2 = false;
    bool offersHttp3 = false;
    bool noDelay = true;
    std::string altSvc;                ///< Alt-Svc of every TLS answer (RFC 7838); empty: none.
    std::optional<LinkOptions> link;   ///< Simulated network of each connection.
    std::shared_ptr<PeerLimit> peers;  ///< Null: no limit per client address.
    /// One thread runs it, others only post: the reactor needs no locks, the queue keeps its own.
    boost::asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    std::thread::id thread;  ///< Set by the loop before its first connection.
    DateCache date;
    std::vector<std::shared_ptr<ServerConnection>> connections;  ///< Each takes itself off in close().
    std::function<void()> onEmpty;  ///< Called when the last connection of a stopping loop closes.
    bool stopping = false;

    LoopCounter accepted, requests, malformed, refused, bytesIn, bytesOut;
    LoopCounter handshakes, resumed, handshakesFailed, http2Connections, http3Connections;
    std::atomic<int> open{0};  ///< Connections here or on their way here. Any thread.

private:
    std::mutex m_doorMutex;
    bool m_doorClosed = false;  ///< Guarded by m_doorMutex.
};

}  // namespace hone::net

#include "core/net/server_loop.h"

#include "core/base/log.h"
#include "core/base/thread.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hone::net {

namespace {

constexpr int kAcceptBatch = 64;  ///< Then the connections that are already here get their turn.
constexpr std::chrono::milliseconds kAcceptPause{50};
constexpr std::chrono::milliseconds kTickMax{1'000};
constexpr std::chrono::milliseconds kTickMin{5};

/// Deadlines may be late by one tick, so a tick is at most a quarter of the shortest.
std::chrono::milliseconds tickFor(const Limits& limits) {
    const auto shortest =
        std::min({limits.headerTimeout, limits.bodyTimeout, limits.idleTimeout, limits.writeTimeout});
    return std::clamp(shortest / 4, kTickMin, kTickMax);
}

std::string peerText(const sockaddr_storage& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (address.ss_family == AF_INET6)
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
    else
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
    return text;
}

}  // namespace

ServerLoop::ServerLoop(ServerShared& shared, int index, UniqueFd listener)
    : m_shared(shared),
      m_index(index),
      m_core(std::make_shared<ServerCore>(shared.options.limits)),
      m_tick(m_core->context.get_executor()),
      m_acceptPause(m_core->context.get_executor()),
      m_grace(m_core->context.get_executor()),
      m_tickEvery(tickFor(shared.options.limits)) {
    m_core->tls = shared.tls;
    m_core->offersHttp2 = shared.options.http2;
    m_core->offersHttp3 = shared.options.http3;
    m_core->link = shared.options.link;
    m_core->peers = shared.peers;
    m_listener.emplace(m_core->context.get_executor(), listener.release());
}

std::future<void> ServerLoop::start() {
    std::promise<void> ready;
    auto future = ready.get_future();
    m_thread = std::jthread([this, promise = std::move(ready)]() mutable { run(std::move(promise)); });
    return future;
}

void ServerLoop::run(std::promise<void> ready) {
    nameThread(m_shared.options.name + "-" + std::to_string(m_index));
    if (m_shared.options.firstCpu >= 0 && !pinThread(m_shared.options.firstCpu + m_index))
        log::warn("loop {} could not be pinned to CPU {}", m_index, m_shared.options.firstCpu + m_index);
    {
        const std::lock_guard lock(m_cpuMutex);
        clockid_t clock{};
        if (pthread_getcpuclockid(pthread_self(), &clock) == 0)
            m_cpuClock = clock;
    }
    m_core->thread = std::this_thread::get_id();
    try {
        makeHandler();
        if (m_http3)
            m_http3->start(*m_handler, m_shared.nextConnection,
                           [this](const std::string& peer) { return m_core->offersHttp3 && mayEnter(peer); });
        waitAccept();
        tickLater();
        ready.set_value();
        runUntilStopped();
    } catch (...) {
        ready.set_exception(std::current_exception());
    }
    drain();
    const std::lock_guard lock(m_cpuMutex);
    m_cpuFinal = threadCpuNow();
    m_cpuClock.reset();
}

void ServerLoop::makeHandler() {
    m_handler = m_shared.factory(m_index);
    // Weak: a handler's pool may still hold this when the loop is long gone.
    m_handler->post = [weak = std::weak_ptr(m_core)](std::function<void()> task) {
        if (const auto core = weak.lock())
            core->post(std::move(task));
    };
    m_handler->after = [weak = std::weak_ptr(m_core)](Nanos delay, std::function<void()> task) {
        const auto core = weak.lock();
        if (!core)
            return;
        auto timer = std::make_shared<boost::asio::steady_timer>(core->context, delay);
        auto& waiting = *timer;
        waiting.async_wait([kept = std::move(timer), run = std::move(task)](const ErrorCode& error) {
            if (!error)
                run();
        });
    };
}

/// Runs what is queued (the handlers of closed sockets, late answers) so that nothing in the queue keeps the
/// core alive.
void ServerLoop::drain() {
    m_core->closeDoor();
    m_listener.reset();
    if (m_http3)
        m_http3->closeAll();
    m_core->context.restart();
    m_core->context.poll();
    m_http3.reset();
    m_handler.reset();
}

void ServerLoop::waitAccept() {
    m_listener->async_wait(Descriptor::wait_read, [this](const ErrorCode& error) {
        if (!error && m_listener)
            acceptReady();
    });
}

void ServerLoop::acceptReady() {
    for (int i = 0; i < kAcceptBatch; ++i) {
        if (acceptOne()) {
            // Said now, not when it began: that would be a line every 50 ms, and a log file may need a
            // descriptor.
            if (const int error = std::exchange(m_acceptError, 0))
                log::warn("loop {} could not accept connections for a while: {}", m_index,
                          std::strerror(error));
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO)
            continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            return pauseAccepting();
        break;
    }
    waitAccept();
}

bool ServerLoop::acceptOne() {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    UniqueFd socket(::accept4(m_listener->native_handle(), reinterpret_cast<sockaddr*>(&address), &size,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0)
        return false;
    m_core->accepted.add(1);
    std::string peer = peerText(address);
    if (mayEnter(peer))
        place(std::move(socket), std::move(peer));
    else
        m_core->refused.add(1);  // and closed
    return true;
}

bool ServerLoop::mayEnter(const std::string& peer) {
    int open = 0;
    for (const auto& loop : m_shared.loops)
        open += loop->approxOpen();
    return open < m_core->limits.connections && (!m_shared.peers || m_shared.peers->tryTake(peer));
}

/// Out of descriptors or memory (EMFILE, ENFILE, ENOBUFS, ENOMEM): the connection stays in the kernel's
/// queue, and asking again at once would spin.
void ServerLoop::pauseAccepting() {
    m_acceptError = errno;
    m_core->refused.add(1);
    m_acceptPause.expires_after(kAcceptPause);
    m_acceptPause.async_wait([this](const ErrorCode& error) {
        if (!error && m_listener)
            acceptReady();
    });
}

void ServerLoop::place(UniqueFd socket, std::string peer) {
    ServerLoop* target = this;  // no detour among equals
    for (const auto& loop : m_shared.loops)
        if (loop->approxOpen() < target->approxOpen())
            target = loop.get();
    target->m_core->open.fetch_add(1, std::memory_order_relaxed);
    if (target == this)
        return adopt(std::move(socket), std::move(peer));
    // When the other loop has just ended, so do we: the connection is dropped with the task.
    target->m_core->post([target, fd = std::move(socket), text = std::move(peer)]() mutable {
        target->adopt(std::move(fd), std::move(text));
    });
}

void ServerLoop::adopt(UniqueFd socket, std::string peer) {
    ErrorCode error = boost::asio::error::shut_down;
    ServerConnection::Socket connected(m_core->context.get_executor());
    if (!m_core->stopping)
        connected.assign(boost::asio::ip::tcp::v4(), socket.get(),
                         error);  // the version matters only for opening
    if (error)
        return m_core->leave(peer);
    static_cast<void>(socket.release());
    if (!m_core->noDelay)  // sockets inherit it from the listener
        connected.set_option(boost::asio::ip::tcp::no_delay(false), error);
    const std::uint64_t id = m_shared.nextConnection.fetch_add(1, std::memory_order_relaxed);
    std::make_shared<ServerConnection>(m_core, *m_handler, std::move(connected), std::move(peer), id)
        ->start();
}

void ServerLoop::tickLater() {
    m_tick.expires_after(m_tickEvery);
    m_tick.async_wait([this](const ErrorCode& error) {
        if (error)
            return;
        const Nanos now = monotonicNow();
        auto& connections = m_core->connections;
        // Backwards: one that closes is replaced by the last, which was looked at already.
        for (std::size_t i = connections.size(); i-- > 0;)
            if (i < connections.size())
                connections[i]->onTick(now);
        tickLater();
    });
}

void ServerLoop::runUntilStopped() {
    for (;;) {
        try {
            m_core->context.run();
            return;
        } catch (const std::exception& error) {
            log::error("a task on loop {} threw: {}", m_index, error.what());  // the others run on
        }
    }
}

void ServerLoop::beginStop(std::chrono::milliseconds grace) {
    m_core->post([this, grace] { stopNow(grace); });
}

void ServerLoop::stopNow(std::chrono::milliseconds grace) {
    m_core->stopping = true;
    m_core->onEmpty = [this] {
        if (isEmpty())
            m_core->context.stop();
    };
    m_listener.reset();
    m_acceptPause.cancel();
    m_tick.cancel();
    const auto before = m_core->connections;
    for (const auto& connection : before)
        connection->finishSoon();
    if (m_http3)
        m_http3->finishSoon();
    if (isEmpty())
        return m_core->context.stop();
    m_grace.expires_after(grace);
    m_grace.async_wait([this](const ErrorCode& error) {
        while (!error && !m_core->connections.empty())
            m_core->connections.back()->close();
        if (!error && m_http3)
            m_http3->closeAll();
    });
}

void ServerLoop::join() {
    if (m_thread.joinable())
        m_thread.join();
}

Nanos ServerLoop::cpuTime() const {
    const std::lock_guard lock(m_cpuMutex);
    timespec time{};
    if (!m_cpuClock || clock_gettime(*m_cpuClock, &time) != 0)
        return m_cpuFinal;
    return Nanos(time.tv_sec * 1'000'000'000LL + time.tv_nsec);
}

}  // namespace hone::net

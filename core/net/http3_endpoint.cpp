#include "core/net/http3_endpoint.h"

#include <algorithm>

namespace hone::net {

namespace {

constexpr int kBatch = 64;  ///< Datagrams read before the connections get their turn.
constexpr std::size_t kDatagramBytes = 64 * 1024;
constexpr std::chrono::milliseconds kTick{250};

UdpAddress addressOf(const sockaddr* from) {
    UdpAddress out;
    out.size = from->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    std::copy_n(reinterpret_cast<const char*>(from), out.size, reinterpret_cast<char*>(&out.storage));
    return out;
}

}  // namespace

Http3Endpoint::Http3Endpoint(std::shared_ptr<ServerCore> core, std::shared_ptr<Http3Tls> tls,
                             UdpSocket socket)
    : m_core(std::move(core)),
      m_tls(std::move(tls)),
      m_socket(std::move(socket)),
      m_tick(m_core->context.get_executor()) {
    m_descriptor.emplace(m_core->context.get_executor(), m_socket.native());
}

Http3Endpoint::~Http3Endpoint() { closeAll(); }

void Http3Endpoint::start(Handler& handler, std::atomic<std::uint64_t>& nextConnection,
                          std::function<bool(const std::string& peer)> mayEnter) {
    m_handler = &handler;
    m_nextConnection = &nextConnection;
    m_mayEnter = std::move(mayEnter);
    waitReadable();
    tickLater();
}

void Http3Endpoint::waitReadable() {
    m_descriptor->async_wait(Descriptor::wait_read, [this](const ErrorCode& error) {
        if (!error && m_descriptor)
            readSome();
    });
}

void Http3Endpoint::readSome() {
    static thread_local std::array<std::uint8_t, kDatagramBytes> buffer;
    const Nanos now = monotonicNow();
    m_isReading = true;
    for (int i = 0; i < kBatch; ++i) {
        auto from = m_socket.receive(buffer);
        if (!from)
            break;
        m_core->bytesIn.add(from->size);
        route({buffer.data(), from->size}, *from, now);
    }
    m_isReading = false;
    flush();
    if (m_descriptor)
        waitReadable();
}

bool Http3Endpoint::send(std::span<const std::uint8_t> bytes, const sockaddr* local, const sockaddr* remote) {
    if (!isBlocked() && m_socket.send(bytes, local, remote) == UdpSocket::Sent::Done) {
        m_core->bytesOut.add(bytes.size());
        return true;
    }
    if (isBlocked())
        return false;  // lost; the transport sends it again
    m_waiting = {{bytes.begin(), bytes.end()}, addressOf(local), addressOf(remote)};
    waitWritable();
    return false;
}

void Http3Endpoint::waitWritable() {
    m_descriptor->async_wait(Descriptor::wait_write, [this](const ErrorCode& error) {
        if (error || !m_descriptor)
            return;
        const Waiting waiting = std::exchange(m_waiting, {});
        if (send(waiting.bytes, waiting.local.raw(), waiting.remote.raw()))
            flush();
    });
}

void Http3Endpoint::touch(Http3Connection& connection) {
    if (!std::exchange(connection.isTouched, true))
        m_touched.push_back(connection.shared_from_this());
    if (!m_isReading)
        flushSoon();
}

/// Answers that come one by one leave together: the flush is behind them in the queue.
void Http3Endpoint::flushSoon() {
    if (m_flushPosted || isBlocked())
        return;
    m_flushPosted = true;
    boost::asio::post(m_core->context, [this] {
        if (!std::exchange(m_flushPosted, false) || !m_descriptor)
            return;
        flush();
    });
}

void Http3Endpoint::flush() {
    const Nanos now = monotonicNow();
    for (const auto& connection : std::exchange(m_touched, {})) {
        connection->isTouched = false;
        if (isBlocked())
            touch(*connection);
        else
            connection->proceed(now);
    }
}

void Http3Endpoint::tickLater() {
    m_tick.expires_after(kTick);
    m_tick.async_wait([this](const ErrorCode& error) {
        if (error)
            return;
        const Nanos now = monotonicNow();
        // Backwards: one that goes is replaced by the last, which was looked at already.
        for (std::size_t i = m_connections.size(); i-- > 0;)
            if (i < m_connections.size())
                std::shared_ptr(m_connections[i])->onTick(now);
        tickLater();
    });
}

void Http3Endpoint::addRoute(const ngtcp2_cid& id, Http3Connection& connection) {
    m_routes[keyOf(id)] = &connection;
}

void Http3Endpoint::removeRoute(const ngtcp2_cid& id) { m_routes.erase(keyOf(id)); }

void Http3Endpoint::handshakeEnded(Http3Connection& connection) {
    if (std::exchange(connection.isCounted, false))
        --m_handshakes;
}

void Http3Endpoint::left(Http3Connection& connection) {
    handshakeEnded(connection);
    --m_open;
    m_core->leave(connection.peer);
    if (m_core->stopping && m_open == 0 && m_core->onEmpty)
        m_core->onEmpty();
}

void Http3Endpoint::remove(Http3Connection& connection) {
    const std::size_t index = connection.index;
    std::swap(m_connections[index], m_connections.back());
    m_connections[index]->index = index;
    m_connections.pop_back();  // the caller keeps the connection alive meanwhile
}

void Http3Endpoint::finishSoon() {
    m_finishing = true;
    const auto before = m_connections;
    for (const auto& connection : before)
        connection->finishSoon();
}

void Http3Endpoint::closeAll() {
    m_finishing = true;
    const auto before = m_connections;
    for (const auto& connection : before)
        connection->close();
    for (const auto& connection : before)
        connection->forget();
    m_tick.cancel();
    if (m_descriptor)
        m_descriptor->release();  // the socket owns the descriptor
    m_descriptor.reset();
    m_touched.clear();
}

}  // namespace hone::net

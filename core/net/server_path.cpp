#include "core/net/server_path.h"

#include <algorithm>
#include <cstring>

namespace hone::net {

ServerPath::ServerPath(const LinkOptions& options, std::uint64_t connection, Nanos now)
    : m_link(options, connection) {
    m_link.opened(now);
}

void ServerPath::received(Nanos now, std::size_t bytes) {
    m_arriving.commit(bytes);
    m_held.append(m_arriving.data(), m_arriving.size());
    m_arriving.consume(m_arriving.size());
    m_arrivals.push_back({m_link.received(now, bytes), bytes});
}

bool ServerPath::deliver(Nanos now, InputBuffer& to) {
    std::size_t bytes = 0;
    while (!m_arrivals.empty() && m_arrivals.front().due <= now) {
        bytes += m_arrivals.front().bytes;
        m_arrivals.pop_front();
    }
    if (bytes == 0)
        return false;
    const std::span<char> room = to.room(bytes);
    std::memcpy(room.data(), m_held.data() + m_delivered, bytes);
    to.commit(bytes);
    m_delivered += bytes;
    if (m_arrivals.empty()) {
        m_held.clear();
        m_delivered = 0;
    } else if (m_delivered > kHeld) {
        m_held.erase(0, std::exchange(m_delivered, 0));
    }
    return true;
}

void ServerPath::queue(Nanos now, OutputQueue& from) {
    if (from.empty())
        return;
    m_link.queued(now, from.size());
    from.moveTo(m_out);
}

OutputQueue::Outcome ServerPath::sendTo(int socket, Nanos now, std::uint64_t& bytesSent) {
    m_allowance += m_link.release(now);
    const std::uint64_t before = bytesSent;
    const auto outcome = m_out.sendTo(socket, bytesSent, m_allowance);
    m_allowance -= static_cast<std::size_t>(bytesSent - before);
    return outcome;
}

Nanos ServerPath::next(bool wantsBytes) const {
    const Nanos arrival = wantsBytes && !m_arrivals.empty() ? m_arrivals.front().due : Nanos::max();
    return std::min(arrival, m_out.empty() ? Nanos::max() : m_link.nextRelease());
}

}  // namespace hone::net

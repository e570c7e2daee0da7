#include "core/net/origin_pool.h"

#include <algorithm>

namespace hone::net {

Result<std::unique_ptr<Origin>> Origin::create(Loop& loop, OriginOptions options) {
    std::unique_ptr<ClientTlsContext> tls;
    if (options.tls) {
        auto made = ClientTlsContext::create(*options.tls);
        if (!made)
            return hone::fail(std::move(made.error()));
        tls = std::move(*made);
    }
    return std::make_unique<OriginPool>(static_cast<AsioLoop&>(loop), std::move(options), std::move(tls));
}

OriginPool::~OriginPool() {
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto& exchange : waiting)
        exchange->queue = nullptr;
    const auto all = m_all;
    for (const auto& connection : all)
        connection->abandon();
}

std::shared_ptr<OriginCall> OriginPool::send(OriginRequest request, std::unique_ptr<OriginReader> reader) {
    auto exchange = std::make_shared<OriginExchange>(std::move(request), std::move(reader));
    start(exchange);
    return exchange;
}

OriginCounters OriginPool::counters() const {
    auto now = m_counters;
    now.open = static_cast<int>(m_all.size());
    now.idle = static_cast<int>(m_idle.size());
    now.waiting = static_cast<int>(m_waiting.size());
    return now;
}

void OriginPool::start(ExchangePtr exchange) {
    if (const auto kept = takeIdle()) {
        ++m_counters.reused;
        return kept->carry(std::move(exchange));
    }
    if (m_all.size() < static_cast<std::size_t>(m_options.maxConnections))
        return open(std::move(exchange));
    wait(std::move(exchange));
}

std::shared_ptr<OriginConnection> OriginPool::takeIdle() {
    while (!m_idle.empty()) {
        const auto connection = m_idle.back()->shared_from_this();
        m_idle.pop_back();
        if (connection->isUsable())
            return connection;
        connection->close();
    }
    return nullptr;
}

void OriginPool::open(ExchangePtr exchange) {
    ++m_counters.opened;
    const auto connection =
        m_all.emplace_back(std::make_shared<OriginConnection>(m_loop, *this, m_options, m_tls.get()));
    connection->open(std::move(exchange));
}

void OriginPool::wait(ExchangePtr exchange) {
    exchange->queue = this;
    exchange->waitsUntil = monotonicNow() + m_options.connectTimeout;
    m_loop.at(exchange->waitsUntil, [this, weak = std::weak_ptr(m_alive)] {
        if (weak.lock())
            dropOverdue();
    });
    m_waiting.push_back(std::move(exchange));
}

void OriginPool::dropOverdue() {
    const Nanos now = monotonicNow();
    while (!m_waiting.empty() && m_waiting.front()->waitsUntil <= now) {
        const auto exchange = std::move(m_waiting.front());
        m_waiting.pop_front();
        exchange->queue = nullptr;
        countFailure();
        exchange->fail(
            {Error::Timeout,
             fmt::format("all {} connections to {}:{} were busy for too long", m_options.maxConnections,
                         m_options.endpoint.host, m_options.endpoint.port),
             "Allow more connections, or ask less of the upstream."});
    }
}

void OriginPool::serveNext() {
    if (m_waiting.empty())
        return;
    auto exchange = std::move(m_waiting.front());
    m_waiting.pop_front();
    exchange->queue = nullptr;
    start(std::move(exchange));
}

void OriginPool::free(OriginConnection& connection) {
    m_idle.push_back(&connection);
    serveNext();
    if (m_idle.size() > static_cast<std::size_t>(m_options.maxKept))
        m_idle.front()->close();
}

void OriginPool::gone(OriginConnection& connection) {
    std::erase(m_idle, &connection);
    std::erase_if(m_all, [&](const auto& one) { return one.get() == &connection; });
    serveNext();
}

/// On a new connection: other kept ones may be as dead as the last. It had a place, so it need not wait.
void OriginPool::repeat(ExchangePtr exchange) {
    ++m_counters.repeated;
    exchange->isRepeated = true;
    open(std::move(exchange));
}

void OriginPool::forget(OriginExchange& exchange) {
    exchange.queue = nullptr;
    std::erase_if(m_waiting, [&](const auto& one) { return one.get() == &exchange; });
}

}  // namespace hone::net

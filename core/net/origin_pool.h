#pragma once

#include "core/net/origin_connection.h"

#include <deque>

namespace hone::net {

/// The connections of one Origin and who waits for one.
///
/// Thread: its loop's. Invariant: somebody waits only while maxConnections are open and none is idle.
class OriginPool final : public Origin {
public:
    OriginPool(AsioLoop& loop, OriginOptions options, std::unique_ptr<ClientTlsContext> tls)
        : m_loop(loop), m_options(std::move(options)), m_tls(std::move(tls)) {}
    ~OriginPool() override;

    std::shared_ptr<OriginCall> send(OriginRequest request, std::unique_ptr<OriginReader> reader) override;
    [[nodiscard]] OriginCounters counters() const override;

    // For connections and exchanges.
    void free(OriginConnection& connection);
    void gone(OriginConnection& connection);
    void repeat(ExchangePtr exchange);
    void forget(OriginExchange& exchange);
    void countFailure() { ++m_counters.failed; }

private:
    void start(ExchangePtr exchange);
    [[nodiscard]] std::shared_ptr<OriginConnection> takeIdle();
    void open(ExchangePtr exchange);
    void wait(ExchangePtr exchange);
    void serveNext();
    void dropOverdue();

    AsioLoop& m_loop;
    const OriginOptions m_options;
    const std::unique_ptr<ClientTlsContext> m_tls;
    std::vector<std::shared_ptr<OriginConnection>> m_all;
    std::vector<OriginConnection*>
        m_idle;  ///< The one used last at the end: it is the least likely to be closed.
    std::deque<ExchangePtr> m_waiting;
    OriginCounters m_counters;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);  ///< For timers that outlive us.
};

}  // namespace hone::net

#include "core/engine/engine.h"

#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/engine/admin.h"
#include "core/engine/upstream/make_upstream.h"
#include "core/engine/why.h"
#include "core/engine/worker.h"

#include <algorithm>
#include <latch>
#include <mutex>

namespace hone::engine {
namespace {

constexpr int kTokenBytes = 16;

/// Every thread of the pool takes one of these tasks, because none goes on before all have begun.
void pinPool(ThreadPool& pool, int cpu) {
    std::latch all(pool.size());
    std::latch done(pool.size());
    for (int i = 0; i < pool.size(); ++i)
        pool.post([&all, &done, cpu](int) {
            all.arrive_and_wait();
            if (!pinThread(cpu))
                log::warn("a pool thread could not be pinned to CPU {}", cpu);
            done.count_down();
        });
    done.wait();
}

Result<Router> makeRouter(const EngineOptions& options) {
    if (!options.upstream)
        return Router::create(options.datasets, options.catalogue);
    auto endpoint = upstream::makeUpstream(*options.upstream);
    if (!endpoint)
        return fail(std::move(endpoint.error()));
    return Router::forAll(std::move(*endpoint));
}

class ServingEngine final : public Engine {
public:
    ServingEngine(std::shared_ptr<EngineCore> core, std::string token)
        : m_core(std::move(core)), m_admin(*this, m_core->arms, std::move(token)) {}
    ~ServingEngine() override {
        if (m_server)
            m_server->stop(std::chrono::milliseconds(0));
        m_core->router.stop();
        m_pool.reset();  // its tasks use the admin and the server's counters
        m_server.reset();
        m_core->pool = nullptr;
    }

    Result<> start(const net::ServerOptions& options, int poolCpu) {
        if (m_core->poolThreads > 0)
            m_pool = std::make_unique<ThreadPool>("pool", m_core->poolThreads);
        if (m_pool && poolCpu >= 0)
            pinPool(*m_pool, poolCpu);
        m_core->pool = m_pool.get();
        m_link = options.link;
        m_core->admin = [this](const http::Request& request) { return m_admin.answer(request); };
        auto server =
            net::Server::create(options, [core = m_core](int index) -> std::unique_ptr<net::Handler> {
                return std::make_unique<LoopHandler>(core, index);
            });
        if (!server)
            return fail(std::move(server.error()));
        m_server = std::move(*server);
        return m_server->setOffer(m_core->arms.offer());
    }

    [[nodiscard]] std::string url() const override { return m_server->url(); }
    [[nodiscard]] std::uint16_t port() const override { return m_server->port(); }
    [[nodiscard]] const std::string& adminToken() const override { return m_admin.token(); }
    [[nodiscard]] Catalogue catalogue() const override { return m_core->arms.catalogue(); }
    [[nodiscard]] std::span<const std::shared_ptr<data::Dataset>> datasets() const override {
        return m_core->arms.datasets();
    }

    Result<> apply(Arm arm, const model::Profile& profile) override {
        if (m_core->isProxy)
            if (auto suits = upstream::checkSuits(profile, catalogue()); !suits)
                return suits;
        if (auto applied = m_core->arms.apply(arm, profile); !applied)
            return applied;
        m_core->dropStalePipelines();
        return m_server->setOffer(m_core->arms.offer());
    }
    [[nodiscard]] Connections connections(Arm arm) const override {
        return m_core->arms.pipeline(arm)->connections();
    }
    [[nodiscard]] model::Profile profile(Arm arm) const override { return m_core->arms.profile(arm); }
    void resetState(Arm arm) override { m_core->arms.pipeline(arm)->resetStates(); }

    std::uint64_t purge(Arm arm, const Purge& what) override {
        std::uint64_t count = 0;
        for (const auto& toggle : m_core->arms.pipeline(arm)->toggles())
            count += toggle->state->purge(what);
        return count;
    }

    [[nodiscard]] Snapshot snapshot() const override {
        Snapshot now;
        now.taken = m_core->clock.now();
        Meter::sum(m_core->meters, m_core->router.names(), now);
        const auto counters = m_server->counters();
        now.bytesOut = counters.bytesOut;
        now.openConnections = counters.open;
        now.cpu = m_server->cpuTime() + (m_pool ? m_pool->cpuTime() : Nanos(0)) + m_core->router.cpuTime();
        now.counters[0] = m_core->arms.counters(Arm::A);
        now.counters[1] = m_core->arms.counters(Arm::B);
        now.troubles[0] = m_core->arms.troubles(Arm::A);
        now.troubles[1] = m_core->arms.troubles(Arm::B);
        now.stageTimes[0] = m_core->arms.stageTimes(Arm::A);
        now.stageTimes[1] = m_core->arms.stageTimes(Arm::B);
        return now;
    }

    [[nodiscard]] std::vector<JournalEntry> journal(std::size_t limit) const override {
        std::vector<JournalEntry> entries;
        for (const auto& ring : m_core->journals)
            ring->read(entries);
        std::ranges::sort(entries, std::greater(), &JournalEntry::number);
        entries.resize(std::min(entries.size(), limit));
        for (auto& entry : entries)
            if (entry.why.empty())
                entry.why = nearMiss(m_core->router.patterns(), entry);
        return entries;
    }

    void setLink(std::optional<net::LinkOptions> link) override {
        const std::lock_guard lock(m_linkMutex);
        m_link = link;
        m_server->setLink(std::move(link));
    }
    [[nodiscard]] std::optional<net::LinkOptions> link() const override {
        const std::lock_guard lock(m_linkMutex);
        return m_link;
    }

    void stop(std::chrono::milliseconds grace) override { m_server->stop(grace); }

private:
    const std::shared_ptr<EngineCore> m_core;
    const Admin m_admin;
    std::unique_ptr<ThreadPool> m_pool;
    std::unique_ptr<net::Server> m_server;
    mutable std::mutex m_linkMutex;
    std::optional<net::LinkOptions> m_link;  ///< Guarded by m_linkMutex.
};

}  // namespace

Result<std::unique_ptr<Engine>> Engine::create(EngineOptions options, const Clock& clock) {
    if (auto checked = Cors::check(options.cors); !checked)
        return fail(std::move(checked.error()));
    auto router = makeRouter(options);
    if (!router)
        return fail(std::move(router.error()));
    auto server = options.server;
    server.threads = std::max(server.threads, 1);
    const int poolCpu = options.poolCpu;
    std::string token = options.adminToken.empty() ? randomHex(kTokenBytes) : options.adminToken;
    auto core = std::make_shared<EngineCore>(std::move(options), std::move(*router), clock);
    auto engine = std::make_unique<ServingEngine>(std::move(core), std::move(token));
    if (auto started = engine->start(server, poolCpu); !started)
        return fail(std::move(started.error()));
    return engine;
}

}  // namespace hone::engine

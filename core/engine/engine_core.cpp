#include "core/engine/engine_core.h"

#include "core/engine/worker.h"

#include <algorithm>
#include <thread>

namespace hone::engine {
namespace {

/// SQLite reads scale with the CPUs; below two, one slow query would keep everybody waiting.
int defaultPoolThreads() {
    constexpr int kLeast = 2, kMost = 64;
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), kLeast, kMost);
}

}  // namespace

EngineCore::EngineCore(EngineOptions options, Router foundRoutes, const Clock& engineClock)
    : clock(engineClock),
      loops(std::max(options.server.threads, 1)),
      poolThreads(options.poolThreads < 0 ? defaultPoolThreads() : options.poolThreads),
      isProxy(options.upstream.has_value()),
      router(std::move(foundRoutes)),
      hosts(options.server.bind, options.allowedHosts),
      cors(options.cors),
      writes(engineClock, options.datasets),
      arms(options.catalogue, std::move(options.datasets), engineClock, loops + poolThreads) {
    for (int i = 0; i < loops; ++i) {
        meters.push_back(std::make_unique<Meter>(router.names().size()));
        journals.push_back(std::make_unique<Journal>());
    }
}

std::uint64_t EngineCore::requests() const {
    std::uint64_t sum = 0;
    for (const auto& meter : meters)
        sum += meter->requests();
    return sum;
}

std::uint64_t EngineCore::nextEntryNumber() {
    auto last = m_lastEntry.load();
    std::uint64_t number = 0;
    do
        number = std::max(requests(), last + 1);
    while (!m_lastEntry.compare_exchange_weak(last, number));
    return number;
}

void EngineCore::join(std::weak_ptr<Worker> worker, std::function<void(std::function<void()>)> post) {
    const std::lock_guard lock(m_joinedMutex);
    m_joined.push_back({std::move(worker), std::move(post)});
}

void EngineCore::dropStalePipelines() {
    const std::lock_guard lock(m_joinedMutex);
    for (const auto& [worker, post] : m_joined)
        post([worker] {
            if (const auto alive = worker.lock())
                alive->dropStaleLanes();
        });
}

}  // namespace hone::engine

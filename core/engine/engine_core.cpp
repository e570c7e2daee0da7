#include "core/engine/engine_core.h"

#include <algorithm>

namespace hone::engine {

EngineCore::EngineCore(EngineOptions options, Router foundRoutes, const Clock& engineClock)
    : clock(engineClock),
      loops(std::max(options.server.threads, 1)),
      poolThreads(std::max(options.poolThreads, 0)),
      router(std::move(foundRoutes)),
      hosts(options.server.bind, std::move(options.allowedHosts)),
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

}  // namespace hone::engine

#pragma once

#include "core/base/thread.h"
#include "core/engine/arms.h"
#include "core/engine/cors.h"
#include "core/engine/host_policy.h"
#include "core/engine/journal.h"
#include "core/engine/meter.h"
#include "core/engine/router.h"
#include "core/engine/write_guard.h"

namespace hone::engine {

class Worker;

/// What the workers of one engine share.
///
/// Thread: any; each part says how. Owner: shared by the engine and its workers, of which one may outlive the
/// engine's listening while a pool thread ends its request.
struct EngineCore {
    EngineCore(EngineOptions options, Router foundRoutes, const Clock& engineClock);

    /// Every request answered so far by all loops, admin not included.
    [[nodiscard]] std::uint64_t requests() const;
    /// A number for a journal entry: requests() so far, made unique.
    [[nodiscard]] std::uint64_t nextEntryNumber();
    /// From a worker's first request on, dropStalePipelines() reaches it by `post`.
    void join(std::weak_ptr<Worker> worker, std::function<void(std::function<void()>)> post);
    /// Has idle workers let go of pipelines that were replaced: what is off gives back its memory without a
    /// next request.
    void dropStalePipelines();

    const Clock& clock;
    const int loops;
    const int poolThreads;
    const bool isProxy;  ///< Answers come from elsewhere: there are no queries to change.
    const Router router;
    const HostPolicy hosts;
    const Cors cors;
    WriteGuard writes;
    Arms arms;
    std::vector<std::unique_ptr<Meter>> meters;      ///< One a loop.
    std::vector<std::unique_ptr<Journal>> journals;  ///< One a loop.
    /// For blocking endpoints; null: they run on the loop. The engine joins it before it goes away itself.
    ThreadPool* pool = nullptr;
    std::function<http::Response(const http::Request&)> admin;  ///< Answers what is under /_hone/; may block.

private:
    struct Joined {
        std::weak_ptr<Worker> worker;
        std::function<void(std::function<void()>)> post;
    };
    std::atomic<std::uint64_t> m_lastEntry{0};
    std::mutex m_joinedMutex;
    std::vector<Joined> m_joined;  ///< Guarded by m_joinedMutex.
};

}  // namespace hone::engine

#pragma once

#include "core/toggles/cache/answer_codec.h"
#include "core/toggles/cache/backend_link.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace hone::toggles::cache {

/// Answers in Redis or Memcached, asked over a pool of connections, each with a thread of its own, so that no
/// event loop ever waits.
///
/// Fail-open: whatever goes wrong is a miss, and after a failure nothing is asked for kRetryAfter, so that a
/// dead server costs one time-out a second instead of one a request. Keys begin with a name of this store's
/// own: answers of other engines, whose writes nobody here hears of, are not seen, and forgetting all is
/// taking another name.
///
/// Thread: any. Owner: the toggle's State; the destructor waits for commands under way (a time-out at most).
class RemoteStore {
public:
    static constexpr auto kRetryAfter = std::chrono::seconds(1);
    static constexpr std::size_t kMostWaiting = 4096;
    using MakeLink = std::function<std::unique_ptr<BackendLink>()>;
    using Found = std::move_only_function<void(std::optional<KeptAnswer>)>;

    /// `kind` and `address` are for messages.
    RemoteStore(const Clock& clock, std::string kind, std::string address, MakeLink makeLink,
                int connections);
    ~RemoteStore();
    RemoteStore(const RemoteStore&) = delete;
    RemoteStore& operator=(const RemoteStore&) = delete;

    /// Worth asking: not down, or down long enough to try again.
    [[nodiscard]] bool isUp() const;
    /// `found` is called exactly once, on a thread of the pool or at once; with none for a miss or failure.
    void find(std::string key, Found found);
    void insert(std::string key, const Answer& answer, std::uint64_t purges);
    void erase(const std::string& key);
    void forgetAll();

    [[nodiscard]] std::uint64_t failures() const { return m_failures.load(std::memory_order_relaxed); }
    /// "redis at 127.0.0.1:6379: Connection refused; answers come from the origin", or empty.
    [[nodiscard]] std::string trouble() const;

private:
    using Task = std::move_only_function<void(BackendLink&)>;
    [[nodiscard]] bool post(Task& task);
    void run(std::stop_token stop);
    [[nodiscard]] std::string place(std::string_view key) const;
    void failed(const Error& error);
    void worked();

    const Clock& m_clock;
    const std::string m_kind, m_address, m_name;
    const MakeLink m_makeLink;
    std::atomic<std::uint64_t> m_generation{0}, m_failures{0};
    std::atomic<std::int64_t> m_downUntil{0};  ///< On m_clock, ns; 0: up.
    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;  ///< Guarded by m_mutex.
    std::string m_trouble;     ///< Guarded by m_mutex.
    std::vector<std::jthread> m_threads;
};

}  // namespace hone::toggles::cache

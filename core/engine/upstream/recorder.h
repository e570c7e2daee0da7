#pragma once

#include "core/engine/upstream/recording.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hone::engine::upstream {

/// Saves exchanges behind the traffic's back: a full disk or a slow one costs recordings, not answers.
///
/// Thread: add() from any; one of its own writes. The destructor saves what is queued. What did not fit or
/// could not be written is counted and said in the log once at the end.
class Recorder {
public:
    static constexpr std::size_t kLargestBody = 16 * 1024 * 1024;

    static Result<std::unique_ptr<Recorder>> create(const std::filesystem::path& file,
                                                    std::string_view upstream);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    void add(RecordedExchange exchange);
    void countTooLarge() { ++m_tooLarge; }

private:
    explicit Recorder(std::unique_ptr<Recording> recording);
    void run(const std::stop_token& stop);

    const std::unique_ptr<Recording> m_recording;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<RecordedExchange> m_queue;  ///< Guarded by m_mutex.
    std::size_t m_queuedBytes = 0;          ///< Guarded by m_mutex.
    std::atomic<std::uint64_t> m_saved{0}, m_dropped{0}, m_tooLarge{0};
    std::jthread m_thread;  ///< Last: joins before what it uses goes away.
};

}  // namespace hone::engine::upstream

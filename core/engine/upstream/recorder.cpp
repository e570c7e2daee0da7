#include "core/engine/upstream/recorder.h"

#include "core/base/log.h"
#include "core/base/thread.h"

namespace hone::engine::upstream {
namespace {

constexpr std::size_t kLargestQueue = 256 * 1024 * 1024;

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::create(const std::filesystem::path& file,
                                                   std::string_view upstream) {
    auto recording = Recording::create(file, upstream);
    if (!recording)
        return fail(std::move(recording.error()));
    return std::unique_ptr<Recorder>(new Recorder(std::move(*recording)));
}

Recorder::Recorder(std::unique_ptr<Recording> recording) : m_recording(std::move(recording)) {
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Recorder::~Recorder() {
    m_thread.request_stop();
    m_thread.join();
    if (m_dropped + m_tooLarge > 0)
        log::warn("recorded {} exchanges; {} were dropped, {} had a body above {} MiB", m_saved.load(),
                  m_dropped.load(), m_tooLarge.load(), kLargestBody / (1024 * 1024));
}

void Recorder::add(RecordedExchange exchange) {
    const std::lock_guard lock(m_mutex);
    if (m_queuedBytes + exchange.body.size() > kLargestQueue) {
        ++m_dropped;
        return;
    }
    m_queuedBytes += exchange.body.size();
    m_queue.push_back(std::move(exchange));
    m_wake.notify_one();
}

void Recorder::run(const std::stop_token& stop) {
    nameThread("recorder");
    for (;;) {
        std::vector<RecordedExchange> batch;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !m_queue.empty(); });
            batch.swap(m_queue);
            m_queuedBytes = 0;
        }
        if (batch.empty())
            return;  // Stopped, and everything is saved.
        if (const auto saved = m_recording->add(batch); saved) {
            m_saved += batch.size();
        } else {
            m_dropped += batch.size();
            log::error("exchanges were not recorded: {}", saved.error().line());
        }
    }
}

}  // namespace hone::engine::upstream

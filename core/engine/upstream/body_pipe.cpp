#include "core/engine/upstream/body_pipe.h"

#include <algorithm>

namespace hone::engine::upstream {

/// What the client's connection pulls from.
class BodyPipe::Source final : public http::BodySource {
public:
    explicit Source(std::shared_ptr<BodyPipe> pipe) : m_pipe(std::move(pipe)) {}
    ~Source() override { m_pipe->abandon(); }
    State read(std::string& out, std::size_t room) override { return m_pipe->read(out, room); }

private:
    const std::shared_ptr<BodyPipe> m_pipe;
};

std::shared_ptr<http::BodySource> BodyPipe::makeSource() {
    auto source = std::make_shared<Source>(shared_from_this());
    m_source = source;
    return source;
}

void BodyPipe::push(std::string_view bytes) {
    bool pauses = false;
    {
        const std::lock_guard lock(m_mutex);
        m_bytes += bytes;
        pauses = !m_isPaused && m_bytes.size() - m_taken >= kHigh;
        m_isPaused = m_isPaused || pauses;
    }
    if (const auto call = m_call.lock(); pauses && call)
        call->pause();
    wakeClient();
}

void BodyPipe::end() { close(End::Ended); }
void BodyPipe::fail() { close(End::Failed); }

void BodyPipe::close(End how) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_end == End::Open)
            m_end = how;
    }
    wakeClient();
}

void BodyPipe::wakeClient() {
    {
        const std::lock_guard lock(m_mutex);
        if (!std::exchange(m_clientWaits, false))
            return;
    }
    m_client([weak = std::weak_ptr(m_source)] {
        if (const auto source = weak.lock(); source && source->onReady)
            source->onReady();
    });
}

http::BodySource::State BodyPipe::read(std::string& out, std::size_t room) {
    using State = http::BodySource::State;
    std::unique_lock lock(m_mutex);
    const auto count = std::min(room, m_bytes.size() - m_taken);
    out.append(m_bytes, m_taken, count);
    m_taken += count;
    const auto left = m_bytes.size() - m_taken;
    if (left == 0) {
        m_bytes.clear();
        m_taken = 0;
    } else if (m_taken >= kHigh) {
        m_bytes.erase(0, std::exchange(m_taken, 0));
    }
    const bool resumes = m_isPaused && left <= kLow;
    m_isPaused = m_isPaused && !resumes;
    const auto state = left > 0               ? State::More
                       : m_end == End::Failed ? State::Failed
                       : m_end == End::Ended  ? State::End
                       : count > 0            ? State::More
                                              : State::Later;
    m_clientWaits = state == State::Later;
    lock.unlock();
    if (resumes)
        m_upstream->post([self = shared_from_this()] {
            if (const auto call = self->m_call.lock())
                call->resume();
        });
    return state;
}

void BodyPipe::abandon() {
    {
        const std::lock_guard lock(m_mutex);
        if (m_end != End::Open)
            return;
        m_end = End::Failed;
    }
    m_upstream->post([self = shared_from_this()] {
        if (const auto call = self->m_call.lock())
            call->cancel();
    });
}

}  // namespace hone::engine::upstream

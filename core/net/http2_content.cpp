#include "core/net/http2_content.h"

#include "core/base/log.h"

namespace hone::net {

namespace {

/// Asked of a source at a time: a few frames, so that it is not called for each.
constexpr std::size_t kPullBytes = 64 * 1024;

http::BodySource::State readSome(http::BodySource& source, std::string& out, std::size_t room) {
    try {
        return source.read(out, room);
    } catch (const std::exception& error) {
        log::error("a body source threw: {}", error.what());
        return http::BodySource::State::Failed;
    }
}

}  // namespace

void Http2Content::set(http::Response&& response, std::move_only_function<void()> onReady) {
    clear();
    m_prepared = std::move(response.prepared);
    m_source = std::move(response.source);
    if (!m_source) {
        m_bytes = std::move(response.body);
        return;
    }
    m_prepared.reset();
    m_left = response.sourceLength;
    m_source->onReady = std::move(onReady);
}

void Http2Content::clear() {
    if (m_source)
        m_source->onReady = nullptr;  // its producer may keep the source longer than the answer lives
    m_source.reset();
    m_prepared.reset();
    m_left.reset();
    m_bytes = {};
    m_sent = 0;
}

/// Asks the source once for more.
Http2Content::State Http2Content::pull(std::size_t room) {
    m_bytes.erase(0, m_sent);
    m_sent = 0;
    const std::size_t before = m_bytes.size();
    const auto state = readSome(*m_source, m_bytes, std::max(room, kPullBytes));
    const std::uint64_t got = m_bytes.size() - before;
    if (m_left && got > *m_left)
        return State::Cut;
    if (m_left)
        *m_left -= got;
    switch (state) {
        case http::BodySource::State::Failed: return State::Cut;
        case http::BodySource::State::End:
            m_source->onReady = nullptr;
            m_source.reset();
            return m_left.value_or(0) > 0 ? State::Cut : State::Bytes;
        case http::BodySource::State::More:
            if (got > 0)
                return State::Bytes;
            [[fallthrough]];  // a promise not kept must not become a busy loop
        case http::BodySource::State::Later: return m_bytes.empty() ? State::Wait : State::Bytes;
    }
    return State::Cut;
}

Http2Content::Next Http2Content::next(std::size_t room) {
    if (m_source && bytes().size() == m_sent)
        if (const State state = pull(room); state != State::Bytes)
            return {state};
    const std::size_t left = bytes().size() - m_sent;
    const std::size_t size = std::min(left, room);
    return {State::Bytes, size, !m_source && size == left};
}

void Http2Content::take(std::string& out, std::size_t size) {
    out.append(bytes().substr(m_sent, size));
    m_sent += size;
}

}  // namespace hone::net

#include "core/net/body_stream.h"

#include "core/base/log.h"

#include <charconv>

namespace hone::net {

namespace {

/// Queued at a time: enough to fill a fast path's socket buffer, little enough to hold per connection.
constexpr std::size_t kRoom = 64 * 1024;

void appendHex(std::string& out, std::size_t value) {
    char digits[16];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, 16);
    out.append(digits, end);
}

http::BodySource::State readSome(http::BodySource& source, std::string& out, std::size_t room) {
    try {
        return source.read(out, room);
    } catch (const std::exception& error) {
        log::error("a body source threw: {}", error.what());
        return http::BodySource::State::Failed;
    }
}

}  // namespace

BodyStream::BodyStream(std::shared_ptr<http::BodySource> source, Framing framing, std::uint64_t length,
                       std::move_only_function<void()> onReady)
    : m_source(std::move(source)), m_framing(framing), m_left(length) {
    m_source->onReady = std::move(onReady);
}

BodyStream::~BodyStream() {
    m_source->onReady = nullptr;  // its producer may keep the source longer than we live
}

BodyStream::Step BodyStream::pull(OutputQueue& out) {
    while (out.size() < kRoom) {
        m_piece.clear();
        const auto state = readSome(*m_source, m_piece, kRoom - out.size());
        if (!append(out))
            return Step::Cut;
        switch (state) {
            case http::BodySource::State::More: continue;
            case http::BodySource::State::Later: return Step::Waiting;
            case http::BodySource::State::Failed: return Step::Cut;
            case http::BodySource::State::End:
                if (m_framing == Framing::Chunked)
                    out.text().append("0\r\n\r\n");
                return m_framing == Framing::Length && m_left > 0 ? Step::Cut : Step::Done;
        }
    }
    return Step::Room;
}

/// False when there is more than was promised: the rest would be taken for the next answer.
bool BodyStream::append(OutputQueue& out) {
    if (m_piece.empty())
        return true;  // an empty chunk would be the last
    if (m_framing == Framing::Length) {
        if (m_piece.size() > m_left)
            return false;
        m_left -= m_piece.size();
    }
    if (m_framing == Framing::Chunked) {
        appendHex(out.text(), m_piece.size());
        out.text().append("\r\n");
    }
    out.addBody(std::move(m_piece));
    if (m_framing == Framing::Chunked)
        out.text().append("\r\n");
    return true;
}

}  // namespace hone::net

#include "core/net/http3_stream.h"

#include "core/net/http3_session.h"

namespace hone::net {

Http3Stream::Http3Stream(std::shared_ptr<ServerCore> core, Http3Session& owner, std::int64_t streamId)
    : session(&owner), id(streamId), head(core->limits), m_core(std::move(core)) {}

void Http3Stream::respond(http::Response&& response) {
    if (m_core->onLoop() && session && session->answersNow())
        return session->answer(*this, std::move(response));
    m_late = std::move(response);
    m_core->post([self = shared_from_this()] {
        http::Response answer = std::move(*self->m_late);
        self->m_late.reset();
        if (self->session)
            self->session->answerLate(*self, std::move(answer));
    });
}

void Http3Stream::giveUp() {
    session = nullptr;
    phase = Phase::Closed;
    content.clear();
    m_unacknowledged.clear();
}

std::string& Http3Stream::sendNext(std::size_t size) {
    std::string& piece = m_unacknowledged.emplace_back();
    piece.reserve(size);
    content.take(piece, size);
    return piece;
}

void Http3Stream::acknowledged(std::size_t size) {
    m_acknowledged += size;
    while (!m_unacknowledged.empty() && m_acknowledged >= m_unacknowledged.front().size()) {
        m_acknowledged -= m_unacknowledged.front().size();
        m_unacknowledged.pop_front();
    }
}

}  // namespace hone::net

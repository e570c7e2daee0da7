#include "core/net/http2_stream.h"

#include "core/net/http2_protocol.h"

namespace hone::net {

Http2Stream::Http2Stream(std::shared_ptr<ServerCore> core, Http2Protocol& owner, std::int32_t streamId)
    : protocol(&owner), id(streamId), head(core->limits), m_core(std::move(core)) {}

void Http2Stream::respond(http::Response&& response) {
    if (m_core->onLoop() && protocol && protocol->answersNow())
        return protocol->answer(*this, std::move(response));
    m_late = std::move(response);
    m_core->post([self = shared_from_this()] {
        http::Response answer = std::move(*self->m_late);
        self->m_late.reset();
        if (self->protocol)
            self->protocol->answerLate(*self, std::move(answer));
    });
}

void Http2Stream::reuse(Http2Protocol& owner, std::int32_t streamId) {
    protocol = &owner;
    id = streamId;
    phase = Phase::Head;
    head.clear();
    request = {};
    withheld = moved = 0;
    waits = answerSent = false;
}

void Http2Stream::giveUp() {
    protocol = nullptr;
    phase = Phase::Closed;
    content.clear();
}

}  // namespace hone::net

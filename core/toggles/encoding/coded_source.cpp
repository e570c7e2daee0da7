#include "core/toggles/encoding/coded_source.h"

namespace hone::toggles::encoding {

using Until = coding::StreamCoder::Until;

CodedSource::CodedSource(std::shared_ptr<http::BodySource> inner, std::unique_ptr<coding::StreamCoder> coder,
                         OnEnd onEnd)
    : m_inner(std::move(inner)), m_coder(std::move(coder)), m_onEnd(std::move(onEnd)) {}

CodedSource::~CodedSource() {
    m_inner->onReady = nullptr;  // it may live on where it comes from
    m_onEnd(m_bytesIn, m_bytesOut);
}

http::BodySource::State CodedSource::read(std::string& out, std::size_t room) {
    if (!m_inner->onReady)
        m_inner->onReady = [this] {
            if (onReady)
                onReady();
        };
    const std::size_t before = out.size();
    for (;;) {
        m_taken.clear();
        const State state = m_inner->read(m_taken, room);
        m_bytesIn += m_taken.size();
        m_isPending = m_isPending || !m_taken.empty();
        if (state == State::Failed)
            return State::Failed;
        const Until until = state == State::End     ? Until::End
                            : state == State::Later ? Until::Flush
                                                    : Until::More;
        if ((until != Until::Flush || m_isPending) && !m_coder->write(m_taken, until, out))
            return State::Failed;
        m_isPending = m_isPending && until == Until::More;
        if (state == State::More && out.size() == before)
            continue;  // all of it is still inside the encoder
        m_bytesOut += out.size() - before;
        if (state != State::Later)
            return state;
        return out.size() > before ? State::More : State::Later;
    }
}

}  // namespace hone::toggles::encoding

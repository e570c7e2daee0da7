#pragma once

#include "core/coding/stream_coder.h"
#include "core/http/message.h"

#include <functional>

namespace hone::toggles::encoding {

/// Content of another source, compressed while it is sent. Whenever the other has nothing more at the moment,
/// what was read so far is pushed out: an event must not wait inside the encoder for the next one.
///
/// Thread: the connection's loop. Owner: the response.
class CodedSource final : public http::BodySource {
public:
    /// Of all bytes taken and given, once, when it is over.
    using OnEnd = std::function<void(std::uint64_t bytesIn, std::uint64_t bytesOut)>;

    CodedSource(std::shared_ptr<http::BodySource> inner, std::unique_ptr<coding::StreamCoder> coder,
                OnEnd onEnd);
    ~CodedSource() override;

    State read(std::string& out, std::size_t room) override;

private:
    std::shared_ptr<http::BodySource> m_inner;
    std::unique_ptr<coding::StreamCoder> m_coder;
    OnEnd m_onEnd;
    std::string m_taken;  ///< Reused.
    std::uint64_t m_bytesIn = 0, m_bytesOut = 0;
    bool m_isPending = false;  ///< Something may be inside the encoder.
};

}  // namespace hone::toggles::encoding

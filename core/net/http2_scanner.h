#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hone::net {

/// Follows the frame borders of what an HTTP/2 client sends, without looking into the frames, so that every
/// frame can be counted before any work is done for it and a header block that never ends is noticed.
///
/// Thread: its connection's. Owner: Http2Protocol. Makes no assumption about the bytes: nonsense scans as
/// nonsense and is refused by the library afterwards. Invariant: m_headerHave < 9.
class Http2Scanner {
public:
    static constexpr std::size_t kPrefaceBytes = 24;  ///< RFC 9113 section 3.4.
    static constexpr std::uint8_t kData = 0, kHeaders = 1, kContinuation = 9;
    static constexpr std::uint8_t kEndStream = 0x1, kEndHeaders = 0x4;

    struct Frame {
        std::size_t length = 0;
        std::uint8_t type = 0, flags = 0;
    };

    /// Calls `onFrame(Frame)` for every frame that starts in `bytes`; stops when that returns false and then
    /// returns false itself.
    template <class OnFrame>
    bool scan(std::string_view bytes, OnFrame&& onFrame) {
        while (!bytes.empty()) {
            if (const std::size_t skipped = std::min(m_skip, bytes.size()); skipped > 0) {
                m_skip -= skipped;
                bytes.remove_prefix(skipped);
                continue;
            }
            m_header[m_headerHave++] = static_cast<std::uint8_t>(bytes.front());
            bytes.remove_prefix(1);
            if (m_headerHave == kHeaderBytes && !onFrame(begin()))
                return false;
        }
        return true;
    }

    /// Bytes announced of the header block under way: HEADERS and its CONTINUATIONs.
    [[nodiscard]] std::size_t blockBytes() const { return m_blockBytes; }
    /// A header block has begun and its last byte is not here.
    [[nodiscard]] bool inHeaderBlock() const { return m_blockOpen || (m_inBlockFrame && m_skip > 0); }

private:
    static constexpr std::size_t kHeaderBytes = 9;  ///< RFC 9113 section 4.1.

    Frame begin() {
        m_headerHave = 0;
        const auto at = [this](int i) { return static_cast<std::size_t>(m_header[i]); };
        const Frame frame{at(0) << 16 | at(1) << 8 | at(2), m_header[3], m_header[4]};
        m_skip = frame.length;
        m_inBlockFrame = frame.type == kHeaders || frame.type == kContinuation;
        m_blockBytes = frame.type == kContinuation ? m_blockBytes + frame.length : frame.length;
        m_blockOpen = m_inBlockFrame && (frame.flags & kEndHeaders) == 0;
        return frame;
    }

    std::array<std::uint8_t, kHeaderBytes> m_header{};
    std::size_t m_headerHave = 0;
    std::size_t m_skip = kPrefaceBytes;  ///< Of the frame or preface under way.
    std::size_t m_blockBytes = 0;
    bool m_inBlockFrame = false;
    bool m_blockOpen = false;
};

}  // namespace hone::net

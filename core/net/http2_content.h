#pragma once

#include "core/http/message.h"

#include <memory>
#include <optional>
#include <string>

namespace hone::net {

/// The content of one HTTP/2 answer on its way into DATA frames: own bytes, shared prepared bytes, or a
/// BodySource that is asked only when flow control lets bytes go.
///
/// Thread: its connection's. Owner: an Http2Stream. Invariant: never more bytes than a declared length, nor
/// fewer without Cut.
class Http2Content {
public:
    enum class State : std::uint8_t {
        Bytes,  ///< `size` bytes are there for take().
        Wait,   ///< The source has nothing now; it calls `onReady`.
        Cut,    ///< The source failed or broke its declared length.
    };
    struct Next {
        State state = State::Bytes;
        std::size_t size = 0;
        bool isLast = false;
    };

    Http2Content() = default;
    Http2Content(const Http2Content&) = delete;
    Http2Content& operator=(const Http2Content&) = delete;
    ~Http2Content() { clear(); }

    void set(http::Response&& response, std::move_only_function<void()> onReady);
    /// Lets go of everything, the source first.
    void clear();

    /// What the next frame of at most `room` bytes can carry.
    [[nodiscard]] Next next(std::size_t room);
    /// Moves `size` bytes, as next() said, to the end of `out`.
    void take(std::string& out, std::size_t size);

private:
    [[nodiscard]] std::string_view bytes() const {
        return m_prepared ? std::string_view(m_prepared->body) : m_bytes;
    }
    [[nodiscard]] State pull(std::size_t room);

    std::string m_bytes;  ///< The whole content, or what the source gave and was not sent.
    std::shared_ptr<const http::Prepared> m_prepared;
    std::shared_ptr<http::BodySource> m_source;  ///< Gone after its last byte.
    std::optional<std::uint64_t> m_left;         ///< Of the declared length, not yet given by the source.
    std::size_t m_sent = 0;                      ///< Of bytes().
};

/// The length to declare, when it is known.
[[nodiscard]] inline std::optional<std::uint64_t> contentLength(const http::Response& response) {
    return response.source ? response.sourceLength : std::optional<std::uint64_t>(response.content().size());
}

}  // namespace hone::net

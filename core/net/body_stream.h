#pragma once

#include "core/http/message.h"
#include "core/net/output_queue.h"

#include <memory>
#include <optional>

namespace hone::net {

/// Streamed content of one HTTP/1 answer: pulls from a BodySource while there is room and frames what comes
/// (RFC 9112 section 6): by Content-Length, as chunks, or by the end of the connection.
///
/// Thread: its connection's. Owner: Http1Protocol. Invariant: never sends more or fewer bytes than a
/// Content-Length promised without reporting Cut.
class BodyStream {
public:
    enum class Framing { Length, Chunked, UntilClose };
    enum class Step {
        Room,     ///< The queue is full enough; go on when it is sent.
        Waiting,  ///< The source has nothing now and will call onReady.
        Done,     ///< All is queued, the end included.
        Cut,      ///< The content is not complete: the connection must end (section 8).
    };

    /// `onReady` is called on the loop when a waiting source has more.
    BodyStream(std::shared_ptr<http::BodySource> source, Framing framing, std::uint64_t length,
               std::move_only_function<void()> onReady);
    BodyStream(const BodyStream&) = delete;
    BodyStream& operator=(const BodyStream&) = delete;
    ~BodyStream();

    [[nodiscard]] Step pull(OutputQueue& out);

private:
    [[nodiscard]] bool append(OutputQueue& out);

    const std::shared_ptr<http::BodySource> m_source;
    const Framing m_framing;
    std::uint64_t m_left;  ///< Of a Content-Length.
    std::string m_piece;
};

}  // namespace hone::net

#pragma once

#include "core/engine/upstream/loop_thread.h"
#include "core/http/message.h"
#include "core/net/origin.h"

namespace hone::engine::upstream {

using PostToLoop = std::function<void(std::function<void()>)>;

/// Content on its way from the upstream's loop to the client's: bounded, so that a slow client slows the
/// upstream down and not the machine.
///
/// Thread: push(), end(), fail() on the upstream's loop; the source's calls on the client's; what both touch
/// is guarded. Owner: shared by the reader of the upstream and the source. Invariant: at most kHigh bytes and
/// one more piece are held; the upstream reads only while fewer than kHigh are.
class BodyPipe : public std::enable_shared_from_this<BodyPipe> {
public:
    static constexpr std::size_t kHigh = 256 * 1024, kLow = 64 * 1024;

    BodyPipe(std::shared_ptr<LoopDoor> upstream, PostToLoop client)
        : m_upstream(std::move(upstream)), m_client(std::move(client)) {}

    /// Before the first push(), once: what pausing and cancelling act on.
    void setCall(std::weak_ptr<net::OriginCall> call) { m_call = std::move(call); }
    void push(std::string_view bytes);
    void end();
    /// The upstream broke off: the client gets to see that too.
    void fail();
    /// The client's end; once. Letting go of it cancels what has not ended.
    [[nodiscard]] std::shared_ptr<http::BodySource> makeSource();

private:
    class Source;
    enum class End : std::uint8_t { Open, Ended, Failed };

    http::BodySource::State read(std::string& out, std::size_t room);
    void abandon();
    void close(End how);
    void wakeClient();

    const std::shared_ptr<LoopDoor> m_upstream;
    const PostToLoop m_client;
    std::weak_ptr<net::OriginCall> m_call;  ///< Upstream's loop, but for being set.
    std::weak_ptr<Source> m_source;         ///< Client's loop, but for being set.
    std::mutex m_mutex;
    std::string m_bytes;      ///< Guarded by m_mutex, as is the rest.
    std::size_t m_taken = 0;  ///< Of m_bytes.
    End m_end = End::Open;
    bool m_clientWaits = false, m_isPaused = false;
};

}  // namespace hone::engine::upstream

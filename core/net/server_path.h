#pragma once

#include "core/net/input_buffer.h"
#include "core/net/link.h"
#include "core/net/output_queue.h"

#include <deque>
#include <string>

namespace hone::net {

/// The simulated network of one connection: keeps what came until it would have arrived, and what is to go
/// until it may leave.
///
/// Stands for the path and the kernel's buffers: the protocol goes on while bytes are under way, until
/// isFull(). Thread: its connection's; no clock inside. Owner: the connection, when the server has a link.
/// Invariant: bytes keep their order in both directions.
class ServerPath {
public:
    ServerPath(const LinkOptions& options, std::uint64_t connection, Nanos now);

    // From the client.
    /// Where the socket is read to.
    [[nodiscard]] std::span<char> room(std::size_t atLeast) { return m_arriving.room(atLeast); }
    void received(Nanos now, std::size_t bytes);
    /// Moves what has arrived by now to `to`; false when there is nothing.
    bool deliver(Nanos now, InputBuffer& to);
    /// Came, but not delivered yet.
    [[nodiscard]] bool hasArrivals() const { return !m_arrivals.empty(); }
    [[nodiscard]] bool mayRead() const { return m_held.size() - m_delivered < kHeld; }

    // To the client.
    /// Takes over all of `from`.
    void queue(Nanos now, OutputQueue& from);
    /// Sends what may have left by now.
    [[nodiscard]] OutputQueue::Outcome sendTo(int socket, Nanos now, std::uint64_t& bytesSent);
    [[nodiscard]] bool isFull() const { return m_out.size() >= kHeld; }
    [[nodiscard]] bool hasOutput() const { return !m_out.empty(); }

    /// When sendTo(), or deliver() if `wantsBytes`, will have more to do; Nanos::max() for never.
    [[nodiscard]] Nanos next(bool wantsBytes) const;

private:
    static constexpr std::size_t kHeld = 256 * 1024;  ///< What a kernel's socket buffer would take, roughly.
    struct Arrival {
        Nanos due;
        std::size_t bytes;
    };

    Link m_link;
    InputBuffer m_arriving;
    std::string m_held;           ///< Came, but would not be here yet.
    std::size_t m_delivered = 0;  ///< Of m_held.
    std::deque<Arrival> m_arrivals;
    OutputQueue m_out;
    std::size_t m_allowance = 0;  ///< Released by the link and not yet sent.
};

}  // namespace hone::net

#pragma once

#include "core/http/message.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hone::net {

/// What a connection has to send: all ready answers leave with one system call.
///
/// Heads and small bodies are copied into one reused string (a kilobyte costs less to copy than another
/// iovec); bigger bodies stay where they are and are kept alive until sent. Thread: its connection's. Owner:
/// the connection.
class OutputQueue {
public:
    enum class Outcome { Done, Blocked, Failed };

    /// Where heads are appended.
    [[nodiscard]] std::string& text() { return m_text; }
    void addBody(std::string&& body);
    void addBody(const std::shared_ptr<const http::Prepared>& prepared);

    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::size_t size() const { return m_text.size() + m_pieceBytes - m_sent; }
    /// Sends until all is gone, `limit` bytes are, or the socket takes no more. Adds what was sent to
    /// `bytesSent`. Done also when the limit was reached.
    [[nodiscard]] Outcome sendTo(int socket, std::uint64_t& bytesSent, std::size_t limit = kNoLimit);
    /// The next bytes in one piece, from `scratch` when they have to be put together to fill it. Not empty
    /// while the queue is not.
    [[nodiscard]] std::string_view front(std::span<char> scratch) const;
    /// Drops the first bytes.
    void consume(std::size_t bytes);
    void clear() { reset(); }
    /// An empty queue gives its memory back.
    void release();
    /// Appends all of it to `to`. Nothing of it may have been consumed.
    void moveTo(OutputQueue& to);

    static constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

private:
    /// A body sent from its owner's memory, after the first `textBefore` bytes of the text.
    struct Piece {
        std::size_t textBefore;
        std::variant<std::string, std::shared_ptr<const http::Prepared>> owner;
        [[nodiscard]] std::string_view bytes() const;
    };

    [[nodiscard]] long sendSome(int socket, std::size_t limit) const;
    template <class Visit>
    void eachRun(Visit visit) const;
    void reset();

    std::string m_text;
    std::vector<Piece> m_pieces;
    std::size_t m_pieceBytes = 0;
    std::size_t m_sent = 0;  ///< Of text and pieces together.
};

}  // namespace hone::net

#pragma once

#include "core/http/message.h"

#include <cstdint>
#include <memory>
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
    /// Sends until all is gone or the socket takes no more. Adds what was sent to `bytesSent`.
    [[nodiscard]] Outcome sendTo(int socket, std::uint64_t& bytesSent);

private:
    /// A body sent from its owner's memory, after the first `textBefore` bytes of the text.
    struct Piece {
        std::size_t textBefore;
        std::variant<std::string, std::shared_ptr<const http::Prepared>> owner;
        [[nodiscard]] std::string_view bytes() const;
    };

    [[nodiscard]] long sendSome(int socket) const;
    void reset();

    std::string m_text;
    std::vector<Piece> m_pieces;
    std::size_t m_pieceBytes = 0;
    std::size_t m_sent = 0;  ///< Of text and pieces together.
};

}  // namespace hone::net

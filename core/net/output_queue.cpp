#include "core/net/output_queue.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace hone::net {

namespace {

constexpr std::size_t kCopyLimit = 8 * 1024;
constexpr std::size_t kKeptCapacity = 256 * 1024;
constexpr std::size_t kMaxVectors = 64;

/// Collects what is left to send, skipping what was sent before.
class Gather {
public:
    explicit Gather(std::size_t skip) : m_skip(skip) {}
    void add(std::string_view bytes) {
        if (m_skip >= bytes.size()) {
            m_skip -= bytes.size();
            return;
        }
        bytes.remove_prefix(m_skip);
        m_skip = 0;
        m_vectors[m_count++] = {const_cast<char*>(bytes.data()), bytes.size()};
    }
    [[nodiscard]] bool full() const { return m_count == kMaxVectors; }
    [[nodiscard]] msghdr message() {
        msghdr out{};
        out.msg_iov = m_vectors.data();
        out.msg_iovlen = m_count;
        return out;
    }

private:
    std::array<iovec, kMaxVectors> m_vectors;
    std::size_t m_count = 0;
    std::size_t m_skip;
};

}  // namespace

std::string_view OutputQueue::Piece::bytes() const {
    if (const auto* text = std::get_if<std::string>(&owner))
        return *text;
    return std::get<std::shared_ptr<const http::Prepared>>(owner)->body;
}

void OutputQueue::addBody(std::string&& body) {
    if (body.size() <= kCopyLimit) {
        m_text.append(body);
        return;
    }
    m_pieceBytes += body.size();
    m_pieces.push_back({m_text.size(), std::move(body)});
}

void OutputQueue::addBody(const std::shared_ptr<const http::Prepared>& prepared) {
    if (prepared->body.size() <= kCopyLimit) {
        m_text.append(prepared->body);
        return;
    }
    m_pieceBytes += prepared->body.size();
    m_pieces.push_back({m_text.size(), prepared});
}

OutputQueue::Outcome OutputQueue::sendTo(int socket, std::uint64_t& bytesSent) {
    while (!empty()) {
        const long sent = sendSome(socket);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Outcome::Blocked : Outcome::Failed;
        }
        m_sent += static_cast<std::size_t>(sent);
        bytesSent += static_cast<std::uint64_t>(sent);
    }
    reset();
    return Outcome::Done;
}

long OutputQueue::sendSome(int socket) const {
    if (m_pieces.empty())
        return ::send(socket, m_text.data() + m_sent, m_text.size() - m_sent, MSG_NOSIGNAL);
    Gather gather(m_sent);
    const std::string_view text = m_text;
    std::size_t textDone = 0;
    for (const Piece& piece : m_pieces) {
        if (gather.full())
            break;
        gather.add(text.substr(textDone, piece.textBefore - textDone));
        textDone = piece.textBefore;
        if (!gather.full())
            gather.add(piece.bytes());
    }
    if (!gather.full())
        gather.add(text.substr(textDone));
    const msghdr message = gather.message();
    return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

void OutputQueue::reset() {
    m_text.clear();
    if (m_text.capacity() > kKeptCapacity)
        m_text.shrink_to_fit();
    m_pieces.clear();
    m_pieceBytes = 0;
    m_sent = 0;
}

}  // namespace hone::net

#include "core/net/output_queue.h"

#include "core/base/assert.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace hone::net {

namespace {

constexpr std::size_t kCopyLimit = 8 * 1024;
constexpr std::size_t kKeptCapacity = 256 * 1024;
constexpr std::size_t kMaxVectors = 64;

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

/// Calls `visit` with each contiguous run of what is left, in order, until it returns false.
template <class Visit>
void OutputQueue::eachRun(Visit visit) const {
    std::size_t skip = m_sent;
    const auto goesOn = [&](std::string_view bytes) {
        const std::size_t skipped = std::min(skip, bytes.size());
        skip -= skipped;
        bytes.remove_prefix(skipped);
        return bytes.empty() || visit(bytes);
    };
    const std::string_view text = m_text;
    std::size_t textDone = 0;
    for (const Piece& piece : m_pieces) {
        if (!goesOn(text.substr(textDone, piece.textBefore - textDone)) || !goesOn(piece.bytes()))
            return;
        textDone = piece.textBefore;
    }
    goesOn(text.substr(textDone));
}

OutputQueue::Outcome OutputQueue::sendTo(int socket, std::uint64_t& bytesSent, std::size_t limit) {
    while (!empty() && limit > 0) {
        const long sent = sendSome(socket, limit);
        if (sent < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Outcome::Blocked : Outcome::Failed;
        }
        limit -= static_cast<std::size_t>(sent);
        bytesSent += static_cast<std::uint64_t>(sent);
        consume(static_cast<std::size_t>(sent));
    }
    return Outcome::Done;
}

long OutputQueue::sendSome(int socket, std::size_t limit) const {
    if (m_pieces.empty())
        return ::send(socket, m_text.data() + m_sent, std::min(limit, m_text.size() - m_sent), MSG_NOSIGNAL);
    std::array<iovec, kMaxVectors> vectors;
    std::size_t count = 0;
    eachRun([&](std::string_view bytes) {
        bytes = bytes.substr(0, limit);
        limit -= bytes.size();
        vectors[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
        return count < kMaxVectors && limit > 0;
    });
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

std::string_view OutputQueue::front(std::span<char> scratch) const {
    if (m_pieces.empty())
        return std::string_view(m_text).substr(m_sent);
    std::string_view first;
    std::size_t copied = 0;
    eachRun([&](std::string_view bytes) {
        if (first.empty()) {
            first = bytes;
            return first.size() < scratch.size();
        }
        if (copied == 0) {
            std::memcpy(scratch.data(), first.data(), first.size());
            copied = first.size();
        }
        const std::size_t more = std::min(bytes.size(), scratch.size() - copied);
        std::memcpy(scratch.data() + copied, bytes.data(), more);
        copied += more;
        return copied < scratch.size();
    });
    return copied > 0 ? std::string_view(scratch.data(), copied) : first;
}

void OutputQueue::consume(std::size_t bytes) {
    m_sent += bytes;
    if (empty())
        reset();
}

void OutputQueue::moveTo(OutputQueue& to) {
    HONE_ASSERT(m_sent == 0, "what is handed on was not begun");
    for (Piece& piece : m_pieces)
        to.m_pieces.push_back({to.m_text.size() + piece.textBefore, std::move(piece.owner)});
    to.m_pieceBytes += m_pieceBytes;
    to.m_text.append(m_text);
    reset();
}

void OutputQueue::release() {
    if (!empty())
        return;
    m_text = {};
    m_pieces = {};
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

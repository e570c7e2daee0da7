#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace hone::net {

/// The bytes a connection has read and not yet used up, in one piece, so that a request can be views into it.
///
/// Thread: its connection's. Owner: the connection. Invariant: begin <= end <= capacity. Only room() moves
/// bytes, so views stay valid as long as nothing is read.
class InputBuffer {
public:
    /// Where the next read goes: at least so much, after moving or doubling when the end is near.
    [[nodiscard]] std::span<char> room(std::size_t atLeast = 1024);
    void commit(std::size_t bytes) { m_end += bytes; }
    [[nodiscard]] char* data() { return m_bytes.get() + m_begin; }
    [[nodiscard]] std::size_t size() const { return m_end - m_begin; }
    [[nodiscard]] bool empty() const { return m_begin == m_end; }
    /// Drops the first bytes. An emptied buffer starts over and gives back what a big request had needed.
    void consume(std::size_t bytes);
    /// An empty buffer gives its memory back. Not while a read is pending.
    void release();

private:
    void moveTo(std::size_t capacity);

    std::unique_ptr<char[]> m_bytes;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
};

}  // namespace hone::net

#include "core/net/input_buffer.h"

#include <algorithm>
#include <cstring>

namespace hone::net {

namespace {

constexpr std::size_t kFirstCapacity =
    4 * 1024;  ///< A browser's GET fits; ten thousand idle connections are 40 MiB.
constexpr std::size_t kKeptCapacity = 64 * 1024;

}  // namespace

std::span<char> InputBuffer::room(std::size_t atLeast) {
    if (m_capacity - m_end < atLeast) {
        // Moving down is enough while it frees at least half, so that each byte moves a bounded number of
        // times.
        const bool enough = size() <= m_capacity / 2 && m_capacity - size() >= atLeast;
        moveTo(enough ? m_capacity : std::max({kFirstCapacity, m_capacity * 2, size() + atLeast}));
    }
    return {m_bytes.get() + m_end, m_capacity - m_end};
}

void InputBuffer::consume(std::size_t bytes) {
    m_begin += bytes;
    if (m_begin != m_end)
        return;
    m_begin = m_end = 0;
    if (m_capacity > kKeptCapacity)
        release();
}

void InputBuffer::release() {
    if (!empty())
        return;
    m_bytes.reset();
    m_begin = m_end = m_capacity = 0;
}

void InputBuffer::moveTo(std::size_t capacity) {
    const std::size_t kept = size();
    if (capacity == m_capacity) {
        std::memmove(m_bytes.get(), data(), kept);
    } else {
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (kept > 0)
            std::memcpy(bytes.get(), data(), kept);
        m_bytes = std::move(bytes);
        m_capacity = capacity;
    }
    m_begin = 0;
    m_end = kept;
}

}  // namespace hone::net

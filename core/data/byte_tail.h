#pragma once

#include <algorithm>
#include <string>

namespace hone::data {

/// Room at the end of a string that is written through a pointer and cut to size once: no check for each
/// byte, and growth does not clear bytes that are about to be overwritten.
///
/// Thread: one. Owner: the function that writes. Invariant: what was wrote() is kept, what is behind it is
/// cut off by the destructor.
class ByteTail {
public:
    explicit ByteTail(std::string& out) : m_out(out), m_used(out.size()) {}
    ~ByteTail() { m_out.resize(m_used); }
    ByteTail(const ByteTail&) = delete;
    ByteTail& operator=(const ByteTail&) = delete;

    char* room(std::size_t bytes) {
        if (m_out.size() - m_used < bytes) {
            const std::size_t wanted = std::max(m_used + bytes, m_out.size() * 2);
            m_out.resize_and_overwrite(wanted, [](char*, std::size_t size) { return size; });
        }
        return m_out.data() + m_used;
    }
    void wrote(const char* end) { m_used = static_cast<std::size_t>(end - m_out.data()); }

private:
    std::string& m_out;
    std::size_t m_used;
};

}  // namespace hone::data

#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace hone::net {

/// The Date field line (RFC 9110 section 6.6.1), formatted once a second instead of once an answer.
/// Thread: one event loop's. Owner: that loop.
class DateCache {
public:
    /// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"; valid until the next call.
    [[nodiscard]] std::string_view line() {
        if (const std::time_t now = std::time(nullptr); now != m_second)
            renew(now);
        return m_line;
    }

private:
    void renew(std::time_t now);

    std::time_t m_second = -1;
    std::string m_line;
};

}  // namespace hone::net

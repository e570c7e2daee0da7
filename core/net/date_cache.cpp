#include "core/net/date_cache.h"

#include "core/http/semantics.h"

#include <chrono>

namespace hone::net {

void DateCache::renew(std::time_t now) {
    m_second = now;
    m_line = "Date: " + http::httpDate(std::chrono::system_clock::from_time_t(now)) + "\r\n";
}

}  // namespace hone::net

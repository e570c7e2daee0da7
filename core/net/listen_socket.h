#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <utility>

namespace hone::net {

/// A file descriptor with an owner; -1 when empty.
class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : m_fd(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept;
    ~UniqueFd();
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd = -1;
};

/// A bound, listening, non-blocking TCP socket and where it listens.
struct ListenSocket {
    UniqueFd fd;
    std::uint16_t port = 0;
    std::string url;  ///< As a client on this machine would write it.
};

/// Errors: InvalidArgument for an address that does not parse or is not this machine's, Unavailable when the
/// port is taken (by whom, if /proc tells; the hint names a free port), PermissionDenied for a port below
/// 1024.
[[nodiscard]] Result<ListenSocket> listenOn(const std::string& bind, std::uint16_t port);

}  // namespace hone::net

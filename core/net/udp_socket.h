#pragma once

#include "core/base/error.h"
#include "core/net/listen_socket.h"

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace hone::net {

/// An IPv4 or IPv6 socket address; a value.
struct UdpAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
    [[nodiscard]] std::string text() const;  ///< Without the port.
    [[nodiscard]] std::uint16_t port() const;
};

/// A non-blocking UDP socket that knows for each datagram which of our addresses it came to, and answers from
/// that one (it may be bound to all of them). Never fragments (RFC 9000 section 14).
///
/// Thread: its owner's. Owner: a Http3Endpoint.
class UdpSocket {
public:
    enum class Sent : std::uint8_t {
        Done,   ///< Or refused for good by the system: as if lost on the way.
        Later,  ///< The system's buffer is full; wait until the socket is writable.
    };
    struct Received {
        std::size_t size = 0;
        UdpAddress local, remote;
    };

    /// On the address and port of `listener`, a bound TCP socket. Errors: Unavailable when another program
    /// has that UDP port.
    [[nodiscard]] static Result<UdpSocket> besides(const UniqueFd& listener);

    [[nodiscard]] int native() const { return m_fd.get(); }
    /// The next datagram; none when nothing has arrived. One that is larger than `buffer` is cut.
    [[nodiscard]] std::optional<Received> receive(std::span<std::uint8_t> buffer) const;
    [[nodiscard]] Sent send(std::span<const std::uint8_t> bytes, const sockaddr* local,
                            const sockaddr* remote) const;

private:
    UdpSocket(UniqueFd fd, std::uint16_t port) : m_fd(std::move(fd)), m_port(port) {}

    UniqueFd m_fd;
    std::uint16_t m_port;
};

}  // namespace hone::net

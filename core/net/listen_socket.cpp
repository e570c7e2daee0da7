#include "core/net/listen_socket.h"

#include "core/net/port_owner.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hone::net {

namespace {

using boost::asio::ip::tcp;

/// Ports above the wanted one that are tried for the hint before any free one is taken.
constexpr int kNearbyPorts = 20;

Result<boost::asio::ip::address> parseAddress(const std::string& bind) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(bind == "localhost" ? "127.0.0.1" : bind, error);
    if (error)
        return fail(Error::InvalidArgument, "\"{}\" is not an IP address to listen on", bind)
            .hint("Use 127.0.0.1 for this machine only, 0.0.0.0 for every network it is on.");
    return address;
}

/// Empty with errno set when the system refuses.
UniqueFd tryListen(const tcp::endpoint& endpoint) {
    UniqueFd fd(
        ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
    if (fd.get() < 0)
        return {};
    const int on = 1;
    // Restarting must not wait for old connections in TIME_WAIT; a port somebody listens on is still refused.
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Accepted sockets inherit this: an answer is complete when written, so waiting for more only adds
    // latency.
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (endpoint.address().is_v6())
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(fd.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
        ::listen(fd.get(), SOMAXCONN) != 0)
        return {};
    return fd;
}

std::uint16_t portOf(const UniqueFd& fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                               : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

std::uint16_t freePortNear(const boost::asio::ip::address& address, std::uint16_t taken) {
    for (int port = taken + 1; port <= taken + kNearbyPorts && port <= 65535; ++port)
        if (tryListen({address, static_cast<std::uint16_t>(port)}).get() >= 0)
            return static_cast<std::uint16_t>(port);
    return portOf(tryListen({address, 0}));
}

Failure listenFailure(const boost::asio::ip::address& address, std::uint16_t port, int error) {
    const std::string where = address.to_string();
    switch (error) {
        case EADDRINUSE: {
            const auto owner = portOwner(port);
            return fail(Error::Unavailable, "port {} is already in use{}", port,
                        owner ? " by " + *owner : std::string())
                .hint("Port {} is free; port 0 picks any.", freePortNear(address, port));
        }
        case EACCES:
            return fail(Error::PermissionDenied, "port {} may not be opened by this user", port)
                .hint("Ports below 1024 are reserved; {} is free.", freePortNear(address, 8436));
        case EADDRNOTAVAIL:
            return fail(Error::InvalidArgument, "{} is not an address of this machine", where)
                .hint("Use 127.0.0.1 for this machine only, 0.0.0.0 for every network it is on.");
        default:
            return fail(Error::Io, "listening on {} port {} failed: {}", where, port, std::strerror(error));
    }
}

std::string urlOf(boost::asio::ip::address address, std::uint16_t port) {
    // "Any address" is where we listen, not where a client connects to.
    if (address.is_unspecified())
        return fmt::format("http://{}:{}", address.is_v6() ? "[::1]" : "127.0.0.1", port);
    return address.is_v6() ? fmt::format("http://[{}]:{}", address.to_string(), port)
                           : fmt::format("http://{}:{}", address.to_string(), port);
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
}

UniqueFd::~UniqueFd() {
    if (m_fd >= 0) {
        const int kept = errno;  // callers look at errno after a failed attempt went out of scope
        ::close(m_fd);
        errno = kept;
    }
}

Result<ListenSocket> listenOn(const std::string& bind, std::uint16_t port) {
    const auto address = parseAddress(bind);
    if (!address)
        return fail(address.error());
    ListenSocket out;
    out.fd = tryListen({*address, port});
    if (out.fd.get() < 0)
        return listenFailure(*address, port, errno);
    out.port = portOf(out.fd);
    out.url = urlOf(*address, out.port);
    return out;
}

}  // namespace hone::net

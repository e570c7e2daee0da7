#include "core/net/udp_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>

namespace hone::net {

namespace {

constexpr int kBufferBytes = 4 * 1024 * 1024;  ///< Asked for; the system may grant less (net.core.rmem_max).

union Control {
    char bytes[CMSG_SPACE(sizeof(in6_pktinfo))];
    cmsghdr alignment;
};

socklen_t sizeOf(const sockaddr* address) {
    return address->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

void setOptions(int fd, int family) {
    const int on = 1, buffer = kBufferBytes;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (family == AF_INET6) {
        const int whole = IPV6_PMTUDISC_DO;
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
        ::setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &whole, sizeof whole);
    } else {
        const int whole = IP_PMTUDISC_DO;
        ::setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
        ::setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &whole, sizeof whole);
    }
}

/// Our side of a datagram, from what the system noted beside it.
UdpAddress localOf(msghdr& message, std::uint16_t port) {
    UdpAddress out;
    for (cmsghdr* item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item)) {
        if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(item), sizeof info);
            sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = info.ipi_addr};
            std::memcpy(&out.storage, &address, sizeof address);
            out.size = sizeof address;
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info;
            std::memcpy(&info, CMSG_DATA(item), sizeof info);
            sockaddr_in6 address{};
            address.sin6_family = AF_INET6;
            address.sin6_port = htons(port);
            address.sin6_addr = info.ipi6_addr;
            std::memcpy(&out.storage, &address, sizeof address);
            out.size = sizeof address;
        }
    }
    return out;
}

template <class Info>
void attach(msghdr& message, Control& control, int level, int type, const Info& info) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof info);
    cmsghdr* const item = CMSG_FIRSTHDR(&message);
    item->cmsg_level = level;
    item->cmsg_type = type;
    item->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(item), &info, sizeof info);
}

void attachLocal(msghdr& message, Control& control, const sockaddr* local) {
    if (local->sa_family == AF_INET6) {
        const in6_pktinfo info{.ipi6_addr = reinterpret_cast<const sockaddr_in6*>(local)->sin6_addr,
                               .ipi6_ifindex = 0};
        attach(message, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
    } else {
        const in_pktinfo info{.ipi_ifindex = 0,
                              .ipi_spec_dst = reinterpret_cast<const sockaddr_in*>(local)->sin_addr,
                              .ipi_addr = {}};
        attach(message, control, IPPROTO_IP, IP_PKTINFO, info);
    }
}

}  // namespace

std::string UdpAddress::text() const {
    char out[INET6_ADDRSTRLEN] = "";
    if (storage.ss_family == AF_INET6)
        ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, out, sizeof out);
    else
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, out, sizeof out);
    return out;
}

std::uint16_t UdpAddress::port() const {
    return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                               : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

Result<UdpSocket> UdpSocket::besides(const UniqueFd& listener) {
    UdpAddress address;
    address.size = sizeof address.storage;
    if (::getsockname(listener.get(), address.raw(), &address.size) != 0)
        return fail(Error::Io, "the listening socket has no address: {}", std::strerror(errno));
    const int family = address.storage.ss_family;
    UniqueFd fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP));
    if (fd.get() < 0)
        return fail(Error::ResourceExhausted, "no UDP socket for HTTP/3: {}", std::strerror(errno))
            .hint("Raise the limit of open files (ulimit -n).");
    setOptions(fd.get(), family);
    if (::bind(fd.get(), address.raw(), address.size) != 0)
        return fail(Error::Unavailable, "UDP port {} cannot be opened for HTTP/3: {}", address.port(),
                    std::strerror(errno))
            .hint("Choose another port, or leave HTTP/3 off.");
    return UdpSocket(std::move(fd), address.port());
}

std::optional<UdpSocket::Received> UdpSocket::receive(std::span<std::uint8_t> buffer) const {
    Received out;
    Control control;
    iovec part{.iov_base = buffer.data(), .iov_len = buffer.size()};
    msghdr message{};
    message.msg_name = out.remote.raw();
    message.msg_namelen = sizeof out.remote.storage;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    ssize_t size = -1;
    do
        size = ::recvmsg(m_fd.get(), &message, 0);
    while (size < 0 && (errno == EINTR || errno == ECONNREFUSED));
    if (size < 0)
        return std::nullopt;
    out.size = static_cast<std::size_t>(size);
    out.remote.size = message.msg_namelen;
    out.local = localOf(message, m_port);
    return out;
}

UdpSocket::Sent UdpSocket::send(std::span<const std::uint8_t> bytes, const sockaddr* local,
                                const sockaddr* remote) const {
    Control control{};
    iovec part{.iov_base = const_cast<std::uint8_t*>(bytes.data()), .iov_len = bytes.size()};
    msghdr message{};
    message.msg_name = const_cast<sockaddr*>(remote);
    message.msg_namelen = sizeOf(remote);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    attachLocal(message, control, local);
    ssize_t size = -1;
    do
        size = ::sendmsg(m_fd.get(), &message, 0);
    while (size < 0 && errno == EINTR);
    const bool isFull = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    return isFull ? Sent::Later : Sent::Done;
}

}  // namespace hone::net

#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// The floor the server is measured against (server_bench.cpp): epoll, read, look for the empty line, write a
/// fixed answer. No timeouts, no limits, no fields, no errors: what no useful server can undercut by much.
namespace hone::net::bench {

inline void serveBare(int listener, const std::string& answer) {
    const int poll = ::epoll_create1(0);
    epoll_event listenerEvent{.events = EPOLLIN, .data = {.fd = listener}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &listenerEvent);
    std::array<epoll_event, 128> events;
    std::array<char, 4096> bytes;
    for (;;) {
        const int ready = ::epoll_wait(poll, events.data(), events.size(), -1);
        for (int i = 0; i < ready; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener) {
                const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
                if (accepted < 0)
                    continue;
                epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.fd = accepted}};
                ::epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &event);
                continue;
            }
            const auto n = ::recv(fd, bytes.data(), bytes.size(), 0);
            if (n <= 0) {
                ::close(fd);
                continue;
            }
            if (std::string_view(bytes.data(), static_cast<std::size_t>(n)).ends_with("\r\n\r\n"))
                static_cast<void>(::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL));
        }
    }
}

}  // namespace hone::net::bench

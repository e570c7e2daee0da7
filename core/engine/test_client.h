#pragma once

// A small blocking HTTP/1.1 client for the tests of this folder: one connection a request, POSIX sockets.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hone::engine::test {

/// Status 0: no answer could be read.
struct Reply {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    [[nodiscard]] std::string field(std::string name) const {
        const auto lower = [](std::string text) {
            std::ranges::transform(text, text.begin(),
                                   [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
            return text;
        };
        name = lower(name);
        for (const auto& [key, value] : fields)
            if (lower(key) == name)
                return value;
        return {};
    }
};

inline Reply parseReply(const std::string& wire) {
    Reply reply;
    const auto end = wire.find("\r\n\r\n");
    if (end == std::string::npos || wire.size() < 12)
        return reply;
    reply.status = std::atoi(wire.c_str() + 9);
    for (auto at = wire.find("\r\n") + 2; at < end + 2;) {
        const auto stop = wire.find("\r\n", at), colon = wire.find(": ", at);
        reply.fields.emplace_back(wire.substr(at, colon - at), wire.substr(colon + 2, stop - colon - 2));
        at = stop + 2;
    }
    reply.body = wire.substr(end + 4);
    return reply;
}

class TestClient {
public:
    using Lines = std::vector<std::string>;

    explicit TestClient(std::uint16_t port) : m_port(port) {}

    /// `lines` are further field lines; one that begins with "Host:" replaces ours.
    [[nodiscard]] Reply ask(std::string_view method, std::string_view target, const Lines& lines = {},
                            std::string_view body = {}) const {
        std::string wire = std::string(method).append(" ").append(target).append(" HTTP/1.1\r\n");
        if (std::ranges::none_of(lines, [](const auto& line) { return line.starts_with("Host:"); }))
            wire += "Host: localhost\r\n";
        for (const auto& line : lines)
            wire += line + "\r\n";
        if (!body.empty())
            wire += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return parseReply(exchange(wire.append("Connection: close\r\n\r\n").append(body)));
    }
    [[nodiscard]] Reply get(std::string_view target, const Lines& lines = {}) const {
        return ask("GET", target, lines);
    }
    [[nodiscard]] Reply send(std::string_view method, std::string_view target, std::string_view json) const {
        return ask(method, target, {"Content-Type: application/json"}, json);
    }

private:
    [[nodiscard]] std::string exchange(std::string_view wire) const {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(m_port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::string answer;
        if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
            while (!wire.empty()) {
                const auto sent = ::send(fd, wire.data(), wire.size(), MSG_NOSIGNAL);
                if (sent <= 0)
                    break;
                wire.remove_prefix(static_cast<std::size_t>(sent));
            }
            char buffer[16 * 1024];
            for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
                answer.append(buffer, static_cast<std::size_t>(got));
        }
        ::close(fd);
        return answer;
    }

    const std::uint16_t m_port;
};

}  // namespace hone::engine::test

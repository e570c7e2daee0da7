#pragma once

#include "core/http/message.h"
#include "core/net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// What the server's tests share: a client of plain POSIX calls, and handlers made of lambdas.
namespace hone::net::testing {

/// One answer as it came. `status` 0: the connection ended first.
struct RawAnswer {
    int status = 0;
    std::string head, body;
    [[nodiscard]] bool has(std::string_view line) const { return head.contains(std::string(line) + "\r\n"); }
};

/// A blocking connection to 127.0.0.1. Every wait ends after ten seconds, so that a broken server fails a
/// test.
class RawClient {
public:
    /// `from`: the address of this end; empty for any.
    explicit RawClient(std::uint16_t port, const char* from = "")
        : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval limit{10, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(m_fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        if (*from && ::inet_pton(AF_INET, from, &address.sin_addr) == 1)
            ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_connected = ::connect(m_fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() { closeNow(); }

    [[nodiscard]] bool connected() const { return m_connected; }
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    /// The next answer; `hasBody` false for an answer to HEAD.
    RawAnswer read(bool hasBody = true) {
        RawAnswer out;
        std::size_t end = 0;
        while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos)
            if (!receive())
                return out;
        out.head = m_buffer.substr(0, end + 2);
        m_buffer.erase(0, end + 4);
        out.status = std::atoi(out.head.c_str() + 9);
        const std::size_t field = out.head.find("Content-Length: ");
        const std::size_t length = field == std::string::npos || !hasBody
                                       ? 0
                                       : std::strtoul(out.head.c_str() + field + 16, nullptr, 10);
        while (m_buffer.size() < length)
            if (!receive())
                return RawAnswer{};
        out.body = m_buffer.substr(0, length);
        m_buffer.erase(0, length);
        return out;
    }
    RawAnswer ask(std::string_view request) {
        send(request);
        return read();
    }
    /// True when the server ends the connection without sending another byte.
    bool ended() { return m_buffer.empty() && !receive() && m_ended; }
    /// What one recv call gets.
    std::string readOnce() {
        receive();
        return std::exchange(m_buffer, {});
    }
    void closeNow() {
        if (m_fd >= 0)
            ::close(m_fd);
        m_fd = -1;
    }
    /// Closes so that the server sees a reset.
    void resetNow() {
        const linger now{1, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        closeNow();
    }
    [[nodiscard]] int fd() const { return m_fd; }

private:
    bool receive() {
        char bytes[16 * 1024];
        const auto n = ::recv(m_fd, bytes, sizeof bytes, 0);
        m_ended = n == 0 || (n < 0 && errno == ECONNRESET);
        if (n <= 0)
            return false;
        m_buffer.append(bytes, static_cast<std::size_t>(n));
        return true;
    }

    int m_fd;
    bool m_connected = false;
    bool m_ended = false;
    std::string m_buffer;
};

using HandleFunction = std::function<void(const http::Request&, Responder)>;

class FunctionHandler final : public Handler {
public:
    explicit FunctionHandler(HandleFunction function) : m_function(std::move(function)) {}
    void handle(const http::Request& request, Responder respond) override {
        m_function(request, std::move(respond));
    }

private:
    HandleFunction m_function;
};

inline http::Response text(std::string body, int status = 200) {
    http::Response out;
    out.status = status;
    out.body = std::move(body);
    return out;
}

/// A server whose loops all answer with `function`; a failed start ends the test run with its reason.
inline std::unique_ptr<Server> serve(HandleFunction function, ServerOptions options = {}) {
    auto server =
        Server::create(options, [function](int) { return std::make_unique<FunctionHandler>(function); });
    if (!server) {
        std::fprintf(stderr, "server: %s\n", server.error().line().c_str());
        std::abort();
    }
    return std::move(*server);
}

/// Answers with what it understood: "METHOD path?query body".
inline void echo(const http::Request& request, Responder respond) {
    std::string out(request.methodText);
    out.append(" ").append(request.path).append("?").append(request.query).append(" ").append(request.body);
    respond(text(std::move(out)));
}

}  // namespace hone::net::testing

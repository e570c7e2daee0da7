#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hone::net {

/// A server for tests that does exactly what its script says on every connection, wrong things included.
/// POSIX only, so that it shares no code with what it tests.
///
/// Thread: one accepts, one per connection runs the script; the destructor closes all sockets and joins.
class ScriptedServer {
public:
    /// One accepted connection, in the hands of the script.
    class Peer {
    public:
        Peer(int socket, int number) : m_socket(socket), m_number(number) {}
        [[nodiscard]] int number() const { return m_number; }  ///< 0 for the first connection.
        /// The next request's head and body (by Content-Length); empty when the client closed.
        std::string request() {
            std::size_t end = 0;
            while ((end = m_unread.find("\r\n\r\n")) == std::string::npos)
                if (!more())
                    return {};
            std::size_t length = 0;
            if (const auto at = m_unread.find("Content-Length: "); at < end)
                std::from_chars(m_unread.data() + at + 16, m_unread.data() + end, length);
            while (m_unread.size() < end + 4 + length)
                if (!more())
                    return {};
            std::string request = m_unread.substr(0, end + 4 + length);
            m_unread.erase(0, request.size());
            return request;
        }
        void send(std::string_view text) const {
            while (!text.empty()) {
                const auto sent = ::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL);
                if (sent <= 0)
                    return;
                text.remove_prefix(static_cast<std::size_t>(sent));
            }
        }
        /// A whole answer with Content-Length.
        void answer(std::string_view body, std::string_view status = "200 OK") const {
            send("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + std::string(body));
        }
        /// Closes with a reset instead of an orderly end.
        void resetOnClose() const {
            const linger hard{1, 0};
            setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        }
        /// Blocks until the client closes.
        void waitForClose() {
            while (more()) {
            }
        }

    private:
        bool more() {
            char buffer[65536];
            const auto got = ::recv(m_socket, buffer, sizeof buffer, 0);
            if (got > 0)
                m_unread.append(buffer, static_cast<std::size_t>(got));
            return got > 0;
        }
        int m_socket, m_number;
        std::string m_unread;
    };
    using Script = std::function<void(Peer&)>;

    explicit ScriptedServer(Script script) : m_script(std::move(script)) {
        m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size);
        ::listen(m_listener, 512);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
        m_acceptor = std::thread([this] { accept(); });
    }
    ~ScriptedServer() {
        ::shutdown(m_listener, SHUT_RDWR);
        m_acceptor.join();
        {
            const std::lock_guard lock(m_mutex);
            for (const int socket : m_sockets)
                ::shutdown(socket, SHUT_RDWR);
        }
        for (auto& thread : m_threads)
            thread.join();
        ::close(m_listener);
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    [[nodiscard]] int accepted() const { return m_accepted; }

private:
    void accept() {
        for (int socket = 0; (socket = ::accept(m_listener, nullptr, nullptr)) >= 0;) {
            const std::lock_guard lock(m_mutex);
            m_sockets.push_back(socket);
            m_threads.emplace_back([this, socket, number = m_accepted++] {
                Peer peer(socket, number);
                m_script(peer);
                const std::lock_guard inner(m_mutex);
                std::erase(m_sockets, socket);
                ::close(socket);
            });
        }
    }

    Script m_script;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_accepted{0};
    std::thread m_acceptor;
    std::mutex m_mutex;
    std::vector<int> m_sockets;          ///< Guarded by m_mutex.
    std::vector<std::thread> m_threads;  ///< Touched by the acceptor, then by the destructor.
};

}  // namespace hone::net

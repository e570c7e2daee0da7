#pragma once

#include "core/net/http2_protocol.h"
#include "core/net/http2_test_client.h"
#include "core/net/raw_client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

/// What the tests of HTTP/2 share: a connection that is two buffers in memory, and handlers under control.
namespace hone::net::testing {

/// Keeps requests until the test answers them.
struct Holding {
    std::vector<std::pair<std::string, Responder>> waiting;
    HandleFunction function() {
        return [this](const http::Request& r, Responder respond) {
            waiting.emplace_back(std::string(r.path), std::move(respond));
        };
    }
};

class StringSource final : public http::BodySource {
public:
    State read(std::string& out, std::size_t) override {
        ++reads;
        out.append(std::exchange(next, {}));
        return state;
    }
    std::string next;
    State state = State::Later;
    int reads = 0;
};

inline http::Response streamed(const std::shared_ptr<StringSource>& source,
                               std::optional<std::uint64_t> length = {}) {
    http::Response out;
    out.source = source;
    out.sourceLength = length;
    return out;
}

/// The server's side in memory: a protocol whose connection is this object.
///
/// Time is what a test adds to `now`; the loop's queue runs when run() is called.
class MemoryConnection final : public ProtocolHost {
public:
    explicit MemoryConnection(HandleFunction function, const Limits& limits = {})
        : core(std::make_shared<ServerCore>(limits)), handler(std::move(function)) {
        core->thread = std::this_thread::get_id();
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, m_pipe) != 0)
            std::abort();
        const int size = 4 * 1024 * 1024;
        ::setsockopt(m_pipe[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        protocol = std::make_unique<Http2Protocol>(context());
    }
    ~MemoryConnection() {
        if (protocol)
            protocol->closed();
        protocol.reset();
        core->closeDoor();  // as a loop that ends: answers that come later are not queued any more
        run();
        ::close(m_pipe[0]);
        ::close(m_pipe[1]);
    }

    [[nodiscard]] ProtocolContext context() {
        return {.core = core, .handler = &handler, .host = this, .peer = "127.0.0.1", .connection = 7};
    }
    std::shared_ptr<void> keep() override { return m_life; }
    void resume() override {
        ++resumes;
        turn({});
    }
    void become(std::unique_ptr<Protocol>) override {}

    /// Gives the protocol `bytes` and returns what it sends then.
    std::string turn(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto room = in.room();
            const std::size_t n = std::min(room.size(), bytes.size());
            std::memcpy(room.data(), bytes.data(), n);
            in.commit(n);
            bytes.remove_prefix(n);
        }
        if (ended)
            return {};
        ++turns;
        ended = protocol->turn(in, out, now) == Protocol::Turn::LastWrite;
        biggestOutput = std::max(biggestOutput, out.size());
        return blocked ? std::string() : sent.append(drain());
    }
    /// Client and server talk until neither has more to say.
    void talk(Http2TestClient& client) {
        for (int idle = 0; idle < 2;) {
            const std::string fromClient = client.output();
            turn(fromClient);
            run();
            const std::string fromServer = std::exchange(sent, {});
            client.input(fromServer);
            idle = fromClient.empty() && fromServer.empty() ? idle + 1 : 0;
        }
    }
    /// What is posted to the loop.
    void run() {
        core->context.restart();
        core->context.poll();
    }
    void expire() {
        protocol->expire(out);
        ended = true;
        sent.append(drain());
    }
    void finish() {
        ended = protocol->finish(out) || ended;
        sent.append(drain());
    }
    std::string drain() {
        std::string all;
        std::uint64_t bytes = 0;
        while (!out.empty()) {
            static_cast<void>(out.sendTo(m_pipe[0], bytes));
            char buffer[64 * 1024];
            for (ssize_t n = 0; (n = ::recv(m_pipe[1], buffer, sizeof buffer, 0)) > 0;)
                all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }

    std::shared_ptr<ServerCore> core;
    FunctionHandler handler;
    std::unique_ptr<Protocol> protocol;
    InputBuffer in;
    OutputQueue out;
    Nanos now = monotonicNow() + std::chrono::seconds(1);  ///< Ahead of what the protocol was made at.
    std::string sent;
    bool ended = false;
    bool blocked = false;  ///< The socket takes nothing.
    int turns = 0, resumes = 0;
    std::size_t biggestOutput = 0;

private:
    std::shared_ptr<int> m_life = std::make_shared<int>(0);
    int m_pipe[2] = {-1, -1};
};

}  // namespace hone::net::testing

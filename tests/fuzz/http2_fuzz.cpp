// HTTP/2: whatever a client sends, requests that reach the handler are well formed, and what goes back is a
// sequence of frames that a client could read.

#include "tests/fuzz/fuzz.h"

#include "core/base/log.h"
#include "core/http/syntax.h"
#include "core/net/http2_protocol.h"
#include "core/net/input_buffer.h"
#include "core/net/output_queue.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <set>

using namespace hone;
using namespace hone::net;

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kMaxFrame = 16'384;

/// Content in pieces, without end for a client that does not take it.
class PiecewiseSource final : public http::BodySource {
public:
    State read(std::string& out, std::size_t room) override {
        out.append(std::min<std::size_t>(room, 1'000), 'x');
        return ++m_pieces < 5 ? State::More : State::End;
    }

private:
    int m_pieces = 0;
};

/// Checks every request, answers by its path, and keeps some to answer late.
class CheckingHandler final : public Handler {
public:
    void handle(const http::Request& request, Responder respond) override {
        check(request);
        http::Response response;
        if (request.path.starts_with("/s")) {
            response.source = std::make_shared<PiecewiseSource>();
        } else {
            response.fields.add("Content-Type", "text/plain");
            response.body.assign(request.path.starts_with("/b") ? 40'000 : request.path.size(), 'a');
        }
        if (request.path.starts_with("/l"))
            m_late.emplace_back(std::move(respond), std::move(response));
        else if (!request.path.starts_with("/n"))  // "/n" drops its responder: a 500
            respond(std::move(response));
    }
    void answerLate() {
        for (auto& [respond, response] : std::exchange(m_late, {}))
            respond(std::move(response));
    }

private:
    static void check(const http::Request& request) {
        FUZZ_CHECK(request.version == 20);
        FUZZ_CHECK(http::isToken(request.methodText));
        FUZZ_CHECK(request.methodText != "CONNECT");
        FUZZ_CHECK(request.path.starts_with('/') || request.path == "*");
        FUZZ_CHECK(std::ranges::all_of(request.target, http::isTargetChar));
        int hosts = 0;
        for (const auto& [name, value] : request.fields) {
            FUZZ_CHECK(http::isToken(name) && http::isFieldValue(value));
            FUZZ_CHECK(http::lower(name) == name || http::iequals(name, "host"));
            for (const std::string_view hop : {"connection", "keep-alive", "transfer-encoding", "upgrade"})
                FUZZ_CHECK(!http::iequals(name, hop));
            hosts += http::iequals(name, "host") ? 1 : 0;
            if (http::iequals(name, "content-length"))
                FUZZ_CHECK(std::to_string(request.body.size()) == value ||
                           value.starts_with('0'));  // leading zeros are digits, too
        }
        FUZZ_CHECK(hosts <= 1);
    }
    std::vector<std::pair<Responder, http::Response>> m_late;
};

/// Reads what the server sends, frame by frame (RFC 9113 section 4.1).
class FrameReader {
public:
    void read(std::string_view bytes) {
        m_bytes += bytes;
        std::string_view rest = m_bytes;
        while (rest.size() >= 9) {
            const auto at = [&](std::size_t i) {
                return static_cast<std::uint32_t>(static_cast<std::uint8_t>(rest[i]));
            };
            const std::size_t length = at(0) << 16 | at(1) << 8 | at(2);
            const std::uint32_t stream = at(5) << 24 | at(6) << 16 | at(7) << 8 | at(8);
            FUZZ_CHECK(length <= kMaxFrame && stream < 0x8000'0000U);
            if (rest.size() < 9 + length)
                break;
            check(at(3), at(4), stream, length);
            rest.remove_prefix(9 + length);
        }
        m_bytes.erase(0, m_bytes.size() - rest.size());
    }
    [[nodiscard]] bool isWhole() const { return m_bytes.empty(); }

private:
    enum Type : std::uint32_t { Data, Headers, Priority, Reset, Settings, Push, Ping, GoAway, Window, More };

    void check(std::uint32_t type, std::uint32_t flags, std::uint32_t stream, std::size_t length) {
        // The server's preface; alone, GOAWAY says that the client's was none (section 3.4).
        FUZZ_CHECK(m_any || type == Settings || type == GoAway);
        m_any = true;
        FUZZ_CHECK(type <= More && type != Push && type != Priority);
        FUZZ_CHECK((type == Settings || type == Ping || type == GoAway) ? stream == 0 : true);
        if (m_inBlock != 0)
            FUZZ_CHECK(type == More && stream == m_inBlock);
        else
            FUZZ_CHECK(type != More);
        if (type == Headers || type == Data || type == Reset)
            FUZZ_CHECK(stream % 2 == 1);  // only clients open streams here
        if (type == Headers || type == Data)
            FUZZ_CHECK(!m_ended.contains(stream));
        if (type == Headers)
            m_answered.insert(stream);
        if (type == Data)
            FUZZ_CHECK(m_answered.contains(stream));
        if (type == Headers || type == More)
            m_inBlock = (flags & 4) != 0 ? 0 : stream;
        if (((type == Headers || type == Data) && (flags & 1) != 0) || type == Reset)
            m_ended.insert(stream);
        if (type == Ping)
            FUZZ_CHECK(length == 8);
        if (type == Reset || type == Window)
            FUZZ_CHECK(length == 4);
    }
    std::string m_bytes;
    std::set<std::uint32_t> m_answered, m_ended;
    std::uint32_t m_inBlock = 0;
    bool m_any = false;
};

Limits smallLimits() {
    Limits limits;
    limits.headerBytes = 2'048;
    limits.headerCount = 20;
    limits.targetBytes = 256;
    limits.bodyBytes = 4'096;
    limits.http2Streams = 8;
    limits.http2Buffered = 8'192;
    return limits;
}

/// A connection that is two buffers in memory.
class Connection final : public ProtocolHost {
public:
    Connection() : m_core(std::make_shared<ServerCore>(smallLimits())) {
        m_core->thread = std::this_thread::get_id();
        m_protocol = std::make_unique<Http2Protocol>(ProtocolContext{
            .core = m_core, .handler = &m_handler, .host = this, .peer = "127.0.0.1", .connection = 1});
    }
    ~Connection() {
        m_protocol->closed();
        m_handler.answerLate();  // to nobody
        run();
        m_protocol.reset();
        run();
    }
    std::shared_ptr<void> keep() override { return m_life; }
    void resume() override { turn({}); }
    void become(std::unique_ptr<Protocol>) override { FUZZ_CHECK(!"HTTP/2 gives way to nothing"); }

    void turn(std::string_view bytes) {
        if (m_ended)
            return;
        while (!bytes.empty()) {
            const auto room = m_in.room();
            const std::size_t n = std::min(room.size(), bytes.size());
            std::memcpy(room.data(), bytes.data(), n);
            m_in.commit(n);
            bytes.remove_prefix(n);
        }
        m_ended = m_protocol->turn(m_in, m_out, m_now) == Protocol::Turn::LastWrite;
        drain();
    }
    void answerLate() {
        m_handler.answerLate();
        run();
    }
    void wait(Nanos time) {
        m_now += time;
        if (m_ended || m_protocol->deadline() > m_now)
            return;
        m_protocol->expire(m_out);
        m_ended = true;
        drain();
    }
    void stop() {
        if (m_ended)
            return;
        m_ended = m_protocol->finish(m_out);
        drain();
    }
    [[nodiscard]] bool ended() const { return m_ended; }
    void finishReading() const { FUZZ_CHECK(m_frames.isWhole()); }

private:
    void run() {
        m_core->context.restart();
        m_core->context.poll();
    }
    void drain() {
        std::array<char, 4'096> scratch{};
        while (!m_out.empty()) {
            const auto bytes = m_out.front(scratch);
            FUZZ_CHECK(!bytes.empty());
            m_frames.read(bytes);
            m_out.consume(bytes.size());
        }
    }

    std::shared_ptr<ServerCore> m_core;
    CheckingHandler m_handler;
    std::unique_ptr<Protocol> m_protocol;
    InputBuffer m_in;
    OutputQueue m_out;
    FrameReader m_frames;
    Nanos m_now = monotonicNow();  // the protocol takes its first deadline from the clock
    std::shared_ptr<int> m_life = std::make_shared<int>(0);
    bool m_ended = false;
};

/// Frames written down shortly: type, flags, stream, length, payload; so that mutations stay frames.
std::string framed(fuzz::Input& input) {
    const std::uint8_t type = input.byte(), flags = input.byte(), stream = input.byte();
    const auto payload = input.take(input.byte());
    std::string out{'\0', '\0', static_cast<char>(payload.size())};
    out += static_cast<char>(type % 12);
    out += static_cast<char>(flags);
    out.append(3, '\0');
    out += static_cast<char>(stream % 32);
    return out.append(payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool kIsQuiet = (log::init(spdlog::level::off), true);
    FUZZ_CHECK(kIsQuiet);
    fuzz::Input input(data, size);
    const std::uint8_t mode = input.byte();
    const bool isRaw = (mode & 1) != 0;
    const std::size_t step = (mode & 2) != 0 ? 1 + (mode >> 4) : kMaxFrame;
    Connection connection;
    if ((mode & 4) == 0)
        connection.turn(kPreface);
    while (!input.empty() && !connection.ended()) {
        const std::string frame = isRaw ? std::string(input.take(64)) : framed(input);
        for (std::string_view rest = frame; !rest.empty(); rest.remove_prefix(std::min(step, rest.size())))
            connection.turn(rest.substr(0, step));
        if ((mode & 8) != 0)
            connection.answerLate();
    }
    connection.answerLate();
    connection.turn({});
    if ((mode & 16) != 0)
        connection.stop();
    connection.wait(std::chrono::minutes(10));
    connection.finishReading();
    return 0;
}

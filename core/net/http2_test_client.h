#pragma once

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The other side of the HTTP/2 tests.
namespace hone::net::testing {

using FieldList = std::vector<std::pair<std::string, std::string>>;

/// What came back on one stream.
struct Http2Answer {
    int status = 0;
    FieldList fields;
    std::string body;
    bool ended = false;                   ///< END_STREAM was seen.
    std::optional<std::uint32_t> closed;  ///< RST_STREAM's or the stream's error code.
    [[nodiscard]] std::string field(std::string_view name) const {
        for (const auto& [key, value] : fields)
            if (key == name)
                return value;
        return {};
    }
};

/// A client that does as it is told: nghttp2 without its checks of messages, and raw frames.
class Http2TestClient {
public:
    explicit Http2TestClient(std::vector<nghttp2_settings_entry> wanted = {}, bool autoWindows = true) {
        nghttp2_session_callbacks* callbacks = nullptr;
        nghttp2_session_callbacks_new(&callbacks);
        nghttp2_session_callbacks_set_on_header_callback(callbacks, onHeader);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, onData);
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, onFrame);
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, onClose);
        nghttp2_option* option = nullptr;
        nghttp2_option_new(&option);
        nghttp2_option_set_no_http_messaging(option, 1);
        nghttp2_option_set_no_auto_window_update(option, autoWindows ? 0 : 1);
        nghttp2_session_client_new2(&m_session, callbacks, this, option);
        nghttp2_option_del(option);
        nghttp2_session_callbacks_del(callbacks);
        nghttp2_submit_settings(m_session, 0, wanted.data(), wanted.size());
    }
    Http2TestClient(const Http2TestClient&) = delete;
    Http2TestClient& operator=(const Http2TestClient&) = delete;
    ~Http2TestClient() { nghttp2_session_del(m_session); }

    /// `body` unset: END_STREAM with the fields. `open`: the stream stays open behind the body.
    std::int32_t ask(const FieldList& fields, std::optional<std::string> body = {}, bool open = false) {
        std::vector<nghttp2_nv> lines;
        const auto bytes = [](const std::string& text) {
            return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
        };
        for (const auto& [name, value] : fields)
            lines.push_back({bytes(name), bytes(value), name.size(), value.size(), 0});
        nghttp2_data_provider provider{};
        provider.read_callback = readBody;
        const auto id = nghttp2_submit_request(m_session, nullptr, lines.data(), lines.size(),
                                               body ? &provider : nullptr, nullptr);
        if (body)
            m_bodies[id] = {*body, open};
        return id;
    }
    std::int32_t get(const std::string& path, FieldList extra = {}) { return ask(line("GET", path, extra)); }
    static FieldList line(const std::string& method, const std::string& path, const FieldList& extra = {}) {
        FieldList out{{":method", method}, {":scheme", "http"}, {":authority", "a.test"}, {":path", path}};
        out.insert(out.end(), extra.begin(), extra.end());
        return out;
    }

    [[nodiscard]] std::string output() {
        std::string out;
        const std::uint8_t* bytes = nullptr;
        for (ssize_t n = 0; (n = nghttp2_session_mem_send(m_session, &bytes)) > 0;)
            out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n));
        return out;
    }
    void input(std::string_view bytes) {
        nghttp2_session_mem_recv(m_session, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                 bytes.size());
    }
    [[nodiscard]] nghttp2_session* session() { return m_session; }
    [[nodiscard]] Http2Answer& operator[](std::int32_t id) { return answers[id]; }

    std::map<std::int32_t, Http2Answer> answers;
    std::vector<std::int32_t> finishedInOrder;
    std::vector<std::uint32_t> goAways;     ///< Their error codes.
    std::vector<std::int32_t> lastStreams;  ///< And last streams.
    int pings = 0, settings = 0;

private:
    struct Body {
        std::string bytes;
        bool open = false;
    };
    static Http2TestClient& self(void* user) { return *static_cast<Http2TestClient*>(user); }
    static int onHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t n,
                        const std::uint8_t* value, std::size_t v, std::uint8_t, void* user) {
        Http2Answer& answer = self(user)[frame->hd.stream_id];
        std::string key(reinterpret_cast<const char*>(name), n);
        std::string text(reinterpret_cast<const char*>(value), v);
        if (key == ":status")
            answer.status = std::atoi(text.c_str());
        answer.fields.emplace_back(std::move(key), std::move(text));
        return 0;
    }
    static int onData(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                      std::size_t n, void* user) {
        self(user)[id].body.append(reinterpret_cast<const char*>(data), n);
        return 0;
    }
    static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        Http2TestClient& client = self(user);
        const auto& head = frame->hd;
        if (head.type == NGHTTP2_GOAWAY) {
            client.goAways.push_back(frame->goaway.error_code);
            client.lastStreams.push_back(frame->goaway.last_stream_id);
        }
        client.pings += head.type == NGHTTP2_PING && (head.flags & NGHTTP2_FLAG_ACK) ? 1 : 0;
        client.settings += head.type == NGHTTP2_SETTINGS ? 1 : 0;
        if (head.type == NGHTTP2_RST_STREAM)
            client[head.stream_id].closed = frame->rst_stream.error_code;
        if ((head.type == NGHTTP2_DATA || head.type == NGHTTP2_HEADERS) &&
            (head.flags & NGHTTP2_FLAG_END_STREAM)) {
            client[head.stream_id].ended = true;
            client.finishedInOrder.push_back(head.stream_id);
        }
        return 0;
    }
    static int onClose(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
        if (!self(user)[id].closed)
            self(user)[id].closed = code;
        return 0;
    }
    static ssize_t readBody(nghttp2_session*, std::int32_t id, std::uint8_t* buffer, std::size_t room,
                            std::uint32_t* flags, nghttp2_data_source*, void* user) {
        Body& body = self(user).m_bodies[id];
        const std::size_t n = std::min(room, body.bytes.size());
        if (n == 0 && body.open)
            return NGHTTP2_ERR_DEFERRED;
        std::memcpy(buffer, body.bytes.data(), n);
        body.bytes.erase(0, n);
        if (body.bytes.empty() && !body.open)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(n);
    }

    nghttp2_session* m_session = nullptr;
    std::map<std::int32_t, Body> m_bodies;
};

/// One raw frame (RFC 9113 section 4.1).
inline std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                         std::string_view payload = {}) {
    std::string out;
    const auto append = [&out](std::uint64_t value, int bytes) {
        while (bytes-- > 0)
            out.push_back(static_cast<char>(value >> (8 * bytes)));
    };
    append(payload.size(), 3);
    append(type, 1);
    append(flags, 1);
    append(stream, 4);
    return out.append(payload);
}

}  // namespace hone::net::testing

#include "core/net/http2_client_session.h"

#include "core/base/assert.h"

namespace hone::net {

namespace {

constexpr std::int32_t kLargestWindow = 0x7fffffff;
constexpr std::size_t kFrameHead = 9;
/// Far below the last one (2^31 − 1): a connection is renewed in time.
constexpr std::uint32_t kLastStream = 0x7fff0000;

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

/// The library's C interface.
struct Http2ClientSession::Callbacks {
    static Http2ClientSession& self(void* user) { return *static_cast<Http2ClientSession*>(user); }

    static int onBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (auto* exchange = self(user).of(frame->hd.stream_id))
            exchange->onHeadBegins(self(user).m_now);
        return 0;
    }
    static int onHeader(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                        std::size_t nameSize, const std::uint8_t* value, std::size_t valueSize, std::uint8_t,
                        void* user) {
        if (auto* exchange = self(user).of(frame->hd.stream_id))
            exchange->onField(view(name, nameSize), view(value, valueSize));
        return 0;
    }
    static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        self(user).onFrame(*frame);
        return 0;
    }
    static int onData(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                      std::size_t size, void* user) {
        if (auto* exchange = self(user).of(id))
            exchange->onContent(view(data, size));
        return 0;
    }
    static int onNotSent(nghttp2_session*, const nghttp2_frame* frame, int, void* user) {
        if (frame->hd.type == NGHTTP2_HEADERS)
            if (auto* exchange = self(user).of(frame->hd.stream_id))
                exchange->isUnsent = true;
        return 0;
    }
    static int onClose(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
        self(user).onClosed(id, code);
        return 0;
    }
    static ssize_t readContent(nghttp2_session*, std::int32_t, std::uint8_t* out, std::size_t room,
                               std::uint32_t* flags, nghttp2_data_source* source, void*) {
        bool isLast = false;
        const auto size = static_cast<Http2Exchange*>(source->ptr)->takeContent(out, room, isLast);
        if (isLast)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        return static_cast<ssize_t>(size);
    }
    static const nghttp2_session_callbacks* table() {
        static const nghttp2_session_callbacks* const kTable = [] {
            nghttp2_session_callbacks* out = nullptr;
            nghttp2_session_callbacks_new(&out);
            nghttp2_session_callbacks_set_on_begin_headers_callback(out, onBeginHeaders);
            nghttp2_session_callbacks_set_on_header_callback(out, onHeader);
            nghttp2_session_callbacks_set_on_frame_recv_callback(out, onFrame);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(out, onData);
            nghttp2_session_callbacks_set_on_frame_not_send_callback(out, onNotSent);
            nghttp2_session_callbacks_set_on_stream_close_callback(out, onClose);
            return out;
        }();
        return kTable;
    }
};

Http2ClientSession::Http2ClientSession() {
    const int made = nghttp2_session_client_new(&m_session, Callbacks::table(), this);
    HONE_ASSERT(made == 0, "a session needs memory only");
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(kLargestWindow)}};
    nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, settings, std::size(settings));
    nghttp2_session_set_local_window_size(m_session, NGHTTP2_FLAG_NONE, 0, kLargestWindow);
}

Http2ClientSession::~Http2ClientSession() { nghttp2_session_del(m_session); }

bool Http2ClientSession::submit(Http2Exchange& exchange) {
    if (isClosing())
        return false;
    nghttp2_data_provider content{{.ptr = &exchange}, Callbacks::readContent};
    const auto& fields = exchange.request();
    exchange.stream = nghttp2_submit_request(m_session, nullptr, fields.data(), fields.size(),
                                             exchange.hasContent() ? &content : nullptr, &exchange);
    return exchange.stream > 0;
}

void Http2ClientSession::cancel(Http2Exchange& exchange) {
    if (exchange.stream <= 0)
        return;
    nghttp2_session_set_stream_user_data(m_session, exchange.stream, nullptr);
    nghttp2_submit_rst_stream(m_session, NGHTTP2_FLAG_NONE, exchange.stream, NGHTTP2_CANCEL);
    exchange.stream = -1;
}

bool Http2ClientSession::feed(std::string_view bytes, Nanos now) {
    m_now = now;
    const auto used = nghttp2_session_mem_recv(m_session, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                               bytes.size());
    return used == static_cast<ssize_t>(bytes.size());
}

bool Http2ClientSession::pull(std::string& out, std::size_t limit) {
    while (out.size() < limit) {
        const std::uint8_t* data = nullptr;
        const auto size = nghttp2_session_mem_send(m_session, &data);
        if (size <= 0)
            return size == 0;
        out.append(view(data, static_cast<std::size_t>(size)));
    }
    return true;
}

bool Http2ClientSession::isClosing() const {
    return m_isGoing || nghttp2_session_get_next_stream_id(m_session) > kLastStream ||
           nghttp2_session_check_request_allowed(m_session) == 0;
}

bool Http2ClientSession::isOver() const {
    return nghttp2_session_want_read(m_session) == 0 && nghttp2_session_want_write(m_session) == 0;
}

Http2Exchange* Http2ClientSession::of(std::int32_t stream) const {
    return static_cast<Http2Exchange*>(nghttp2_session_get_stream_user_data(m_session, stream));
}

void Http2ClientSession::onFrame(const nghttp2_frame& frame) {
    if (frame.hd.type == NGHTTP2_GOAWAY) {
        m_isGoing = true;
        m_lastServed = frame.goaway.last_stream_id;
        return;
    }
    auto* const exchange = of(frame.hd.stream_id);
    if (!exchange)
        return;
    exchange->isReset = exchange->isReset || frame.hd.type == NGHTTP2_RST_STREAM;
    if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA)
        return;
    exchange->onFrame(kFrameHead + frame.hd.length);
    if (frame.hd.type == NGHTTP2_HEADERS)
        exchange->onHeadEnds();
    if (frame.hd.flags & NGHTTP2_FLAG_END_STREAM)
        exchange->isEnded = true;
}

void Http2ClientSession::onClosed(std::int32_t stream, std::uint32_t code) {
    auto* const exchange = of(stream);
    if (!exchange)
        return;
    Ended ended{.exchange = exchange, .failure = {}, .mayRepeat = false};
    if (exchange->isUnsent || (m_isGoing && stream > m_lastServed && !exchange->isReset)) {
        ended.failure = ClientFailure{Error::Unavailable, "goaway"};
        ended.mayRepeat = true;
    } else if (exchange->isEnded && exchange->status() > 0 &&
               (code == NGHTTP2_NO_ERROR || exchange->isReset)) {
        // Whole, even when the server then refused the rest of our content (RFC 9113 section 8.1).
    } else if (exchange->isReset) {
        ended.failure = failureOfReset(code);
    } else {
        ended.failure = ClientFailure{Error::Malformed, "malformed answer"};
    }
    exchange->stream = -1;
    m_ended.push_back(ended);
}

}  // namespace hone::net

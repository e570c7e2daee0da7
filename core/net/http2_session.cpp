#include "core/net/http2_session.h"

#include "core/base/log.h"

#include <sys/mman.h>

#include <array>
#include <cstdlib>
#include <new>

namespace hone::net {

namespace {

constexpr std::int32_t kConnectionWindow = 1024 * 1024;
constexpr int kFail = NGHTTP2_ERR_CALLBACK_FAILURE;

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}
std::string_view view(nghttp2_rcbuf* buffer) {
    const nghttp2_vec bytes = nghttp2_rcbuf_get_buf(buffer);
    return view(bytes.base, bytes.len);
}

void check(int error) {
    if (error == NGHTTP2_ERR_NOMEM)
        throw std::bad_alloc();
}

}  // namespace

/// The library's C interface; nothing may be thrown through it.
struct Http2Session::Callbacks {
    template <class Body>
    static int guarded(void* user, Body&& body) {
        try {
            return body(static_cast<Http2Session*>(user)->m_events) ? 0 : kFail;
        } catch (const std::exception& error) {
            log::error("an HTTP/2 connection ends: {}", error.what());
            return kFail;
        }
    }

    static int onBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
            return 0;
        return guarded(user, [&](Events& events) { return events.onRequestBegins(frame->hd.stream_id); });
    }
    static int field(const nghttp2_frame* frame, nghttp2_rcbuf* name, nghttp2_rcbuf* value, void* user,
                     bool isWellFormed) {
        const bool isTrailer = frame->headers.cat != NGHTTP2_HCAT_REQUEST;
        return guarded(user, [&](Events& events) {
            return events.onField(frame->hd.stream_id, view(name), view(value), isTrailer, isWellFormed);
        });
    }
    static int onHeader(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                        nghttp2_rcbuf* value, std::uint8_t, void* user) {
        return field(frame, name, value, user, true);
    }
    static int onInvalidHeader(nghttp2_session*, const nghttp2_frame* frame, nghttp2_rcbuf* name,
                               nghttp2_rcbuf* value, std::uint8_t, void* user) {
        return field(frame, name, value, user, false);
    }
    static int onFrame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        return guarded(user, [&](Events& events) {
            const auto& head = frame->hd;
            if (head.type == NGHTTP2_PING && (head.flags & NGHTTP2_FLAG_ACK))
                return events.onPingAck();
            if (head.type != NGHTTP2_HEADERS && head.type != NGHTTP2_DATA)
                return true;
            const bool endsStream = (head.flags & NGHTTP2_FLAG_END_STREAM) != 0;
            if (head.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST &&
                !events.onHeadEnds(head.stream_id, endsStream))
                return false;
            return !endsStream || events.onRequestEnds(head.stream_id);
        });
    }
    static int onData(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                      std::size_t size, void* user) {
        return guarded(user, [&](Events& events) { return events.onData(id, view(data, size)); });
    }
    static int onInvalidFrame(nghttp2_session*, const nghttp2_frame*, int error, void* user) {
        return guarded(user, [&](Events& events) { return events.onViolation(error); });
    }
    static int onClose(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
        return guarded(user, [&](Events& events) { return events.onClosed(id, code); });
    }
    static int onSent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
        if (frame->hd.type == NGHTTP2_GOAWAY)
            static_cast<Http2Session*>(user)->m_saidGoAway = true;
        const bool ends = (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
                          (frame->hd.flags & NGHTTP2_FLAG_END_STREAM);
        if (!ends)
            return 0;
        return guarded(user, [&](Events& events) {
            events.onAnswerSent(frame->hd.stream_id);
            return true;
        });
    }
    static int onNotSent(nghttp2_session* session, const nghttp2_frame* frame, int error, void*) {
        if (frame->hd.type != NGHTTP2_HEADERS || error == NGHTTP2_ERR_STREAM_CLOSED ||
            error == NGHTTP2_ERR_STREAM_CLOSING)
            return 0;
        log::debug("an HTTP/2 answer could not be sent: {}", nghttp2_strerror(error));
        nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_INTERNAL_ERROR);
        return 0;
    }
    static ssize_t readContent(nghttp2_session*, std::int32_t id, std::uint8_t*, std::size_t room,
                               std::uint32_t* flags, nghttp2_data_source*, void* user) {
        Http2Content::Next next{Http2Content::State::Cut};
        if (guarded(user, [&](Events& events) {
                next = events.nextContent(id, room);
                return true;
            }) != 0)
            return kFail;
        if (next.state == Http2Content::State::Wait)
            return NGHTTP2_ERR_DEFERRED;
        if (next.state == Http2Content::State::Cut)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // RST_STREAM tells the client
        if (next.isLast)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        if (next.size > 0)
            *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
        return static_cast<ssize_t>(next.size);
    }
    static int sendContent(nghttp2_session*, nghttp2_frame* frame, const std::uint8_t* head, std::size_t size,
                           nghttp2_data_source*, void* user) {
        Http2Session& self = *static_cast<Http2Session*>(user);
        constexpr std::size_t kFrameHead = 9;
        const int error = guarded(user, [&](Events& events) {
            std::string& text = self.m_out->text();
            text.append(view(head, kFrameHead));
            events.takeContent(frame->hd.stream_id, text, size);
            return true;
        });
        if (error != 0)
            return error;
        self.m_full = self.m_out->size() >= self.m_limit;
        return self.m_full ? NGHTTP2_ERR_PAUSE : 0;
    }

    static const nghttp2_session_callbacks* table() {
        static nghttp2_session_callbacks* const kTable = [] {
            nghttp2_session_callbacks* out = nullptr;
            check(nghttp2_session_callbacks_new(&out));
            nghttp2_session_callbacks_set_on_begin_headers_callback(out, onBeginHeaders);
            nghttp2_session_callbacks_set_on_header_callback2(out, onHeader);
            nghttp2_session_callbacks_set_on_invalid_header_callback2(out, onInvalidHeader);
            nghttp2_session_callbacks_set_on_frame_recv_callback(out, onFrame);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(out, onData);
            nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(out, onInvalidFrame);
            nghttp2_session_callbacks_set_on_stream_close_callback(out, onClose);
            nghttp2_session_callbacks_set_on_frame_send_callback(out, onSent);
            nghttp2_session_callbacks_set_on_frame_not_send_callback(out, onNotSent);
            nghttp2_session_callbacks_set_send_data_callback(out, sendContent);
            return out;
        }();
        return kTable;
    }
    static const nghttp2_option* options() {
        static nghttp2_option* const kOptions = [] {
            nghttp2_option* out = nullptr;
            check(nghttp2_option_new(&out));
            nghttp2_option_set_no_auto_window_update(out, 1);
            nghttp2_option_set_no_closed_streams(out, 1);
            nghttp2_option_set_builtin_recv_extension_type(out, NGHTTP2_PRIORITY_UPDATE);
            // Http2Guard counts resets, with the right error code; the library's own limit stays out of its
            // way.
            nghttp2_option_set_stream_reset_rate_limit(out, 1'000'000, 1'000'000);
            return out;
        }();
        return kOptions;
    }
};

/// The library's allocator: plain malloc, but for the buffer in which it puts frames together. That is 16 KiB
/// for each connection for as long as it lives, so it gets whole pages that can go while nothing is sent.
struct Http2Session::Memory {
    static constexpr std::size_t kPage = 4096;
    static constexpr std::size_t kFrameBytes = 16 * 1024;  ///< RFC 9113 section 4.2: the smallest maximum.
    static constexpr std::size_t kBufferBytes = kFrameBytes + kPage;

    static void* allocate(std::size_t size, void* user) {
        auto& buffer = static_cast<Http2Session*>(user)->m_frameBuffer;
        if (buffer || size < kFrameBytes || size > kBufferBytes)
            return std::malloc(size);
        return buffer = std::aligned_alloc(kPage, kBufferBytes);
    }
    static void release(void* block, void* user) {
        forget(block, user);
        std::free(block);
    }
    static void* allocateZeros(std::size_t count, std::size_t size, void*) {
        return std::calloc(count, size);
    }
    static void* resize(void* block, std::size_t size, void* user) {
        if (!block)
            return allocate(size, user);
        forget(block, user);
        return std::realloc(block, size);
    }
    static void forget(void* block, void* user) {
        auto& buffer = static_cast<Http2Session*>(user)->m_frameBuffer;
        if (block == buffer)
            buffer = nullptr;
    }
};

Http2Session::Http2Session(Events& events, const Limits& limits) : m_events(events) {
    nghttp2_mem memory{this, Memory::allocate, Memory::release, Memory::allocateZeros, Memory::resize};
    check(nghttp2_session_server_new3(&m_session, Callbacks::table(), this, Callbacks::options(), &memory));
    const std::array settings{
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.http2Streams},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE,
                               static_cast<std::uint32_t>(limits.headerBytes)},
        nghttp2_settings_entry{NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1},
    };
    check(nghttp2_submit_settings(m_session, NGHTTP2_FLAG_NONE, settings.data(), settings.size()));
    check(nghttp2_session_set_local_window_size(m_session, NGHTTP2_FLAG_NONE, 0, kConnectionWindow));
}

Http2Session::~Http2Session() { nghttp2_session_del(m_session); }

long Http2Session::feed(std::string_view bytes) {
    return nghttp2_session_mem_recv(m_session, reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                    bytes.size());
}

Http2Session::Pumped Http2Session::pump(OutputQueue& out, std::size_t limit) {
    m_out = &out;
    m_limit = limit;
    m_full = false;
    while (out.size() < limit) {
        const std::uint8_t* bytes = nullptr;
        const ssize_t size = nghttp2_session_mem_send(m_session, &bytes);
        if (size < 0)
            return Pumped::Failed;
        if (size == 0)
            return m_full ? Pumped::Full : Pumped::Dry;
        out.text().append(view(bytes, static_cast<std::size_t>(size)));
    }
    return Pumped::Full;
}

bool Http2Session::ended() const {
    return !nghttp2_session_want_read(m_session) && !nghttp2_session_want_write(m_session);
}

bool Http2Session::upgrade(std::string_view settings, bool isHead) {
    return nghttp2_session_upgrade2(m_session, reinterpret_cast<const std::uint8_t*>(settings.data()),
                                    settings.size(), isHead ? 1 : 0, nullptr) == 0;
}

void Http2Session::answer(StreamId id, std::span<const nghttp2_nv> fields, bool hasContent) {
    nghttp2_data_provider content{};
    content.read_callback = Callbacks::readContent;
    check(nghttp2_submit_response(m_session, id, fields.data(), fields.size(),
                                  hasContent ? &content : nullptr));
}

void Http2Session::sayContinue(StreamId id) {
    std::uint8_t name[] = ":status";
    std::uint8_t value[] = "100";
    const nghttp2_nv status{name, value, sizeof name - 1, sizeof value - 1, NGHTTP2_NV_FLAG_NONE};
    check(nghttp2_submit_headers(m_session, NGHTTP2_FLAG_NONE, id, nullptr, &status, 1, nullptr));
}

void Http2Session::resumeContent(StreamId id) { check(nghttp2_session_resume_data(m_session, id)); }
void Http2Session::reset(StreamId id, std::uint32_t errorCode) {
    check(nghttp2_submit_rst_stream(m_session, NGHTTP2_FLAG_NONE, id, errorCode));
}
void Http2Session::consumeConnection(std::size_t bytes) {
    check(nghttp2_session_consume_connection(m_session, bytes));
}
void Http2Session::consumeStream(StreamId id, std::size_t bytes) {
    check(nghttp2_session_consume_stream(m_session, id, bytes));
}
void Http2Session::widen(StreamId id, std::size_t window) {
    check(nghttp2_session_set_local_window_size(m_session, NGHTTP2_FLAG_NONE, id,
                                                static_cast<std::int32_t>(window)));
}
bool Http2Session::isBlocked(StreamId id) const {
    return nghttp2_session_get_stream_remote_window_size(m_session, id) <= 0;
}
bool Http2Session::isBlocked() const { return nghttp2_session_get_remote_window_size(m_session) <= 0; }
bool Http2Session::clientDone(StreamId id) const {
    return nghttp2_session_get_stream_remote_close(m_session, id) != 0;
}
Http2Session::StreamId Http2Session::lastProcessed() const {
    return nghttp2_session_get_last_proc_stream_id(m_session);
}

void Http2Session::noticeShutdown() {
    check(nghttp2_submit_shutdown_notice(m_session));
    check(nghttp2_submit_ping(m_session, NGHTTP2_FLAG_NONE, nullptr));
}
void Http2Session::goAway() {
    check(nghttp2_submit_goaway(m_session, NGHTTP2_FLAG_NONE, lastProcessed(), NGHTTP2_NO_ERROR, nullptr, 0));
}

void Http2Session::doze() {
    if (m_frameBuffer && !nghttp2_session_want_write(m_session))
        ::madvise(m_frameBuffer, Memory::kBufferBytes, MADV_DONTNEED);
}

void Http2Session::setUser(StreamId id, void* user) {
    check(nghttp2_session_set_stream_user_data(m_session, id, user));
}
void* Http2Session::user(StreamId id) const { return nghttp2_session_get_stream_user_data(m_session, id); }

void appendGoAway(std::string& out, std::int32_t lastStream, std::uint32_t errorCode) {
    const auto append32 = [&out](std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            out.push_back(static_cast<char>(value >> shift));
    };
    out.append(std::string_view("\0\0\x08\x07\0", 5));
    append32(0);
    append32(static_cast<std::uint32_t>(lastStream) & 0x7fffffffU);
    append32(errorCode);
}

}  // namespace hone::net

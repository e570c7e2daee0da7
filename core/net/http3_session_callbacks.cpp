#include "core/net/http3_session.h"

/// What the HTTP/3 library tells and asks a session.
namespace hone::net {

namespace {

std::string_view view(nghttp3_rcbuf* text) {
    const nghttp3_vec bytes = nghttp3_rcbuf_get_buf(text);
    return {reinterpret_cast<const char*>(bytes.base), bytes.len};
}

}  // namespace

struct Http3Session::Callbacks {
    static Http3Session& session(void* user) { return *static_cast<Http3Session*>(user); }
    static int result(bool goesOn) { return goesOn ? 0 : NGHTTP3_ERR_CALLBACK_FAILURE; }

    static int begin(nghttp3_conn*, int64_t id, void* user, void*) {
        return result(session(user).onRequestBegins(id));
    }
    template <bool isTrailer>
    static int field(nghttp3_conn*, int64_t id, int32_t, nghttp3_rcbuf* name, nghttp3_rcbuf* value, uint8_t,
                     void* user, void*) {
        Http3Stream* const stream = session(user).find(id);
        return result(!stream || session(user).onField(*stream, view(name), view(value), isTrailer));
    }
    static int headEnds(nghttp3_conn*, int64_t id, int fin, void* user, void*) {
        if (Http3Stream* const stream = session(user).find(id))
            session(user).onHeadEnds(*stream, fin != 0);
        return 0;
    }
    static int content(nghttp3_conn*, int64_t id, const uint8_t* data, size_t size, void* user, void*) {
        session(user).onContent(id, {reinterpret_cast<const char*>(data), size});
        return 0;
    }
    static int consumed(nghttp3_conn*, int64_t id, size_t size, void* user, void*) {
        session(user).consumed(id, size);
        return 0;
    }
    static int requestEnds(nghttp3_conn*, int64_t id, void* user, void*) {
        if (Http3Stream* const stream = session(user).find(id))
            session(user).onRequestEnds(*stream);
        return 0;
    }
    static int closed(nghttp3_conn*, int64_t id, uint64_t code, void* user, void*) {
        return result(session(user).onClosed(id, code));
    }
    static int stopSending(nghttp3_conn*, int64_t id, uint64_t code, void* user, void*) {
        return result(ngtcp2_conn_shutdown_stream_read(session(user).m_context.transport, id, code) == 0);
    }
    static int reset(nghttp3_conn*, int64_t id, uint64_t code, void* user, void*) {
        if (code == NGHTTP3_H3_MESSAGE_ERROR)
            session(user).m_context.core->malformed.add(1);
        return result(ngtcp2_conn_shutdown_stream_write(session(user).m_context.transport, id, code) == 0);
    }
    static int acknowledged(nghttp3_conn*, int64_t id, uint64_t size, void* user, void*) {
        if (Http3Stream* const stream = session(user).find(id)) {
            stream->acknowledged(static_cast<std::size_t>(size));
            stream->moved += static_cast<std::size_t>(size);
        }
        return 0;
    }
    static nghttp3_ssize read(nghttp3_conn*, int64_t id, nghttp3_vec* parts, size_t, uint32_t* flags,
                              void* user, void*) {
        Http3Stream* const stream = session(user).find(id);
        return stream ? session(user).nextContent(*stream, *parts, *flags) : NGHTTP3_ERR_WOULDBLOCK;
    }
};

nghttp3_callbacks Http3Session::callbackTable() {
    nghttp3_callbacks out{};
    out.acked_stream_data = Callbacks::acknowledged;
    out.stream_close = Callbacks::closed;
    out.recv_data = Callbacks::content;
    out.deferred_consume = Callbacks::consumed;
    out.begin_headers = Callbacks::begin;
    out.recv_header = Callbacks::field<false>;
    out.end_headers = Callbacks::headEnds;
    out.recv_trailer = Callbacks::field<true>;
    out.stop_sending = Callbacks::stopSending;
    out.end_stream = Callbacks::requestEnds;
    out.reset_stream = Callbacks::reset;
    return out;
}

nghttp3_data_reader Http3Session::contentReader() { return {Callbacks::read}; }

}  // namespace hone::net

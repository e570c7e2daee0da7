#include "core/net/http3_session.h"

/// An HTTP/3 connection as the libraries see it: their callbacks, what goes out, how it ends.
namespace hone::net {

namespace {

/// A field section longer than this many times the limit is no mistake any more: shorter ones get their 431.
constexpr std::size_t kBlockOverrun = 4;
constexpr std::size_t kTableBytes = 4 * 1024;  ///< QPACK's dynamic table, each way.
constexpr std::size_t kPiece = 16 * 1024;      ///< Of content, asked for at a time.

nghttp3_nv line(std::string_view name, const nghttp2_nv& from) {
    return {.name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())),
            .value = from.value,
            .namelen = name.size(),
            .valuelen = from.valuelen,
            .flags = NGHTTP3_NV_FLAG_NONE};
}

char lower(std::uint8_t c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); }

}  // namespace

Http3Session::Http3Session(Context context)
    : m_context(std::move(context)),
      m_limits(m_context.core->limits),
      m_guard(monotonicNow()),
      m_now(monotonicNow()),
      m_lastUse(m_now) {}

Http3Session::~Http3Session() {
    for (const auto& [id, stream] : m_streams)
        stream->giveUp();
    if (m_http)
        nghttp3_conn_del(m_http);
}

std::unique_ptr<Http3Session> Http3Session::create(Context context) {
    std::unique_ptr<Http3Session> out(new Http3Session(std::move(context)));
    return out->bind() ? std::move(out) : nullptr;
}

bool Http3Session::bind() {
    const nghttp3_callbacks callbacks = callbackTable();
    nghttp3_settings settings;
    nghttp3_settings_default(&settings);
    settings.max_field_section_size = m_limits.headerBytes;
    settings.qpack_max_dtable_capacity = kTableBytes;
    settings.qpack_encoder_max_dtable_capacity = kTableBytes;
    if (nghttp3_conn_server_new(&m_http, &callbacks, &settings, nullptr, this) != 0)
        return false;
    ngtcp2_conn* const transport = m_context.transport;
    mayOpen(m_limits.http2Streams);
    StreamId control = 0, encoder = 0, decoder = 0;
    return ngtcp2_conn_open_uni_stream(transport, &control, nullptr) == 0 &&
           nghttp3_conn_bind_control_stream(m_http, control) == 0 &&
           ngtcp2_conn_open_uni_stream(transport, &encoder, nullptr) == 0 &&
           ngtcp2_conn_open_uni_stream(transport, &decoder, nullptr) == 0 &&
           nghttp3_conn_bind_qpack_streams(m_http, encoder, decoder) == 0;
}

/// Notes why the connection ends, unless it was us who ended it.
bool Http3Session::check(long result) {
    if (result >= 0)
        return true;
    if (result != NGHTTP3_ERR_CALLBACK_FAILURE)
        m_errorCode = nghttp3_err_infer_quic_app_error_code(static_cast<int>(result));
    return false;
}

Http3Stream* Http3Session::find(StreamId id) const {
    const auto found = m_streams.find(id);
    return found == m_streams.end() ? nullptr : found->second.get();
}

void Http3Session::mayOpen(std::uint64_t streams) {
    nghttp3_conn_set_max_client_streams_bidi(m_http, streams);
}

bool Http3Session::received(StreamId id, std::string_view bytes, bool isLast) {
    const auto used = nghttp3_conn_read_stream(m_http, id, reinterpret_cast<const uint8_t*>(bytes.data()),
                                               bytes.size(), isLast ? 1 : 0);
    if (!check(used)) {
        m_context.core->malformed.add(1);
        return false;
    }
    consumed(id, static_cast<std::size_t>(used));
    return true;
}

void Http3Session::consumed(StreamId id, std::size_t bytes) {
    ngtcp2_conn_extend_max_stream_offset(m_context.transport, id, bytes);
    ngtcp2_conn_extend_max_offset(m_context.transport, bytes);
}

bool Http3Session::acknowledged(StreamId id, std::uint64_t bytes) {
    const int result = nghttp3_conn_add_ack_offset(m_http, id, bytes);
    return result == NGHTTP3_ERR_STREAM_NOT_FOUND || check(result);
}

bool Http3Session::streamClosed(StreamId id, std::uint64_t code) {
    const int result = nghttp3_conn_close_stream(m_http, id, code);
    return result == NGHTTP3_ERR_STREAM_NOT_FOUND || check(result);
}

bool Http3Session::streamReset(StreamId id) {
    Http3Stream* const stream = find(id);
    if (stream && !stream->requestEnded && stream->phase <= Phase::Body)  // what is missing never comes
        ngtcp2_conn_shutdown_stream_write(m_context.transport, id, NGHTTP3_H3_REQUEST_INCOMPLETE);
    const int result = nghttp3_conn_shutdown_stream_read(m_http, id);
    return result == NGHTTP3_ERR_STREAM_NOT_FOUND || check(result);
}

bool Http3Session::unblocked(StreamId id) {
    const int result = nghttp3_conn_unblock_stream(m_http, id);
    return result == NGHTTP3_ERR_STREAM_NOT_FOUND || check(result);
}

bool Http3Session::onField(Http3Stream& stream, std::string_view name, std::string_view value,
                           bool isTrailer) {
    if (isTrailer)
        stream.head.addTrailer(name, value);
    else
        stream.head.add(name, value);
    if (stream.head.size() <= m_limits.headerBytes * kBlockOverrun)
        return true;
    m_errorCode = NGHTTP3_H3_EXCESSIVE_LOAD;
    return false;
}

bool Http3Session::next(Next& out) {
    int last = 0;
    out.id = -1;
    const auto count = nghttp3_conn_writev_stream(m_http, &out.id, &last, out.parts, std::size(out.parts));
    out.isLast = last != 0;
    out.count = count > 0 ? static_cast<std::size_t>(count) : 0;
    return check(count);
}

bool Http3Session::wrote(const Next& what, std::size_t bytes) {
    if (!check(nghttp3_conn_add_write_offset(m_http, what.id, bytes)))
        return false;
    Http3Stream* const stream =
        what.isLast && bytes == nghttp3_vec_len(what.parts, what.count) ? find(what.id) : nullptr;
    if (stream && !std::exchange(stream->answerSent, true) && !stream->requestEnded)
        m_sent.push_back(what.id);
    return true;
}

bool Http3Session::settle() {
    const bool goesOn = !m_cut.empty() || !m_sent.empty();
    for (const StreamId id : m_cut)
        ngtcp2_conn_shutdown_stream(m_context.transport, id, NGHTTP3_H3_INTERNAL_ERROR);
    for (const StreamId id : m_sent)  // the rest of the request is not wanted (RFC 9114 section 4.1)
        ngtcp2_conn_shutdown_stream_read(m_context.transport, id, NGHTTP3_H3_NO_ERROR);
    m_cut.clear();
    m_sent.clear();
    return goesOn;
}

long Http3Session::nextContent(Http3Stream& stream, nghttp3_vec& out, std::uint32_t& flags) {
    stream.waits = true;  // before it is asked: it may call onReady at once
    const Http2Content::Next next = stream.content.next(kPiece);
    if (next.state == Http2Content::State::Cut)
        m_cut.push_back(stream.id);
    if (next.state != Http2Content::State::Bytes)
        return NGHTTP3_ERR_WOULDBLOCK;
    stream.waits = false;
    if (next.isLast)
        flags |= NGHTTP3_DATA_FLAG_EOF;
    if (next.size == 0)
        return 0;
    std::string& piece = stream.sendNext(next.size);
    out = {reinterpret_cast<std::uint8_t*>(piece.data()), piece.size()};
    return 1;
}

void Http3Session::submit(Http3Stream& stream, const http::Response& response, bool hasContent) {
    std::string_view date = m_context.core->date.line();
    date = date.substr(date.find(' ') + 1);
    date.remove_suffix(2);
    const auto fields = m_fields.build(response, date, contentLength(response));
    std::size_t room = 0;
    for (const nghttp2_nv& field : fields)
        room += field.namelen;
    m_names.clear();
    m_names.reserve(room);  // the lines view into it
    m_lines.clear();
    for (const nghttp2_nv& field : fields) {
        const std::size_t start = m_names.size();
        for (std::size_t i = 0; i < field.namelen; ++i)
            m_names += lower(field.name[i]);  // RFC 9114 section 4.2
        m_lines.push_back(line(std::string_view(m_names).substr(start), field));
    }
    const nghttp3_data_reader reader = contentReader();
    if (nghttp3_conn_submit_response(m_http, stream.id, m_lines.data(), m_lines.size(),
                                     hasContent ? &reader : nullptr) != 0)
        m_cut.push_back(stream.id);
}

void Http3Session::beginStop() {
    if (!std::exchange(m_stopping, true))
        nghttp3_conn_shutdown(m_http);
}

}  // namespace hone::net

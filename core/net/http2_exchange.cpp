#include "core/net/http2_exchange.h"

#include "core/http/semantics.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hone::net {

namespace {

/// Of the connection, not of the message: HTTP/2 has none of them.
bool isConnectionField(std::string_view name) {
    return name == "connection" || name == "keep-alive" || name == "proxy-connection" ||
           name == "transfer-encoding" || name == "upgrade" || name == "te";
}

}  // namespace

bool Http2Exchange::start(std::string_view wire, std::string_view scheme, bool wantBody) {
    restart();
    m_wire.assign(wire);
    m_wantBody = wantBody;
    m_request.clear();
    const std::size_t headEnd = m_wire.find("\r\n\r\n");
    const std::size_t lineEnd = m_wire.find("\r\n");
    const std::size_t methodEnd = m_wire.find(' ');
    const std::size_t targetEnd = methodEnd == m_wire.npos ? m_wire.npos : m_wire.find(' ', methodEnd + 1);
    if (headEnd == m_wire.npos || targetEnd == m_wire.npos || targetEnd > lineEnd)
        return false;
    const std::string_view all = m_wire;
    m_content = all.substr(headEnd + 4);
    const auto method = all.substr(0, methodEnd);
    m_mayRepeat = method != "POST" && method != "PATCH";
    add(":method", method);
    add(":scheme", scheme);
    add(":path", all.substr(methodEnd + 1, targetEnd - methodEnd - 1));
    char* const end = m_wire.data() + headEnd + 2;
    for (char* at = m_wire.data() + lineEnd + 2; at < end;) {
        char* const stop = std::search(at, end, "\r\n", "\r\n" + 2);
        if (!addField(at, stop))
            return false;
        at = stop + 2;
    }
    return true;
}

bool Http2Exchange::addField(char* begin, char* end) {
    char* const colon = std::find(begin, end, ':');
    if (colon == end)
        return false;
    std::transform(begin, colon, begin, [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    const std::string_view name(begin, colon);
    std::string_view value(colon + 1, end);
    while (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "host") {
        // Pseudo-fields come first (section 8.3).
        add(":authority", value);
        std::rotate(m_request.begin() + 3, m_request.end() - 1, m_request.end());
    } else if (!isConnectionField(name)) {
        add(name, value);
    }
    return true;
}

void Http2Exchange::add(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    m_request.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
}

void Http2Exchange::restart() {
    stream = -1;
    isEnded = isReset = isUnsent = false;
    m_text.clear();
    m_body.clear();
    m_lines.clear();
    m_contentSent = 0;
    m_wireBytes = m_bodyBytes = 0;
    m_firstByte = Nanos::zero();
    m_status = 0;
    m_hasHead = false;
}

std::size_t Http2Exchange::takeContent(std::uint8_t* out, std::size_t room, bool& isLast) {
    const std::size_t size = std::min(room, m_content.size() - m_contentSent);
    std::memcpy(out, m_content.data() + m_contentSent, size);
    m_contentSent += size;
    isLast = m_contentSent == m_content.size();
    return size;
}

void Http2Exchange::onHeadBegins(Nanos now) {
    if (m_firstByte == Nanos::zero())
        m_firstByte = now;
}

void Http2Exchange::onField(std::string_view name, std::string_view value) {
    if (m_hasHead)
        return;  // A trailer: dropped, as over HTTP/1.1.
    if (name == ":status") {
        m_status = 0;
        std::from_chars(value.data(), value.data() + value.size(), m_status);
        return;
    }
    const std::size_t begin = m_text.size();
    m_text.append(name).append(value);
    m_lines.push_back({begin, begin + name.size(), m_text.size()});
}

void Http2Exchange::onHeadEnds() {
    constexpr int kFinal = 200;
    m_hasHead = m_hasHead || m_status >= kFinal;
    if (m_hasHead)
        return;
    m_text.clear();  // An interim 1xx answer: the real one follows.
    m_lines.clear();
}

void Http2Exchange::onContent(std::string_view bytes) {
    m_bodyBytes += bytes.size();
    if (m_wantBody)
        m_body += bytes;
}

const std::vector<http::FieldView>& Http2Exchange::fields() {
    m_fields.clear();
    const std::string_view text = m_text;
    for (const auto& line : m_lines)
        m_fields.push_back(
            {text.substr(line.name, line.value - line.name), text.substr(line.value, line.end - line.value)});
    return m_fields;
}

}  // namespace hone::net

#include "core/net/http2_head.h"

#include "core/http/syntax.h"

#include <algorithm>
#include <charconv>

namespace hone::net {

namespace {

constexpr std::size_t kLineOverhead = 32;  ///< RFC 9113 section 6.5.2.

/// What a host and port are made of (RFC 3986 section 3.2.2); no '@', so no user name (RFC 9113
/// section 8.3.1), and no comma, so that two hosts cannot pass as one.
bool isHostChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~!$&'()*+;=%[]:").contains(c);
}

bool isHost(std::string_view value) { return !value.empty() && std::ranges::all_of(value, isHostChar); }

/// Fields that ask for the upgrade and belong to the connection it happened on (RFC 7540 section 3.2).
bool belongsToUpgrade(std::string_view name) {
    return http::iequals(name, "Connection") || http::iequals(name, "Upgrade") ||
           http::iequals(name, "HTTP2-Settings") || http::iequals(name, "Keep-Alive") ||
           http::iequals(name, "Transfer-Encoding");
}

}  // namespace

void Http2Head::clear() {
    m_text.clear();
    m_lines.clear();
    m_views.clear();
    m_cookie.clear();
    m_methodText = m_scheme = m_authority = m_path = m_host = std::nullopt;
    m_contentLength.reset();
    m_refusal.reset();
    m_method = http::Method::Other;
    m_size = 0;
    m_expectsContinue = false;
}

void Http2Head::refuse(Refusal refusal) {
    if (!m_refusal)
        m_refusal = refusal;  // the first reason is the one the client can understand
}

Http2Head::Span Http2Head::store(std::string_view text) {
    const Span span{m_text.size(), text.size()};
    m_text.append(text);
    return span;
}

/// False when the field is not to be kept.
bool Http2Head::count(std::string_view name, std::string_view value) {
    m_size += name.size() + value.size() + kLineOverhead;
    if (m_size > m_limits.headerBytes)
        refuse({431, "the fields are longer than this server takes"});
    return !m_refusal;
}

void Http2Head::add(std::string_view name, std::string_view value) {
    if (name == ":path" && value.size() > m_limits.targetBytes)
        refuse({414, "the request target is longer than this server takes"});
    if (name == ":method")
        m_method = http::methodFrom(value);  // HEAD counts for a refusal too
    if (!count(name, value))
        return;
    if (name.starts_with(':'))
        addPseudo(name, value);
    else if (name == "cookie")
        m_cookie.append(m_cookie.empty() ? "" : "; ").append(value);
    else
        addField(name, value);
}

void Http2Head::addMalformed(std::string_view name, std::string_view value) {
    count(name, value);
    refuse({400,
            "a field is malformed: its name is no token, or its value holds a control character or starts or "
            "ends with a space"});
}

void Http2Head::addPseudo(std::string_view name, std::string_view value) {
    if (name == ":method")
        m_methodText = store(value);
    else if (name == ":scheme")
        m_scheme = store(value);
    else if (name == ":authority")
        m_authority = store(value);
    else if (name == ":path")
        m_path = store(value);
}

void Http2Head::addField(std::string_view name, std::string_view value) {
    if (m_lines.size() == m_limits.headerCount)
        return refuse({431, "there are more field lines than this server takes"});
    const Span stored = store(name);
    m_lines.push_back({stored, store(value)});
    noteField(name, value);
}

void Http2Head::noteField(std::string_view name, std::string_view value) {
    if (name == "host") {
        m_host = m_lines.back().value;
    } else if (name == "expect") {
        m_expectsContinue = http::iequals(value, "100-continue");
        if (!m_expectsContinue)
            refuse({417, "the only expectation this server meets is 100-continue"});
    } else if (name == "content-length") {
        std::uint64_t length = 0;
        std::from_chars(value.data(), value.data() + value.size(), length);  // the library saw the digits
        m_contentLength = length;
    }
}

void Http2Head::checkAuthority() {
    if (m_authority && !isHost(text(*m_authority)))
        refuse({400, ":authority is not a host name with an optional port"});
    if (m_host && !isHost(text(*m_host)))
        refuse({400, "Host is not a host name with an optional port"});
    if (m_authority && m_host && !http::iequals(text(*m_authority), text(*m_host)))
        refuse({400, "Host and :authority name different servers"});
    if (!m_authority && !m_host)
        refuse({400, "neither :authority nor Host is there"});
}

void Http2Head::checkPath() {
    const std::string_view path = m_path ? text(*m_path) : std::string_view();
    const bool isAsterisk = path == "*" && m_method == http::Method::Options;
    if (!path.starts_with('/') && !isAsterisk)
        refuse({400, ":path does not start with a slash"});
    if (!std::ranges::all_of(path, http::isTargetChar))
        refuse({400, ":path holds a character that must be percent-encoded"});
}

void Http2Head::finish() {
    if (m_refusal)
        return;
    if (m_methodText && text(*m_methodText) == "CONNECT")
        return refuse({501, "CONNECT is not implemented: this is no tunnel"});
    const std::string_view scheme = m_scheme ? text(*m_scheme) : std::string_view();
    if (!http::iequals(scheme, "http") && !http::iequals(scheme, "https"))
        refuse({400, "the only schemes this server knows are http and https"});
    checkAuthority();
    checkPath();
    if (m_contentLength && *m_contentLength > m_limits.bodyBytes)
        refuse({413, "the content is longer than this server takes"});
    if (m_refusal)
        return;
    if (!m_cookie.empty())
        addField("cookie", m_cookie);
    if (!m_host && m_authority) {
        const Span name = store("host");
        m_lines.insert(m_lines.begin(), {name, *m_authority});
    }
}

void Http2Head::adopt(const http::Request& request) {
    clear();
    m_method = request.method;
    m_methodText = store(request.methodText);
    m_path = store(request.target);
    for (const http::FieldView& line : request.fields) {
        if (belongsToUpgrade(line.name))
            continue;
        const Span name = store(line.name);
        m_lines.push_back({name, store(line.value)});
    }
}

void Http2Head::fill(http::Request& request) {
    m_views.clear();
    m_views.reserve(m_lines.size());
    for (const Line& line : m_lines)
        m_views.push_back({text(line.name), text(line.value)});
    request.method = m_method;
    request.methodText = text(*m_methodText);
    request.target = text(*m_path);
    const std::size_t question = std::min(request.target.find('?'), request.target.size());
    request.path = request.target.substr(0, question);
    request.query = request.target.substr(std::min(question + 1, request.target.size()));
    request.fields = m_views;
    request.version = 20;
}

}  // namespace hone::net

#include "core/net/request_head.h"

#include "core/http/syntax.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace hone::net {

namespace {

/// "METHOD " and " HTTP/1.1" around the target.
constexpr std::size_t kRequestLineRest = 64;

/// What a host and port are made of (RFC 3986 section 3.2.2), brackets of an IPv6 address included; the comma
/// is left out so that two hosts in one line cannot pass as one.
bool isHostChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~!$&'()*+;=%[]:").contains(c);
}

/// host [":" port], the host as a name or an address in brackets (RFC 3986 section 3.2). May be empty: a
/// target without an authority has none (RFC 9112 section 3.2).
bool isHostAndPort(std::string_view text) {
    if (!std::ranges::all_of(text, isHostChar))
        return false;
    std::size_t hostEnd = text.find_first_of(":[]");
    if (text.starts_with('[')) {
        hostEnd = text.find(']');
        if (hostEnd == std::string_view::npos)
            return false;
        ++hostEnd;
    }
    if (hostEnd >= text.size())
        return true;
    const std::string_view port = text.substr(hostEnd + 1);
    unsigned value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    return text[hostEnd] == ':' &&
           (port.empty() || (error == std::errc() && end == port.data() + port.size() && value <= 65'535));
}

bool startsWithScheme(std::string_view target, std::string_view scheme) {
    return target.size() > scheme.size() && http::iequals(target.substr(0, scheme.size()), scheme);
}

}  // namespace

void RequestHead::clear() {
    m_method = http::Method::Other;
    m_authority = {};
    m_rootTarget.clear();
    m_lines.clear();
    m_end = 0;
    m_version = m_hosts = 0;
    m_hostIndex = -1;
    m_expectsContinue = m_hasUpgrade = false;
}

RequestHead::Span RequestHead::span(const char* base, std::string_view text) {
    return {static_cast<std::uint32_t>(text.data() - base), static_cast<std::uint32_t>(text.size())};
}

RequestHead::Verdict RequestHead::setLine(const char* base, std::string_view method, std::string_view target,
                                          int version) {
    m_method = http::methodFrom(method);
    m_methodText = span(base, method);
    m_target = span(base, target);
    m_version = version;
    if (target.size() > m_limits.targetBytes)
        return Refusal{414, "the request target is longer than this server takes"};
    if (method == "CONNECT")
        return Refusal{501, "CONNECT is not implemented: this is no tunnel"};
    if (method == "TRACE")
        return Refusal{501, "TRACE is not implemented: it would hand out what the client may not see"};
    return std::nullopt;
}

RequestHead::Verdict RequestHead::addField(std::string_view bytes, std::string_view name,
                                           std::string_view value) {
    const char* const base = bytes.data();
    if (isFolded(bytes, name, value))
        return Refusal{400, "a field line is folded over several lines"};
    if (m_lines.size() == m_limits.headerCount)
        return Refusal{431, "there are more field lines than this server takes"};
    m_lines.push_back({span(base, name), span(base, value)});
    switch (name.size()) {
        case 4: return http::iequals(name, "Host") ? checkHost(value) : std::nullopt;
        case 6:
            if (!http::iequals(name, "Expect") || m_version < 11)
                return std::nullopt;
            if (!http::iequals(value, "100-continue"))
                return Refusal{417, "the only expectation this server meets is 100-continue"};
            m_expectsContinue = true;
            return std::nullopt;
        case 7: m_hasUpgrade = m_hasUpgrade || http::iequals(name, "Upgrade"); return std::nullopt;
        case 17:
            if (!http::iequals(name, "Transfer-Encoding"))
                return std::nullopt;
            if (m_version < 11)
                return Refusal{400, "HTTP/1.0 has no Transfer-Encoding"};
            if (!http::iequals(value, "chunked"))
                return Refusal{501, "the only transfer coding this server knows is chunked"};
            return std::nullopt;
        default: return std::nullopt;
    }
}

RequestHead::Verdict RequestHead::checkHost(std::string_view value) {
    if (++m_hosts > 1)
        return Refusal{400, "there is more than one Host field"};
    m_hostIndex = static_cast<int>(m_lines.size()) - 1;
    if (!isHostAndPort(value))
        return Refusal{400, "Host is not a host name with an optional port"};
    return std::nullopt;
}

RequestHead::Verdict RequestHead::finish(const char* base) {
    if (m_version >= 11 && m_hosts == 0)
        return Refusal{400, "the Host field is missing"};
    return splitTarget(base);
}

RequestHead::Verdict RequestHead::splitTarget(const char* base) {
    std::string_view target = m_target.in(base);
    if (!std::ranges::all_of(target, http::isTargetChar))
        return Refusal{400, "the request target holds a character that must be percent-encoded"};
    if (target == "*" && m_method == http::Method::Options) {
        m_path = m_target;
        m_query = {};
        return std::nullopt;
    }
    if (!target.starts_with('/')) {  // absolute form: every server must take it (RFC 9112 section 3.2.2)
        const std::size_t scheme = startsWithScheme(target, "http://")    ? 7
                                   : startsWithScheme(target, "https://") ? 8
                                                                          : 0;
        const std::size_t end = std::min(target.find_first_of("/?", scheme), target.size());
        const std::string_view authority = target.substr(scheme, end - scheme);
        if (scheme == 0 || authority.empty() || !isHostAndPort(authority))
            return Refusal{400, "the request target is neither a path nor an http URL"};
        m_authority = span(base, authority);
        target.remove_prefix(end);
        m_target = span(base, target);
        if (!target.starts_with('/'))
            m_rootTarget.append("/").append(target);
    }
    const std::size_t question = std::min(target.find('?'), target.size());
    m_path = span(base, target.substr(0, question));
    m_query = span(base, target.substr(std::min(question + 1, target.size())));
    return std::nullopt;
}

RequestHead::Verdict RequestHead::checkSize(std::string_view received) const {
    const std::size_t lineLimit = m_limits.targetBytes + kRequestLineRest;
    if (received.size() > lineLimit && !received.substr(0, lineLimit).contains("\r\n"))
        return Refusal{414, "the request target is longer than this server takes"};
    if (received.size() > m_limits.headerBytes)
        return Refusal{431, "the fields are longer than this server takes"};
    return std::nullopt;
}

void RequestHead::fill(const char* base, http::Request& request) {
    m_views.clear();
    for (const Line& line : m_lines)
        m_views.push_back({line.name.in(base), line.value.in(base)});
    if (m_authority.size > 0 && m_hostIndex >= 0)
        m_views[static_cast<std::size_t>(m_hostIndex)].value = m_authority.in(base);
    request.method = m_method;
    request.methodText = m_methodText.in(base);
    request.target = m_rootTarget.empty() ? m_target.in(base) : std::string_view(m_rootTarget);
    request.path = m_rootTarget.empty() ? m_path.in(base) : std::string_view(m_rootTarget).substr(0, 1);
    request.query = m_query.in(base);
    request.fields = m_views;
    request.version = m_version;
}

bool isFolded(std::string_view bytes, std::string_view name, std::string_view value) {
    const char* const afterName = name.data() + name.size();
    const std::less<const char*> before;
    const bool inside =
        !before(value.data(), afterName) && !before(bytes.data() + bytes.size(), value.data() + value.size());
    return !inside || std::string_view(afterName, value.data()).contains('\r');
}

bool hasBareLineEnd(std::string_view bytes) {
    for (std::size_t at = 0; (at = bytes.find_first_of("\r\n", at)) != std::string_view::npos; at += 2)
        if (bytes[at] == '\n' || (at + 1 < bytes.size() && bytes[at + 1] != '\n'))
            return true;
    return false;
}

bool isBrokenFraming(std::string_view rest) {
    if (hasBareLineEnd(rest))
        return true;
    if (rest.starts_with("\r\n"))
        rest.remove_prefix(2);
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::string_view size = line.substr(0, line.find_first_not_of('0'));
    const bool isLast = !size.empty() && (line.size() == size.size() || line[size.size()] == ';');
    return line.size() < rest.size() && !isLast;
}

RequestParser::Refusal versionRefusal(std::string_view received) {
    std::string_view line = received;
    while (line.starts_with("\r\n"))
        line.remove_prefix(2);
    line = line.substr(0, line.find_first_of("\r\n"));
    const std::string_view version = line.substr(line.rfind(' ') + 1);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const bool wellFormed = version.size() == 8 && version.starts_with("HTTP/") && isDigit(version[5]) &&
                            version[6] == '.' && isDigit(version[7]);
    if (wellFormed && version.substr(5, 3) != "1.0" && version.substr(5, 3) != "1.1")
        return {505, "this server speaks HTTP/1.1 and HTTP/1.0"};
    return {400, "the request line does not end in a space, an HTTP version and CR LF"};
}

}  // namespace hone::net

#include "core/http/semantics.h"
#include "core/http/syntax.h"

#include <algorithm>
#include <charconv>

namespace hone::http {

namespace {

int hexValue(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// RFC 3986 section 2.3.
bool isUnreserved(char c) {
    const char low = static_cast<char>(c | 0x20);
    return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

bool isHostChar(char c) { return isUnreserved(c) || std::string_view("!$&'()*+,;=%").contains(c); }

std::uint16_t schemePort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

Failure badUrl(std::string_view url, std::string_view why) {
    return fail(Error::InvalidArgument, "the URL \"{}\" {}", url, why)
        .hint("Write it like http://127.0.0.1:8080/api.");
}

/// Fills host and port from "host", "host:port", "[v6]" or "[v6]:port".
Result<void> parseAuthority(std::string_view text, std::string_view authority, Url& out) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        if (close == authority.npos)
            return badUrl(text, "opens a bracket that does not close");
        out.host = lower(authority.substr(1, close - 1));
        port = authority.substr(close + 1);
        if (!std::ranges::all_of(out.host, [](char c) { return hexValue(c) >= 0 || c == ':' || c == '.'; }) ||
            !out.host.contains(':'))
            return badUrl(text, "has no IPv6 address in its brackets");
    } else {
        const std::size_t colon = authority.find(':');
        out.host = lower(authority.substr(0, colon));
        port = colon == authority.npos ? std::string_view{} : authority.substr(colon);
        if (!std::ranges::all_of(out.host, isHostChar))
            return badUrl(text, "has a character in its host that does not belong there");
    }
    if (out.host.empty())
        return badUrl(text, "names no host");
    if (port.empty() || port == ":")
        return {};
    const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), out.port);
    if (port.front() != ':' || error != std::errc{} || end != port.data() + port.size() || out.port == 0)
        return badUrl(text, "has a port that is no number from 1 to 65535");
    return {};
}

}  // namespace

Result<std::string> percentDecode(std::string_view text, bool plusIsSpace) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
            const int low = high >= 0 ? hexValue(text[i + 2]) : -1;
            if (low < 0)
                return fail(Error::InvalidArgument, "\"{}\" holds a '%' without two hexadecimal digits", text)
                    .hint("A percent sign itself is written %25.");
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plusIsSpace && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string percentEncode(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (isUnreserved(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

Result<std::vector<std::pair<std::string, std::string>>> parseQuery(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view piece = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (piece.empty())
            continue;
        const std::size_t equals = std::min(piece.find('='), piece.size());
        auto name = percentDecode(piece.substr(0, equals), true);
        if (!name)
            return fail(std::move(name.error()));
        auto value = percentDecode(piece.substr(std::min(equals + 1, piece.size())), true);
        if (!value)
            return fail(std::move(value.error()));
        out.emplace_back(std::move(*name), std::move(*value));
    }
    return out;
}

std::string Url::authority() const {
    std::string out = host.contains(':') ? "[" + host + "]" : host;
    if (port != schemePort(scheme))
        out += ":" + std::to_string(port);
    return out;
}

Result<Url> parseUrl(std::string_view text) {
    Url out;
    const std::size_t schemeEnd = text.find("://");
    if (schemeEnd == text.npos)
        return badUrl(text, "has no scheme");
    out.scheme = lower(text.substr(0, schemeEnd));
    if (out.scheme != "http" && out.scheme != "https")
        return badUrl(text, "is neither http nor https");
    out.port = schemePort(out.scheme);
    std::string_view rest = text.substr(schemeEnd + 3);
    rest = rest.substr(0, rest.find('#'));  // a fragment stays with the client
    if (!std::ranges::all_of(rest, isTargetChar))
        return badUrl(text, "has a space, control or non-ASCII character that must be percent-encoded");
    const std::size_t authorityEnd = std::min(rest.find_first_of("/?"), rest.size());
    const std::string_view authority = rest.substr(0, authorityEnd);
    if (authority.contains('@'))
        return badUrl(text, "carries a user name; credentials go into the Authorization field");
    if (auto done = parseAuthority(text, authority, out); !done)
        return fail(std::move(done.error()));
    rest.remove_prefix(authorityEnd);
    const std::size_t question = std::min(rest.find('?'), rest.size());
    if (question > 0)
        out.path = rest.substr(0, question);
    out.query = rest.substr(std::min(question + 1, rest.size()));
    return out;
}

}  // namespace hone::http

#include "core/net/protocol_choice.h"

#include "core/http/syntax.h"
#include "core/net/http1_protocol.h"
#include "core/net/http2_protocol.h"

#include <optional>

namespace hone::net {

namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

bool listHas(std::string_view list, std::string_view wanted) {
    std::string_view member;
    while (http::nextMember(list, member))
        if (http::iequals(member, wanted))
            return true;
    return false;
}

int base64UrlValue(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/// Without padding (RFC 4648 section 5), as HTTP2-Settings is sent.
std::optional<std::string> decodeBase64Url(std::string_view text) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = base64UrlValue(c);
        if (value < 0)
            return std::nullopt;
        bits = (bits << 6) | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>((bits >> count) & 0xffU));
        }
    }
    return count == 6 ? std::nullopt : std::optional(std::move(out));
}

/// Empty unless the field is there exactly once and decodes.
std::optional<std::string> settingsOf(const http::Request& request) {
    const auto value = request.field("HTTP2-Settings");
    if (!value || request.joined("HTTP2-Settings") != *value)
        return std::nullopt;
    return decodeBase64Url(*value);
}

}  // namespace

std::unique_ptr<Protocol> firstProtocol(ProtocolContext context) {
    return std::make_unique<Http1Protocol>(std::move(context));
}

std::unique_ptr<Protocol> protocolByAlpn(std::string_view alpn, const ProtocolContext& context) {
    return alpn == "h2" ? protocolByPreface(context) : nullptr;
}

Preface prefaceIn(std::string_view firstBytes, const ProtocolContext& context) {
    if (context.isTls || !context.core->offersHttp2)
        return Preface::Absent;
    const std::string_view start = firstBytes.substr(0, kPreface.size());
    if (!kPreface.starts_with(start))
        return Preface::Absent;
    return start.size() == kPreface.size() ? Preface::Complete : Preface::Incomplete;
}

std::unique_ptr<Protocol> protocolByPreface(const ProtocolContext& context) {
    context.core->http2Connections.add(1);
    return std::make_unique<Http2Protocol>(context);
}

std::unique_ptr<Protocol> protocolByUpgrade(const http::Request& request, const ProtocolContext& context) {
    if (context.isTls || !context.core->offersHttp2 || context.core->stopping || request.version != 11 ||
        !listHas(request.joined("Upgrade"), "h2c"))
        return nullptr;
    const std::string connection = request.joined("Connection");
    const auto settings = settingsOf(request);
    if (!settings || !listHas(connection, "Upgrade") || !listHas(connection, "HTTP2-Settings"))
        return nullptr;
    auto protocol = Http2Protocol::upgraded(context, *settings, request);
    if (protocol)
        context.core->http2Connections.add(1);
    return protocol;
}

}  // namespace hone::net

#include "core/engine/upstream/forwarding.h"

#include "core/http/syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hone::engine::upstream {
namespace {

using http::iequals;
using http::Method;

constexpr std::string_view kForwardedFields[] = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
                                                 "X-Forwarded-Proto"};

template <class List>
bool isAmong(std::string_view name, const List& names) {
    return std::ranges::any_of(names, [name](std::string_view one) { return iequals(name, one); });
}

/// The names in Connection.
template <class Lines>
std::vector<std::string_view> namedByConnection(const Lines& lines) {
    std::vector<std::string_view> names;
    for (const http::FieldView& line : lines)
        if (iequals(line.name, "Connection")) {
            std::string_view rest = line.value, name;
            while (http::nextMember(rest, name))
                names.push_back(name);
        }
    return names;
}

/// A segment "." or "..", however it is spelt.
bool hasDotSegment(std::string_view path) {
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        std::string segment = http::lower(path.substr(0, end));
        for (auto at = segment.find("%2e"); at != segment.npos; at = segment.find("%2e"))
            segment.replace(at, 3, ".");
        if (segment == "." || segment == "..")
            return true;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return false;
}

std::string_view versionText(int version) {
    return version == 10 ? "1.0" : version == 20 ? "2.0" : version == 30 ? "3.0" : "1.1";
}

/// RFC 9110 section 9.2.2.
bool isIdempotent(Method method) {
    return method != Method::Post && method != Method::Patch && method != Method::Other;
}

/// The value of Max-Forwards, which counts for OPTIONS and TRACE alone (section 7.6.2).
std::optional<int> maxForwards(const http::Request& request) {
    const auto text = request.method == Method::Options ? request.field("Max-Forwards") : std::nullopt;
    int value = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc{})
        return std::nullopt;
    return value;
}

}  // namespace

Result<Target> parseTarget(std::string_view url) {
    auto parsed = http::parseUrl(url);
    if (!parsed)
        return fail(std::move(parsed.error()));
    if (!parsed->query.empty() || url.contains('?') || url.contains('#'))
        return fail(Error::InvalidArgument, "the upstream \"{}\" has a query or fragment", url)
            .hint("Give scheme, host, port and perhaps a path: http://127.0.0.1:3000/v1.");
    Target target{.scheme = parsed->scheme,
                  .host = parsed->host,
                  .port = parsed->port,
                  .authority = parsed->authority(),
                  .base = parsed->path};
    while (target.base.ends_with('/'))
        target.base.pop_back();
    if (hasDotSegment(target.base))
        return fail(Error::InvalidArgument, "the path of the upstream \"{}\" has dots for a segment", url)
            .hint("Write the path it stands for.");
    return target;
}

bool isHopByHop(std::string_view name) {
    static constexpr std::string_view kNames[] = {"Connection",
                                                  "Keep-Alive",
                                                  "Proxy-Connection",
                                                  "TE",
                                                  "Trailer",
                                                  "Transfer-Encoding",
                                                  "Upgrade",
                                                  "HTTP2-Settings",
                                                  "Proxy-Authenticate",
                                                  "Proxy-Authorization",
                                                  "Proxy-Authentication-Info"};
    return isAmong(name, kNames);
}

std::expected<net::OriginRequest, http::Response> Forwarding::request(const http::Request& request) const {
    if (request.methodText == "TRACE" || request.methodText == "CONNECT")
        return std::unexpected(
            http::problem(501, fmt::format("{} is not passed on to the upstream", request.methodText)));
    if (!m_target.base.empty() && hasDotSegment(request.path))
        return std::unexpected(
            http::problem(400, fmt::format("the path {} could lead out of {}", request.path, m_target.base),
                          "Write the path without dots for a segment."));
    if (const auto via = request.joined("Via"); via.contains(m_pseudonym))
        return std::unexpected(http::problem(508, "the request has been here before: the upstream leads back",
                                             "Is the upstream this very server?"));
    if (maxForwards(request) == 0) {
        http::Response ours;
        ours.fields.add("Via", fmt::format("{} {}", versionText(request.version), m_pseudonym));
        return std::unexpected(std::move(ours));
    }
    net::OriginRequest out{.isHead = request.method == Method::Head,
                           .mayRepeat = isIdempotent(request.method)};
    auto& wire = out.wire;
    wire.reserve(1024 + request.body.size());
    wire.append(request.methodText).append(" ");
    if (request.path == "*")
        wire += '*';
    else
        wire.append(m_target.base).append(request.path);
    if (const auto mark = request.target.find('?'); mark != std::string_view::npos)
        wire.append("?").append(request.query);
    wire += " HTTP/1.1\r\n";
    appendRequestFields(wire, request);
    wire.append("\r\n").append(request.body);
    return out;
}

void Forwarding::appendRequestFields(std::string& wire, const http::Request& request) const {
    static constexpr std::string_view kOurs[] = {"Host", "Content-Length", "Expect", "Hone-Arm",
                                                 "Max-Forwards"};
    const auto named = namedByConnection(request.fields);
    const auto host = request.field("Host");
    http::appendFieldLine(wire, "Host", m_keepHost && host ? *host : m_target.authority);
    bool hasBody = !request.body.empty() || request.method == Method::Post || request.method == Method::Put ||
                   request.method == Method::Patch;
    for (const auto& [name, value] : request.fields) {
        // The body was read to its end before it got here; an empty one that was announced stays announced.
        hasBody = hasBody || iequals(name, "Content-Length") || iequals(name, "Transfer-Encoding");
        if (isAmong(name, kOurs) || isAmong(name, kForwardedFields) || isHopByHop(name) ||
            isAmong(name, named))
            continue;
        http::appendFieldLine(wire, name, value);
    }
    if (const auto left = maxForwards(request))
        http::appendFieldLine(wire, "Max-Forwards", fmt::format("{}", *left - 1));
    appendForwarded(wire, request);
    http::appendFieldLine(wire, "Via", fmt::format("{} {}", versionText(request.version), m_pseudonym));
    if (hasBody)
        http::appendFieldLine(wire, "Content-Length", fmt::format("{}", request.body.size()));
}

void Forwarding::appendForwarded(std::string& wire, const http::Request& request) const {
    if (m_forwarded == UpstreamOptions::Forwarded::Off)
        return;
    const bool trusts = m_forwarded == UpstreamOptions::Forwarded::Append;
    const auto add = [&](std::string_view name, std::string_view own, bool isList) {
        const auto before = trusts ? request.joined(name) : std::string();
        if (before.empty())
            http::appendFieldLine(wire, name, own);
        else
            http::appendFieldLine(wire, name, isList ? fmt::format("{}, {}", before, own) : before);
    };
    const auto host = request.field("Host").value_or("");
    const auto peer = request.peer.empty() ? std::string_view("unknown") : request.peer;
    // An IPv6 address is bracketed and quoted, and so is a host with its port (RFC 7239 sections 4 and 6).
    auto element = peer.contains(':') ? fmt::format("for=\"[{}]\"", peer) : fmt::format("for={}", peer);
    if (!host.empty())
        element += fmt::format(";host=\"{}\"", host);
    element += fmt::format(";proto={}", request.scheme);
    add("Forwarded", element, true);
    add("X-Forwarded-For", peer, true);
    if (!host.empty())
        add("X-Forwarded-Host", host, false);
    add("X-Forwarded-Proto", request.scheme, false);
}

std::optional<http::Fields> Forwarding::answerFields(std::span<const http::FieldView> fields, int version,
                                                     std::string& wrong) const {
    // The length is the framing's, and Alt-Svc would lead clients past us (RFC 7838 section 2.1).
    static constexpr std::string_view kDropped[] = {"Content-Length", "Alt-Svc"};
    const auto named = namedByConnection(fields);
    http::Fields out;
    for (const auto& [name, value] : fields) {
        if (!http::isToken(name) || !http::isFieldValue(value)) {
            wrong = fmt::format("the field {} holds what no field may", name);
            return std::nullopt;
        }
        if (isHopByHop(name) || isAmong(name, kDropped) || isAmong(name, named))
            continue;
        if (iequals(name, "Location") || iequals(name, "Content-Location"))
            out.add(name, rewritten(value));
        else
            out.add(name, value);
    }
    out.add("Via", fmt::format("{} {}", versionText(version), m_pseudonym));
    return out;
}

/// A reference to the upstream becomes a path here; a path is right whatever name the client knows us by.
std::string Forwarding::rewritten(std::string_view location) const {
    std::string_view path = location;
    if (!location.starts_with('/') || location.starts_with("//")) {
        const auto absolute = location.starts_with("//") ? fmt::format("{}:{}", m_target.scheme, location)
                                                         : std::string(location);
        const auto url = http::parseUrl(absolute);
        if (!url || url->scheme != m_target.scheme || url->host != m_target.host ||
            url->port != m_target.port)
            return std::string(location);
        const auto afterScheme = location.find("//") + 2;
        path = location.substr(std::min(location.find_first_of("/?#", afterScheme), location.size()));
    }
    const auto isBorder = [&](std::size_t at) {
        return at == path.size() || std::string_view("/?#").contains(path[at]);
    };
    if (!m_target.base.empty()) {
        if (!path.starts_with(m_target.base) || !isBorder(m_target.base.size()))
            return std::string(location);  // outside of what we stand for
        path.remove_prefix(m_target.base.size());
    }
    return path.starts_with('/') ? std::string(path) : "/" + std::string(path);
}

}  // namespace hone::engine::upstream

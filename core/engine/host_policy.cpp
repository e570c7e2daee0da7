#include "core/engine/host_policy.h"

#include "core/http/message.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>

namespace hone::engine {
namespace {

bool isPort(std::string_view text) {
    return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// inet_pton wants a terminated string; no address is longer than this.
std::optional<std::array<char, INET6_ADDRSTRLEN + 1>> terminated(std::string_view host) {
    std::array<char, INET6_ADDRSTRLEN + 1> text{};
    if (host.size() >= text.size())
        return std::nullopt;
    std::ranges::copy(host, text.begin());
    return text;
}

std::optional<in_addr> ipv4(std::string_view host) {
    const auto text = terminated(host);
    in_addr address{};
    return text && ::inet_pton(AF_INET, text->data(), &address) == 1 ? std::optional(address) : std::nullopt;
}

std::optional<in6_addr> ipv6(std::string_view host) {
    const auto text = terminated(host);
    in6_addr address{};
    return text && ::inet_pton(AF_INET6, text->data(), &address) == 1 ? std::optional(address) : std::nullopt;
}

}  // namespace

std::string_view hostOf(std::string_view authority) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos)
            return {};
        const auto rest = authority.substr(end + 1);
        return rest.empty() || (rest.starts_with(':') && isPort(rest.substr(1)))
                   ? authority.substr(1, end - 1)
                   : std::string_view();
    }
    const auto colon = authority.find(':');
    if (colon == std::string_view::npos)
        return authority;
    // Two colons without brackets: a bare IPv6 address, as `bind` may be written; never valid in a Host
    // field.
    return isPort(authority.substr(colon + 1)) ? authority.substr(0, colon) : std::string_view();
}

bool isLoopbackHost(std::string_view host) {
    if (http::iequals(host, "localhost"))
        return true;
    if (const auto address = ipv4(host))
        return ntohl(address->s_addr) >> 24 == 127;
    if (const auto address = ipv6(host))
        return IN6_IS_ADDR_LOOPBACK(&*address);
    return false;
}

bool isLoopbackOrigin(std::string_view origin) {
    const auto scheme = origin.find("://");
    return scheme != std::string_view::npos && isLoopbackHost(hostOf(origin.substr(scheme + 3)));
}

HostPolicy::HostPolicy(std::string bind, const std::vector<std::string>& allowed)
    : m_bind(std::move(bind)), m_bindsAll(m_bind == "0.0.0.0" || m_bind == "::") {
    for (const auto& entry : allowed)
        m_allowed.emplace_back(ipv6(entry) ? std::string_view(entry) : hostOf(entry));
}

bool HostPolicy::allows(std::string_view hostField) const {
    const auto host = hostOf(hostField);
    if (host.empty())
        return false;
    if (isLoopbackHost(host) || http::iequals(host, m_bind))
        return true;
    if (m_bindsAll && (ipv4(host) || ipv6(host)))
        return true;
    return std::ranges::any_of(m_allowed, [host](const auto& name) { return http::iequals(name, host); });
}

}  // namespace hone::engine

#include "core/toggles/cache/backend_link.h"

#include <charconv>

namespace hone::toggles::cache {

Result<BackendAddress> BackendAddress::parse(std::string_view text, std::uint16_t defaultPort) {
    BackendAddress address{.port = defaultPort};
    if (text.empty())
        return address;
    if (text.starts_with('/'))
        return BackendAddress{.host = std::string(text), .port = 0};
    auto host = text;
    std::string_view port;
    const auto close = text.starts_with('[') ? text.find(']') : text.npos;
    if (close != text.npos) {
        host = text.substr(1, close - 1);
        port = text.substr(close + 1);
    } else if (const auto colon = text.find(':'); colon != text.npos) {
        host = text.substr(0, colon);
        port = text.substr(colon);
    }
    if (!port.empty()) {
        const auto* end = port.data() + port.size();
        const auto [stop, error] = std::from_chars(port.data() + 1, end, address.port);
        if (port[0] != ':' || error != std::errc{} || stop != end || address.port == 0)
            host = {};
    }
    if (host.empty() || host.find_first_of(" \t/@") != host.npos)
        return fail(Error::InvalidArgument, "address is no host:port or socket path, got \"{}\"", text)
            .hint("For example 127.0.0.1:{}, or /run/redis/redis.sock.", defaultPort);
    address.host = host;
    return address;
}

std::string BackendAddress::text() const {
    if (port == 0)
        return host;
    return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace hone::toggles::cache

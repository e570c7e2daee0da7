#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hone::engine {

/// The host of a Host or Origin value, without port and brackets; empty when it does not parse.
[[nodiscard]] std::string_view hostOf(std::string_view authority);
/// "localhost", 127.0.0.0/8 or ::1.
[[nodiscard]] bool isLoopbackHost(std::string_view host);
/// The host of "http://localhost:3000" is a loopback one; "null" is not.
[[nodiscard]] bool isLoopbackOrigin(std::string_view origin);

/// Which Host values this server answers to. A page of any site can make a browser send requests to us under
/// its own name (DNS rebinding); such a name is in the Host field, so names we do not know are refused.
///
/// Thread: any; immutable.
class HostPolicy {
public:
    /// `bind` as in ServerOptions; `allowed` are names or addresses, with or without port.
    HostPolicy(std::string bind, const std::vector<std::string>& allowed);
    [[nodiscard]] bool allows(std::string_view hostField) const;

private:
    std::string m_bind;
    bool m_bindsAll;  ///< 0.0.0.0 or ::. Then any literal address is ours: rebinding needs a name.
    std::vector<std::string> m_allowed;
};

}  // namespace hone::engine

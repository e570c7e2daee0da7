#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hone::net {

/// Who listens on a TCP port of this machine: "nginx (pid 12)", from /proc/net/tcp and the descriptors of
/// processes. Nothing when nobody does or the process belongs to another user, whose descriptors cannot be
/// read. Thread: any.
[[nodiscard]] std::optional<std::string> portOwner(std::uint16_t port);

}  // namespace hone::net

#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hone::toggles::cache {

/// Where a Redis or Memcached listens. A value.
struct BackendAddress {
    std::string host = "127.0.0.1";  ///< Or the path of a Unix socket.
    std::uint16_t port = 0;          ///< 0 for a socket.

    /// "", "host", "host:port", "[::1]:port" or "/run/redis.sock". Errors: InvalidArgument.
    static Result<BackendAddress> parse(std::string_view text, std::uint16_t defaultPort);
    [[nodiscard]] std::string text() const;
};

struct LinkOptions {
    BackendAddress address;
    std::chrono::milliseconds connectTimeout{250};
    std::chrono::milliseconds timeout{100};  ///< Of one command.
};

/// One connection to a store of bytes under keys. Connects when it is first used, and again after an error.
///
/// Thread: one at a time; every call may block for the time-outs. Owner: a thread of RemoteStore. Errors:
/// Unavailable, Timeout, Io, with the server's words.
class BackendLink {
public:
    virtual ~BackendLink() = default;
    [[nodiscard]] virtual Result<std::optional<std::string>> get(const std::string& key) = 0;
    /// False when the server will not take a value of that size.
    [[nodiscard]] virtual Result<bool> set(const std::string& key, const std::string& value,
                                           std::chrono::seconds keptFor) = 0;
    [[nodiscard]] virtual Result<> erase(const std::string& key) = 0;
};

[[nodiscard]] std::unique_ptr<BackendLink> makeRedisLink(const LinkOptions& options);
[[nodiscard]] std::unique_ptr<BackendLink> makeMemcachedLink(const LinkOptions& options);

}  // namespace hone::toggles::cache

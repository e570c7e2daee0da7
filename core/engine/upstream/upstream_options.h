#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace hone::engine {

/// The engine as a proxy in front of another API, or as the replay of one. A value.
struct UpstreamOptions {
    /// What is told to the upstream about the client in Forwarded (RFC 7239) and X-Forwarded-*.
    enum class Forwarded : std::uint8_t {
        Replace,  ///< The client as we see it; what it claimed about itself is dropped.
        Append,   ///< We are behind another proxy, whose word counts.
        Off,
    };

    std::string url;        ///< http[s]://host[:port][/base]; empty only when replaying.
    std::string caFile;     ///< Whose certificates count, PEM; empty: the system's authorities.
    bool verify = true;     ///< Of the certificate.
    bool keepHost = false;  ///< Pass the client's Host on instead of the upstream's own name.
    Forwarded forwarded = Forwarded::Replace;
    std::chrono::milliseconds connectTimeout{5'000};
    std::chrono::milliseconds firstByteTimeout{30'000};
    std::chrono::milliseconds idleTimeout{30'000};
    std::chrono::milliseconds keptFor{4'000};  ///< How long an idle connection is kept.
    int maxConnections = 64;
    int maxKept = 32;

    std::filesystem::path record;  ///< Where exchanges are saved; empty: not.
    std::filesystem::path replay;  ///< Saved exchanges to answer from, without any upstream; empty: not.
    bool replayInstantly = false;  ///< Without the latency the exchanges had.
};

}  // namespace hone::engine

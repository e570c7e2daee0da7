#pragma once

#include "core/net/server.h"

#include <atomic>

namespace hone::engine {

/// What became of connections: kept by the toggle that governs them. Thread: any.
struct ConnectionCounts {
    std::atomic<std::uint64_t> opened{0};  ///< Requests that were the first of their connection.
    std::atomic<std::uint64_t> reused{0}, http2{0}, http3{0}, early{0};

    void add(const http::Request& request) {
        bump(request.ordinal == 0 ? opened : reused);
        if (request.version == 20)
            bump(http2);
        if (request.version == 30)
            bump(http3);
        if (request.isEarly)
            bump(early);
    }

private:
    static void bump(std::atomic<std::uint64_t>& count) { count.fetch_add(1, std::memory_order_relaxed); }
};

/// How clients of one arm may connect. Each answer keeps or closes its connection by its own arm; what a
/// connection is offered before its first request (protocols, TLS) is the union of both arms, so a client of
/// one arm that asks for less gets less.
struct Connections {
    bool keepAlive = true;  ///< HTTP/1.1: off closes after each answer. HTTP/2 and 3 are kept in any case.
    int version = 0;        ///< What our own clients speak: 11, 20; 0: what their workload says.
    net::Offer offer;
    ConnectionCounts* counts = nullptr;  ///< Told of every request when set; lives as long as the pipeline.
    bool operator==(const Connections&) const = default;
};

/// What a server does about connections when nobody thought of them: a connection and a whole handshake for
/// every request, HTTP/1.1 only, small segments held back.
inline constexpr Connections kNaiveConnections{
    .keepAlive = false,
    .version = 11,
    .offer = {.http2 = false, .http3 = false, .tickets = false, .earlyData = false, .noDelay = false}};

/// What either of two arms may use.
[[nodiscard]] constexpr net::Offer eitherOf(const net::Offer& a, const net::Offer& b) {
    return {.http2 = a.http2 || b.http2,
            .http3 = a.http3 || b.http3,
            .minTls = a.minTls < b.minTls ? a.minTls : b.minTls,
            .maxTls = a.maxTls > b.maxTls ? a.maxTls : b.maxTls,
            .tickets = a.tickets || b.tickets,
            .earlyData = a.earlyData || b.earlyData,
            .noDelay = a.noDelay || b.noDelay};
}

}  // namespace hone::engine

#pragma once

#include "core/net/server.h"

namespace hone::engine {

/// How clients of one arm may connect. Each answer keeps or closes its connection by its own arm; what a
/// connection is offered before its first request (protocols, TLS) is the union of both arms, so a client of
/// one arm that asks for less gets less.
struct Connections {
    bool keepAlive = true;  ///< HTTP/1.1: off closes after each answer. HTTP/2 and 3 are kept in any case.
    int version = 0;        ///< What our own clients speak: 11, 20; 0: what their workload says.
    net::Offer offer;
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
